"""What people do with the ledger of reviewers: write an entry, withdraw one, and say what a round
requires of its reviewers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.core import database, errors, events
from cqi.rounds import policy, queries
from cqi.rounds.models import LedgerEntry, LedgerWithdrawal, Round
from cqi.rounds.policy import NewEntry
from cqi.rounds.queries import ledger
from cqi.rounds.rules import ledger as rules
from cqi.rounds.rules.ledger import LedgerKind


def write_entry(
    session: orm.Session, *, new: NewEntry, actor: Actor, now: dt.datetime, today: dt.date
) -> LedgerEntry:
    """Write down what a reviewer has done, or until when they are certified.

    Raises NotFound for somebody out of reach, Forbidden without the permission, or Blocked with
    every reason: own_entry, no_until, never_ends, dates, to_come, unknown_instrument.
    """
    within = ledger.register(session, actor, today, Permission.LEDGER_KEEP)
    if new.person_id not in {one.id for one in within}:
        raise errors.NotFound("there is no such reviewer")
    known = ledger.instruments()
    errors.require(policy.entry_blockers(new, actor.person_id, known, today))
    made = LedgerEntry(
        person_id=new.person_id,
        kind=new.kind,
        from_on=new.from_on,
        until_on=new.until_on,
        instrument=new.instrument,
        note=new.note.strip() or None,
        written_by_id=actor.person_id,
        written_at=now,
    )
    session.add(made)
    session.flush()
    payload: dict[str, Any] = {
        "entry": str(made.public_id),
        "kind": new.kind.value,
        "from": new.from_on.isoformat(),
        "until": new.until_on.isoformat() if new.until_on else None,
        "instrument": new.instrument,
        **({"note": events.digest(made.note)} if made.note else {}),
    }
    _record(
        session, new.person_id, events.Happening("ledger.written", actor.person_id, now), payload
    )
    return made


def withdraw_entry(
    session: orm.Session,
    *,
    entry_id: uuid.UUID,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Say that an entry counts no more. Raises NotFound, Forbidden, or Blocked: own_entry,
    withdrawn, no_reason."""
    reviewer, _ = ledger.of_entry(session, actor, entry_id, today)
    events.hold(session, events.Stream("person", reviewer.public_id))
    row = session.scalars(sa.select(LedgerEntry).where(LedgerEntry.public_id == entry_id)).one()
    withdrawn = session.get(LedgerWithdrawal, row.id, populate_existing=True) is not None
    found = policy.withdrawing_blockers(reviewer.id, actor.person_id, reason, withdrawn=withdrawn)
    errors.require(found)
    made = LedgerWithdrawal(entry_id=row.id, reason=reason.strip(), by_id=actor.person_id, at=now)
    session.add(made)
    session.flush()
    payload = {"entry": str(entry_id), "reason": events.digest(made.reason)}
    happening = events.Happening("ledger.withdrawn", actor.person_id, now)
    _record(session, reviewer.id, happening, payload)


def change_requirement(
    session: orm.Session,
    *,
    in_round: Round,
    requires: Collection[LedgerKind],
    seen: Collection[LedgerKind],
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Require something else of a round's reviewers; `seen` is what the page showed. Who is on a
    case stays on it. Raises Forbidden, or Blocked: overtaken, same."""
    if not actor.may(Permission.ROUND_OPEN, queries.thing(session, in_round)):
        raise errors.Forbidden("You may not change this round.")
    if not database.alone(session):
        session.refresh(in_round, with_for_update=True)
    before, after = rules.required(in_round.requires), rules.required(requires)
    errors.require(policy.requirement_blockers(before, rules.required(seen), after))
    in_round.requires = [kind.value for kind in after] or None
    session.flush()
    happening = events.Happening("round.requirement_changed", actor.person_id, now)
    payload = {"before": list(before), "requires": list(after)}
    events.record(session, events.Stream("round", in_round.public_id), happening, payload)


def _record(
    session: orm.Session, person_id: int, happening: events.Happening, payload: dict[str, Any]
) -> None:
    person: Person = access.person(session, person_id)
    events.record(session, events.Stream("person", person.public_id), happening, payload)
