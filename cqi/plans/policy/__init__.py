"""Who may do what to a plan, answered as reasons."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.plans import rules, workflow
from cqi.plans.rules import (
    DONE_STEPS,
    DRAFTING,
    IN_FORCE,
    STATE_WORDS,
    PlanState,
    StepState,
    evidence,
)
from cqi.plans.workflow import PlanGuard, PlanMove, StepGuard, StepMove


@dataclass(frozen=True)
class PlanFacts:
    """What decides about a plan. `authors` drafted or submitted it (ids of people);
    `findings_open` counts those that nobody decided on, `findings_without_goal` are numbers of
    accepted ones that no goal answers, `goals_without_finding` of goals that answer none;
    `goals_met` is None until the next round says; `past` says which of its dates have passed
    already."""

    place_id: int
    state: PlanState
    authors: frozenset[int] = frozenset()
    steps: tuple[StepState, ...] = ()
    goals_without_steps: int = 0
    findings_open: int = 0
    findings_without_goal: tuple[int, ...] = ()
    goals_without_finding: tuple[int, ...] = ()
    goals_met: bool | None = None
    past: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepFacts:
    """What decides about a step: its plan, its owner and whoever claimed it last. `helpers` wrote
    on it or handed something in; `helped`: the last claim says that the CQI liaison helped to do
    it; `waits_for` is the number of a step that has to be done before."""

    plan: PlanFacts
    state: StepState
    owner_id: int
    claimed_by_id: int | None = None
    helpers: frozenset[int] = frozenset()
    helped: bool = False
    waits_for: str = ""


@dataclass(frozen=True)
class Said:
    """What somebody says with a move: words, and until when they mean to recover; `on` is today.
    `proof`: a file or a link comes with it."""

    words: str = ""
    recover_on: dt.date | None = None
    on: dt.date = dt.date.min
    proof: bool = False


_ANYTHING = Said("something", dt.date.max, proof=True)


def thing(plan: PlanFacts) -> Thing:
    """Where a plan lies."""
    return Thing(places=frozenset({plan.place_id}))


def may(actor: Actor, permission: Permission, plan: PlanFacts) -> bool:
    """True when a grant reaches the plan's place. Whoever owns a step may do so anywhere: of
    `step:see` the guards decide."""
    if permission is Permission.STEP_SEE:
        return actor.holds(permission)
    return actor.may(permission, thing(plan))


def authorise(actor: Actor, permission: Permission, plan: PlanFacts) -> None:
    """Raise Forbidden unless a grant carries the permission to the plan's place."""
    if not may(actor, permission, plan):
        raise errors.Forbidden(f"{permission} is not part of your grants for this place")


def drafting_blockers(plan: PlanFacts) -> list[Blocker]:
    """Why goals, strategies and steps cannot be added or changed."""
    if plan.state in DRAFTING:
        return []
    state = STATE_WORDS[plan.state].lower()
    message = f"This plan is {state}: what it promises changes by an amendment alone."
    return [Blocker("not_a_draft", message)]


def plan_blockers(move: PlanMove, plan: PlanFacts, actor: Actor, words: str = "") -> list[Blocker]:
    """Why a plan cannot make a move of the table now; `words` are a reason."""
    transition = workflow.PLAN_BY_MOVE[move]
    found = []
    if plan.state not in transition.starts:
        state = STATE_WORDS[plan.state].lower()
        found.append(Blocker("wrong_state", f"The plan is {state}: look at it again."))
    checks = (_PLAN_GUARDS[guard](plan, actor) for guard in transition.guards)
    found += [blocker for blocker in checks if blocker]
    if transition.reason_required and not words.strip():
        message = "Say why: it stays with the plan."
        found.append(Blocker("no_words", message, "words"))
    return found


def plan_moves(plan: PlanFacts, actor: Actor) -> tuple[PlanMove, ...]:
    """What this person may do to the plan now. A newer plan takes its place by being approved."""
    return tuple(
        move
        for move, transition in workflow.PLAN_BY_MOVE.items()
        if move is not PlanMove.SUPERSEDE
        and may(actor, transition.permission, plan)
        and not plan_blockers(move, plan, actor, "something")
    )


def step_blockers(move: StepMove, step: StepFacts, actor: Actor, said: Said) -> list[Blocker]:
    """Why a step cannot make a move of the table now."""
    transition = workflow.STEP_BY_MOVE[move]
    found = []
    if step.plan.state not in IN_FORCE:
        state = STATE_WORDS[step.plan.state].lower()
        found.append(Blocker("plan_not_in_force", f"The plan is {state}, not in force."))
    if step.state not in transition.starts:
        state = rules.STEP_STATE_WORDS[step.state].lower()
        found.append(Blocker("wrong_state", f"The step’s state is “{state}”: look at it again."))
    checks = (_STEP_GUARDS[guard](step, actor, said) for guard in transition.guards)
    found += [blocker for blocker in checks if blocker]
    if transition.reason_required and not said.words.strip():
        found.append(_WORDS_MISSING[move])
    return found


def moves(step: StepFacts, actor: Actor) -> tuple[StepMove, ...]:
    """What this person may do to the step now; words are asked for when it is done. Steps are
    dropped by amendments, and in drafts."""
    return tuple(
        move
        for move, transition in workflow.STEP_BY_MOVE.items()
        if move is not StepMove.DROP
        and may(actor, transition.permission, step.plan)
        and not step_blockers(move, step, actor, _ANYTHING)
    )


def goal_blockers(
    baseline: rules.Count, negotiated: int | None, *, keeps: bool = False
) -> list[Blocker]:
    """Why a goal with this baseline and negotiated target (ten-thousandths) cannot stand. One that
    `keeps` a strength may aim at its baseline."""
    why = rules.needs_negotiation(baseline)
    if negotiated is None:
        return [Blocker("target_to_negotiate", f"{why} Give the target.", "target")] if why else []
    if not 0 < negotiated <= rules.WHOLE:
        return [Blocker("target_out_of_range", "A target lies above 0 and up to 100%.", "target")]
    share = baseline.share
    if share is None or (share == 1 and negotiated == rules.WHOLE):
        return []
    if keeps and negotiated < share * rules.WHOLE:
        least = math.ceil(share * 1000) / 10
        more = " or more" if least < 100 else ""
        message = f"A strength is kept: give {least:g} percent{more}."
        return [Blocker("target_below_baseline", message, "target")]
    if not keeps and share * rules.WHOLE >= negotiated:
        message = "The target must lie above the baseline."
        return [Blocker("target_below_baseline", message, "target")]
    return []


_WORDS_MISSING = {
    StepMove.CLAIM: Blocker("evidence_missing", "Say what proves that the step is done.", "words"),
    StepMove.SEND_BACK: Blocker("reason_missing", "Say what is missing or must change.", "words"),
    StepMove.BEHIND: Blocker("reason_missing", "Say what holds the step up.", "words"),
    StepMove.DROP: Blocker("reason_missing", "Say why the step is dropped.", "words"),
}


def _findings_answered(plan: PlanFacts, _actor: Actor) -> Blocker | None:
    said = []
    if plan.findings_open:
        many = "finding waits" if plan.findings_open == 1 else "findings wait"
        said.append(f"{plan.findings_open} {many} for a decision: accept, merge or decline each.")
    if plan.findings_without_goal:
        numbers = " and ".join(str(each) for each in plan.findings_without_goal)
        many = "Finding {} is" if len(plan.findings_without_goal) == 1 else "Findings {} are"
        said.append(f"{many.format(numbers)} accepted and no goal answers: add a goal.")
    return Blocker("findings_open", " ".join(said), "findings") if said else None


def _goals_answer(plan: PlanFacts, _actor: Actor) -> Blocker | None:
    if not plan.goals_without_finding:
        return None
    numbers = " and ".join(str(each) for each in plan.goals_without_finding)
    answer = "Goal {} answers" if len(plan.goals_without_finding) == 1 else "Goals {} answer"
    message = (
        f"{answer.format(numbers)} no accepted finding: choose one in the goal, or accept or add"
        " one under Findings first."
    )
    return Blocker("goal_without_finding", message, "findings")


def _has_steps(plan: PlanFacts, _actor: Actor) -> Blocker | None:
    if plan.steps and not plan.goals_without_steps:
        return None
    return Blocker("no_steps", "Each goal needs a strategy with at least one step, with an owner.")


def _dates_to_come(plan: PlanFacts, _actor: Actor) -> Blocker | None:
    if not plan.past:
        return None
    message = f"{'. '.join(plan.past)}. Change each to a day that is still to come."
    return Blocker("dates_past", message, "dates")


def _not_the_author(plan: PlanFacts, actor: Actor) -> Blocker | None:
    if actor.person_id not in plan.authors:
        return None
    return Blocker("own_plan", "You wrote this plan: somebody else decides on it.")


def _steps_done(plan: PlanFacts, _actor: Actor) -> Blocker | None:
    left = sum(state not in DONE_STEPS for state in plan.steps)
    if not left:
        return None
    words = "1 step is" if left == 1 else f"{left} steps are"
    return Blocker("steps_open", f"{words} neither verified nor dropped.")


def _goals_met(plan: PlanFacts, _actor: Actor) -> Blocker | None:
    if plan.goals_met:
        return None
    if plan.goals_met is None:
        message = "Its goals are not measured yet: the next round says whether they are met."
        return Blocker("goals_not_met", message)
    return Blocker(
        "goals_not_met", "Not every goal is met: close it with unmet goals, and say why."
    )


def _goals_unmet(plan: PlanFacts, _actor: Actor) -> Blocker | None:
    if not plan.goals_met:
        return None
    return Blocker("goals_met", "Every goal is met: complete the plan.")


def _is_owner(step: StepFacts, actor: Actor, _said: Said) -> Blocker | None:
    if step.owner_id == actor.person_id:
        return None
    return Blocker("not_the_owner", "Only the owner of the step can say that it is done.")


def _owns_or_leads(step: StepFacts, actor: Actor, _said: Said) -> Blocker | None:
    if step.owner_id == actor.person_id or may(actor, Permission.PLAN_LEAD, step.plan):
        return None
    message = "Only the owner of the step, or who leads the plan, reports on it."
    return Blocker("not_owner_or_lead", message)


def _recovery_date(_step: StepFacts, _actor: Actor, said: Said) -> Blocker | None:
    if said.recover_on is not None and said.recover_on > said.on:
        return None
    message = "Say by which day it will be back on schedule: a day that is still to come."
    return Blocker("recovery_missing", message, "recover_on")


def _other_steps_done(step: StepFacts, _actor: Actor, _said: Said) -> Blocker | None:
    if not step.waits_for:
        return None
    return Blocker("depends", f"Step {step.waits_for} has to be done before this one.")


def _file_or_link(_step: StepFacts, _actor: Actor, said: Said) -> Blocker | None:
    return None if said.proof else evidence.NOTHING_HANDED_IN


def may_still_verify(step: StepFacts, liaisons: Iterable[int]) -> frozenset[int]:
    """Which of these CQI liaisons (ids) had no part in a claimed step; without any it waits for the
    CQI director."""
    if step.helped:
        return frozenset()
    return frozenset(liaisons) - {step.owner_id, step.claimed_by_id} - step.helpers


def _neither_owner_nor_claimer(step: StepFacts, actor: Actor, _said: Said) -> Blocker | None:
    if actor.person_id not in (step.owner_id, step.claimed_by_id):
        return None
    return Blocker("own_step", "Somebody other than the owner verifies a step.")


def _did_not_help(step: StepFacts, actor: Actor, _said: Said) -> Blocker | None:
    """Where the liaison helped, the CQI director verifies; nobody does who wrote on the step."""
    directs = may(actor, Permission.PLAN_APPROVE, step.plan)
    if actor.person_id not in step.helpers and (directs or not step.helped):
        return None
    return Blocker(
        "helped", "The CQI liaison helped to do this step: the CQI director verifies it."
    )


def _in_a_draft(step: StepFacts, _actor: Actor, _said: Said) -> Blocker | None:
    return next(iter(drafting_blockers(step.plan)), None)


_PlanCheck = Callable[[PlanFacts, Actor], Blocker | None]
_StepCheck = Callable[[StepFacts, Actor, Said], Blocker | None]
_PLAN_GUARDS: dict[PlanGuard, _PlanCheck] = {
    PlanGuard.FINDINGS_ANSWERED: _findings_answered,
    PlanGuard.GOALS_ANSWER: _goals_answer,
    PlanGuard.HAS_STEPS: _has_steps,
    PlanGuard.DATES_TO_COME: _dates_to_come,
    PlanGuard.NOT_THE_AUTHOR: _not_the_author,
    PlanGuard.STEPS_DONE: _steps_done,
    PlanGuard.GOALS_MET: _goals_met,
    PlanGuard.GOALS_UNMET: _goals_unmet,
}
_STEP_GUARDS: dict[StepGuard, _StepCheck] = {
    StepGuard.OWNS_OR_LEADS: _owns_or_leads,
    StepGuard.IS_OWNER: _is_owner,
    StepGuard.OTHER_STEPS_DONE: _other_steps_done,
    StepGuard.FILE_OR_LINK: _file_or_link,
    StepGuard.RECOVERY_DATE: _recovery_date,
    StepGuard.NEITHER_OWNER_NOR_CLAIMER: _neither_owner_nor_claimer,
    StepGuard.DID_NOT_HELP: _did_not_help,
    StepGuard.IN_A_DRAFT: _in_a_draft,
}
