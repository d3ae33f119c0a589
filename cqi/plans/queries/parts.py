"""What amendments change, in words: the same on pages and in files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.plans import rules
from cqi.plans.models import Amendment, Goal, Step, Strategy
from cqi.plans.queries import targets
from cqi.plans.rules import StepState, amendments


@dataclass(frozen=True)
class Known:
    """What ids stand for: names of people and numbers of steps. `day` puts a date into words."""

    people: Mapping[int, str]
    steps: Mapping[int, str]
    day: Callable[[dt.date], str]


def known(
    session: orm.Session, found: Collection[Amendment], day: Callable[[dt.date], str]
) -> Known:
    """Everybody and every step that some amendments name, whatever became of them since."""
    both = [values for one in found for values in (one.old, one.new)]
    owners = {values["owner_id"] for values in both if "owner_id" in values}
    people = owners | {key for one in found for key in (one.asked_by_id, one.decided_by_id) if key}
    waits = {key for values in both if (key := values.get("depends_on_id"))}
    names = access.people_names(session, people)
    return Known(names, _numbers(session, waits) if waits else {}, day)


def _numbers(session: orm.Session, steps: Collection[int]) -> Mapping[int, str]:
    query = (
        sa.select(Step.id, Goal.position, Strategy.position, Step.position)
        .join(Step.strategy)
        .join(Strategy.goal)
        .where(Step.id.in_(steps))
    )
    return {key: ".".join(map(str, number)) for key, *number in session.execute(query)}


def changes(one: Amendment, facts: Known) -> tuple[tuple[str, str, str], ...]:
    """(what, as it was, as asked for) of each part that an amendment changes, always in the same
    order: databases keep none."""
    return tuple(
        (
            words,
            _value(one, part, one.old[part], facts),
            _value(one, part, one.new[part], facts),
        )
        for part, words in amendments.PART_WORDS.items()
        if part in one.new
    )


def _value(one: Amendment, part: str, value: Any, facts: Known) -> str:
    if part == "negotiated_target" and one.goal:
        return targets.words(one.goal, value)
    if value is None:
        return "none"
    if part == "due_on":
        return facts.day(dt.date.fromisoformat(value))
    if part == "owner_id":
        return facts.people[value]
    if part == "state":
        return rules.STEP_STATE_WORDS[StepState(value)]
    return f"step {facts.steps[value]}" if part == "depends_on_id" else str(value)
