"""The steps of the workflow: submission, QA, approval, return, withdrawal, reopening."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import events
from cqi.core.errors import Blocker
from cqi.instruments import completeness
from cqi.reviews import policy, queries, rules, workflow
from cqi.reviews.actions import moving, overrides, rating
from cqi.reviews.actions.moving import Doing
from cqi.reviews.models import CaseReview
from cqi.reviews.workflow import Guard, Step

Kind = completeness.Kind


def submit_for_qa(
    session: orm.Session,
    *,
    review: CaseReview,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> None:
    """Hand a complete case review to QA; the first time ends its period under review today.

    Raises Forbidden, or Blocked with everything that is missing: codes missing_fact,
    missing_interview (neither held nor with a reason), missing_answer, missing_na_reason,
    missing_narrative, missing_evidence, each with its place.
    """
    doing = Doing(review, actor, now)
    assessed = _authorise(session, doing, Step.SUBMIT_FOR_QA)
    if assessed is not None:
        instrument, case = queries.instrument_of(review), assessed.rating
        rating.store(session, review, instrument, rating.Rated(case.items, case.components))
    if review.pur_to is None:
        review.pur_to, review.first_submitted_at = today, now
    _take(session, doing, Step.SUBMIT_FOR_QA)


def begin_qa(session: orm.Session, *, review: CaseReview, actor: Actor, now: dt.datetime) -> None:
    """Take a submitted case review for first-level QA. Raises Forbidden or Blocked."""
    doing = Doing(review, actor, now)
    _authorise(session, doing, Step.BEGIN_QA)
    moving.decide_on_level(session, doing, rules.ReviewState.FIRST_LEVEL_QA)
    _take(session, doing, Step.BEGIN_QA)


def send_to_second_level(
    session: orm.Session, *, review: CaseReview, actor: Actor, now: dt.datetime
) -> None:
    """Ask another QA lead for second-level QA. Raises Forbidden or Blocked."""
    doing = Doing(review, actor, now)
    _authorise(session, doing, Step.SEND_TO_SECOND_LEVEL)
    moving.decide_on_level(session, doing, review.state)
    _take(session, doing, Step.SEND_TO_SECOND_LEVEL)


def approve(session: orm.Session, *, review: CaseReview, actor: Actor, now: dt.datetime) -> None:
    """Make a case review final: frozen from here on. Raises Forbidden or Blocked."""
    doing = Doing(review, actor, now)
    _authorise(session, doing, Step.APPROVE)
    moving.decide_on_level(session, doing, review.state)
    review.final_at = now
    _take(session, doing, Step.APPROVE)


def return_to_reviewers(
    session: orm.Session, *, review: CaseReview, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Give a case review back to its reviewers, with the reason; overrides are withdrawn, as they
    were set on answers that may change now. Raises Forbidden or Blocked."""
    doing = Doing(review, actor, now)
    _authorise(session, doing, Step.RETURN_TO_REVIEWERS, reason)
    moving.decide_on_level(session, doing, review.state)
    _take(session, doing, Step.RETURN_TO_REVIEWERS, reason)


def withdraw(
    session: orm.Session, *, review: CaseReview, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Take a case review out of its round for good. Raises Forbidden or Blocked."""
    doing = Doing(review, actor, now)
    _authorise(session, doing, Step.WITHDRAW, reason)
    _take(session, doing, Step.WITHDRAW, reason)


def reopen(
    session: orm.Session, *, review: CaseReview, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Open a final case review again, with the reason; overrides are withdrawn. Raises Forbidden
    or Blocked."""
    doing = Doing(review, actor, now)
    _authorise(session, doing, Step.REOPEN, reason)
    review.final_at = None
    _take(session, doing, Step.REOPEN, reason)


def _authorise(
    session: orm.Session, doing: Doing, step: Step, reason: str = ""
) -> queries.Assessment | None:
    """Raise what forbids the step; what the rules make of the content where it must be whole."""
    standing = queries.standing(session, doing.review, lock=True)
    transition = workflow.BY_STEP[step]
    fits = standing.state in transition.starts
    checks = fits and Guard.COMPLETE in transition.guards
    assessed = queries.assessment(session, doing.review) if checks else None
    missing = tuple(map(_blocker, _gaps(step, assessed))) if assessed else ()
    asks = fits and Guard.NOTES_RESOLVED in transition.guards
    notes = queries.open_blockers(queries.notes_of(session, doing.review)) if asks else ()
    moving.require(policy.blockers(step, standing, doing.actor, reason, missing, notes))
    return assessed


def _gaps(step: Step, assessed: queries.Assessment) -> list[completeness.Missing]:
    """What keeps the step. Only submission asks for interviews: QA cannot hear anybody, and a case
    review that was submitted before interviews were recorded must still be able to end."""
    hears = step is Step.SUBMIT_FOR_QA
    return [gap for gap in assessed.missing if hears or gap.kind is not Kind.INTERVIEW]


def _blocker(gap: completeness.Missing) -> Blocker:
    item, name = gap.place
    if gap.kind is Kind.INTERVIEW:
        return Blocker("missing_interview", gap.message, f"interview-{name}")
    place = rules.anchor(item, rules.asked(name, gap.subject) if name else None)
    return Blocker(f"missing_{gap.kind.value}", gap.message, place)


def _take(session: orm.Session, doing: Doing, step: Step, reason: str = "") -> None:
    ends = workflow.BY_STEP[step].ends
    payload: dict[str, Any] = {"from": doing.review.state.value, "to": ends.value}
    if reason.strip():
        payload["reason"] = events.digest(reason.strip())
    moving.move(session, doing, step, reason)
    if ends in rules.OPEN_STATES:
        session.flush()  # a final case review's overrides are frozen until then
        if items := overrides.withdraw_all(session, doing):
            payload["overrides_withdrawn"] = items
    moving.record(session, doing, f"review.{step.value}", payload)
