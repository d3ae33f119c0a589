"""What every action on a plan does: first hold it while it is drafted, last write one event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import columns, errors, events
from cqi.core.errors import Blocker
from cqi.plans import policy
from cqi.plans.models import Goal, Plan, Strategy
from cqi.plans.queries import records

_Row = TypeVar("_Row", bound=columns.Model)
# where a row stands and since when, which its form does not say
_NOT_SAID = {
    *("id", "public_id", "position", "revision", "plan_id", "goal_id", "strategy_id"),
    *("state_since", "decided_at"),
}


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


def may_draft(session: orm.Session, plan: Plan, actor: Actor) -> None:
    """Hold a plan. Raises Forbidden, or Blocked (not_a_draft) where its promises are fixed."""
    records.hold(session, plan)
    facts = records.plan_facts(plan)
    policy.authorise(actor, Permission.PLAN_LEAD, facts)
    errors.require(policy.drafting_blockers(facts))


def require_kept(session: orm.Session, *parts: Goal | Strategy) -> None:
    """Raise Blocked (part_dropped) where a part of a draft was left out, perhaps meanwhile."""
    for part in parts:
        session.refresh(part, ["dropped_at"])
        if part.dropped_at is not None:
            what = "goal" if isinstance(part, Goal) else "strategy"
            message = f"This {what} is dropped: take it back first."
            errors.require([Blocker("part_dropped", message)])


def named(title: str) -> list[Blocker]:
    """Why a name will not do."""
    if title.strip():
        return []
    return [Blocker("title_missing", "Give it a name that says what it is about.", "title")]


def twin(there: Iterable[_Row], made: _Row) -> _Row | None:
    """The one that says all the same as one that is not added yet: its form was sent twice, or
    somebody went back to it and saved again."""
    said = _said(made)
    return next((one for one in there if _said(one) == said), None)


def _said(row: columns.Model) -> dict[str, Any]:
    names = (each.key for each in sa.inspect(type(row)).column_attrs)
    return {name: getattr(row, name) for name in names if name not in _NOT_SAID}


def unread(row: Any, revision: int | None) -> list[Blocker]:
    """Why somebody who read another revision of a row cannot change it; None: nothing was read."""
    if revision in (None, row.revision):
        return []
    message = "Somebody changed this after you opened it. Both texts are below: decide, then save."
    return [Blocker("changed_meanwhile", message)]


def record(
    session: orm.Session, plan: Plan, kind: str, doing: Doing, payload: Mapping[str, Any]
) -> None:
    """Write `plan.<kind>` down, after what was changed."""
    session.flush()
    happening = events.Happening(f"plan.{kind}", doing.person_id, doing.at)
    events.record(session, events.Stream("plan", plan.public_id), happening, payload)
