"""What the actions share: permission, one step of the workflow, one event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.reviews import policy, queries, workflow
from cqi.reviews.models import CaseReview, ReviewPerson, ReviewStep
from cqi.reviews.rules import Part, ReviewState
from cqi.reviews.workflow import Step

# blockers about who somebody is, not about what they do: the answer is "forbidden"
_ABOUT_THE_PERSON = frozenset({"not_permitted", "not_a_reviewer", "not_qa"})


@dataclass(frozen=True)
class Doing:
    """Who does something to a case review, and when."""

    review: CaseReview
    actor: Actor
    now: dt.datetime


def require(blockers: Sequence[Blocker]) -> None:
    """Raise Forbidden where the person is the reason, Blocked with all reasons else."""
    for blocker in blockers:
        if blocker.code in _ABOUT_THE_PERSON:
            raise errors.Forbidden(blocker.message)
    errors.require(blockers)


def require_scoring(session: orm.Session, doing: Doing) -> None:
    """Lock the case review; raise unless the actor may change what is on it."""
    standing = queries.standing(session, doing.review, lock=True)
    require(policy.scoring_blockers(standing, doing.actor))


def move(session: orm.Session, doing: Doing, step: Step, reason: str = "") -> None:
    """Take a step that policy allowed. Records no event."""
    review, ends = doing.review, workflow.BY_STEP[step].ends
    session.add(
        ReviewStep(
            review_id=review.id,
            step=step.value,
            from_state=review.state,
            to_state=ends.value,
            reason=reason.strip() or None,
            by_id=doing.actor.person_id,
            at=doing.now,
        )
    )
    review.state, review.state_since = ends, doing.now


_PARTS = {
    ReviewState.FIRST_LEVEL_QA: Part.FIRST_LEVEL_QA,
    ReviewState.SECOND_LEVEL_QA: Part.SECOND_LEVEL_QA,
}


def decide_on_level(session: orm.Session, doing: Doing, level: ReviewState) -> None:
    """Make the actor the one QA lead of a level, as whoever decides there is: the other level is
    then for somebody else. Who was it before is ended."""
    part = _PARTS[level]
    query = sa.select(ReviewPerson).where(
        ReviewPerson.review_id == doing.review.id, ReviewPerson.part == part
    )
    rows, mine = session.scalars(query).all(), doing.actor.person_id
    for row in rows:
        if row.until_at is None and row.person_id != mine:
            row.until_at = doing.now
    own = [row for row in rows if row.person_id == mine]
    here = [row for row in own if row.until_at is None or row.from_at == doing.now]
    if here:  # ended and back at one instant: the same row goes on
        here[-1].until_at = None
    else:
        person = {"person_id": mine, "part": part, "from_at": doing.now}
        session.add(ReviewPerson(review_id=doing.review.id, **person))
    session.flush()  # people are frozen once the case review is final


def start_if_new(session: orm.Session, doing: Doing, payload: dict[str, Any]) -> None:
    """The first thing that is recorded starts a case review; its event says so."""
    if doing.review.state is ReviewState.ASSIGNED:
        payload["step"] = Step.START.value
        move(session, doing, Step.START)


def stream(review: CaseReview) -> events.Stream:
    """The case review's chain of events."""
    return events.Stream("review", review.public_id)


def record(
    session: orm.Session,
    doing: Doing,
    kind: str,
    payload: Mapping[str, Any],
    head: events.Head | None = None,
) -> events.Head:
    """Flush, and add an event to the case review's stream; `head` where the caller holds it."""
    happening = events.Happening(kind, doing.actor.person_id, doing.now)
    return events.record(session, stream(doing.review), happening, payload, head)
