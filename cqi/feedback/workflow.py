"""How what comes after a memo moves: tables of transitions, and the pages in docs about them."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

from cqi.access.permissions import Permission
from cqi.feedback.rules.needs import STATE_WORDS, NeedState
from cqi.feedback.rules.reconsidering import RECONSIDERATION_STATE_WORDS, ReconsiderationState
from cqi.reviews import workflow as reviews
from cqi.reviews.workflow import Transition

# ---- requests to look at a rating again


class Step(enum.StrEnum):
    """What can happen to a request after it was made; the last one leaves its state."""

    WITHDRAW = "withdraw"
    UPHOLD = "uphold"
    CHANGE = "change"
    TELL_LATE = "tell_late"


STEP_WORDS = {
    Step.WITHDRAW: "Withdraw the request",
    Step.UPHOLD: "Uphold the rating",
    Step.CHANGE: "Decide that the rating changes",
    Step.TELL_LATE: "Tell that the decision is late",
}


class Guard(enum.StrEnum):
    """A condition on a step; `policy` says how each is decided."""

    OWN_REQUEST = "own_request"
    STILL_FINAL = "still_final"
    NOT_OWN_WORK = "not_own_work"
    NO_CONFLICT = "no_conflict"
    QA_LEAD_FIRST = "qa_lead_first"
    OTHER_RATING = "other_rating"


_S = ReconsiderationState
_OPEN = frozenset({_S.ASKED})
_DECIDING = (Guard.STILL_FINAL, Guard.NOT_OWN_WORK, Guard.NO_CONFLICT, Guard.QA_LEAD_FIRST)

TRANSITIONS: tuple[Transition[Step, ReconsiderationState, Guard], ...] = (
    Transition(
        Step.WITHDRAW,
        _OPEN,
        _S.WITHDRAWN,
        Permission.RECONSIDERATION_ASK,
        (Guard.OWN_REQUEST,),
    ),
    Transition(
        Step.UPHOLD,
        _OPEN,
        _S.UPHELD,
        Permission.RECONSIDERATION_DECIDE,
        _DECIDING,
        reason_required=True,
    ),
    # no rating changes here: the CQI director reopens the case review, and it is scored again
    Transition(
        Step.CHANGE,
        _OPEN,
        _S.TO_CHANGE,
        Permission.RECONSIDERATION_DECIDE,
        (*_DECIDING, Guard.OTHER_RATING),
        reason_required=True,
    ),
)
BY_STEP = {transition.step: transition for transition in TRANSITIONS}
# what the clock writes down of a request and leaves its state as it is
STAYS: Mapping[Step, frozenset[ReconsiderationState]] = {Step.TELL_LATE: _OPEN}


def fold(steps: Iterable[str]) -> ReconsiderationState:
    """The state that a request is in after these steps, in order.

    Raises ValueError where a step could not be taken: the record then contradicts the workflow.
    """
    state = ReconsiderationState.ASKED
    for step in map(Step, steps):
        starts = STAYS[step] if step in STAYS else BY_STEP[step].starts
        if state not in starts:
            message = f"{step} cannot be taken from {state}"
            raise ValueError(message)
        state = state if step in STAYS else BY_STEP[step].ends
    return state


def document() -> str:
    """docs/reconsideration-workflow.md: the diagram and the table, as Markdown."""
    page = reviews.Page(
        "How a request to look at a rating again moves",
        "reconsideration-workflow.md",
        "document",
        TRANSITIONS,
        STEP_WORDS,
        RECONSIDERATION_STATE_WORDS,
        (_S.WITHDRAWN, _S.UPHELD, _S.TO_CHANGE),
        STAYS,
        package="feedback",
    )
    return reviews.written(page)


# ---- systemic needs


class NeedStep(enum.StrEnum):
    """What can happen to a systemic need after it is raised."""

    HAND_ON = "hand_on"
    ANSWER = "answer"
    ASK_AGAIN = "ask_again"
    CLOSE = "close"


NEED_STEP_WORDS = {
    NeedStep.HAND_ON: "Hand on to the CQI director",
    NeedStep.ANSWER: "Reply",
    NeedStep.ASK_AGAIN: "Ask again",
    NeedStep.CLOSE: "Close",
}


class NeedGuard(enum.StrEnum):
    """A condition on a step of a systemic need; `policy` says how each is decided."""

    IS_OWNER = "is_owner"
    IS_RAISER = "is_raiser"
    SOMEBODY_ABOVE = "somebody_above"


_N = NeedState
NEED_TRANSITIONS: tuple[Transition[NeedStep, NeedState, NeedGuard], ...] = (
    Transition(
        NeedStep.HAND_ON,
        frozenset({_N.RAISED}),
        _N.RAISED,
        Permission.NEED_ANSWER,
        (NeedGuard.IS_OWNER, NeedGuard.SOMEBODY_ABOVE),
        reason_required=True,
    ),
    Transition(
        NeedStep.ANSWER,
        frozenset({_N.RAISED}),
        _N.ANSWERED,
        Permission.NEED_ANSWER,
        (NeedGuard.IS_OWNER,),
        reason_required=True,
    ),
    Transition(
        NeedStep.ASK_AGAIN,
        frozenset({_N.ANSWERED}),
        _N.RAISED,
        Permission.NEED_RAISE,
        (NeedGuard.IS_RAISER,),
        reason_required=True,
    ),
    Transition(
        NeedStep.CLOSE,
        frozenset({_N.ANSWERED}),
        _N.CLOSED,
        Permission.NEED_RAISE,
        (NeedGuard.IS_RAISER,),
    ),
)
NEED_BY_STEP = {transition.step: transition for transition in NEED_TRANSITIONS}


def fold_need(steps: Iterable[str]) -> NeedState:
    """The state that a need is in after these steps, in order. Raises ValueError where a step
    could not be taken: the record then contradicts the workflow."""
    state = NeedState.RAISED
    for step in map(NeedStep, steps):
        transition = NEED_BY_STEP[step]
        if state not in transition.starts:
            message = f"{step} cannot be taken from {state}"
            raise ValueError(message)
        state = transition.ends
    return state


def need_document() -> str:
    """docs/systemic-need-workflow.md: the diagram and the table, as Markdown."""
    page = reviews.Page(
        "How a systemic need moves",
        "systemic-need-workflow.md",
        "need_document",
        NEED_TRANSITIONS,
        NEED_STEP_WORDS,
        STATE_WORDS,
        (NeedState.CLOSED,),
        package="feedback",
    )
    return reviews.written(page)
