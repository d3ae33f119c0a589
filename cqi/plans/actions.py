"""What people do to a plan: draft, approve, claim, verify, send back. One event each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors, events, identifiers
from cqi.core.errors import Blocker
from cqi.plans import policy, rules, workflow
from cqi.plans.models import Goal, Plan, Step, StepEntry, Strategy
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
    facts = policy.PlanFacts(new.place_id, PlanState.DRAFT, actor.person_id)
    policy.authorise(actor, Permission.PLAN_LEAD, facts)
    errors.require([*_named(new.name), *_looked_at(session, new)])
    plan = Plan(
        place_id=new.place_id,
        round_id=new.round_id,
        name=new.name.strip(),
        state=PlanState.DRAFT,
        created_at=now,
        created_by_id=actor.person_id,
        goals=[],
    )
    session.add(plan)
    session.flush()
    payload = {"place": new.place_id, "round": new.round_id, "state": plan.state.value}
    _record(session, plan, "drafted", _Doing(actor, now), payload)
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
    _record(session, plan, "goal_added", _Doing(actor, now), payload)
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
    _record(session, goal.plan, "strategy_added", _Doing(actor, now), payload)
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
        state=StepState.OPEN,
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
    _record(session, plan, "step_added", _Doing(actor, now), payload)
    return step


def approve(
    session: orm.Session, *, plan: Plan, actor: Actor, now: dt.datetime, today: dt.date
) -> None:
    """Make a draft the plan in force. Never by the person who drafted it."""
    _authorise_move(session, "approve", plan, actor)
    plan.approved_on, plan.approved_by_id = today, actor.person_id
    _move_plan(session, "approve", plan, _Doing(actor, now))


def close(session: orm.Session, *, plan: Plan, actor: Actor, now: dt.datetime) -> None:
    """End a plan whose steps are all verified."""
    _authorise_move(session, "close", plan, actor)
    _move_plan(session, "close", plan, _Doing(actor, now))


def claim_step(
    session: orm.Session, *, step: Step, words: str, actor: Actor, now: dt.datetime
) -> None:
    """The owner says that a step is done, and what proves it."""
    _move_step(session, "claim", step, words, _Doing(actor, now))


def verify_step(
    session: orm.Session, *, step: Step, words: str = "", actor: Actor, now: dt.datetime
) -> None:
    """Somebody else has seen the evidence."""
    _move_step(session, "verify", step, words, _Doing(actor, now))


def send_back_step(
    session: orm.Session, *, step: Step, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """The evidence does not prove it yet; the reason says what is missing."""
    _move_step(session, "send_back", step, reason, _Doing(actor, now))


@dataclass(frozen=True)
class _Doing:
    """Who does it, and when."""

    actor: Actor
    at: dt.datetime


def _authorise_move(session: orm.Session, move: str, plan: Plan, actor: Actor) -> None:
    records.hold(session, plan)
    facts = records.plan_facts(plan)
    policy.authorise(actor, workflow.PLAN[move].permission, facts)
    errors.require(policy.plan_blockers(move, facts, actor))


def _move_plan(session: orm.Session, move: str, plan: Plan, doing: _Doing) -> None:
    transition = workflow.PLAN[move]
    plan.state = transition.ends
    _record(session, plan, transition.done, doing, {"state": plan.state.value})


def _move_step(session: orm.Session, move: str, step: Step, words: str, doing: _Doing) -> None:
    plan = step.strategy.goal.plan
    records.hold(session, plan)
    transition, facts = workflow.STEP[move], records.step_facts(step)
    policy.authorise(doing.actor, transition.permission, facts.plan)
    errors.require(policy.step_blockers(move, facts, doing.actor, words))
    step.state, step.state_since = transition.ends, doing.at
    person = doing.actor.person_id
    entry = StepEntry(kind=transition.done, words=words.strip(), by_id=person, at=doing.at)
    step.entries.append(entry)
    payload = {
        "step": str(step.public_id),
        "state": step.state.value,
        "words": events.digest(entry.words),
    }
    _record(session, plan, f"step_{transition.done}", doing, payload)


def _record(
    session: orm.Session, plan: Plan, kind: str, doing: _Doing, payload: Mapping[str, Any]
) -> None:
    session.flush()
    happening = events.Happening(f"plan.{kind}", doing.actor.person_id, doing.at)
    events.record(session, events.Stream("plan", plan.public_id), happening, payload)


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
