"""The steps of the workflow: submission, QA, approval, return, withdrawal, reopening."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.reviews.models import CaseReview


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
    missing_answer, missing_na_reason, missing_narrative, missing_evidence, each with its place.
    """
    raise NotImplementedError


def begin_qa(session: orm.Session, *, review: CaseReview, actor: Actor, now: dt.datetime) -> None:
    """Take a submitted case review for first-level QA. Raises Forbidden or Blocked."""
    raise NotImplementedError


def send_to_second_level(
    session: orm.Session, *, review: CaseReview, actor: Actor, now: dt.datetime
) -> None:
    """Ask another QA lead for second-level QA. Raises Forbidden or Blocked."""
    raise NotImplementedError


def approve(session: orm.Session, *, review: CaseReview, actor: Actor, now: dt.datetime) -> None:
    """Make a case review final: frozen from here on. Raises Forbidden or Blocked."""
    raise NotImplementedError


def return_to_reviewers(
    session: orm.Session, *, review: CaseReview, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Give a case review back to its reviewers, with the reason. Raises Forbidden or Blocked."""
    raise NotImplementedError


def withdraw(
    session: orm.Session, *, review: CaseReview, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Take a case review out of its round for good. Raises Forbidden or Blocked."""
    raise NotImplementedError


def reopen(
    session: orm.Session, *, review: CaseReview, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Open a final case review again, with the reason. Raises Forbidden or Blocked."""
    raise NotImplementedError
