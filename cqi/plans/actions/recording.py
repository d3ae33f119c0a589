"""What every action on a plan does last: one event in the plan's stream."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import events
from cqi.plans.models import Plan


@dataclass(frozen=True)
class Doing:
    """Who does it, and when; `actor` is None where the clock does it."""

    actor: Actor | None
    at: dt.datetime

    @property
    def person_id(self) -> int | None:
        """Who does it."""
        return self.actor.person_id if self.actor else None

    @property
    def actor_id(self) -> int:
        """Who does it, where the clock cannot."""
        if self.actor is None:
            raise ValueError("the clock does not do this")
        return self.actor.person_id


def record(
    session: orm.Session, plan: Plan, kind: str, doing: Doing, payload: Mapping[str, Any]
) -> None:
    """Write `plan.<kind>` down, after what was changed."""
    session.flush()
    happening = events.Happening(f"plan.{kind}", doing.person_id, doing.at)
    events.record(session, events.Stream("plan", plan.public_id), happening, payload)
