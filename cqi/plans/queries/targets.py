"""Targets of goals in words, and what they were before they changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.plans import rules
from cqi.plans.models import Amendment, Goal
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.ui import dates


@dataclass(frozen=True)
class Was:
    """What a target was, and until when; who changed it and why."""

    before: str
    why: str

    @property
    def words(self) -> str:
        """Both."""
        return f"was {self.before}; {self.why}"


def words(goal: Goal, negotiated: int | None) -> str:
    """ "77.9%, PIP arithmetic"."""
    if negotiated is None:
        found = rules.target(rules.Count(goal.baseline_achieved, goal.baseline_applicable), None)
        return f"{found.percent}, PIP arithmetic"
    aim = rules.Target(Fraction(negotiated, rules.WHOLE), rules.TargetKind.NEGOTIATED)
    return f"{aim.percent}, negotiated"


def changes(session: orm.Session, plans: Collection[int]) -> Mapping[int, tuple[Amendment, ...]]:
    """The changes of targets that were granted in these plans (ids), by goal (id), in order."""
    where = (
        Amendment.plan_id.in_(plans),
        Amendment.kind == AmendmentKind.TARGET,
        Amendment.state == AmendmentState.GRANTED,
    )
    query = sa.select(Amendment).where(*where).order_by(Amendment.decided_at, Amendment.id)
    found: dict[int, tuple[Amendment, ...]] = defaultdict(tuple)
    for one in session.scalars(query):
        found[one.goal_id or 0] += (one,)
    return found


def was(one: Amendment, goal: Goal, today: rules.Today, people: Mapping[int, str]) -> Was:
    """What a target was before a change that was granted."""
    before = words(goal, one.old["negotiated_target"])
    until = dates.full_day(today.day_of(one.decided_at)) if one.decided_at else ""
    asked, granted = people[one.asked_by_id], people[one.decided_by_id or 0]
    return Was(f"{before}, until {until}", f"asked by {asked}, granted by {granted}: {one.reason}")
