"""The demonstration's roll-out: thirteen regions in their order, one of them late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from cqi.cli.demonstration import rounds
from cqi.places import queries as places
from cqi.places.models import Place
from cqi.places.rules import PlaceKind
from cqi.rounds.actions import readiness
from cqi.rounds.actions import rollout as actions
from cqi.rounds.policy import ItemChange, NewBenchmark, NewOrder
from cqi.rounds.queries import readiness as readiness_queries
from cqi.rounds.queries import readiness as reads
from cqi.rounds.rules import rollout
from cqi.rounds.rules.rollout import Dates, Degree

_PLANNING_MONTHS, _REVIEW_DAYS = 7, 11
_DECIDED, _PLANNED = -1150, -1140
_DIRECTOR = "cqi_director"


def make(world: rounds.World, told: Mapping[str, Any]) -> None:
    """Decide the order, plan each region in it, and write down what has happened since."""
    regions = [_region(world, one["region"]) for one in told["regions"]]
    day = world.timeline.workday(_DECIDED)
    order = NewOrder(tuple(each.id for each in regions), told["criteria"], told["reason"])
    now = world.timeline.at(day, 10)
    actor = world.people.actor(_DIRECTOR, day)
    actions.decide_order(world.session, new=order, actor=actor, now=now)
    for region, one in zip(regions, told["regions"], strict=True):
        dates = _dates(world, one)
        _plan(world, region, dates)
        _prepare(world, region, dates, one)
        _put_into_practice(world, region, dates, one)


def _region(world: rounds.World, name: str) -> Place:
    return places.place(world.session, PlaceKind.REGION, name)


def _dates(world: rounds.World, told: Mapping[str, Any]) -> Dates:
    """Around the days of the state file, which puts reviews where their rounds are."""
    baseline, began = (world.timeline.monday(told[key]) for key in ("baseline", "implementation"))
    ends = rollout.later(began, 12) - dt.timedelta(days=1)
    offset = told.get("follow_up")
    follow_up = ends + dt.timedelta(days=7 - ends.weekday())
    if offset is not None:
        follow_up = world.timeline.monday(offset)
    return Dates(
        planning_from=rollout.later(baseline, -_PLANNING_MONTHS),
        baseline_from=baseline,
        baseline_to=baseline + dt.timedelta(days=_REVIEW_DAYS),
        implementation_from=began,
        implementation_to=ends,
        follow_up_from=follow_up,
        follow_up_to=follow_up + dt.timedelta(days=_REVIEW_DAYS),
        support_from=follow_up + dt.timedelta(days=_REVIEW_DAYS + 3),
    )


def _plan(world: rounds.World, region: Place, dates: Dates) -> None:
    """Planned a month ahead; each stage that no round tells of began on its planned day."""
    today = world.timeline.today
    ahead = dates.planning_from - dt.timedelta(days=30)
    day = min(max(ahead, world.timeline.day(_PLANNED)), today - dt.timedelta(days=10))
    given: dict[str, Any] = {"region": region, "actor": world.people.actor(_DIRECTOR, day)}
    now = world.timeline.at(day, 11)
    row = actions.plan_region(world.session, new=actions.NewDates(dates), now=now, **given)
    stages = (dates.planning_from, dates.implementation_from, dates.support_from)
    planning, implementation, support = (each if each < today else None for each in stages)
    known = [each for each in (planning, implementation, support) if each]
    if known:
        written = max(known)
        new = actions.Beginnings(planning, implementation, support, seen=row.revision)
        now = world.timeline.at(written, 15)
        actions.write_beginnings(world.session, new=new, now=now, today=written, **given)


def _prepare(world: rounds.World, region: Place, dates: Dates, told: Mapping[str, Any]) -> None:
    """So many items of the checklist are done, three days before they were due; two more have an
    owner."""
    done = told.get("checklist")
    if done is None:
        return
    owner, today = world.people.people[told["owner"]], world.timeline.today
    for number, item in enumerate(reads.shipped_checklist()[: done + 2]):
        due = item.due(dates.baseline_from)
        seen = min(due - dt.timedelta(days=3), today) if number < done else None
        day = seen or min(dates.planning_from, today)
        note = "The papers are in the region's folder." if seen else ""
        readiness.change_item(
            world.session,
            region=region,
            new=ItemChange(item.key, owner.id, due, seen, note),
            actor=world.people.actor(_DIRECTOR, day),
            now=world.timeline.at(day, 14),
            today=day,
        )


def _put_into_practice(
    world: rounds.World, region: Place, dates: Dates, told: Mapping[str, Any]
) -> None:
    """Every component begins with implementation; some are full since the follow-up."""
    today = world.timeline.today
    if dates.implementation_from >= today:
        return
    for code in readiness_queries.components(world.session, today):
        _reach(world, region, code, Degree.INITIAL, dates.implementation_from)
    for code in told.get("full", ()):
        _reach(world, region, code, Degree.FULL, dates.support_from)


_SHOWN = {
    Degree.INITIAL: "Staff are trained, and supervisors coach from the practice model.",
    Degree.FULL: "The follow-up review found it in most cases, in every county.",
}


def _reach(world: rounds.World, region: Place, code: str, degree: Degree, day: dt.date) -> None:
    readiness.set_benchmark(
        world.session,
        region=region,
        new=NewBenchmark(code, degree, day, _SHOWN[degree]),
        actor=world.people.actor(_DIRECTOR, day),
        now=world.timeline.at(day, 16),
        today=day,
    )
