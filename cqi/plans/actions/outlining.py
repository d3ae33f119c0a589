"""Drafting a plan: its goals, strategies and steps. One event each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors, identifiers
from cqi.core.errors import Blocker
from cqi.plans import policy, rules
from cqi.plans.actions import recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Goal, Plan, Step, Strategy
from cqi.plans.queries import records
from cqi.plans.rules import PlanState, StepState, TargetKind
from cqi.rounds.models import Round


@dataclass(frozen=True)
class NewPlan:
    """A plan to draft: for a place, resting on a round that looked at it."""

    place_id: int
    round_id: int
    name: str


@dataclass(frozen=True)
class NewGoal:
    """A goal to add; the baseline is what the measures of the plan's round say.

    `negotiated` is a target in ten-thousandths, None for the PIP arithmetic.
    """

    title: str
    component: str
    item: str | None
    baseline: rules.Count
    negotiated: int | None = None


@dataclass(frozen=True)
class NewStep:
    """A step to add. `evidence_asked` says what will prove that it is done."""

    title: str
    owner_id: int
    starts_on: dt.date
    due_on: dt.date
    evidence_asked: str


def draft_plan(session: orm.Session, *, new: NewPlan, actor: Actor, now: dt.datetime) -> Plan:
    """Begin a plan. Raises Forbidden outside the places that the actor leads plans for."""
    facts = policy.PlanFacts(new.place_id, PlanState.DRAFT)
    policy.authorise(actor, Permission.PLAN_LEAD, facts)
    errors.require([*_named(new.name), *_looked_at(session, new)])
    plan = Plan(
        place_id=new.place_id,
        round_id=new.round_id,
        name=new.name.strip(),
        state=PlanState.DRAFT,
        state_since=now,
        created_at=now,
        created_by_id=actor.person_id,
        goals=[],
        findings=[],
        entries=[],
    )
    session.add(plan)
    session.flush()
    payload = {"place": new.place_id, "round": new.round_id, "state": plan.state.value}
    recording.record(session, plan, "drafted", Doing(actor, now), payload)
    return plan


def add_goal(
    session: orm.Session, *, plan: Plan, new: NewGoal, actor: Actor, now: dt.datetime
) -> Goal:
    """Add what shall change. Raises Blocked where the target must be negotiated and was not."""
    _may_draft(session, plan, actor)
    errors.require([*_named(new.title), *policy.goal_blockers(new.baseline, new.negotiated)])
    negotiated = new.negotiated is not None
    goal = Goal(
        public_id=identifiers.uuid7(),
        position=len(plan.goals) + 1,
        title=new.title.strip(),
        component=new.component,
        item=new.item,
        baseline_achieved=new.baseline.achieved,
        baseline_applicable=new.baseline.applicable,
        target_kind=TargetKind.NEGOTIATED if negotiated else TargetKind.PIP_ARITHMETIC,
        negotiated_target=new.negotiated,
        strategies=[],
    )
    plan.goals.append(goal)
    payload = {
        "goal": str(goal.public_id),
        "measure": new.item or new.component,
        "baseline": [new.baseline.achieved, new.baseline.applicable],
        "negotiated_target": new.negotiated,
    }
    recording.record(session, plan, "goal_added", Doing(actor, now), payload)
    return goal


def add_strategy(
    session: orm.Session, *, goal: Goal, title: str, actor: Actor, now: dt.datetime
) -> Strategy:
    """Add a way to reach a goal."""
    _may_draft(session, goal.plan, actor)
    errors.require(_named(title))
    strategy = Strategy(position=len(goal.strategies) + 1, title=title.strip(), steps=[])
    goal.strategies.append(strategy)
    payload = {"goal": str(goal.public_id), "strategy": strategy.position}
    recording.record(session, goal.plan, "strategy_added", Doing(actor, now), payload)
    return strategy


def add_step(
    session: orm.Session, *, strategy: Strategy, new: NewStep, actor: Actor, now: dt.datetime
) -> Step:
    """Add a step with its owner, due date and the evidence that will prove it."""
    plan = strategy.goal.plan
    _may_draft(session, plan, actor)
    errors.require([*_named(new.title), *_step_blockers(new)])
    step = Step(
        public_id=identifiers.uuid7(),
        position=len(strategy.steps) + 1,
        title=new.title.strip(),
        owner_id=new.owner_id,
        starts_on=new.starts_on,
        due_on=new.due_on,
        evidence_asked=new.evidence_asked.strip(),
        state=StepState.NOT_STARTED,
        state_since=now,
        entries=[],
    )
    strategy.steps.append(step)
    payload = {
        "step": str(step.public_id),
        "owner": new.owner_id,
        "due_on": new.due_on.isoformat(),
        "state": step.state.value,
    }
    recording.record(session, plan, "step_added", Doing(actor, now), payload)
    return step


def _may_draft(session: orm.Session, plan: Plan, actor: Actor) -> None:
    records.hold(session, plan)
    facts = records.plan_facts(plan)
    policy.authorise(actor, Permission.PLAN_LEAD, facts)
    errors.require(policy.drafting_blockers(facts))


def _named(title: str) -> list[Blocker]:
    if title.strip():
        return []
    return [Blocker("title_missing", "Give it a name that says what it is about.", "title")]


def _step_blockers(new: NewStep) -> list[Blocker]:
    found = []
    if new.due_on < new.starts_on:
        found.append(Blocker("due_before_start", "The due date comes before the start.", "due_on"))
    if not new.evidence_asked.strip():
        message = "Say what evidence will prove that the step is done."
        found.append(Blocker("evidence_missing", message, "evidence_asked"))
    return found


def _looked_at(session: orm.Session, new: NewPlan) -> list[Blocker]:
    one = session.get(Round, new.round_id)
    counties = {county.county_id for county in one.counties} if one else set()
    if one is not None and new.place_id in {one.region_id, *counties}:
        return []
    message = "Choose a round that looked at the plan's place."
    return [Blocker("round_elsewhere", message, "round")]
