"""The steps of a case review, and those of a safety alert, each as one table, and what follows
from a table: next state, diagram, fold."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cqi.access.permissions import Permission
from cqi.reviews.rules import (
    ALERT_STATE_WORDS,
    OPEN_STATES,
    QA_STATES,
    STATE_WORDS,
    AlertState,
    ReviewState,
)


class Step(enum.StrEnum):
    """What can happen to a case review after it is assigned."""

    START = "start"
    SUBMIT_FOR_QA = "submit_for_qa"
    BEGIN_QA = "begin_qa"
    SEND_TO_SECOND_LEVEL = "send_to_second_level"
    APPROVE = "approve"
    RETURN_TO_REVIEWERS = "return_to_reviewers"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


STEP_WORDS = {
    Step.START: "Start",
    Step.SUBMIT_FOR_QA: "Submit for QA",
    Step.BEGIN_QA: "Begin QA",
    Step.SEND_TO_SECOND_LEVEL: "Send to second-level QA",
    Step.APPROVE: "Approve",
    Step.RETURN_TO_REVIEWERS: "Return to reviewers",
    Step.WITHDRAW: "Withdraw",
    Step.REOPEN: "Reopen",
}


class Guard(enum.StrEnum):
    """A condition on a step; `policy` says how each is decided."""

    ASSIGNED_REVIEWER = "assigned_reviewer"
    NO_CONFLICT = "no_conflict"
    COMPLETE = "complete"
    NOT_OWN_WORK = "not_own_work"
    ANOTHER_QA_LEAD = "another_qa_lead"
    NOTES_RESOLVED = "notes_resolved"
    SECOND_LEVEL_DONE = "second_level_done_where_due"
    NO_OPEN_ALERT = "no_open_alert"


_Step = TypeVar("_Step", bound=enum.StrEnum)
_State = TypeVar("_State", bound=enum.StrEnum)
_Guard = TypeVar("_Guard", bound=enum.StrEnum)


@dataclass(frozen=True)
class Transition(Generic[_Step, _State, _Guard]):
    """One step: from which states, to which state, by whom, on which conditions."""

    step: _Step
    starts: frozenset[_State]
    ends: _State
    permission: Permission
    guards: tuple[_Guard, ...] = ()
    reason_required: bool = False


_S = ReviewState
_QA_GUARDS = (Guard.NOT_OWN_WORK, Guard.NO_CONFLICT)

TRANSITIONS: tuple[Transition[Step, ReviewState, Guard], ...] = (
    Transition(
        Step.START,
        frozenset({_S.ASSIGNED}),
        _S.IN_PROGRESS,
        Permission.REVIEW_SCORE,
        (Guard.ASSIGNED_REVIEWER, Guard.NO_CONFLICT),
    ),
    Transition(
        Step.SUBMIT_FOR_QA,
        OPEN_STATES - {_S.ASSIGNED},
        _S.SUBMITTED,
        Permission.REVIEW_SCORE,
        (Guard.ASSIGNED_REVIEWER, Guard.NO_CONFLICT, Guard.COMPLETE),
    ),
    Transition(
        Step.BEGIN_QA,
        frozenset({_S.SUBMITTED}),
        _S.FIRST_LEVEL_QA,
        Permission.REVIEW_APPROVE,
        _QA_GUARDS,
    ),
    Transition(
        Step.SEND_TO_SECOND_LEVEL,
        frozenset({_S.FIRST_LEVEL_QA}),
        _S.SECOND_LEVEL_QA,
        Permission.REVIEW_APPROVE,
        (*_QA_GUARDS, Guard.NOTES_RESOLVED),
    ),
    Transition(
        Step.APPROVE,
        QA_STATES,
        _S.FINAL,
        Permission.REVIEW_APPROVE,
        (
            *(*_QA_GUARDS, Guard.COMPLETE, Guard.ANOTHER_QA_LEAD),
            *(Guard.NOTES_RESOLVED, Guard.SECOND_LEVEL_DONE, Guard.NO_OPEN_ALERT),
        ),
    ),
    Transition(
        Step.RETURN_TO_REVIEWERS,
        QA_STATES,
        _S.RETURNED,
        Permission.REVIEW_APPROVE,
        (*_QA_GUARDS, Guard.ANOTHER_QA_LEAD),
        reason_required=True,
    ),
    Transition(
        Step.WITHDRAW,
        frozenset(set(_S) - {_S.FINAL, _S.WITHDRAWN}),
        _S.WITHDRAWN,
        Permission.ROUND_ASSIGN,
        reason_required=True,
    ),
    Transition(
        Step.REOPEN,
        frozenset({_S.FINAL}),
        _S.REOPENED,
        Permission.REVIEW_REOPEN,
        (Guard.NOT_OWN_WORK,),
        reason_required=True,
    ),
)
BY_STEP = {transition.step: transition for transition in TRANSITIONS}


class AlertStep(enum.StrEnum):
    """What can happen to a safety alert after it is raised; the last three leave its state."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    RETURN_ANSWER = "return_answer"
    ACCEPT_ANSWER = "accept_answer"
    NOTE_HOTLINE_CALL = "note_hotline_call"
    CLIMB_UNACKNOWLEDGED = "climb_unacknowledged"
    CLIMB_UNANSWERED = "climb_unanswered"


ALERT_STEP_WORDS = {
    AlertStep.ACKNOWLEDGE: "Acknowledge",
    AlertStep.ANSWER: "Answer",
    AlertStep.RETURN_ANSWER: "Return the answer",
    AlertStep.ACCEPT_ANSWER: "Accept the answer",
    AlertStep.NOTE_HOTLINE_CALL: "Note the call to the hotline",
    AlertStep.CLIMB_UNACKNOWLEDGED: "Climb to the CQI director, not acknowledged in time",
    AlertStep.CLIMB_UNANSWERED: "Climb to the CQI director, not answered in time",
}


class AlertGuard(enum.StrEnum):
    """A condition on a step of a safety alert; `policy` says how each is decided."""

    NOT_OWN_ANSWER = "not_own_answer"
    SITE_LEADER_FIRST = "site_leader_first"


_A = AlertState
_ACCEPTING = (AlertGuard.NOT_OWN_ANSWER, AlertGuard.SITE_LEADER_FIRST)

ALERT_TRANSITIONS: tuple[Transition[AlertStep, AlertState, AlertGuard], ...] = (
    Transition(
        AlertStep.ACKNOWLEDGE,
        frozenset({_A.RAISED}),
        _A.ACKNOWLEDGED,
        Permission.ALERT_ANSWER,
    ),
    Transition(
        AlertStep.ANSWER,
        frozenset({_A.RAISED, _A.ACKNOWLEDGED}),
        _A.ANSWERED,
        Permission.ALERT_ANSWER,
        reason_required=True,
    ),
    Transition(
        AlertStep.RETURN_ANSWER,
        frozenset({_A.ANSWERED}),
        _A.ACKNOWLEDGED,
        Permission.ALERT_ACCEPT,
        _ACCEPTING,
        reason_required=True,
    ),
    Transition(
        AlertStep.ACCEPT_ANSWER,
        frozenset({_A.ANSWERED}),
        _A.CLOSED,
        Permission.ALERT_ACCEPT,
        _ACCEPTING,
    ),
)
ALERT_BY_STEP = {transition.step: transition for transition in ALERT_TRANSITIONS}
# what is written down of an alert and leaves its state as it is
ALERT_STAYS: Mapping[AlertStep, frozenset[AlertState]] = {
    AlertStep.NOTE_HOTLINE_CALL: frozenset(set(_A) - {_A.CLOSED}),
    AlertStep.CLIMB_UNACKNOWLEDGED: frozenset({_A.RAISED}),
    AlertStep.CLIMB_UNANSWERED: frozenset({_A.RAISED, _A.ACKNOWLEDGED}),
}


# the state that each first event of a case review leaves it in
BEGINNINGS = {"review.assigned": ReviewState.ASSIGNED, "review.imported": ReviewState.FINAL}


def fold(steps: Iterable[str], begins: ReviewState = ReviewState.ASSIGNED) -> ReviewState:
    """The state that a case review is in after these steps, in order, from where it `begins`.

    Raises ValueError where a step could not be taken: the record then contradicts the workflow.
    """
    state = begins
    for step in steps:
        transition = BY_STEP[Step(step)]
        _require(step, state, transition.starts)
        state = transition.ends
    return state


def fold_alert(steps: Iterable[str]) -> AlertState:
    """The same of a safety alert."""
    state = AlertState.RAISED
    for step in map(AlertStep, steps):
        if step in ALERT_STAYS:
            _require(step, state, ALERT_STAYS[step])
            continue
        _require(step, state, ALERT_BY_STEP[step].starts)
        state = ALERT_BY_STEP[step].ends
    return state


def _require(step: str, state: _State, starts: frozenset[_State]) -> None:
    if state not in starts:
        message = f"{step} cannot be taken from {state}"
        raise ValueError(message)


@dataclass(frozen=True)
class Page(Generic[_Step, _State, _Guard]):
    """A page in docs about the table of a package; `stays` are steps that leave the state."""

    title: str
    file: str
    call: str
    transitions: Sequence[Transition[_Step, _State, _Guard]]
    steps: Mapping[_Step, str]
    states: Mapping[_State, str]
    ends: Sequence[_State]
    stays: Mapping[_Step, frozenset[_State]] = field(default_factory=dict)
    package: str = "reviews"
    imports: _State | None = None  # the state that what is brought in with a file begins in


def document() -> str:
    """docs/case-review-workflow.md: the diagram and the table, as Markdown."""
    page = Page(
        "How a case review moves",
        "case-review-workflow.md",
        "document",
        TRANSITIONS,
        STEP_WORDS,
        STATE_WORDS,
        (ReviewState.FINAL, ReviewState.WITHDRAWN),
        imports=BEGINNINGS["review.imported"],
    )
    return written(page)


def alert_document() -> str:
    """docs/safety-alert-workflow.md, in the same way."""
    page = Page(
        "How a safety alert moves",
        "safety-alert-workflow.md",
        "alert_document",
        ALERT_TRANSITIONS,
        ALERT_STEP_WORDS,
        ALERT_STATE_WORDS,
        (AlertState.CLOSED,),
        ALERT_STAYS,
    )
    return written(page)


def written(page: Page[_Step, _State, _Guard]) -> str:
    """A table as a page: the diagram, then each step with who may take it and when."""
    return "\n".join([*_head(page), *_diagram(page), "```", "", *_table(page)]) + "\n"


def _head(page: Page[_Step, _State, _Guard]) -> Iterator[str]:
    yield f"# {page.title}"
    yield ""
    yield f"Generated from `cqi/{page.package}/workflow.py`; a test compares. To write it again:"
    yield ""
    yield (
        f'    python -c "from cqi.{page.package} import workflow; '
        f"print(workflow.{page.call}(), end='')\" > docs/{page.file}"
    )
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"


def _diagram(page: Page[_Step, _State, _Guard]) -> Iterator[str]:
    for state, words in page.states.items():
        yield f"    {state}: {words}"
    yield f"    [*] --> {next(iter(page.states))}"
    if page.imports is not None:
        yield f"    [*] --> {page.imports}: Import from elsewhere"
    for transition in page.transitions:
        for start in (state for state in page.states if state in transition.starts):
            yield f"    {start} --> {transition.ends}: {page.steps[transition.step]}"
    for step, states in page.stays.items():
        for state in (state for state in page.states if state in states):
            yield f"    {state} --> {state}: {page.steps[step]}"
    for state in page.ends:
        yield f"    {state} --> [*]"


def _table(page: Page[_Step, _State, _Guard]) -> Iterator[str]:
    yield "| step | from | to | permission | only if | reason |"
    yield "|---|---|---|---|---|---|"
    for each in page.transitions:
        starts = _joined(page, each.starts)
        guards = ", ".join(guard.replace("_", " ") for guard in each.guards)
        reason = "required" if each.reason_required else ""
        cells = (page.steps[each.step], starts, page.states[each.ends])
        yield f"| {' | '.join(cells)} | `{each.permission}` | {guards} | {reason} |"
    for step, states in page.stays.items():
        yield f"| {page.steps[step]} | {_joined(page, states)} | stays | | | |"


def _joined(page: Page[_Step, _State, _Guard], states: frozenset[_State]) -> str:
    return ", ".join(words for state, words in page.states.items() if state in states)
