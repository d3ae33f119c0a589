"""Whoever the ladder reached says that they know, and what they will do: one event a rung."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.notices import actions as notices
from cqi.plans import workflow
from cqi.plans.actions import recording
from cqi.plans.actions.recording import Doing
from cqi.plans.models import Step, StepEntry
from cqi.plans.policy import acknowledging as policy
from cqi.plans.queries import ladders, records
from cqi.plans.queries.ladders import Outstanding
from cqi.plans.rules import Today


def acknowledge(
    session: orm.Session,
    *,
    steps: Sequence[Step],
    words: str,
    actor: Actor,
    now: dt.datetime,
    today: Today,
) -> int:
    """Answer every rung of these late steps that waits for the actor; how many those were.

    All or none. Raises Blocked with every reason: not_late, nothing_waits, no_words.
    """
    for plan in sorted({step.strategy.goal.plan for step in steps}, key=lambda one: one.id):
        records.hold(session, plan)
    waiting = [
        (step, ladders.outstanding(session, actor, today, Step.id == step.id)) for step in steps
    ]
    found = [
        each
        for step, rungs in waiting
        for each in policy.blockers(records.number(step), step.state, len(rungs), words)
    ]
    errors.require(list(dict.fromkeys(found)))
    for step, rungs in waiting:
        for rung in rungs:
            _answer(session, step, rung, words.strip(), Doing(actor, now))
        notices.mark_subject_seen(session, subject=step.public_id, actor=actor, now=now)
    return sum(len(rungs) for _, rungs in waiting)


def _answer(session: orm.Session, step: Step, rung: Outstanding, words: str, doing: Doing) -> None:
    step.entries.append(
        StepEntry(
            kind=workflow.ACKNOWLEDGED,
            words=words,
            reminder_id=rung.reminder_id,
            by_id=doing.person_id,
            at=doing.at,
            files=[],
        )
    )
    payload = {
        "step": str(step.public_id),
        "rung": rung.kind.value,
        "due_on": step.due_on.isoformat(),
        "words": events.digest(words),
    }
    plan = step.strategy.goal.plan
    recording.record(session, plan, f"step_{workflow.ACKNOWLEDGED}", doing, payload)
