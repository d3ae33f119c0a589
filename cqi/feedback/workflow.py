"""How what comes after a memo moves: tables of transitions, and the pages in docs about them."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from cqi.access.permissions import Permission
from cqi.feedback.rules.needs import STATE_WORDS, NeedState
from cqi.reviews import workflow as reviews
from cqi.reviews.workflow import Transition

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
