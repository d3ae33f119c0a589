"""How plans, their steps and amendments move: tables of transitions, and the pages in docs."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

from cqi.access.permissions import Permission
from cqi.plans.rules import (
    DRAFTING,
    IN_FORCE,
    OPEN_STEPS,
    STATE_WORDS,
    STEP_STATE_WORDS,
    PlanState,
    StepState,
    amendments,
)
from cqi.plans.rules.amendments import AmendmentState
from cqi.reviews import workflow as reviews
from cqi.reviews.workflow import Transition

# ---- plans


class PlanMove(enum.StrEnum):
    """What can happen to a plan after it is drafted."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    APPROVE = "approve"
    BEGIN = "begin"
    COMPLETE = "complete"
    CLOSE_UNMET = "close_unmet"
    SUPERSEDE = "supersede"


PLAN_MOVE_WORDS = {
    PlanMove.SUBMIT: "Submit to the CQI director",
    PlanMove.WITHDRAW: "Withdraw the draft",
    PlanMove.RETURN: "Return",
    PlanMove.APPROVE: "Approve",
    PlanMove.BEGIN: "Begin the work",
    PlanMove.COMPLETE: "Complete",
    PlanMove.CLOSE_UNMET: "Close with unmet goals",
    PlanMove.SUPERSEDE: "Put a newer plan in its place",
}


class PlanGuard(enum.StrEnum):
    """A condition on a plan's move beyond state and permission; `policy` knows how to ask it."""

    FINDINGS_ANSWERED = "findings_answered"
    GOALS_ANSWER = "goals_answer"
    HAS_STEPS = "has_steps"
    DATES_TO_COME = "dates_to_come"
    NOT_THE_AUTHOR = "not_the_author"
    STEPS_DONE = "steps_done"
    GOALS_MET = "goals_met"
    GOALS_UNMET = "goals_unmet"


_P = PlanState
PLAN: tuple[Transition[PlanMove, PlanState, PlanGuard], ...] = (
    Transition(
        PlanMove.SUBMIT,
        DRAFTING,
        _P.SUBMITTED,
        Permission.PLAN_LEAD,
        (
            PlanGuard.FINDINGS_ANSWERED,
            PlanGuard.GOALS_ANSWER,
            PlanGuard.HAS_STEPS,
            PlanGuard.DATES_TO_COME,
        ),
    ),
    # the report's plan is then owed again, and another one can be begun
    Transition(
        PlanMove.WITHDRAW, DRAFTING, _P.WITHDRAWN, Permission.PLAN_LEAD, reason_required=True
    ),
    Transition(
        PlanMove.RETURN,
        frozenset({_P.SUBMITTED}),
        _P.RETURNED,
        Permission.PLAN_APPROVE,
        (PlanGuard.NOT_THE_AUTHOR,),
        reason_required=True,
    ),
    Transition(
        PlanMove.APPROVE,
        frozenset({_P.SUBMITTED}),
        _P.APPROVED,
        Permission.PLAN_APPROVE,
        (PlanGuard.NOT_THE_AUTHOR, PlanGuard.HAS_STEPS),
    ),
    # by whoever leads it, or by the clock when its first step starts
    Transition(PlanMove.BEGIN, frozenset({_P.APPROVED}), _P.ACTIVE, Permission.PLAN_LEAD),
    Transition(
        PlanMove.COMPLETE,
        frozenset({_P.ACTIVE}),
        _P.COMPLETED,
        Permission.PLAN_APPROVE,
        (PlanGuard.NOT_THE_AUTHOR, PlanGuard.STEPS_DONE, PlanGuard.GOALS_MET),
    ),
    Transition(
        PlanMove.CLOSE_UNMET,
        IN_FORCE,
        _P.CLOSED_UNMET,
        Permission.PLAN_APPROVE,
        (PlanGuard.NOT_THE_AUTHOR, PlanGuard.GOALS_UNMET),
        reason_required=True,
    ),
    # when the plan that takes its place is approved
    Transition(
        PlanMove.SUPERSEDE,
        IN_FORCE,
        _P.SUPERSEDED,
        Permission.PLAN_APPROVE,
        (PlanGuard.NOT_THE_AUTHOR,),
    ),
)
PLAN_BY_MOVE = {transition.step: transition for transition in PLAN}

# ---- action steps


class StepMove(enum.StrEnum):
    """What can happen to an action step of a plan in force."""

    ON_SCHEDULE = "on_schedule"
    AHEAD = "ahead"
    BEHIND = "behind"
    CLAIM = "claim"
    VERIFY = "verify"
    SEND_BACK = "send_back"
    DROP = "drop"
    TAKE_UP = "take_up"


STEP_MOVE_WORDS = {
    StepMove.ON_SCHEDULE: "Report that it is on schedule",
    StepMove.AHEAD: "Report that it is ahead of schedule",
    StepMove.BEHIND: "Report that it is behind schedule",
    StepMove.CLAIM: "Claim completion",
    StepMove.VERIFY: "Verify completion",
    StepMove.SEND_BACK: "Refuse the evidence",
    StepMove.DROP: "Drop",
    StepMove.TAKE_UP: "Take back into the draft",
}
# what an entry of a step says that happened; other entries move nothing
DONE = {
    StepMove.ON_SCHEDULE: "on_schedule",
    StepMove.AHEAD: "ahead",
    StepMove.BEHIND: "behind",
    StepMove.CLAIM: "claimed",
    StepMove.VERIFY: "verified",
    StepMove.SEND_BACK: "sent_back",
    StepMove.DROP: "dropped",
    StepMove.TAKE_UP: "taken_up",
}
CLAIMED = DONE[StepMove.CLAIM]
ACKNOWLEDGED = "acknowledged"


class StepGuard(enum.StrEnum):
    """A condition on a step's move beyond state and permission."""

    OWNS_OR_LEADS = "owns_or_leads"
    IS_OWNER = "is_owner"
    OTHER_STEPS_DONE = "other_steps_done"
    FILE_OR_LINK = "file_or_link"
    RECOVERY_DATE = "recovery_date"
    NEITHER_OWNER_NOR_CLAIMER = "neither_owner_nor_claimer"
    DID_NOT_HELP = "did_not_help"
    IN_A_DRAFT = "in_a_draft"


_S = StepState
# who owns a step may own it anywhere: of `step:see` the guards alone decide
_SAYS = Permission.STEP_SEE
_CHECKS = (StepGuard.NEITHER_OWNER_NOR_CLAIMER, StepGuard.DID_NOT_HELP)
STEP: tuple[Transition[StepMove, StepState, StepGuard], ...] = (
    Transition(StepMove.ON_SCHEDULE, OPEN_STEPS, _S.ON_SCHEDULE, _SAYS, (StepGuard.OWNS_OR_LEADS,)),
    Transition(StepMove.AHEAD, OPEN_STEPS, _S.AHEAD, _SAYS, (StepGuard.OWNS_OR_LEADS,)),
    Transition(
        StepMove.BEHIND,
        OPEN_STEPS,
        _S.BEHIND,
        _SAYS,
        (StepGuard.OWNS_OR_LEADS, StepGuard.RECOVERY_DATE),
        reason_required=True,
    ),
    Transition(
        StepMove.CLAIM,
        OPEN_STEPS,
        _S.CLAIMED,
        _SAYS,
        (StepGuard.IS_OWNER, StepGuard.OTHER_STEPS_DONE, StepGuard.FILE_OR_LINK),
        reason_required=True,
    ),
    Transition(
        StepMove.VERIFY, frozenset({_S.CLAIMED}), _S.VERIFIED, Permission.PLAN_VERIFY, _CHECKS
    ),
    Transition(
        StepMove.SEND_BACK,
        frozenset({_S.CLAIMED}),
        _S.ON_SCHEDULE,
        Permission.PLAN_VERIFY,
        _CHECKS,
        reason_required=True,
    ),
    # of a plan in force by an amendment that is granted, of a draft by who leads it
    Transition(
        StepMove.DROP, OPEN_STEPS, _S.DROPPED, Permission.PLAN_APPROVE, reason_required=True
    ),
    Transition(
        StepMove.TAKE_UP,
        frozenset({_S.DROPPED}),
        _S.NOT_STARTED,
        Permission.PLAN_LEAD,
        (StepGuard.IN_A_DRAFT,),
    ),
)
STEP_BY_MOVE = {transition.step: transition for transition in STEP}

# ---- amendments


class AmendmentMove(enum.StrEnum):
    """What can happen to an amendment after it is asked for."""

    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


AMENDMENT_MOVE_WORDS = {
    AmendmentMove.GRANT: "Grant",
    AmendmentMove.REFUSE: "Refuse",
    AmendmentMove.WITHDRAW: "Withdraw",
}


class AmendmentGuard(enum.StrEnum):
    """A condition on an amendment's move."""

    DECIDES_SUCH = "decides_such"  # targets and dropping: who approves plans; else who leads, too
    NOT_OWN_REQUEST = "not_own_request"
    STILL_FITS = "still_fits"
    IS_ASKER = "is_asker"


_A = AmendmentState
_ASKED = frozenset({_A.ASKED})
_DECIDES = (AmendmentGuard.DECIDES_SUCH, AmendmentGuard.NOT_OWN_REQUEST)
AMENDMENT: tuple[Transition[AmendmentMove, AmendmentState, AmendmentGuard], ...] = (
    Transition(
        AmendmentMove.GRANT,
        _ASKED,
        _A.GRANTED,
        Permission.PLAN_SEE,
        (*_DECIDES, AmendmentGuard.STILL_FITS),
    ),
    Transition(
        AmendmentMove.REFUSE,
        _ASKED,
        _A.REFUSED,
        Permission.PLAN_SEE,
        _DECIDES,
        reason_required=True,
    ),
    Transition(
        AmendmentMove.WITHDRAW,
        _ASKED,
        _A.WITHDRAWN,
        Permission.STEP_SEE,
        (AmendmentGuard.IS_ASKER,),
    ),
)
AMENDMENT_BY_MOVE = {transition.step: transition for transition in AMENDMENT}


def fold_step(kinds: Iterable[str]) -> StepState:
    """The state that a step is in after these entries, in order.

    Raises ValueError where a move could not be made: the record then contradicts the workflow.
    """
    moves: Mapping[str, StepMove] = {done: move for move, done in DONE.items()}
    state = StepState.NOT_STARTED
    for kind in kinds:
        if kind not in moves:
            continue
        transition = STEP_BY_MOVE[moves[kind]]
        if state not in transition.starts:
            message = f"{kind} cannot come after {state}"
            raise ValueError(message)
        state = transition.ends
    return state


def plan_document() -> str:
    """docs/plan-workflow.md: the diagram and the table, as Markdown."""
    page = reviews.Page(
        "How an improvement plan moves",
        "plan-workflow.md",
        "plan_document",
        PLAN,
        PLAN_MOVE_WORDS,
        STATE_WORDS,
        (_P.COMPLETED, _P.CLOSED_UNMET, _P.SUPERSEDED, _P.WITHDRAWN),
        package="plans",
    )
    return reviews.written(page)


def step_document() -> str:
    """docs/plan-step-workflow.md, in the same way."""
    page = reviews.Page(
        "How an action step moves",
        "plan-step-workflow.md",
        "step_document",
        STEP,
        STEP_MOVE_WORDS,
        STEP_STATE_WORDS,
        (_S.VERIFIED, _S.DROPPED),
        package="plans",
    )
    return reviews.written(page)


def amendment_document() -> str:
    """docs/amendment-workflow.md, in the same way."""
    page = reviews.Page(
        "How an amendment of a plan moves",
        "amendment-workflow.md",
        "amendment_document",
        AMENDMENT,
        AMENDMENT_MOVE_WORDS,
        amendments.STATE_WORDS,
        (_A.GRANTED, _A.REFUSED, _A.WITHDRAWN),
        package="plans",
    )
    return reviews.written(page)
