"""Reads of the ledger of reviewers: who may review, what they have, what lapses."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.models import GrantRow, Person
from cqi.access.permissions import Permission, Role
from cqi.core import errors, folders
from cqi.instruments import library
from cqi.rounds import queries as rounds
from cqi.rounds.models import LedgerEntry, LedgerWithdrawal, Round
from cqi.rounds.rules import ledger
from cqi.rounds.rules.ledger import Entry, Lapse


@dataclass(frozen=True)
class Withdrawn:
    """That an entry counts no more."""

    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Written:
    """An entry as it was written, and whether it was withdrawn."""

    public_id: uuid.UUID
    entry: Entry
    note: str
    by: str
    at: dt.datetime
    withdrawn: Withdrawn | None


@dataclass(frozen=True)
class Reviewer:
    """Somebody who may review, with the entries about them, the newest first; `rounds` are those
    that are not over."""

    id: int
    public_id: uuid.UUID
    name: str
    rounds: tuple[str, ...]
    written: tuple[Written, ...]

    @property
    def standing(self) -> list[Entry]:
        """The entries that were not withdrawn."""
        return [one.entry for one in self.written if one.withdrawn is None]


def standing(session: orm.Session, person_ids: Collection[int]) -> dict[int, list[Entry]]:
    """Person id -> the entries that stand: for whoever assigns cases to them."""
    one = LedgerEntry
    query = sa.select(one.person_id, one.kind, one.from_on, one.until_on, one.instrument).where(
        one.person_id.in_(person_ids), one.id.not_in(sa.select(LedgerWithdrawal.entry_id))
    )
    found: dict[int, list[Entry]] = {}
    for person_id, kind, from_on, until_on, instrument in session.execute(query):
        entry = Entry(kind, from_on, until_on, instrument)
        found.setdefault(person_id, []).append(entry)
    return found


def register(
    session: orm.Session,
    actor: Actor,
    today: dt.date,
    permission: Permission = Permission.LEDGER_SEE,
) -> list[Reviewer]:
    """Everybody who may review in rounds that the permission reaches, by name; where it reaches
    everywhere also those who were reviewers. Raises Forbidden."""
    if not actor.holds(permission):
        raise errors.Forbidden("the register of reviewers is for those who run rounds")
    people = _people(actor, today, permission)
    query = sa.select(Person.id, Person.public_id, Person.name).where(
        Person.active, Person.id.in_(people)
    )
    found = session.execute(query.order_by(Person.name, Person.id)).all()
    on = _rounds(session, actor, today)
    written = _written(session, [row.id for row in found])
    return [
        Reviewer(*row, tuple(on.get(row.id, ())), tuple(written.get(row.id, ()))) for row in found
    ]


def _people(actor: Actor, today: dt.date, permission: Permission) -> sa.Select[int]:
    """Ids: with a reviewer's grant that has not ended, on a round within reach."""
    within = sa.select(Round.id).where(rounds.visible_to(actor, permission))
    reviews = sa.and_(
        GrantRow.role == Role.REVIEWER,
        GrantRow.round_id.in_(within),
        GrantRow.ended_at.is_(None),
        sa.or_(GrantRow.until_on.is_(None), GrantRow.until_on >= today),
    )
    query = sa.select(Person.id).where(
        sa.select(GrantRow.id).where(GrantRow.person_id == Person.id, reviews).exists()
    )
    if not actor.reach(permission).everywhere:
        return query
    return sa.select(Person.id).where(
        sa.or_(Person.id.in_(query), Person.id.in_(sa.select(LedgerEntry.person_id)))
    )


def _rounds(session: orm.Session, actor: Actor, today: dt.date) -> Mapping[int, Sequence[str]]:
    """Person id -> names of the rounds within reach that they review in and that are not over."""
    query = (
        sa.select(GrantRow.person_id, Round.name)
        .join(Round, Round.id == GrantRow.round_id)
        .where(
            GrantRow.role == Role.REVIEWER,
            Round.on_site_to >= today,
            rounds.visible_to(actor, Permission.LEDGER_SEE),
            *access.in_force(today),
        )
        .distinct()
        .order_by(Round.name)
    )
    found: dict[int, list[str]] = {}
    for person_id, name in session.execute(query):
        found.setdefault(person_id, []).append(name)
    return found


def _written(session: orm.Session, person_ids: Collection[int]) -> dict[int, list[Written]]:
    writer, withdrawer = orm.aliased(Person), orm.aliased(Person)
    query = (
        sa.select(LedgerEntry, writer.name, LedgerWithdrawal, withdrawer.name)
        .join(writer, writer.id == LedgerEntry.written_by_id)
        .outerjoin(LedgerWithdrawal, LedgerWithdrawal.entry_id == LedgerEntry.id)
        .outerjoin(withdrawer, withdrawer.id == LedgerWithdrawal.by_id)
        .where(LedgerEntry.person_id.in_(person_ids))
        .order_by(LedgerEntry.from_on.desc(), LedgerEntry.id.desc())
    )
    found: dict[int, list[Written]] = {}
    for row, by, gone, gone_by in session.execute(query):
        entry = Entry(row.kind, row.from_on, row.until_on, row.instrument)
        end = Withdrawn(gone.reason, gone_by, gone.at) if gone else None
        made = Written(row.public_id, entry, row.note or "", by, row.written_at, end)
        found.setdefault(row.person_id, []).append(made)
    return found


def own(session: orm.Session, actor: Actor) -> list[Written]:
    """What the ledger says of the actor, the newest first; what was withdrawn is not there."""
    found = _written(session, [actor.person_id]).get(actor.person_id, [])
    return [one for one in found if one.withdrawn is None]


def of_entry(
    session: orm.Session, actor: Actor, entry_id: uuid.UUID, today: dt.date
) -> tuple[Reviewer, Written]:
    """An entry that the actor may withdraw, with whom it is about. Raises NotFound, Forbidden."""
    for reviewer in register(session, actor, today, Permission.LEDGER_KEEP):
        for one in reviewer.written:
            if one.public_id == entry_id:
                return reviewer, one
    raise errors.NotFound("there is no such entry")


def lapsing(session: orm.Session, actor: Actor, today: dt.date) -> list[tuple[str, Entry, Lapse]]:
    """(name, certification, how near its end) of the reviewers within reach who have a grant on a
    round that is not over: the first to end first."""
    found = [
        (reviewer.name, entry, lapse)
        for reviewer in register(session, actor, today)
        if reviewer.rounds
        for entry, lapse in ledger.lapsing(reviewer.standing, today)
    ]
    return sorted(found, key=lambda each: (each[1].until_on or today, each[0]))


def instruments() -> dict[str, str]:
    """Id -> title of the instruments that have a published version, by title."""
    root = folders.data_folder("review_instruments")
    published = [each for each in library.versions(root) if each.published_on]
    titles = {
        each.instrument_id: library.load(root, each.instrument_id, each.version).title
        for each in published
    }
    return dict(sorted(titles.items(), key=lambda each: each[1]))
