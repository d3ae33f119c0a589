"""The register of disclosures: case content that leaves the product, as a file or by hand.

A view that hands out a file with case content calls `record_export` before it makes the file: the
row is written in a short transaction of its own, as reads are.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import current, law, legal_bases
from cqi.access.actor import Actor
from cqi.access.law import DisclosureKind, Exported, NewDisclosure
from cqi.access.models import Disclosure, Person
from cqi.access.permissions import ROLE_WORDS, Permission
from cqi.core import errors, events

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One row of the register. `words` (persons, extent, purpose) is None for who sees ids alone;
    so is `name`."""

    public_id: uuid.UUID
    kind: DisclosureKind
    subject_kind: str
    subject_id: uuid.UUID
    given_on: dt.date
    at: dt.datetime
    by: uuid.UUID
    name: str | None
    order_number: str
    expires_on: dt.date | None
    words: tuple[str, str, str] | None


@dataclass(frozen=True)
class Listed:
    """At most `PAGE` rows, the newest first, and how many there are."""

    lines: tuple[Line, ...]
    number: int


@dataclass(frozen=True)
class Export:
    """A file with the content of a case review, or about a round (`subject`, its public id), and
    what it is taken along for."""

    what: Exported
    subject: uuid.UUID
    purpose: str
    kind: str = "review"


def record_export(what: Exported, review: uuid.UUID, *, purpose: str) -> None:
    """Write down that the actor takes a case review's content along as a file."""
    export = Export(what, review, purpose)
    with current.database().writing() as session:
        add_export(session, export, actor=current.actor(), now=current.now(), today=current.today())


def record_exports(what: Exported, reviews: Iterable[uuid.UUID], *, purpose: str) -> None:
    """The same for a file with something of several case reviews: a row for each."""
    found = [Export(what, review, purpose) for review in reviews]
    if not found:
        return
    actor, now, today = current.actor(), current.now(), current.today()
    with current.database().writing() as session:
        for export in found:
            add_export(session, export, actor=actor, now=now, today=today)


def record_round(what: Exported, round_id: uuid.UUID, *, purpose: str) -> None:
    """The same for a file about the cases of a round (its public id): one row."""
    export = Export(what, round_id, purpose, "round")
    with current.database().writing() as session:
        add_export(session, export, actor=current.actor(), now=current.now(), today=current.today())


def add_export(
    session: orm.Session, export: Export, *, actor: Actor, now: dt.datetime, today: dt.date
) -> None:
    """The same in a transaction of the caller's."""
    roles = ", ".join(ROLE_WORDS[role] for role in actor.roles)
    row = Disclosure(
        kind=DisclosureKind.EXPORT,
        subject_kind=export.kind,
        subject_id=export.subject,
        persons=f"{actor.name} ({roles})",
        extent=law.EXTENT[export.what],
        purpose=export.purpose,
        order_number=legal_bases.reference_of(session, actor.person_id, today),
        given_on=today,
        by_id=actor.person_id,
        at=now,
    )
    _add(session, row, events.Stream(export.kind, export.subject), export.what.value)


def record_by_hand(
    session: orm.Session,
    new: NewDisclosure,
    *,
    case: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Write down a disclosure that was made otherwise, of a case that the caller has found for the
    actor. Raises Forbidden or Blocked."""
    if not actor.holds(Permission.DISCLOSURE_RECORD):
        raise errors.Forbidden("you may not write down disclosures")
    errors.require(law.disclosure_blockers(new, today))
    row = Disclosure(
        kind=DisclosureKind.BY_HAND,
        subject_kind="case",
        subject_id=case,
        persons=new.persons.strip(),
        extent=new.extent.strip(),
        purpose=new.purpose.strip(),
        order_number=new.order_number.strip() or None,
        expires_on=new.expires_on,
        given_on=new.given_on,
        by_id=actor.person_id,
        at=now,
    )
    _add(session, row, events.Stream("case", case), DisclosureKind.BY_HAND.value)


def _add(session: orm.Session, row: Disclosure, stream: events.Stream, what: str) -> None:
    session.add(row)
    session.flush()
    happening = events.Happening(f"{stream.kind}.disclosed", row.by_id, row.at)
    payload = {"disclosure": str(row.public_id), "what": what}
    events.record(session, stream, happening, payload)


def register(session: orm.Session, actor: Actor, page: int = 1) -> Listed:
    """The rows of a page, from 1 with the newest; persons, extent and purpose only for who may read
    them. Raises Forbidden."""
    if not actor.holds(Permission.DISCLOSURE_SEE):
        raise errors.Forbidden("you may not see the register of disclosures")
    reads = actor.holds(Permission.DISCLOSURE_READ)
    query = (
        sa.select(Disclosure, Person.public_id, Person.name)
        .join(Person, Person.id == Disclosure.by_id)
        .order_by(Disclosure.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    found = session.execute(query).all()
    number = session.scalar(sa.select(sa.func.count()).select_from(Disclosure)) or 0
    lines = (_line(row, person, name, reads=reads) for row, person, name in found)
    return Listed(tuple(lines), number)


def _line(row: Disclosure, person: uuid.UUID, name: str, *, reads: bool) -> Line:
    return Line(
        public_id=row.public_id,
        kind=row.kind,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        given_on=row.given_on,
        at=row.at,
        by=person,
        name=name if reads else None,
        order_number=row.order_number or "",
        expires_on=row.expires_on,
        words=(row.persons, row.extent, row.purpose) if reads else None,
    )
