"""What a draft leaves out and takes back: goals, strategies and steps. All keep their numbers.

A goal or a strategy takes its steps along, and brings back those that went with it. What comes
back waits for no step that is left out, so that no promise waits for what nobody does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.plans import workflow
from cqi.plans.actions import recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Goal, Plan, Step, StepEntry, Strategy
from cqi.plans.queries import records
from cqi.plans.rules import StepState
from cqi.plans.rules.findings import FindingDecision
from cqi.plans.workflow import StepMove


def drop_goal(
    session: orm.Session, *, goal: Goal, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Leave a goal of a draft out; what it answered waits for a decision or another goal.

    Raises Forbidden, or Blocked: not_a_draft, part_dropped, reason_missing, others_wait.
    """
    plan = goal.plan
    recording.may_draft(session, plan, actor)
    recording.require_kept(session, goal)
    steps = [step for way in goal.strategies for step in way.steps]
    _drop(plan, goal, steps, reason, Doing(actor, now))
    payload = {"goal": str(goal.public_id), "words": events.digest(reason.strip())}
    recording.record(session, plan, "goal_dropped", Doing(actor, now), payload)
    session.expire(plan, ["goals"])


def take_up_goal(session: orm.Session, *, goal: Goal, actor: Actor, now: dt.datetime) -> None:
    """Take a goal back into its draft. Raises Forbidden, or Blocked: not_a_draft, part_kept,
    finding_not_accepted."""
    plan = goal.plan
    recording.may_draft(session, plan, actor)
    session.refresh(goal)
    errors.require([*_kept(goal), *_finding_blockers(plan, goal)])
    _take_up(goal, [step for way in goal.strategies for step in way.steps], Doing(actor, now))
    payload = {"goal": str(goal.public_id)}
    recording.record(session, plan, "goal_taken_up", Doing(actor, now), payload)
    session.expire(plan, ["goals"])


def drop_strategy(
    session: orm.Session, *, strategy: Strategy, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Leave a strategy of a draft out. Raises as `drop_goal` does."""
    goal = strategy.goal
    recording.may_draft(session, goal.plan, actor)
    recording.require_kept(session, goal, strategy)
    _drop(goal.plan, strategy, strategy.steps, reason, Doing(actor, now))
    payload = {**_which(strategy), "words": events.digest(reason.strip())}
    recording.record(session, goal.plan, "strategy_dropped", Doing(actor, now), payload)
    session.expire(goal, ["strategies"])


def take_up_strategy(
    session: orm.Session, *, strategy: Strategy, actor: Actor, now: dt.datetime
) -> None:
    """Take a strategy back. Raises Forbidden, or Blocked: not_a_draft, part_kept, part_dropped
    (its goal)."""
    goal = strategy.goal
    recording.may_draft(session, goal.plan, actor)
    recording.require_kept(session, goal)
    session.refresh(strategy)
    errors.require(_kept(strategy))
    _take_up(strategy, strategy.steps, Doing(actor, now))
    payload = _which(strategy)
    recording.record(session, goal.plan, "strategy_taken_up", Doing(actor, now), payload)
    session.expire(goal, ["strategies"])


def drop_draft_step(
    session: orm.Session, *, step: Step, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Leave a step of a draft out; it stays in sight with its number and the reason.

    Raises Forbidden, or Blocked: not_a_draft, step_dropped, reason_missing, others_wait.
    """
    plan = step.strategy.goal.plan
    recording.may_draft(session, plan, actor)
    errors.require([*dropped(step), *_drop_blockers(plan, [step], reason)])
    entry = _enter(step, StepMove.DROP, reason, Doing(actor, now))
    payload = {
        "step": str(step.public_id),
        "state": step.state.value,
        "words": events.digest(entry.words),
    }
    recording.record(session, plan, "step_dropped", Doing(actor, now), payload)


def take_up_step(session: orm.Session, *, step: Step, actor: Actor, now: dt.datetime) -> None:
    """Take a step back. Raises Forbidden, or Blocked: not_a_draft, part_kept, part_dropped (its
    goal or strategy)."""
    plan = step.strategy.goal.plan
    recording.may_draft(session, plan, actor)
    recording.require_kept(session, step.strategy.goal, step.strategy)
    errors.require(_STANDS if step.state is not StepState.DROPPED else [])
    _take_back([step], Doing(actor, now))
    payload = {
        "step": str(step.public_id),
        "state": step.state.value,
        "depends_on": step.depends_on_id,
    }
    recording.record(session, plan, "step_taken_up", Doing(actor, now), payload)


def dropped(step: Step) -> list[Blocker]:
    """Why a step that is left out cannot be changed."""
    if step.state is not StepState.DROPPED:
        return []
    return [Blocker("step_dropped", "This step is dropped: take it back first, or add another.")]


def _drop(
    plan: Plan, part: Goal | Strategy, steps: Sequence[Step], reason: str, doing: Doing
) -> None:
    going = [step for step in steps if step.state is not StepState.DROPPED]
    errors.require(_drop_blockers(plan, going, reason))
    part.dropped_at, part.dropped_reason = doing.at, reason.strip()
    for step in going:
        _enter(step, StepMove.DROP, reason, doing)


def _take_up(part: Goal | Strategy, steps: Sequence[Step], doing: Doing) -> None:
    went = [
        step
        for step in steps
        if step.state is StepState.DROPPED and step.state_since == part.dropped_at
    ]
    _take_back(went, doing)
    part.dropped_at, part.dropped_reason = None, None


def _take_back(steps: Sequence[Step], doing: Doing) -> None:
    """Let steps stand again. Those that come together may wait for each other; none closes a
    circle, as what stands never waits for what is left out."""
    for step in steps:
        words, before = "", step.depends_on
        if before and before not in steps and before.state is StepState.DROPPED:
            words = f"It no longer waits for step {records.number(before)}, which is dropped."
            step.depends_on_id = None
        _enter(step, StepMove.TAKE_UP, words, doing)


def _enter(step: Step, move: StepMove, words: str, doing: Doing) -> StepEntry:
    step.state, step.state_since = workflow.STEP_BY_MOVE[move].ends, doing.at
    entry = StepEntry(
        kind=workflow.DONE[move],
        words=words.strip(),
        by_id=doing.actor_id,
        at=doing.at,
        files=[],
    )
    step.entries.append(entry)
    return entry


def _drop_blockers(plan: Plan, going: Sequence[Step], reason: str) -> list[Blocker]:
    found = []
    if not reason.strip():
        message = "Say why it is dropped."
        found.append(Blocker("reason_missing", message, "words"))
    ids = {step.id for step in going}
    waiting = [
        records.number(one)
        for one in records.steps_of(plan)
        if one.depends_on_id in ids and one.id not in ids and one.state is not StepState.DROPPED
    ]
    if waiting:
        words = "waits" if len(waiting) == 1 else "wait"
        message = f"Step {', '.join(waiting)} {words} for what is to be dropped: change that first."
        found.append(Blocker("others_wait", message))
    return found


_STANDS = [Blocker("part_kept", "This stands in the draft already: look at it again.")]


def _kept(part: Goal | Strategy) -> list[Blocker]:
    return _STANDS if part.dropped_at is None else []


def _finding_blockers(plan: Plan, goal: Goal) -> list[Blocker]:
    """The finding that a goal answers may have been decided on anew meanwhile."""
    for one in plan.findings:
        if one.id == goal.finding_id and one.decision is not FindingDecision.ACCEPTED:
            message = f"Goal {goal.position} answers finding {one.position}: accept that one first."
            return [Blocker("finding_not_accepted", message)]
    return []


def _which(strategy: Strategy) -> dict[str, object]:
    return {"goal": str(strategy.goal.public_id), "strategy": strategy.position}
