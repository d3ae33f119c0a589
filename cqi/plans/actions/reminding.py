"""What the clock does for plans: it tells people of deadlines, once, and writes down that it did.

No event: what was told is a row that nobody can change, in the transaction of its notices.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import database
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.plans.models import PlanReminder, PlanReminderPerson
from cqi.plans.queries import reminding
from cqi.plans.queries.audience import Audience
from cqi.plans.queries.reminding import Due
from cqi.plans.rules import Today
from cqi.plans.rules.ladder import RUNGS


def remind(session: orm.Session, *, today: Today, now: dt.datetime) -> tuple[Due, ...]:
    """Tell of every deadline that nobody was told of yet; that of which something was told.

    Whoever runs it and how often, each kind is recorded once for each due date of it. A rung
    that waits for an answer is told again once nobody holds it any more of whom it was told.
    """
    database.one_at_a_time(session, "plan reminders")
    found = reminding.to_remind(session, today)
    if not found:
        return ()
    whom = Audience(session, reminding.owners(found), today.day)
    _record(session, found, whom, now, today.day)
    people: dict[tuple[NoticeKind, uuid.UUID], set[int]] = defaultdict(set)
    for each in reminding.as_notices(reminding.tellings(found, whom)):
        people[each.kind, each.subject].add(each.person_id)
    for (kind, subject), told_to in people.items():
        notices.tell(session, kind, people=told_to, subject=subject, now=now)
    return tuple(one for one in found if one.told)


def _record(
    session: orm.Session, found: Iterable[Due], whom: Audience, now: dt.datetime, day: dt.date
) -> None:
    """What is told, and of a rung to whom: that nobody holds it is on the record too."""
    new = [(one, kind, told) for one in found for kind, told in one.missing]
    rows = [
        {
            "subject_id": one.subject,
            "step_id": one.step_id,
            "kind": kind,
            "due_on": one.due_on,
            "told": told and (kind not in RUNGS or bool(whom.on(kind, one.holder))),
            "on_day": day,
            "at": now,
        }
        for one, kind, told in new
    ]
    insert = sa.insert(PlanReminder).returning(PlanReminder.id, sort_by_parameter_order=True)
    keys = session.scalars(insert, rows).all() if rows else ()
    rungs = [(one, kind, key) for one in found for kind, key in one.again]
    rungs += [
        (one, kind, key) for (one, kind, _), key in zip(new, keys, strict=True) if kind in RUNGS
    ]
    told_to = [
        {
            "reminder_id": key,
            "person_id": person,
            "stands_in": person not in whom.on(kind, one.holder),
            "on_day": day,
            "at": now,
        }
        for one, kind, key in rungs
        for person in sorted(whom.of(kind, one.holder))
    ]
    if told_to:
        session.execute(sa.insert(PlanReminderPerson), told_to)
