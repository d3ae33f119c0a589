"""Whoever the ladder reached with what is owed beside steps says that they know."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import database, errors, events
from cqi.core.errors import Blocker
from cqi.notices import actions as notices
from cqi.plans.models import PlanReminderAnswer
from cqi.plans.queries import answers, reminding
from cqi.plans.queries.duties import DutyKind
from cqi.plans.rules import Today


def answer_owed(
    session: orm.Session,
    *,
    subjects: Collection[uuid.UUID],
    words: str,
    actor: Actor,
    now: dt.datetime,
    today: Today,
) -> int:
    """Answer every rung of these (ids on the record) that waits for the actor; how many they were.

    All or none; one event a rung. Raises Blocked: nothing_waits, no_words.
    """
    database.one_at_a_time(session, "plan reminders")
    found = [one for one in answers.asked(session, actor, today) if one.duty.subject in subjects]
    errors.require(_blockers({one.duty.subject for one in found}, set(subjects), words))
    for one in found:
        session.add(
            PlanReminderAnswer(
                reminder_id=one.reminder_id, words=words.strip(), by_id=actor.person_id, at=now
            )
        )
        session.flush()
        of = "publication" if one.duty.kind is DutyKind.PLAN else "plan"
        happening = events.Happening("plan.owed_acknowledged", actor.person_id, now)
        payload = {
            "owed": one.duty.kind.value,
            "rung": one.kind.value,
            "due_on": one.duty.due_on.isoformat(),
            "words": events.digest(words.strip()),
        }
        events.record(session, events.Stream(of, one.duty.page), happening, payload)
        notices.mark_subject_seen(
            session,
            subject=one.duty.page,
            actor=actor,
            now=now,
            kinds=reminding.kinds_of(one.duty.kind),
        )
    return len(found)


def _blockers(waits: set[uuid.UUID], chosen: set[uuid.UUID], words: str) -> list[Blocker]:
    found = []
    if chosen - waits:
        message = "What you chose does not wait for your answer any more: look at the list again."
        found.append(Blocker("nothing_waits", message))
    if not words.strip():
        found.append(Blocker("no_words", "Say what you will do about it, and until when.", "words"))
    return found
