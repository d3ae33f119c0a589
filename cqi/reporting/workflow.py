"""The steps of a report as one table, and what follows from it: next state, diagram, fold."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from cqi.access.permissions import Permission
from cqi.reporting.rules.reports import OPEN, REPORT_STATE_WORDS, ReportState
from cqi.reviews import workflow as reviews
from cqi.reviews.workflow import Transition


class Step(enum.StrEnum):
    """What can happen to a report after it is begun."""

    SEND_FOR_REVIEW = "send_for_review"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"
    SET_ASIDE = "set_aside"  # no transition: it ends what is not published, wherever it stands


STEP_WORDS = {
    Step.SEND_FOR_REVIEW: "Send for review",
    Step.SEND_BACK: "Send back",
    Step.APPROVE: "Approve",
    Step.PUBLISH: "Publish",
    Step.SUPERSEDE: "Supersede by a newer publication",
    Step.SET_ASIDE: "Set aside",
}


class Guard(enum.StrEnum):
    """A condition on a step; `policy` says how each is decided."""

    NOT_OWN_WORK = "not_own_work"
    ROUND_FINISHED = "round_finished"
    CASES_ENOUGH = "cases_enough"
    FIGURES_AS_SHOWN = "figures_as_shown"
    NEWER_PUBLICATION = "newer_publication"


_S = ReportState
_IN_HAND = OPEN - {_S.DRAFT}

TRANSITIONS: tuple[Transition[Step, ReportState, Guard], ...] = (
    Transition(Step.SEND_FOR_REVIEW, frozenset({_S.DRAFT}), _S.IN_REVIEW, Permission.REPORT_WRITE),
    Transition(Step.SEND_BACK, _IN_HAND, _S.DRAFT, Permission.REPORT_APPROVE, reason_required=True),
    # an approved report is approved again where its figures have changed since
    Transition(
        Step.APPROVE,
        _IN_HAND,
        _S.APPROVED,
        Permission.REPORT_APPROVE,
        (Guard.NOT_OWN_WORK, Guard.ROUND_FINISHED, Guard.CASES_ENOUGH, Guard.FIGURES_AS_SHOWN),
    ),
    Transition(
        Step.PUBLISH,
        frozenset({_S.APPROVED}),
        _S.PUBLISHED,
        Permission.REPORT_APPROVE,
        (Guard.ROUND_FINISHED, Guard.CASES_ENOUGH, Guard.FIGURES_AS_SHOWN),
    ),
    Transition(
        Step.SUPERSEDE,
        frozenset({_S.PUBLISHED}),
        _S.SUPERSEDED,
        Permission.REPORT_APPROVE,
        (Guard.NEWER_PUBLICATION,),
        reason_required=True,
    ),
)
BY_STEP = {transition.step: transition for transition in TRANSITIONS}


def fold(steps: Iterable[str]) -> ReportState:
    """The state that a report is in after these steps, in order.

    Raises ValueError where a step could not be taken: the record then contradicts the workflow.
    """
    state = ReportState.DRAFT
    for step in steps:
        if step == Step.SET_ASIDE:
            continue
        transition = BY_STEP[Step(step)]
        if state not in transition.starts:
            message = f"{step} cannot be taken from {state}"
            raise ValueError(message)
        state = transition.ends
    return state


def document() -> str:
    """docs/report-workflow.md: the diagram and the table, as Markdown."""
    page = reviews.Page(
        "How a report moves",
        "report-workflow.md",
        "document",
        TRANSITIONS,
        STEP_WORDS,
        REPORT_STATE_WORDS,
        (ReportState.PUBLISHED, ReportState.SUPERSEDED),
        package="reporting",
    )
    return reviews.written(page)
