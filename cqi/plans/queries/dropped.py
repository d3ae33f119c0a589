"""Goals and strategies that were left out of a plan while it was drafted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.plans.models import Goal, Plan, Strategy


@dataclass(frozen=True)
class Dropped:
    """A goal ("2"), or the strategy ("1.2") with a `position` in its goal; why it was dropped."""

    number: str
    title: str
    reason: str
    goal_id: uuid.UUID
    position: int | None = None


def dropped(session: orm.Session, plan: Plan) -> tuple[Dropped, ...]:
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
    found = [
        Dropped(str(one.position), one.title, one.dropped_reason or "", one.public_id)
        for one in session.scalars(goals.order_by(Goal.position))
    ]
    found += [
        Dropped(
            f"{one.goal.position}.{one.position}",
            one.title,
            one.dropped_reason or "",
            one.goal.public_id,
            one.position,
        )
        for one in session.scalars(ways.order_by(Goal.position, Strategy.position))
    ]
    return tuple(found)
