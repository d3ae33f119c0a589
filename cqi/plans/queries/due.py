"""Plans that published reports make due, and decisions that submitted plans wait for.

Nothing of it is stored: it follows from the register of publications, from the counties that a
region named, and from the plans that there are.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.feedback.rules.clocks import Allowed
from cqi.measures.models import MeasureRun, Publication, PublicationRun
from cqi.places import queries as places
from cqi.places.models import Place
from cqi.places.rules import PlaceKind
from cqi.plans import rules
from cqi.plans.models import Plan, PlanCall
from cqi.plans.queries import records
from cqi.plans.rules import DRAFTING, UNDECIDED, PlanState
from cqi.plans.rules import due as clocks
from cqi.rounds.models import Round
from cqi.rounds.rules import INTERIM
from cqi.settings import queries as settings
from cqi.settings import registry


@dataclass(frozen=True)
class Begun:
    """A plan that answers a report: submitted or later, or still a draft. `corrected`: a newer
    report on its round put figures right."""

    public_id: uuid.UUID
    name: str
    state: PlanState
    corrected: bool = False


@dataclass(frozen=True)
class Call:
    """A county that the region named, with its reason; the clock starts on that day."""

    county_id: int
    reason: str
    at: dt.datetime


@dataclass(frozen=True)
class Reported:
    """A round whose region's report is published: `first` made the plan due, `newest` stands.

    A later publication of the round puts figures right; it makes no second plan due.
    """

    round_id: int
    round: str
    on_site_from: dt.date
    region_id: int
    first: Publication
    newest: Publication
    calls: tuple[Call, ...]
    plans: tuple[Plan, ...]

    def of(self, place_id: int) -> Plan | None:
        """The plan of a place that rests on the round: one that was submitted before a draft, none
        that was withdrawn."""
        here = [one for one in self.plans if one.place_id == place_id]
        here = [one for one in here if one.state is not PlanState.WITHDRAWN]
        return min(here, key=lambda one: (one.state in DRAFTING, -one.id), default=None)


@dataclass(frozen=True)
class DuePlan:
    """A plan that a region or county owes; `begun` is the draft; whoever reads it may `spare` a
    county that was named. `told_of` is the publication that
    notices are about, `publication` the one whose figures a plan rests on now."""

    told_of: uuid.UUID
    publication: uuid.UUID
    publication_id: int
    title: str
    round_id: int
    round: str
    place_id: int
    place_key: uuid.UUID
    place: str
    region: bool
    since: dt.date
    reason: str
    deadline: clocks.Deadline
    begun: Begun | None
    leads: bool
    spares: bool


@dataclass(frozen=True)
class Decision:
    """A submitted plan, and until when the state approves or returns it; never its `authors`."""

    plan: Begun
    place_id: int
    place: str
    authors: frozenset[int]
    submitted_on: dt.date
    deadline: clocks.Deadline
    decides: bool


def due(session: orm.Session, actor: Actor, today: rules.Today) -> tuple[DuePlan, ...]:
    """What is due within the actor's reach, the most pressing first."""
    reach = actor.reach(Permission.PLAN_SEE)
    where: sa.ColumnElement[bool] = sa.true()
    if not reach.everywhere:
        where = sa.or_(Publication.place_id.in_(reach.places), _named(reach.places))
    found = _due(session, reported(session, where), today, actor)
    seen = (one for one in found if reach.everywhere or one.place_id in reach.places)
    return tuple(sorted(seen, key=lambda one: (one.deadline.on, one.place, one.round)))


def _named(counties: Collection[int]) -> sa.ColumnElement[bool]:
    """Whether it is of a round on which one of these counties was named: each report of it, since
    the oldest is told of, and the newest stands."""
    rounds = (
        sa.select(MeasureRun.round_id)
        .join(PublicationRun, PublicationRun.run_id == MeasureRun.id)
        .join(PlanCall, PlanCall.publication_id == PublicationRun.publication_id)
        .where(PlanCall.county_id.in_(counties))
    )
    return Round.id.in_(rounds)


def one_due(
    session: orm.Session,
    actor: Actor,
    publication: uuid.UUID,
    place: uuid.UUID,
    today: rules.Today,
) -> DuePlan:
    """What a place owes on a report. Raises NotFound where it owes nothing (any more)."""
    for one in due(session, actor, today):
        if one.place_key == place and publication in (one.publication, one.told_of):
            return one
    raise errors.NotFound("no plan of this place is due by such a report")


def due_for_all(session: orm.Session, today: rules.Today) -> tuple[DuePlan, ...]:
    """What is due at all, for the clock."""
    return tuple(_due(session, reported(session, sa.true()), today, None))


def decisions(session: orm.Session, actor: Actor, today: rules.Today) -> tuple[Decision, ...]:
    """Submitted plans within reach, the most pressing first."""
    return _decisions(session, records.visible(actor), today, actor)


def decisions_for_all(session: orm.Session, today: rules.Today) -> tuple[Decision, ...]:
    """All submitted plans, for the clock."""
    return _decisions(session, sa.true(), today, None)


def _decisions(
    session: orm.Session,
    where: sa.ColumnElement[bool],
    today: rules.Today,
    actor: Actor | None,
) -> tuple[Decision, ...]:
    query = sa.select(Plan).where(where, Plan.state == PlanState.SUBMITTED)
    found = list(session.scalars(query.options(orm.selectinload(Plan.entries))))
    names = places.names(session, {one.place_id for one in found})
    allowed = _allowed(session, registry.PLAN_REVIEW_DAYS)
    rows = (_decision(one, names[one.place_id], allowed, actor, today) for one in found)
    return tuple(sorted(rows, key=lambda one: (one.deadline.on, one.plan.name)))


def decision_due(session: orm.Session, plan: Plan, today: rules.Today) -> clocks.Deadline | None:
    """Until when the state decides on a submitted plan; None for any other."""
    if plan.state is not PlanState.SUBMITTED or plan.submitted_at is None:
        return None
    allowed = _allowed(session, registry.PLAN_REVIEW_DAYS)
    return clocks.deadline(_day(plan.submitted_at, today), allowed, today)


def publication(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Reported:
    """A report that makes plans due, within the actor's reach. Raises NotFound."""
    reach = actor.reach(Permission.PLAN_SEE)
    where = sa.true() if reach.everywhere else Publication.place_id.in_(reach.places)
    found = reported(session, where)
    for one in found:
        if public_id in (one.first.public_id, one.newest.public_id):
            return one
    raise errors.NotFound("no plan is due by such a report")


def again(session: orm.Session, one: Reported) -> Reported:
    """The same as it stands now, for an action that waited for others."""
    [found] = (
        each
        for each in reported(session, Publication.place_id == one.region_id)
        if each.round_id == one.round_id
    )
    return found


def lock(round_id: int) -> str:
    """What is done by one at a time: naming counties and beginning plans on a round."""
    return f"plans due on round {round_id}"


def undecided(session: orm.Session, place_id: int, round_id: int) -> Plan | None:
    """The plan of a place on a round that nobody decided on yet: there is to be one at most."""
    where = (Plan.place_id == place_id, Plan.round_id == round_id, Plan.state.in_(UNDECIDED))
    return session.scalar(sa.select(Plan).where(*where).order_by(Plan.id.desc()).limit(1))


def correction(session: orm.Session, plan: Plan) -> Publication | None:
    """The newest report on a plan's round, where the plan rests on an older one."""
    query = (
        sa.select(Publication)
        .join(PublicationRun, PublicationRun.publication_id == Publication.id)
        .join(MeasureRun, MeasureRun.id == PublicationRun.run_id)
        .where(Publication.level == PlaceKind.REGION.value, MeasureRun.round_id == plan.round_id)
        .order_by(Publication.published_at.desc(), Publication.id.desc())
        .limit(1)
    )
    newest = session.scalar(query) if plan.publication_id else None
    return newest if newest and newest.id != plan.publication_id else None


def counties(session: orm.Session, one: Reported, on: dt.date) -> dict[int, str]:
    """Id -> name of the region's counties on a day, but those that are named already."""
    below = places.below(session, [one.region_id], on)
    named = {call.county_id for call in one.calls}
    every = places.of_kind(session, PlaceKind.COUNTY)
    return {each.id: each.name for each in every if each.id in below and each.id not in named}


_Line = tuple[Publication, str, dt.date]  # with the round's name and first day on site


def reported(session: orm.Session, where: sa.ColumnElement[bool]) -> list[Reported]:
    """Each round whose region's report is published, with counties named and plans that answer."""
    query = (
        sa.select(Publication, Round.id, Round.name, Round.on_site_from)
        .join(PublicationRun, PublicationRun.publication_id == Publication.id)
        .join(MeasureRun, MeasureRun.id == PublicationRun.run_id)
        .join(Round, Round.id == MeasureRun.round_id)
        .where(
            Publication.level == PlaceKind.REGION.value, Round.kind.not_in(sorted(INTERIM)), where
        )
        .order_by(Publication.published_at, Publication.id)
    )
    by_round: dict[tuple[int, int], list[_Line]] = defaultdict(list)
    for row, round_id, name, begins in session.execute(query):
        by_round[round_id, row.place_id].append((row, name, begins))
    calls, plans = _calls(session, by_round.values()), _plans(session, by_round)
    return [
        Reported(
            round_id,
            found[0][1],
            found[0][2],
            region_id,
            found[0][0],
            found[-1][0],
            _standing([each for row, *_ in found for each in calls[row.id]]),
            tuple(plans[round_id]),
        )
        for (round_id, region_id), found in by_round.items()
    ]


def _calls(session: orm.Session, found: Iterable[list[_Line]]) -> dict[int, list[PlanCall]]:
    ids = [row.id for each in found for row, *_ in each]
    calls: dict[int, list[PlanCall]] = defaultdict(list)
    query = sa.select(PlanCall).where(PlanCall.publication_id.in_(ids))
    for row in session.scalars(query):
        calls[row.publication_id].append(row)
    return calls


def _standing(rows: list[PlanCall]) -> tuple[Call, ...]:
    """Counties that are named: of what was said of each the newest stands."""
    newest = {row.county_id: row for row in sorted(rows, key=lambda row: row.id)}
    return tuple(Call(row.county_id, row.reason, row.at) for row in newest.values() if row.named)


def _plans(session: orm.Session, rounds: Iterable[tuple[int, int]]) -> dict[int, list[Plan]]:
    plans: dict[int, list[Plan]] = defaultdict(list)
    ids = sorted({round_id for round_id, _ in rounds})
    for plan in session.scalars(sa.select(Plan).where(Plan.round_id.in_(ids))):
        plans[plan.round_id].append(plan)
    return plans


def _due(
    session: orm.Session, found: list[Reported], today: rules.Today, actor: Actor | None
) -> Iterator[DuePlan]:
    ids = {one.region_id for one in found} | {c.county_id for one in found for c in one.calls}
    allowed = _allowed(session, registry.PLAN_DUE_DAYS)
    query = sa.select(Place).where(Place.id.in_(sorted(ids)))
    known = {place.id: place for place in session.scalars(query)}
    for one, (place_id, at, reason) in _newest(found):
        plan = one.of(place_id)
        if plan is not None and plan.state not in DRAFTING:
            continue
        since = _day(at, today)
        yield DuePlan(
            one.first.public_id,
            one.newest.public_id,
            one.newest.id,
            one.newest.title,
            one.round_id,
            one.round,
            place_id,
            known[place_id].public_id,
            known[place_id].name,
            place_id == one.region_id,
            since,
            reason,
            clocks.deadline(since, allowed, today),
            _begun(plan, one) if plan else None,
            _leads(actor, place_id),
            place_id != one.region_id and not plan and _leads(actor, one.region_id),
        )


def _newest(found: list[Reported]) -> list[tuple[Reported, tuple[int, dt.datetime, str]]]:
    """Of what each place owes, the newest: a later round's report takes the place of an earlier."""
    every = ((one, each) for one in found for each in _owed(one))
    by_age = sorted(every, key=lambda pair: (pair[0].on_site_from, pair[1][1]))
    return list({each[0]: (one, each) for one, each in by_age}.values())


def _owed(one: Reported) -> Iterator[tuple[int, dt.datetime, str]]:
    """(place, from when on, why) of a report: its region, and the counties that it named."""
    yield one.region_id, one.first.published_at, ""
    for call in one.calls:
        yield call.county_id, call.at, call.reason


def _decision(
    one: Plan, place: str, allowed: Allowed, actor: Actor | None, today: rules.Today
) -> Decision:
    on, authors = _day(one.submitted_at or one.state_since, today), records.authors(one)
    decides = actor is not None and actor.person_id not in authors
    decides = decides and bool(actor and actor.may(Permission.PLAN_APPROVE, _at(one.place_id)))
    deadline = clocks.deadline(on, allowed, today)
    return Decision(_begun(one), one.place_id, place, authors, on, deadline, decides)


def _allowed(session: orm.Session, setting: registry.Setting) -> Allowed:
    changes = settings.over_time(session, [setting])[setting.key]
    return Allowed(int(setting.default), tuple((day, int(n)) for day, n in changes))


def _begun(plan: Plan, on: Reported | None = None) -> Begun:
    corrected = on is not None and plan.publication_id not in (None, on.newest.id)
    return Begun(plan.public_id, plan.name, plan.state, corrected)


def _leads(actor: Actor | None, place_id: int) -> bool:
    return bool(actor and actor.may(Permission.PLAN_LEAD, _at(place_id)))


def _at(place_id: int) -> Thing:
    return Thing(places=frozenset({place_id}))


def _day(at: dt.datetime, today: rules.Today) -> dt.date:
    """The agency's date of an instant."""
    return at.astimezone(today.zone).date()
