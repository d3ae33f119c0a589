"""A debrief is written down: once it was held, and before the review is final."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events, identifiers
from cqi.feedback import policy, queries
from cqi.feedback.models import Debrief
from cqi.feedback.rules.debriefs import NewDebrief
from cqi.reviews.models import CaseReview


def record_debrief(
    session: orm.Session, *, review: CaseReview, new: NewDebrief, actor: Actor, now: dt.datetime
) -> Debrief:
    """Write a debrief down; another one corrects it.

    Raises Forbidden, or Blocked with every reason: final, withdrawn, not_begun, to_come, nobody,
    nothing_said.
    """
    standing = queries.debriefing(session, review, lock=True)
    policy.authorise_debriefing(actor, standing)
    there = queries.debrief_sent(session, review, new.key) if new.key else None
    if there is not None:
        return there
    errors.require(policy.debrief_blockers(standing, new, now))
    worked, to_work_on = new.worked.strip(), new.to_work_on.strip()
    made = Debrief(
        public_id=new.key or identifiers.uuid7(),
        review_id=review.id,
        held_at=new.held_at,
        attended=[each.value for each in new.attended],
        worked=worked or None,
        to_work_on=to_work_on or None,
        by_id=actor.person_id,
        at=now,
    )
    session.add(made)
    session.flush()
    happening = events.Happening("feedback.debriefed", actor.person_id, now, "feedback")
    payload = {
        "debrief": str(made.public_id),
        "held_at": new.held_at.isoformat(),
        "attended": made.attended,
        "worked": events.digest(worked),
        "to_work_on": events.digest(to_work_on),
    }
    events.record(session, events.Stream("review", review.public_id), happening, payload)
    return made
