"""Plans and steps within a person's reach, as rows that actions work on. Else: not found."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.plans import policy, rules, workflow
from cqi.plans.models import Goal as Goal
from cqi.plans.models import Plan as Plan
from cqi.plans.models import Step as Step
from cqi.plans.models import Strategy as Strategy
from cqi.plans.rules import DONE_STEPS, IN_FORCE, UNAPPROVED, StepState
from cqi.plans.rules.findings import FindingDecision, FindingKind
from cqi.plans.workflow import DONE, PlanMove, StepMove
from cqi.rounds.models import Round
from cqi.rounds.rules import INTERIM

_Row = TypeVar("_Row")
_WHOLE = (
    orm.selectinload(Plan.goals)
    .selectinload(Goal.strategies)
    .selectinload(Strategy.steps)
    .selectinload(Step.entries)
)
_FINDINGS = orm.selectinload(Plan.findings)


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """The where-clause of plans that a person may see."""
    return reaches(actor, Permission.PLAN_SEE)


def reaches(actor: Actor, permission: Permission) -> sa.ColumnElement[bool]:
    """The where-clause of plans that a permission reaches."""
    reach = actor.reach(permission)
    return sa.true() if reach.everywhere else Plan.place_id.in_(reach.places)


def step_visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Steps of visible plans, and one's own steps once their plan is approved."""
    own = sa.and_(Step.owner_id == actor.person_id, Plan.state.not_in(UNAPPROVED))
    return sa.or_(visible(actor), own)


def plan(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Plan:
    """One plan with everything in it. Raises NotFound."""
    where = (Plan.public_id == public_id, visible(actor))
    query = sa.select(Plan).where(*where).options(_WHOLE, _FINDINGS)
    return _found(session.scalar(query))


def hold(session: orm.Session, one: Plan) -> None:
    """Read a plan and everything in it anew, and keep it from other writers from here on.

    Every action begins so: what decides about one part (is it still a draft?) stands in another.
    """
    query = sa.select(Plan).where(Plan.id == one.id).options(_WHOLE, _FINDINGS).with_for_update()
    session.scalars(query, execution_options={"populate_existing": True}).one()


def goal(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Goal:
    """One goal of a visible plan. Raises NotFound."""
    query = sa.select(Goal).join(Goal.plan).where(Goal.public_id == public_id, visible(actor))
    return _found(session.scalar(query))


def strategy(session: orm.Session, actor: Actor, goal_id: uuid.UUID, position: int) -> Strategy:
    """A goal's strategy by its number. Raises NotFound."""
    query = (
        sa.select(Strategy)
        .join(Strategy.goal)
        .join(Goal.plan)
        .where(Goal.public_id == goal_id, Strategy.position == position, visible(actor))
    )
    return _found(session.scalar(query))


def step(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Step:
    """One step of a visible plan, or one's own. Raises NotFound."""
    query = _steps(Step.public_id == public_id, step_visible(actor))
    return _found(session.scalar(query))


def steps(
    session: orm.Session,
    actor: Actor,
    *where: sa.ColumnElement[bool],
    most: int | None = None,
    skip: int = 0,
) -> list[Step]:
    """The visible steps of plans in force that meet some conditions, by due date; at most so
    many, after those to skip."""
    query = _steps(step_visible(actor), Plan.state.in_(IN_FORCE), *where)
    query = query.order_by(Step.due_on, Step.id)
    return list(session.scalars(query.limit(most).offset(skip)))


def count(session: orm.Session, actor: Actor, *where: sa.ColumnElement[bool]) -> int:
    """How many steps `steps` would find."""
    query = (
        sa.select(sa.func.count(Step.id))
        .join(Step.strategy)
        .join(Strategy.goal)
        .join(Goal.plan)
        .where(step_visible(actor), Plan.state.in_(IN_FORCE), *where)
    )
    return session.scalar(query) or 0


def _steps(*where: sa.ColumnElement[bool]) -> sa.Select[Step]:
    above = orm.contains_eager(Step.strategy).contains_eager(Strategy.goal)
    return (
        sa.select(Step)
        .join(Step.strategy)
        .join(Strategy.goal)
        .join(Goal.plan)
        .where(*where)
        .options(above.contains_eager(Goal.plan), orm.selectinload(Step.entries))
    )


def steps_of(one: Plan) -> Iterator[Step]:
    """A plan's steps, in its order."""
    for each in one.goals:
        for way in each.strategies:
            yield from way.steps


def goals_without_steps(one: Plan) -> list[Goal]:
    """A plan's goals that nothing is done for: a step that is dropped does nothing."""
    return [
        each
        for each in one.goals
        if all(step.state is StepState.DROPPED for way in each.strategies for step in way.steps)
    ]


@dataclass(frozen=True)
class Past:
    """A date of a plan that has passed: `key` is the public id of a step, or of a goal."""

    step: bool
    key: uuid.UUID
    words: str


def past(one: Plan, today: dt.date) -> tuple[Past, ...]:
    """Due dates of a plan's steps, and days on which its goals are measured, before a day."""
    late = (
        Past(
            True,
            each.public_id,
            f"Step {number(each)} was due {rules.day_words(each.due_on, today)}",
        )
        for each in steps_of(one)
        if each.state is not StepState.DROPPED and each.due_on < today
    )
    measured = (
        Past(
            False,
            each.public_id,
            f"Goal {each.position} was to be measured {rules.day_words(on, today)}",
        )
        for each in one.goals
        if (on := each.measured_on) and on < today
    )
    return (*late, *measured)


def plan_facts(one: Plan, today: dt.date | None = None) -> policy.PlanFacts:
    """What the policy asks about a plan. `today` decides which of its dates have passed: whether
    it can be submitted depends on it."""
    return replace(
        facts(one),
        steps=tuple(each.state for each in steps_of(one)),
        goals_without_steps=len(goals_without_steps(one)),
        findings_open=sum(
            each.decision is FindingDecision.PROPOSED and each.kind is not FindingKind.STRENGTH
            for each in one.findings
        ),
        findings_without_goal=_findings_without_goal(one),
        past=tuple(each.words for each in past(one, today)) if today else (),
        goals_without_finding=_goals_without_finding(one),
    )


def facts(one: Plan) -> policy.PlanFacts:
    """The same without its steps and findings."""
    return policy.PlanFacts(one.place_id, one.state, authors(one))


def authors(one: Plan) -> frozenset[int]:
    """Who drafted a plan, and whoever submitted it at any time (ids of people)."""
    submitted = (each.by_id for each in one.entries if each.move == PlanMove.SUBMIT)
    return frozenset(key for key in (one.created_by_id, one.submitted_by_id, *submitted) if key)


def _findings_without_goal(one: Plan) -> tuple[int, ...]:
    """The numbers of accepted findings that no goal answers: strengths may wait."""
    answered = {each.finding_id for each in one.goals}
    return tuple(
        each.position
        for each in one.findings
        if each.decision is FindingDecision.ACCEPTED
        and each.kind is not FindingKind.STRENGTH
        and each.id not in answered
    )


def _goals_without_finding(one: Plan) -> tuple[int, ...]:
    """The numbers of goals that answer no accepted finding, on whatever it is."""
    accepted = {each.id for each in one.findings if each.decision is FindingDecision.ACCEPTED}
    return tuple(goal.position for goal in one.goals if goal.finding_id not in accepted)


HELPS = frozenset(
    DONE[move] for move in (StepMove.ON_SCHEDULE, StepMove.AHEAD, StepMove.BEHIND, StepMove.CLAIM)
)


def step_facts(one: Step) -> policy.StepFacts:
    """What the policy asks about a step."""
    whole = one.strategy.goal.plan
    claims = [entry for entry in one.entries if entry.kind == workflow.CLAIMED]
    before = one.depends_on
    return policy.StepFacts(
        policy.PlanFacts(whole.place_id, whole.state),
        one.state,
        one.owner_id,
        claims[-1].by_id if claims else None,
        frozenset(entry.by_id for entry in one.entries if entry.kind in HELPS),
        any(entry.helped for entry in claims),
        number(before) if before and before.state not in DONE_STEPS else "",
    )


def number(one: Step) -> str:
    """A step's number in its plan: "3.1.2"."""
    return f"{one.strategy.goal.position}.{one.strategy.position}.{one.position}"


def named_items(session: orm.Session, follow_up: Round) -> frozenset[str]:
    """Items that plans of a round's region or counties, approved before it began, named as goals.

    A comparison's word stands for an item only where it was named before the follow-up
    (domain.md section 5a); the round begins on its first on-site day. A plan that rests on a round
    of another instrument names items of that one.
    """
    place_ids = [follow_up.region_id, *(each.county_id for each in follow_up.counties)]
    before = follow_up.on_site_from
    query = (
        sa.select(Goal.item)
        .join(Goal.plan)
        .join(Round, Round.id == Plan.round_id)
        .where(
            Plan.place_id.in_(place_ids),
            Plan.approved_on < before,
            Goal.item.is_not(None),
            Goal.dropped_at.is_(None),
            Round.instrument == follow_up.instrument,
        )
    )
    return frozenset(code for code in session.scalars(query) if code)


def compares(later: type[Round], round_id: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """The where-clauses of rounds that compare with a round (an id or a column): a plan's follow-up
    is one of them that began after the plan's approval, as for `named_items` above."""
    return (later.compares_with_id == round_id, later.kind.not_in(sorted(INTERIM)))


def measured_by(session: orm.Session, one: Plan, today: dt.date) -> Round | None:
    """The first round that measures a plan's goals and has begun."""
    if one.approved_on is None:
        return None
    begun = (Round.on_site_from > one.approved_on, Round.on_site_from <= today)
    query = sa.select(Round).where(*compares(Round, one.round_id), *begun)
    return session.scalar(query.order_by(Round.on_site_from, Round.id).limit(1))


def _found(one: _Row | None) -> _Row:
    if one is None:
        raise errors.NotFound("there is no such plan or step")
    return one
