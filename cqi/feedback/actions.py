"""What people do with feedback: they read it, and say so."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.feedback import policy, queries
from cqi.feedback.models import Acknowledgement
from cqi.reviews.models import CaseReview


def acknowledge(
    session: orm.Session,
    *,
    review: CaseReview,
    words: str = "",
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> Acknowledgement:
    """Say that the memo was read, once a person, with words of one's own where one likes.

    Raises Forbidden for whoever the feedback is not for, Blocked the second time.
    """
    policy.authorise_acknowledging(actor, queries.case_facts(review, today))
    already = queries.acknowledged(session, review, actor)
    errors.require(policy.acknowledge_blockers(already=already))
    said = words.strip()
    made = Acknowledgement(
        review_id=review.id, person_id=actor.person_id, words=said or None, at=now
    )
    session.add(made)
    session.flush()
    payload = {
        "acknowledgement": str(made.public_id),
        "words": events.digest(said) if said else None,
    }
    happening = events.Happening("feedback.acknowledged", actor.person_id, now, "feedback")
    events.record(session, events.Stream("review", review.public_id), happening, payload)
    return made
