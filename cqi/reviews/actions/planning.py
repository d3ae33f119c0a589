"""Planning when an interview is to be held, and cancelling that."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.reviews import queries
from cqi.reviews.actions import moving
from cqi.reviews.actions.moving import Doing
from cqi.reviews.models import CaseReview, InterviewPlan
from cqi.reviews.rules import planning
from cqi.reviews.rules.interviews import Interview
from cqi.reviews.rules.planning import NewPlan, Stands


def plan_interview(
    session: orm.Session, *, review: CaseReview, new: NewPlan, actor: Actor, now: dt.datetime
) -> InterviewPlan:
    """Give an interview its time, or another one. It starts no case review.

    Raises Forbidden, NotFound for somebody who is not on the list, BadInput for a length or a text
    that a form does not offer, or Blocked: not_open, recorded, overtaken, passed.
    """
    if new.minutes not in planning.LENGTHS or len(new.place) > planning.LONGEST_PLACE:
        raise errors.BadInput("an interview cannot be planned with this length or place")
    doing = Doing(review, actor, now)
    row, one = _held(session, doing, new.interview)
    stands = stands_of(review, one, row)
    errors.require(planning.plan_blockers(new, stands, now))
    if row is None:
        row = InterviewPlan(review_id=review.id, interview=new.interview, role=one.role, sequence=0)
        session.add(row)
    values = {
        "starts_at": new.starts_at,
        "minutes": new.minutes,
        "how": new.how,
        "place": new.place.strip() or None,
        "cancelled_at": None,
    }
    if any(getattr(row, name) != value for name, value in values.items()):
        _change(session, doing, row, values, "review.interview_planned")
    return row


def cancel_plan(
    session: orm.Session,
    *,
    review: CaseReview,
    interview: uuid.UUID,
    seen: int,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take an interview's time away; calendars hear of it. Raises Forbidden, NotFound, or Blocked:
    not_open, recorded, overtaken."""
    doing = Doing(review, actor, now)
    row, one = _held(session, doing, interview)
    if row is None or row.cancelled_at is not None:
        raise errors.NotFound("this interview has no time")
    new = NewPlan(interview, row.starts_at, row.minutes, row.how, seen=seen)
    errors.require(planning.plan_blockers(new, stands_of(review, one, row), now))
    _change(session, doing, row, {"cancelled_at": now}, "review.interview_time_cancelled")


def stands_of(review: CaseReview, one: Interview, row: InterviewPlan | None) -> Stands:
    """What decides about a new time."""
    if row is None:
        return Stands(review.state, one.outcome)
    starts_at = None if row.cancelled_at else row.starts_at
    return Stands(review.state, one.outcome, starts_at, row.sequence)


def _held(
    session: orm.Session, doing: Doing, interview: uuid.UUID
) -> tuple[InterviewPlan | None, Interview]:
    """Who may do this does it alone: the time as it stands now, and the person."""
    standing = queries.standing(session, doing.review, lock=True)
    if not queries.may_plan(standing, doing.actor):
        raise errors.Forbidden("Its reviewers, and who assigns cases, plan these interviews.")
    events.hold(session, moving.stream(doing.review))
    people = {one.id: one for one in queries.people(session, doing.review)}
    if interview not in people:
        raise errors.NotFound("this person is not on the list any more")
    query = sa.select(InterviewPlan).where(
        InterviewPlan.review_id == doing.review.id, InterviewPlan.interview == interview
    )
    return session.scalar(query.execution_options(populate_existing=True)), people[interview]


def _change(
    session: orm.Session, doing: Doing, row: InterviewPlan, values: dict[str, Any], kind: str
) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.sequence += 1
    row.by_id, row.at = doing.actor.person_id, doing.now
    session.flush()
    payload = {
        "interview": str(row.interview),
        "role": row.role.value,
        "starts_at": row.starts_at.isoformat(),
        "minutes": row.minutes,
        "how": row.how.value,
        "place": events.digest(row.place or ""),
        "change": row.sequence,
    }
    moving.record(session, doing, kind, payload)
