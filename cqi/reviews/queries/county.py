"""The notice to a county of a round: its cases with their staff, what was sent, who may read it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission, Role
from cqi.cases import queries as cases
from cqi.cases.models import Case, CaseStaff
from cqi.cases.rules import CaseType, StaffKind
from cqi.core import errors
from cqi.places import queries as places
from cqi.places.models import Place
from cqi.reviews.models import CaseReview, InterviewPlan
from cqi.reviews.queries import samples
from cqi.reviews.rules import ReviewPurpose, ReviewState, county
from cqi.reviews.rules.county import Changed, StaffTime
from cqi.reviews.rules.interviews import InterviewRole
from cqi.rounds import queries as rounds
from cqi.rounds.models import CountyNotice as CountyNotice
from cqi.rounds.models import Round, RoundCounty


@dataclass(frozen=True)
class CountyCase:
    """A case that a county is told of; staff by number."""

    public_id: uuid.UUID
    case_number: str
    case_type: CaseType
    unit: str = ""
    caseworkers: tuple[str, ...] = ()
    supervisors: tuple[str, ...] = ()
    times: tuple[StaffTime, ...] = ()


@dataclass(frozen=True)
class Letter:
    """What a county is told. `hidden` are cases that whoever looks may not see; `by` and `at` say
    who sent it when, empty before."""

    county: str
    round_name: str
    on_site: tuple[dt.date, dt.date]
    leads: tuple[str, ...]
    cases: tuple[CountyCase, ...]
    hidden: int = 0
    by: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True)
class Told:
    """That a county was told: the newest notice."""

    public_id: uuid.UUID
    at: dt.datetime
    by: str
    people: int
    cases: frozenset[str]


@dataclass(frozen=True)
class CountyLine:
    """A county of a round: how many cases it has there, and what it was told."""

    public_id: uuid.UUID
    name: str
    cases: int
    told: Told | None
    changed: Changed


def county_of(session: orm.Session, in_round: Round, public_id: uuid.UUID) -> Place:
    """A county of a round. Raises NotFound."""
    query = (
        sa.select(Place)
        .join(RoundCounty, RoundCounty.county_id == Place.id)
        .where(RoundCounty.round_id == in_round.id, Place.public_id == public_id)
    )
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such county in this round")
    return found


def _in_round(session: orm.Session, in_round: Round) -> sa.ColumnElement[bool]:
    """Where-clause on `Case`: those that are scored in the round, or stand in its sample."""
    scored = sa.select(CaseReview.case_id).where(
        CaseReview.round_id == in_round.id,
        CaseReview.purpose == ReviewPurpose.SCORED,
        CaseReview.state != ReviewState.WITHDRAWN,
        CaseReview.imported_digest.is_(None),  # nobody comes to look at it
    )
    waiting = samples.unassigned(session, [in_round.id]).get(in_round.id, frozenset())
    return sa.or_(Case.id.in_(scored), Case.case_number.in_(sorted(waiting)))


def lines(session: orm.Session, in_round: Round) -> list[CountyLine]:
    """The counties of a round by name, with what each was told and what changed since."""
    query = (
        sa.select(Place.id, Place.public_id, Place.name, Case.public_id)
        .join(RoundCounty, RoundCounty.county_id == Place.id)
        .outerjoin(Case, sa.and_(Case.county_id == Place.id, _in_round(session, in_round)))
        .where(RoundCounty.round_id == in_round.id)
        .order_by(Place.name, Place.id)
    )
    found: dict[tuple[int, uuid.UUID, str], set[str]] = {}
    for place_id, public_id, name, case in session.execute(query):
        found.setdefault((place_id, public_id, name), set()).update([str(case)] if case else [])
    sent = told(session, in_round)
    return [
        _line(public_id, name, here, sent.get(place_id))
        for (place_id, public_id, name), here in found.items()
    ]


def _line(public_id: uuid.UUID, name: str, here: set[str], sent: Told | None) -> CountyLine:
    before = sent.cases if sent else here
    return CountyLine(public_id, name, len(here), sent, county.changed(before, here))


def told(session: orm.Session, in_round: Round) -> dict[int, Told]:
    """County's id -> the newest notice that went there."""
    query = (
        sa.select(CountyNotice, Person.name)
        .join(Person, Person.id == CountyNotice.by_id)
        .where(CountyNotice.round_id == in_round.id)
        .order_by(CountyNotice.id)
    )
    return {
        row.county_id: Told(
            row.public_id,
            row.at,
            by,
            len(row.content["told"]),
            frozenset(each["case"] for each in row.content["cases"]),
        )
        for row, by in session.execute(query)
    }


def recipients(session: orm.Session, county_id: int, today: dt.date) -> frozenset[int]:
    """Who has a county by grants: the supervisors of its units, its Regional Director."""
    below = places.below(session, [county_id], today)
    above = places.above(session, [county_id], today)
    directors = access.holders(session, Role.REGIONAL_DIRECTOR, above, today)
    return directors | access.holders(session, Role.SUPERVISOR, below, today)


def letter(session: orm.Session, in_round: Round, place: Place, today: dt.date) -> Letter:
    """What a county would be told now, with all of its cases."""
    leaders = access.holders_in_round(session, Role.SITE_LEADER, in_round.id, today)
    here = sa.and_(Case.county_id == place.id, _in_round(session, in_round))
    found = _cases(session, here)
    ids = list(found)
    staff, times = _staff(session, ids, today), _times(session, in_round, ids)
    return Letter(
        place.name,
        in_round.name,
        (in_round.on_site_from, in_round.on_site_to),
        tuple(sorted(access.people_names(session, leaders).values())),
        tuple(
            replace(
                one,
                caseworkers=tuple(staff.get((key, StaffKind.CASEWORKER), ())),
                supervisors=tuple(staff.get((key, StaffKind.SUPERVISOR), ())),
                times=tuple(times.get(key, ())),
            )
            for key, one in found.items()
        ),
    )


def _cases(session: orm.Session, *where: sa.ColumnElement[bool]) -> dict[int, CountyCase]:
    unit = orm.aliased(Place)
    query = (
        sa.select(Case.id, Case.public_id, Case.case_number, Case.case_type, unit.name)
        .outerjoin(unit, unit.id == Case.unit_id)
        .where(*where)
        .order_by(Case.case_number)
    )
    return {
        key: CountyCase(public_id, number, kind, name or "")
        for key, public_id, number, kind, name in session.execute(query)
    }


def _staff(
    session: orm.Session, case_ids: Collection[int], today: dt.date
) -> dict[tuple[int, StaffKind], list[str]]:
    one = CaseStaff
    query = (
        sa.select(one.case_id, one.kind, one.staff_id)
        .where(one.case_id.in_(case_ids), one.from_on <= today)
        .where(sa.or_(one.until_on.is_(None), one.until_on >= today))
        .order_by(one.id)
    )
    found: dict[tuple[int, StaffKind], list[str]] = {}
    for case_id, kind, staff_id in session.execute(query):
        found.setdefault((case_id, kind), []).append(staff_id)
    return found


def _times(
    session: orm.Session, in_round: Round, case_ids: Collection[int]
) -> dict[int, list[StaffTime]]:
    """When caseworkers and supervisors are to be heard; of nobody else."""
    row = InterviewPlan
    query = (
        sa.select(CaseReview.case_id, row.role, row.starts_at, row.minutes)
        .join(CaseReview, CaseReview.id == row.review_id)
        .where(CaseReview.round_id == in_round.id, CaseReview.case_id.in_(case_ids))
        .where(CaseReview.purpose == ReviewPurpose.SCORED, row.cancelled_at.is_(None))
        .where(row.role.in_(county.STAFF))
        .order_by(row.starts_at)
    )
    found: dict[int, list[StaffTime]] = {}
    for case_id, role, starts_at, minutes in session.execute(query):
        found.setdefault(case_id, []).append(StaffTime(role, starts_at, minutes))
    return found


def frozen(one: Letter, people: Iterable[int]) -> dict[str, Any]:
    """A letter as it is kept: cases by public id, staff by number, whom it went to by id."""
    return {
        "on_site": [day.isoformat() for day in one.on_site],
        "leads": list(one.leads),
        "told": sorted(people),
        "cases": [
            {
                "case": str(each.public_id),
                "caseworkers": list(each.caseworkers),
                "supervisors": list(each.supervisors),
                "times": [
                    [time.role.value, time.starts_at.isoformat(), time.minutes]
                    for time in each.times
                ],
            }
            for each in one.cases
        ],
    }


def notice(
    session: orm.Session, actor: Actor, public_id: uuid.UUID, today: dt.date
) -> CountyNotice:
    """A notice to a county within reach, or with a unit that is. Raises NotFound."""
    reach = actor.reach(Permission.COUNTY_NOTICE_SEE)
    near = reach.places | places.above(session, reach.places, today)
    here = sa.or_(
        sa.true() if reach.everywhere else sa.false(),
        CountyNotice.round_id.in_(sorted(reach.rounds)),
        CountyNotice.county_id.in_(sorted(near)),
    )
    found = session.scalar(sa.select(CountyNotice).where(CountyNotice.public_id == public_id, here))
    if found is None:
        raise errors.NotFound("there is no such notice")
    return found


def as_sent(session: orm.Session, actor: Actor, sent: CountyNotice) -> Letter:
    """A notice as it was sent, with the cases that the actor may see."""
    content = sent.content
    told_of = {uuid.UUID(each["case"]): each for each in content["cases"]}
    seen = _cases(session, Case.public_id.in_(told_of), _visible(actor, sent.round_id))
    people = access.people_names(session, [sent.by_id])
    names = places.names(session, [sent.county_id])
    first, last = (dt.date.fromisoformat(day) for day in content["on_site"])
    return Letter(
        names[sent.county_id],
        sent.round.name,
        (first, last),
        tuple(content["leads"]),
        tuple(_thawed(one, told_of[one.public_id]) for one in seen.values()),
        len(told_of) - len(seen),
        people[sent.by_id],
        sent.at,
    )


def _thawed(one: CountyCase, kept: Mapping[str, Any]) -> CountyCase:
    times = (
        StaffTime(InterviewRole(role), dt.datetime.fromisoformat(at), minutes)
        for role, at, minutes in kept["times"]
    )
    return replace(
        one,
        times=tuple(times),
        caseworkers=tuple(kept["caseworkers"]),
        supervisors=tuple(kept["supervisors"]),
    )


def visible(session: orm.Session, actor: Actor, in_round: Round, one: Letter) -> Letter:
    """A letter with the cases that the actor may see; the others are counted."""
    ids = [each.public_id for each in one.cases]
    may = sa.select(Case.public_id).where(Case.public_id.in_(ids), _visible(actor, in_round.id))
    seen = set(session.scalars(may))
    kept = tuple(each for each in one.cases if each.public_id in seen)
    return replace(one, cases=kept, hidden=len(ids) - len(kept))


def _visible(actor: Actor, round_id: int) -> sa.ColumnElement[bool]:
    """Where-clause on `Case`: within reach, and no conflict of interest; those who work a case may
    read that it is reviewed, those who assign may not where they worked it."""
    reach = actor.reach(Permission.COUNTY_NOTICE_SEE)
    assigns = actor.holds(Permission.ROUND_ASSIGN)
    conflicts: Any = cases.declared(actor.person_id)
    if assigns:
        conflicts = cases.conflicted(actor.person_id, actor.staff_id)
    everywhere = reach.everywhere or round_id in reach.rounds
    there = sorted(reach.places)
    within = sa.or_(Case.county_id.in_(there), Case.unit_id.in_(there))
    return sa.and_(sa.true() if everywhere else within, Case.id.not_in(conflicts))


def round_of(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Round:
    """A round whose counties `actor` may tell: those who assign its cases. Raises NotFound."""
    found = rounds.by_public_id(session, actor, public_id)
    if not actor.may(Permission.ROUND_ASSIGN, rounds.thing(session, found)):
        raise errors.NotFound("there is no such round")
    return found
