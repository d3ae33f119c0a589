"""The steps of a case review as one table, and what follows from it: next state, diagram, fold."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cqi.access.permissions import Permission
from cqi.reviews.rules import OPEN_STATES, QA_STATES, STATE_WORDS, ReviewState


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


@dataclass(frozen=True)
class Transition:
    """One step: from which states, to which state, by whom, on which conditions."""

    step: Step
    starts: frozenset[ReviewState]
    ends: ReviewState
    permission: Permission
    guards: tuple[Guard, ...] = ()
    reason_required: bool = False


_S = ReviewState
_QA_GUARDS = (Guard.NOT_OWN_WORK, Guard.NO_CONFLICT)

TRANSITIONS = (
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
            *(Guard.NOTES_RESOLVED, Guard.SECOND_LEVEL_DONE),
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


def fold(steps: Iterable[str]) -> ReviewState:
    """The state that a case review is in after these steps, in order.

    Raises ValueError where a step could not be taken: the record then contradicts the workflow.
    """
    state = ReviewState.ASSIGNED
    for step in steps:
        transition = BY_STEP[Step(step)]
        if state not in transition.starts:
            message = f"{step} cannot be taken from {state}"
            raise ValueError(message)
        state = transition.ends
    return state


def document() -> str:
    """docs/case-review-workflow.md: the diagram and the table, as Markdown."""
    return "\n".join([*_head(), *_diagram(), "```", "", *_table()]) + "\n"


def _head() -> Iterator[str]:
    yield "# How a case review moves"
    yield ""
    yield "Generated from `cqi/reviews/workflow.py`; a test compares. To write it again:"
    yield ""
    yield (
        '    python -c "from cqi.reviews import workflow; '
        "print(workflow.document(), end='')\" > docs/case-review-workflow.md"
    )
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"


def _diagram() -> Iterator[str]:
    for state in ReviewState:
        yield f"    {state}: {STATE_WORDS[state]}"
    yield f"    [*] --> {ReviewState.ASSIGNED}"
    for transition in TRANSITIONS:
        for start in (state for state in ReviewState if state in transition.starts):
            yield f"    {start} --> {transition.ends}: {STEP_WORDS[transition.step]}"
    for state in (ReviewState.FINAL, ReviewState.WITHDRAWN):
        yield f"    {state} --> [*]"


def _table() -> Iterator[str]:
    yield "| step | from | to | permission | only if | reason |"
    yield "|---|---|---|---|---|---|"
    for each in TRANSITIONS:
        starts = ", ".join(STATE_WORDS[state] for state in ReviewState if state in each.starts)
        guards = ", ".join(guard.replace("_", " ") for guard in each.guards)
        reason = "required" if each.reason_required else ""
        cells = (STEP_WORDS[each.step], starts, STATE_WORDS[each.ends])
        yield f"| {' | '.join(cells)} | `{each.permission}` | {guards} | {reason} |"
