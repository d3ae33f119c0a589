"""A draft's goals and strategies: added, and changed while it is a draft. One event each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events, identifiers
from cqi.core.errors import Blocker
from cqi.plans import policy, rules
from cqi.plans.actions import beginning, recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Goal, Plan, PlanFinding, Strategy
from cqi.plans.queries import figures
from cqi.plans.rules import TargetKind
from cqi.plans.rules.findings import FindingDecision, FindingKind


@dataclass(frozen=True)
class NewGoal:
    """A goal to add; the baseline is what the frozen run `run` says of the plan's round.

    `negotiated` is a target in ten-thousandths, None for the PIP arithmetic; `finding` the number
    of what it answers.
    """

    title: str
    component: str
    item: str | None
    baseline: rules.Count
    negotiated: int | None = None
    run: str | None = None
    finding: int | None = None


@dataclass(frozen=True)
class GoalWish:
    """What somebody writes about a goal: its measure (`code`), the number of the finding that it
    answers, its target with the reason of a negotiated one, when and on which cases it is
    measured again. `revision` is what they have read of it; `once`: where the same stands there,
    it is a form that was sent twice."""

    title: str
    code: str
    finding: int | None = None
    negotiated: int | None = None
    target_reason: str = ""
    measured_on: dt.date | None = None
    sample: str = ""
    revision: int | None = None
    once: bool = False


@dataclass(frozen=True)
class StrategyWish:
    """What somebody writes about a strategy: why it should work, what speaks for it, who leads;
    `revision` and `once` as of a goal."""

    title: str
    why: str = ""
    evidence: str = ""
    lead_id: int | None = None
    revision: int | None = None
    once: bool = False


def add_goal(
    session: orm.Session, *, plan: Plan, new: NewGoal, actor: Actor, now: dt.datetime
) -> Goal:
    """Add what shall change. Raises Blocked where the target must be negotiated and was not."""
    recording.may_draft(session, plan, actor)
    code = new.item or new.component
    wish = GoalWish(new.title, code, new.finding, negotiated=new.negotiated)
    errors.require(_goal_blockers(plan, wish, new.baseline))
    goal = _goal(session, plan, wish, new)
    plan.goals.append(goal)
    recording.record(session, plan, "goal_added", Doing(actor, now), _goal_payload(goal))
    return goal


def add_measured_goal(
    session: orm.Session,
    *,
    plan: Plan,
    wish: GoalWish,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> Goal:
    """Add a goal whose baseline is what the plan's frozen run says of its measure.

    Raises Forbidden, or Blocked: not_a_draft, title_missing, finding_not_accepted,
    target_to_negotiate, target_out_of_range, target_below_baseline, target_reason_missing.
    """
    recording.may_draft(session, plan, actor)
    new = _measured(session, plan, wish, Doing(actor, now), today)
    errors.require([*_goal_blockers(plan, wish, new.baseline), *_reason(wish, new.baseline)])
    goal = _goal(session, plan, wish, new)
    if wish.once and (there := recording.twin(plan.goals, goal)):
        return there
    plan.goals.append(goal)
    recording.record(session, plan, "goal_added", Doing(actor, now), _goal_payload(goal))
    return goal


def change_goal(
    session: orm.Session,
    *,
    goal: Goal,
    wish: GoalWish,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Change a goal of a draft; its number stays. Raises as above, or changed_meanwhile."""
    plan = goal.plan
    recording.may_draft(session, plan, actor)
    recording.require_kept(session, goal)
    baseline = rules.Count(goal.baseline_achieved, goal.baseline_applicable)
    new = NewGoal(wish.title, goal.component, goal.item, baseline, run=goal.baseline_run)
    if wish.code != (goal.item or goal.component):
        new = _measured(session, plan, wish, Doing(actor, now), today)
    errors.require(
        [
            *recording.unread(goal, wish.revision),
            *_goal_blockers(plan, wish, new.baseline),
            *_reason(wish, new.baseline),
        ]
    )
    _write(plan, goal, wish, new)
    recording.record(session, plan, "goal_changed", Doing(actor, now), _goal_payload(goal))


def add_strategy(
    session: orm.Session,
    *,
    goal: Goal,
    title: str = "",
    wish: StrategyWish | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Strategy:
    """Add a way to reach a goal; `title` alone is enough."""
    recording.may_draft(session, goal.plan, actor)
    recording.require_kept(session, goal)
    said = wish or StrategyWish(title)
    errors.require(recording.named(said.title))
    given = sa.select(sa.func.max(Strategy.position)).where(Strategy.goal_id == goal.id)
    position = (session.scalar(given) or 0) + 1
    strategy = Strategy(position=position, title=said.title.strip(), steps=[])
    _say(strategy, said)
    if said.once and (there := recording.twin(goal.strategies, strategy)):
        return there
    goal.strategies.append(strategy)
    payload = _strategy_payload(strategy)
    recording.record(session, goal.plan, "strategy_added", Doing(actor, now), payload)
    return strategy


def change_strategy(
    session: orm.Session, *, strategy: Strategy, wish: StrategyWish, actor: Actor, now: dt.datetime
) -> None:
    """Change a strategy of a draft. Raises Forbidden, or Blocked: not_a_draft, title_missing,
    changed_meanwhile."""
    plan = strategy.goal.plan
    recording.may_draft(session, plan, actor)
    recording.require_kept(session, strategy.goal, strategy)
    errors.require([*recording.unread(strategy, wish.revision), *recording.named(wish.title)])
    _say(strategy, wish)
    payload = _strategy_payload(strategy)
    recording.record(session, plan, "strategy_changed", Doing(actor, now), payload)


def _measured(
    session: orm.Session, plan: Plan, wish: GoalWish, doing: Doing, today: dt.date
) -> NewGoal:
    """The goal's measure with its count in the plan's frozen run."""
    actor = doing.actor
    if actor is None:
        raise ValueError("somebody sets a goal")
    run = beginning.frozen_run(session, plan, actor=actor, now=doing.at, today=today)
    found = figures.figures(session, plan, run, today).baselines
    one = next((each for each in found if each.code == wish.code), None)
    if one is None:
        raise errors.BadInput("there is no such measure in the plan's round")
    return NewGoal(wish.title, one.component, one.item, one.count, run=run.run_id)


def _goal(session: orm.Session, plan: Plan, wish: GoalWish, new: NewGoal) -> Goal:
    given = sa.select(sa.func.max(Goal.position)).where(Goal.plan_id == plan.id)
    goal = Goal(
        public_id=identifiers.uuid7(),
        position=(session.scalar(given) or 0) + 1,
        strategies=[],
    )
    _write(plan, goal, wish, new)
    return goal


def _write(plan: Plan, goal: Goal, wish: GoalWish, new: NewGoal) -> None:
    negotiated = wish.negotiated is not None
    finding = _finding(plan, wish)
    goal.title, goal.component, goal.item = wish.title.strip(), new.component, new.item
    goal.baseline_achieved = new.baseline.achieved
    goal.baseline_applicable = new.baseline.applicable
    goal.baseline_run = new.run
    goal.target_kind = TargetKind.NEGOTIATED if negotiated else TargetKind.PIP_ARITHMETIC
    goal.negotiated_target = wish.negotiated
    goal.target_reason = wish.target_reason.strip() or None if negotiated else None
    goal.finding_id = finding.id if finding else None
    goal.measured_on, goal.sample = wish.measured_on, wish.sample.strip() or None


def _goal_payload(goal: Goal) -> dict[str, object]:
    return {
        "goal": str(goal.public_id),
        "measure": goal.item or goal.component,
        "baseline": [goal.baseline_achieved, goal.baseline_applicable],
        "run": goal.baseline_run,
        "negotiated_target": goal.negotiated_target,
        "finding": goal.finding_id,
        "title": events.digest(goal.title),
    }


def _goal_blockers(plan: Plan, wish: GoalWish, baseline: rules.Count) -> list[Blocker]:
    finding = _finding(plan, wish)
    keeps = finding is not None and finding.kind is FindingKind.STRENGTH
    found = recording.named(wish.title)
    if wish.finding is not None and finding is None:
        message = "Choose a finding of this plan that is accepted, or none."
        found.append(Blocker("finding_not_accepted", message, "finding"))
    return found + policy.goal_blockers(baseline, wish.negotiated, keeps=keeps)


def _finding(plan: Plan, wish: GoalWish) -> PlanFinding | None:
    return next(
        (
            one
            for one in plan.findings
            if one.position == wish.finding and one.decision is FindingDecision.ACCEPTED
        ),
        None,
    )


def _reason(wish: GoalWish, baseline: rules.Count) -> list[Blocker]:
    """Where the arithmetic has no meaning, that is the reason; else somebody gives one."""
    if wish.negotiated is None or wish.target_reason.strip() or rules.needs_negotiation(baseline):
        return []
    message = "Say why the target is not taken from the PIP arithmetic."
    return [Blocker("target_reason_missing", message, "target_reason")]


def _say(strategy: Strategy, wish: StrategyWish) -> None:
    strategy.title = wish.title.strip()
    strategy.why, strategy.evidence = wish.why.strip() or None, wish.evidence.strip() or None
    strategy.lead_id = wish.lead_id


def _strategy_payload(strategy: Strategy) -> dict[str, object]:
    return {
        "goal": str(strategy.goal.public_id),
        "strategy": strategy.position,
        "lead": strategy.lead_id,
        "title": events.digest(strategy.title),
    }
