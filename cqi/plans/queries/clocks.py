"""What waits for the clock: plans to begin, and plans due that somebody has not heard of."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.notices.models import Notice
from cqi.notices.rules import NoticeKind
from cqi.plans import rules
from cqi.plans.models import Goal, Plan, Step, Strategy
from cqi.plans.queries import due, people
from cqi.plans.rules import PlanState, StepState


@dataclass(frozen=True)
class Telling:
    """A publication that makes a plan due, and who has not heard of it yet."""

    subject: uuid.UUID
    people: frozenset[int]


def to_begin(session: orm.Session, today: dt.date) -> list[Plan]:
    """Approved plans with a step that has started."""
    started = (
        sa.select(Goal.plan_id)
        .join(Strategy, Strategy.goal_id == Goal.id)
        .join(Step, Step.strategy_id == Strategy.id)
        .where(Step.starts_on <= today, Step.state != StepState.DROPPED)
    )
    where = (Plan.state == PlanState.APPROVED, Plan.id.in_(started))
    return list(session.scalars(sa.select(Plan).where(*where).order_by(Plan.id)))


def to_tell(session: orm.Session, today: rules.Today) -> list[Telling]:
    """Regions whose plan is due and not begun, where somebody who leads has not been told."""
    found = [one for one in due.due_for_all(session, today) if one.region and not one.begun]
    told = _told(session, {one.told_of for one in found})
    waiting = []
    for one in found:
        leads = people.leads(session, one.place_id, today.day)
        left = frozenset(key for key in leads if (one.told_of, key) not in told)
        if left:
            waiting.append(Telling(one.told_of, left))
    return waiting


def _told(session: orm.Session, subjects: set[uuid.UUID]) -> set[tuple[uuid.UUID, int]]:
    query = sa.select(Notice.subject_id, Notice.person_id).where(
        Notice.kind == NoticeKind.PLAN_DUE.value, Notice.subject_id.in_(subjects)
    )
    return {(subject, person) for subject, person in session.execute(query)}
