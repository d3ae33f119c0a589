"""What people do with cases: bring them in from a list, declare conflicts of interest."""

from __future__ import annotations

import datetime as dt
import hashlib

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor, Thing
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.cases import policy, queries, rules
from cqi.cases.models import Case, CaseStaff, ConflictOfInterest
from cqi.cases.policy import NewConflict
from cqi.cases.rules import ImportResult, Known, NewCase, lists
from cqi.core import errors, events, identifiers
from cqi.core.errors import BadRow
from cqi.places import queries as places
from cqi.places.rules import PlaceKind


def import_cases(
    session: orm.Session,
    *,
    content: bytes,
    actor: Actor | None,
    today: dt.date,
    now: dt.datetime,
    dry_run: bool = False,
) -> ImportResult:
    """Bring in a CSV list of cases, all or nothing; `actor` None is the command line.

    Raises Forbidden without the permission, BadInput where the content is no text. Problems are
    in the result, never raised; with any of them, or on a dry run, nothing is created.
    """
    if actor is not None and not actor.holds(Permission.CASES_IMPORT):
        raise errors.Forbidden("You may not bring in cases.")
    listing = lists.read_list(content)
    new, wrong = rules.read_all(listing.lines, known_places(session, today))
    problems = [*listing.problems, *wrong]
    problems += _beyond_reach(actor, new)
    numbers = {case.case_number for case in new}
    there = queries.known_numbers(session, numbers)
    problems += rules.repeated(new, there, queries.known_numbers(session, there, actor))
    if problems or dry_run:
        return ImportResult(
            len(listing.lines), 0, tuple(sorted(problems, key=lambda bad: bad.line))
        )
    _create(session, new, today, now)
    _record(session, content, len(new), actor, now)
    return ImportResult(len(listing.lines), len(new))


def known_places(session: orm.Session, today: dt.date) -> Known:
    """What the rows of a list are checked against on a day."""
    counties = {place.code: place.id for place in places.of_kind(session, PlaceKind.COUNTY)}
    parents = places.parents(session, today)
    units: dict[tuple[int, str], int] = {}
    for unit in places.of_kind(session, PlaceKind.UNIT):
        county = parents.get(unit.id)
        if county is not None:
            units[county, unit.name] = units[county, unit.code] = unit.id
    return Known(counties, units, today)


def _beyond_reach(actor: Actor | None, new: list[NewCase]) -> list[BadRow]:
    if actor is None:
        return []
    message = "you may not bring in cases of this county: leave the row out"
    return [
        BadRow(case.line, "county_fips", message)
        for case in new
        if not actor.may(Permission.CASES_IMPORT, Thing(places=frozenset({case.county_id})))
    ]


def take_up(session: orm.Session, new: list[NewCase], *, today: dt.date, now: dt.datetime) -> None:
    """Keep cases of a list that was checked, but for those that are there already."""
    there = queries.known_numbers(session, {case.case_number for case in new})
    _create(session, [case for case in new if case.case_number not in there], today, now)


def _create(session: orm.Session, new: list[NewCase], today: dt.date, now: dt.datetime) -> None:
    if not new:
        return
    session.execute(sa.insert(Case), [_row(case, now) for case in new])
    ids = {
        number: row_id for row_id, number in session.execute(sa.select(Case.id, Case.case_number))
    }
    staff = [
        {
            "case_id": ids[case.case_number],
            "kind": kind,
            "staff_id": staff_id,
            "from_on": case.dates["opened_on"] or today,
        }
        for case in new
        for kind, staff_id in case.staff.items()
    ]
    if staff:
        session.execute(sa.insert(CaseStaff), staff)


def _row(case: NewCase, now: dt.datetime) -> dict[str, object]:
    return {
        "public_id": identifiers.uuid7(),
        "case_number": case.case_number,
        "case_type": case.case_type,
        "county_id": case.county_id,
        "unit_id": case.unit_id,
        **case.dates,
        "child_initial": case.child_initial,
        "child_birth_year": case.child_birth_year,
        "family_id": case.family_id,
        "hold": case.hold,
        "imported_at": now,
    }


def _record(
    session: orm.Session, content: bytes, number: int, actor: Actor | None, now: dt.datetime
) -> None:
    stream = events.Stream("case_import", identifiers.uuid7())
    happening = events.Happening("cases.imported", actor.person_id if actor else None, now)
    digest = hashlib.sha256(content).hexdigest()
    events.record(session, stream, happening, {"cases": number, "file": digest})


def declare_conflict(
    session: orm.Session,
    new: NewConflict,
    *,
    actor: Actor,
    now: dt.datetime,
    lies: Thing | None = None,
) -> ConflictOfInterest:
    """Say that somebody cannot judge a case freely: from the next request on they do not see it.

    For somebody else only whoever assigns cases where it `lies`. Raises Forbidden or Blocked.
    """
    own = new.person_id == actor.person_id
    if not own and (lies is None or not actor.may(Permission.ROUND_ASSIGN, lies)):
        raise errors.Forbidden("only whoever assigns cases here declares it for somebody else")
    errors.require(policy.declaring_blockers(new, declared=queries.stands(session, new)))
    row = ConflictOfInterest(
        person_id=new.person_id,
        case_number=new.case_number.strip(),
        family_id=new.family_id,
        kind=new.kind,
        note=new.note.strip() or None,
        declared_by_id=actor.person_id,
        declared_at=now,
    )
    session.add(row)
    session.flush()
    payload = {"conflict": str(row.public_id), "kind": new.kind.value}
    _record_conflict(session, row, "cases.conflict_declared", actor, now, payload)
    return row


def withdraw_conflict(
    session: orm.Session,
    row: ConflictOfInterest,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Say that it is none any more; the caller found it within the actor's reach. Raises
    Blocked."""
    session.refresh(row, with_for_update=True)
    withdrawn = row.withdrawn_at is not None
    found = policy.withdrawing_blockers(row.person_id, actor.person_id, reason, withdrawn=withdrawn)
    errors.require(found)
    row.withdrawn_at, row.withdrawn_by_id = now, actor.person_id
    row.withdrawal_reason = reason.strip()
    payload = {"conflict": str(row.public_id)}
    _record_conflict(session, row, "cases.conflict_withdrawn", actor, now, payload)


def _record_conflict(
    session: orm.Session,
    row: ConflictOfInterest,
    kind: str,
    actor: Actor,
    now: dt.datetime,
    payload: dict[str, str],
) -> None:
    person = session.get_one(Person, row.person_id)
    happening = events.Happening(kind, actor.person_id, now)
    events.record(session, events.Stream("person", person.public_id), happening, payload)
