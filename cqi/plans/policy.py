"""Who may do what to a plan, answered as reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.plans import rules, workflow
from cqi.plans.rules import PlanState, StepState
from cqi.plans.workflow import Guard


@dataclass(frozen=True)
class PlanFacts:
    """What decides about a plan."""

    place_id: int
    state: PlanState
    created_by_id: int | None
    steps: tuple[StepState, ...] = ()
    goals_without_steps: int = 0


@dataclass(frozen=True)
class StepFacts:
    """What decides about a step: its plan, its owner and whoever claimed it last."""

    plan: PlanFacts
    state: StepState
    owner_id: int
    claimed_by_id: int | None = None


def thing(plan: PlanFacts) -> Thing:
    """Where a plan lies."""
    return Thing(places=frozenset({plan.place_id}))


def may(actor: Actor, permission: Permission | None, plan: PlanFacts) -> bool:
    """True when a grant reaches the plan's place; without a permission, guards decide."""
    return permission is None or actor.may(permission, thing(plan))


def authorise(actor: Actor, permission: Permission | None, plan: PlanFacts) -> None:
    """Raise Forbidden unless a grant carries the permission to the plan's place."""
    if not may(actor, permission, plan):
        raise errors.Forbidden(f"{permission} is not part of your grants for this place")


def drafting_blockers(plan: PlanFacts) -> list[Blocker]:
    """Why goals, strategies and steps cannot be added."""
    if plan.state is PlanState.DRAFT:
        return []
    message = f"This plan is {plan.state}: what it promises no longer changes."
    return [Blocker("not_a_draft", message)]


def plan_blockers(move: str, plan: PlanFacts, actor: Actor) -> list[Blocker]:
    """Why a plan cannot make a move of the table now."""
    transition = workflow.PLAN[move]
    found = []
    if plan.state not in transition.starts:
        found.append(Blocker("wrong_state", f"The plan is {plan.state}."))
    checks = (_PLAN_GUARDS[guard](plan, actor) for guard in transition.guards)
    return found + [blocker for blocker in checks if blocker]


def step_blockers(move: str, step: StepFacts, actor: Actor, words: str) -> list[Blocker]:
    """Why a step cannot make a move of the table now; `words` are evidence or reason."""
    transition = workflow.STEP[move]
    found = []
    if step.plan.state is not PlanState.ACTIVE:
        found.append(Blocker("plan_not_active", f"The plan is {step.plan.state}, not active."))
    if step.state not in transition.starts:
        found.append(Blocker("wrong_state", f"The step is {step.state}: look at it again."))
    checks = (_STEP_GUARDS[guard](step, actor) for guard in transition.guards)
    found += [blocker for blocker in checks if blocker]
    if transition.reason_required and not words.strip():
        found.append(_WORDS_MISSING[move])
    return found


def moves(step: StepFacts, actor: Actor) -> tuple[str, ...]:
    """What this person may do to the step now; words are asked for when it is done."""
    return tuple(
        move
        for move, transition in workflow.STEP.items()
        if may(actor, transition.permission, step.plan)
        and not step_blockers(move, step, actor, "something")
    )


def goal_blockers(baseline: rules.Count, negotiated: int | None) -> list[Blocker]:
    """Why a goal with this baseline and negotiated target (ten-thousandths) cannot stand."""
    why = rules.needs_negotiation(baseline)
    if negotiated is None:
        return [Blocker("target_to_negotiate", f"{why} Give the target.", "target")] if why else []
    if not 0 < negotiated <= rules.WHOLE:
        return [Blocker("target_out_of_range", "A target lies above 0 and up to 100%.", "target")]
    share = baseline.share
    if share is not None and share * rules.WHOLE >= negotiated and share < 1:
        message = "The target must lie above the baseline."
        return [Blocker("target_below_baseline", message, "target")]
    return []


_WORDS_MISSING = {
    "claim": Blocker("evidence_missing", "Say what proves that the step is done.", "words"),
    "send_back": Blocker("reason_missing", "Say what is missing or must change.", "words"),
}


def _not_the_author(plan: PlanFacts, actor: Actor) -> Blocker | None:
    if plan.created_by_id != actor.person_id:
        return None
    return Blocker("own_plan", "You drafted this plan: somebody else approves it.")


def _has_steps(plan: PlanFacts, _actor: Actor) -> Blocker | None:
    if plan.steps and not plan.goals_without_steps:
        return None
    return Blocker("no_steps", "Each goal needs a strategy with at least one step, with an owner.")


def _all_verified(plan: PlanFacts, _actor: Actor) -> Blocker | None:
    left = sum(state is not StepState.VERIFIED for state in plan.steps)
    if not left:
        return None
    words = "1 step is" if left == 1 else f"{left} steps are"
    return Blocker("steps_open", f"{words} not verified yet.")


def _is_owner(step: StepFacts, actor: Actor) -> Blocker | None:
    if step.owner_id == actor.person_id:
        return None
    return Blocker("not_the_owner", "Only the owner of the step can say that it is done.")


def _neither_owner_nor_claimer(step: StepFacts, actor: Actor) -> Blocker | None:
    if actor.person_id not in (step.owner_id, step.claimed_by_id):
        return None
    return Blocker("own_step", "Somebody other than the owner verifies a step.")


_PlanCheck = Callable[[PlanFacts, Actor], Blocker | None]
_StepCheck = Callable[[StepFacts, Actor], Blocker | None]
_PLAN_GUARDS: dict[Guard, _PlanCheck] = {
    Guard.NOT_THE_AUTHOR: _not_the_author,
    Guard.HAS_STEPS: _has_steps,
    Guard.ALL_VERIFIED: _all_verified,
}
_STEP_GUARDS: dict[Guard, _StepCheck] = {
    Guard.IS_OWNER: _is_owner,
    Guard.NEITHER_OWNER_NOR_CLAIMER: _neither_owner_nor_claimer,
}
