"""Many plans at a glance, counted by the database: no step is read that is not shown."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import working_days
from cqi.places.models import Place
from cqi.plans import rules
from cqi.plans.models import Amendment, Goal, Plan, PlanEntry, Step, StepEntry, Strategy
from cqi.plans.queries import amendments, records, sheets
from cqi.plans.queries.sheets import Counts, StepRow, Wait
from cqi.plans.rules import IN_FORCE, OPEN_STEPS, PlanState, StepState, ladder
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.workflow import PlanMove

SHOWN = 12  # late steps, deadlines and waits on a first page; the rest is counted


@dataclass(frozen=True)
class PlanLine:
    """A plan with its steps counted; `oldest` is the due date of its latest step, `latest` how
    many working days late that is."""

    plan_id: int
    public_id: uuid.UUID
    round_id: int
    name: str
    place_id: int
    place: str
    state: PlanState
    submitted_at: dt.datetime | None
    approved_on: dt.date | None
    counts: Counts
    dropped: int
    oldest: dt.date | None
    latest: int
    extensions: int

    @property
    def state_words(self) -> str:
        """ "Draft", "Active", "Closed with unmet goals" and so on."""
        return rules.STATE_WORDS[self.state]

    @property
    def in_force(self) -> bool:
        """True while its deadlines count."""
        return self.state in IN_FORCE

    @property
    def latest_words(self) -> str:
        """ "15 working days"; "" where nothing is late."""
        return rules.working_days_words(self.latest) if self.latest else ""


@dataclass(frozen=True)
class DirectorHome:
    """A first page: plans, what is late and with whom, the next deadlines, what waits. Of each the
    first `SHOWN`; `late_steps` and `coming_steps` count all."""

    plans: tuple[PlanLine, ...]
    late: tuple[StepRow, ...]
    deadlines: tuple[StepRow, ...]
    waits: tuple[Wait, ...]
    late_steps: int
    coming_steps: int


def plans_visible(
    session: orm.Session, actor: Actor, today: rules.Today, *where: sa.ColumnElement[bool]
) -> tuple[PlanLine, ...]:
    """All plans within the actor's reach, by name, in one query."""
    before = ladder.late_before(today.day, today.holidays)
    query = _lines(before).where(records.visible(actor), *where)
    rows = session.execute(query.order_by(Plan.name, Plan.id))
    return tuple(_line(row, today) for row in rows)


def is_plan(public_id: uuid.UUID) -> sa.ColumnElement[bool]:
    """The where-clause of one plan."""
    return Plan.public_id == public_id


def _lines(before: dt.date) -> sa.Select[*tuple[object, ...]]:
    open_ = Step.state.in_(OPEN_STEPS)
    in_force = Plan.state.in_(IN_FORCE)
    late = sa.and_(open_, in_force, Step.due_on < before)
    behind = sa.and_(Step.state == StepState.BEHIND, in_force, Step.due_on >= before)
    extensions = (
        sa.select(sa.func.count())
        .where(
            Amendment.plan_id == Plan.id,
            Amendment.kind == AmendmentKind.EXTENSION,
            Amendment.state == AmendmentState.GRANTED,
        )
        .scalar_subquery()
    )
    return (
        sa.select(
            Plan.id,
            Plan.public_id,
            Plan.round_id,
            Plan.name,
            Plan.place_id,
            Place.name.label("place"),
            Plan.state,
            Plan.submitted_at,
            Plan.approved_on,
            _count(Step.state != StepState.DROPPED).label("steps"),
            _count(Step.state == StepState.VERIFIED).label("verified"),
            _count(Step.state == StepState.CLAIMED).label("claimed"),
            _count(Step.state == StepState.DROPPED).label("dropped"),
            _count(sa.and_(open_, in_force)).label("open"),
            _count(late).label("late"),
            _count(behind).label("behind"),
            sa.func.count(sa.distinct(sa.case((late, Step.owner_id)))).label("late_owners"),
            sa.func.min(sa.case((late, Step.due_on))).label("oldest"),
            extensions.label("extensions"),
        )
        .select_from(Plan)
        .join(Place, Place.id == Plan.place_id)
        .outerjoin(Goal, sa.and_(Goal.plan_id == Plan.id, Goal.dropped_at.is_(None)))
        .outerjoin(Strategy, sa.and_(Strategy.goal_id == Goal.id, Strategy.dropped_at.is_(None)))
        .outerjoin(Step, Step.strategy_id == Strategy.id)
        .group_by(Plan.id, Place.name)
    )


def _count(when: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((when, 1)))


def _line(row: sa.Row[*tuple[object, ...]], today: rules.Today) -> PlanLine:
    late = working_days.between(row.oldest, today.day, today.holidays) if row.oldest else 0
    counts = Counts(
        steps=row.steps,
        verified=row.verified,
        claimed=row.claimed,
        late=row.late,
        behind=row.behind,
        on_schedule=row.open - row.late - row.behind,
        late_owners=row.late_owners,
    )
    return PlanLine(
        row.id,
        row.public_id,
        row.round_id,
        row.name,
        row.place_id,
        row.place,
        row.state,
        row.submitted_at,
        row.approved_on,
        counts,
        row.dropped,
        row.oldest,
        late,
        row.extensions,
    )


def director_home(
    session: orm.Session, actor: Actor, today: rules.Today, horizon_days: int
) -> DirectorHome:
    """What the first page of whoever leads or monitors plans shows."""
    found = plans_visible(session, actor, today)
    late = sheets.steps(session, actor, today, *sheets.is_late(today), most=SHOWN)
    falls_due = sheets.falls_due(today, horizon_days)
    deadlines = sheets.steps(session, actor, today, *falls_due, most=SHOWN)
    return DirectorHome(
        found,
        late,
        deadlines,
        _waits(session, actor, today, found),
        sum(one.counts.late for one in found),
        len(deadlines) if len(deadlines) < SHOWN else records.count(session, actor, *falls_due),
    )


def waits(session: orm.Session, actor: Actor, today: rules.Today) -> tuple[Wait, ...]:
    """What waits for the actor in all plans, without what the ladder asks of them."""
    return _waits(session, actor, today, plans_visible(session, actor, today))


def _waits(
    session: orm.Session, actor: Actor, today: rules.Today, lines: Iterable[PlanLine]
) -> tuple[Wait, ...]:
    """What waits for the actor: plans to approve, changes to decide on, evidence to look at, own
    steps to claim."""
    asked = amendments.waiting(session, {one.plan_id for one in lines if one.in_force})
    changes = (wait for each in asked.values() for wait in sheets.decides(each, actor))
    approve = [
        Wait("Approve", f"the plan {name}", "plan", key)
        for key, name in session.execute(_to_approve(actor))
    ]
    soon = working_days.after(today.day, rules.SOON, today.holidays)
    mine = (
        Step.owner_id == actor.person_id,
        Step.state.in_(OPEN_STEPS),
        Step.due_on <= soon,
    )
    rows = sheets.steps(session, actor, today, *mine, most=SHOWN)
    if actor.holds(Permission.PLAN_VERIFY):
        checks = (
            Step.state == StepState.CLAIMED,
            Step.owner_id != actor.person_id,
            records.reaches(actor, Permission.PLAN_VERIFY),
            *_not_helped(actor),
        )
        rows += sheets.steps(session, actor, today, *checks, most=SHOWN)
    return (*approve, *changes, *(wait for row in rows for wait in sheets.waits_of(row)))


def _not_helped(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    """The same as `policy` says of who may verify, for a query: it is limited after."""
    of = StepEntry.step_id == Step.id
    wrote = sa.exists().where(
        of, StepEntry.by_id == actor.person_id, StepEntry.kind.in_(sorted(records.HELPS))
    )
    helped = sa.exists().where(of, StepEntry.helped.is_(True))
    return ~wrote, sa.or_(~helped, records.reaches(actor, Permission.PLAN_APPROVE))


def _to_approve(actor: Actor) -> sa.Select[uuid.UUID, str]:
    """Plans that were submitted to the actor, who neither drafted nor submitted them."""
    others = (
        column.is_distinct_from(actor.person_id)
        for column in (Plan.created_by_id, Plan.submitted_by_id)
    )
    before = sa.exists().where(
        PlanEntry.plan_id == Plan.id,
        PlanEntry.move == PlanMove.SUBMIT.value,
        PlanEntry.by_id == actor.person_id,
    )
    reached = records.reaches(actor, Permission.PLAN_APPROVE)
    where = (Plan.state == PlanState.SUBMITTED, reached, ~before)
    return (
        sa.select(Plan.public_id, Plan.name).where(*where, *others).order_by(Plan.name).limit(SHOWN)
    )
