"""What the clock does for plans: it tells people of deadlines, once, and writes down that it did.

No event: what was told is a row that nobody can change, in the transaction of its notices.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import database
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.plans.models import PlanReminder
from cqi.plans.queries import reminding
from cqi.plans.queries.reminding import StepDue
from cqi.plans.rules import Today


def remind(session: orm.Session, *, today: Today, now: dt.datetime) -> tuple[StepDue, ...]:
    """Tell of every deadline that nobody was told of yet; the steps of which something was told.

    Whoever runs it and how often, each kind is recorded once for each due date of a step.
    """
    database.one_at_a_time(session, "plan reminders")
    found = reminding.to_remind(session, today)
    if not found:
        return ()
    rows = [
        {
            "subject_id": one.public_id,
            "step_id": one.step_id,
            "kind": kind,
            "due_on": one.due_on,
            "told": told,
            "on_day": today.day,
            "at": now,
        }
        for one in found
        for kind, told in one.missing
    ]
    session.execute(sa.insert(PlanReminder), rows)
    people: dict[tuple[NoticeKind, uuid.UUID], set[int]] = defaultdict(set)
    for each in reminding.as_notices(reminding.tellings(session, found, today.day)):
        people[each.kind, each.subject].add(each.person_id)
    for (kind, subject), told_to in people.items():
        notices.tell(session, kind, people=told_to, subject=subject, now=now)
    return tuple(one for one in found if one.told)
