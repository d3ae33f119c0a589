"""Goals and strategies that were left out of a plan while it was drafted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.plans import rules
from cqi.plans.models import Goal, Plan, Step, Strategy
from cqi.plans.queries import records
from cqi.plans.rules import StepState
from cqi.ui import dates


@dataclass(frozen=True)
class Dropped:
    """A goal ("2"), or the strategy ("1.2") with a `position` in its goal; why it was dropped.
    `steps` are the numbers of those that went with it: they say who dropped it (`by`)."""

    number: str
    title: str
    reason: str
    when: str
    by: str
    steps: tuple[str, ...]
    goal_id: uuid.UUID
    position: int | None = None


def dropped(session: orm.Session, plan: Plan, today: rules.Today) -> tuple[Dropped, ...]:
    """In their order; strategies of a goal that was dropped go with it."""
    goals = sa.select(Goal).where(Goal.plan_id == plan.id, Goal.dropped_at.is_not(None))
    ways = (
        sa.select(Strategy)
        .join(Strategy.goal)
        .where(
            Goal.plan_id == plan.id,
            Goal.dropped_at.is_(None),
            Strategy.dropped_at.is_not(None),
        )
    )
    found: list[tuple[Goal | Strategy, list[Step]]] = [
        (one, [step for way in one.strategies for step in way.steps])
        for one in session.scalars(goals.order_by(Goal.position))
    ]
    found += [
        (one, list(one.steps))
        for one in session.scalars(ways.order_by(Goal.position, Strategy.position))
    ]
    return tuple(_dropped(session, part, steps, today) for part, steps in found)


def _dropped(
    session: orm.Session, part: Goal | Strategy, steps: list[Step], today: rules.Today
) -> Dropped:
    gone = [
        step
        for step in steps
        if step.state is StepState.DROPPED and step.state_since == part.dropped_at
    ]
    who = gone[0].entries[-1].by_id if gone else 0
    goal = part if isinstance(part, Goal) else part.goal
    return Dropped(
        str(part.position) if goal is part else f"{goal.position}.{part.position}",
        part.title,
        part.dropped_reason or "",
        dates.full_day(today.day_of(part.dropped_at)) if part.dropped_at else "",
        access.people_names(session, [who])[who] if who else "",
        tuple(records.number(step) for step in gone),
        goal.public_id,
        None if goal is part else part.position,
    )
