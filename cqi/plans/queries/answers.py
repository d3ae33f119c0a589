"""What was answered for deadlines beside steps, and which of them wait for somebody's answer."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.plans import rules
from cqi.plans.models import PlanReminder, PlanReminderAnswer, PlanReminderPerson
from cqi.plans.queries import duties
from cqi.plans.queries.audience import Audience
from cqi.plans.queries.duties import Duty
from cqi.plans.rules import ladder
from cqi.plans.rules.ladder import ReminderKind


@dataclass(frozen=True)
class Told:
    """A rung of which the actor was told; `first` where it is theirs to do, and did not climb or
    fall to them."""

    duty: Duty
    reminder_id: int
    kind: ReminderKind
    first: bool
    answered: bool


def asked(session: orm.Session, actor: Actor, today: rules.Today) -> list[Told]:
    """Of what is with the actor, what nobody answered."""
    return [one for one in told(session, actor, today) if not one.answered]


def told(session: orm.Session, actor: Actor, today: rules.Today) -> list[Told]:
    """What is still owed of which the actor was told on a rung, and has it; the oldest first."""
    query = (
        sa.select(PlanReminder, PlanReminderAnswer.id)
        .join(PlanReminderPerson, PlanReminderPerson.reminder_id == PlanReminder.id)
        .outerjoin(PlanReminderAnswer, PlanReminderAnswer.reminder_id == PlanReminder.id)
        .where(
            PlanReminderPerson.person_id == actor.person_id,
            PlanReminder.step_id.is_(None),
            PlanReminder.kind.in_(ladder.RUNGS),
        )
        .order_by(PlanReminder.due_on, PlanReminder.id)
    )
    rows = session.execute(query).all()
    if not rows:
        return []
    owed = {(one.subject, one.due_on): one for one in duties.every(session, today)}
    whom = Audience(session, (), today.day)
    found = []
    for row, answer in rows:
        duty = owed.get((row.subject_id, row.due_on))
        if duty and actor.person_id in whom.of(row.kind, duty.holder):
            climbed = row.kind in ladder.CLIMBS
            first = not climbed and actor.person_id in whom.on(row.kind, duty.holder)
            found.append(Told(duty, row.id, row.kind, first, answer is not None))
    return found


def said(
    session: orm.Session, found: Iterable[Duty], actor: Actor, today: rules.Today
) -> dict[tuple[uuid.UUID, dt.date], str]:
    """(subject, due date) -> who answered last, when and what."""
    subjects = sorted({one.subject for one in found})
    query = (
        sa.select(PlanReminder, PlanReminderAnswer)
        .join(PlanReminderAnswer, PlanReminderAnswer.reminder_id == PlanReminder.id)
        .where(PlanReminder.subject_id.in_(subjects))
        .order_by(PlanReminderAnswer.id)
    )
    rows = session.execute(query).all()
    names = access.people_names(session, {answer.by_id for _, answer in rows})
    return {
        (row.subject_id, row.due_on): (
            f"{'you' if answer.by_id == actor.person_id else names[answer.by_id]} acknowledged it "
            f"{today.words(answer.at)}: {answer.words}"
        )
        for row, answer in rows
    }


def answered(session: orm.Session, reminders: Collection[int]) -> set[int]:
    """Which of these rungs were answered (ids of their rows)."""
    query = sa.select(PlanReminderAnswer.reminder_id)
    return set(session.scalars(query.where(PlanReminderAnswer.reminder_id.in_(reminders))))


def labels(found: Iterable[Told]) -> dict[str, str]:
    """What is answered at once, by subject: all reports of a plan that wait together."""
    titles: dict[str, list[str]] = {}
    for one in found:
        said = titles.setdefault(str(one.duty.subject), [one.duty.plan])
        if one.duty.in_a_row not in said:
            said.append(one.duty.in_a_row)
    return {key: f"{said[0]}, {'; '.join(said[1:])}" for key, said in titles.items()}
