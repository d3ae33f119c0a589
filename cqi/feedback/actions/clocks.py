"""What the clocks of feedback do: they tell people, once, of what waits for them or is late."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.core import database
from cqi.feedback import queries
from cqi.feedback.rules.clocks import Clocks
from cqi.notices import actions as notices


def tell_of_memos(session: orm.Session, *, clocks: Clocks, now: dt.datetime) -> int:
    """Tell of memos that wait for their release or for being read; how many were told of.

    No event: what a clock says follows from events that are there.
    """
    database.one_at_a_time(session, "memos")
    found = [one for one in queries.to_tell(session, clocks, now) if one.people]
    for one in found:
        subject = one.review.public_id
        notices.tell(session, one.kind, people=one.people, subject=subject, now=now)
    return len(found)
