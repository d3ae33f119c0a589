"""Makes the whole demonstration state in one transaction: all of it, or nothing."""

from __future__ import annotations

import datetime as dt
import functools
import random
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import orm

from cqi import places
from cqi.cli.demonstration import (
    books,
    cast,
    coaching,
    invention,
    memos,
    messages,
    plan_work,
    plans,
    reconsiderations,
    reports,
    reviewers,
    rollout,
    rounds,
)
from cqi.cli.demonstration.timeline import Timeline
from cqi.instruments import library, worked_cases
from cqi.instruments.definition import Rating
from cqi.places import actions, queries
from cqi.places.rules import PlaceKind

_SINCE = -1210
_AHEAD = dt.timedelta(days=31)  # of a round that asks for it, the register is in order


@dataclass(frozen=True)
class Made:
    """What to tell: how many reviews there are."""

    reviews: int


def told() -> dict[str, Any]:
    """The state file."""
    return tomllib.loads((Path(__file__).parent / "state.toml").read_text(encoding="utf-8"))


def make(
    session: orm.Session,
    *,
    today: dt.date,
    time_zone: ZoneInfo,
    instruments: Path,
    say: Callable[[str], None],
) -> Made:
    """Fill an empty database; the same day makes the same state."""
    state, timeline = told(), Timeline(today, time_zone)
    rng = random.Random(state["seed"])  # noqa: S311 - the demonstration must repeat
    _places(session, timeline)
    people = cast.make(session, state, timeline)
    pages = functools.cache(functools.partial(_pages, instruments, state))
    world = rounds.World(session, people, timeline, pages, rng)
    for one in state["rounds"]:
        say(f"{one['region']}, {one['kind'].replace('_', '-')}: {one['reviews']} case reviews")
        if "requires" in one:
            reviewers.write(world, timeline.monday(one["on_site"]) - _AHEAD)
        round_id = rounds.make(world, {"instrument": state["instrument"], **one})
        plans.begin(world, one, round_id)
    rollout.make(world, state["rollout"])
    _move(world, state["move"])
    memos.give(world)
    reconsiderations.ask(world)
    coaching.write(world)
    reports.make(world, state["reports"])
    books.keep(world)
    plan_work.go_on(world)
    messages.deliver(world)
    return Made(sum(one["reviews"] for one in state["rounds"]))


def _places(session: orm.Session, timeline: Timeline) -> None:
    """The shipped counties, and one unit in each."""
    since = timeline.day(_SINCE)
    now = timeline.at(since, 7)
    shipped = Path(places.__file__).parent / "data" / "counties.csv"
    source = actions.Source("Demonstration assignment of counties to regions", since)
    actions.import_places(
        session, shipped.read_text(encoding="utf-8"), source, actor_id=None, now=now
    )
    for county in queries.of_kind(session, PlaceKind.COUNTY):
        unit = actions.NewUnit(
            county.id, cast.unit_code(county.code), f"{county.name} unit 1", since
        )
        actions.add_unit(session, unit, actor_id=None, now=now)


def _move(world: rounds.World, told: Mapping[str, Any]) -> None:
    """A county that goes to another region in some months."""
    day = world.timeline.workday(told["decided"])
    move = actions.Move(
        queries.place(world.session, PlaceKind.COUNTY, told["county"]),
        queries.place(world.session, PlaceKind.REGION, told["to"]),
        world.timeline.day(told["from"]),
        told["source"],
        confirmed=True,
    )
    administrator = world.people.people[cast.ADMINISTRATOR].id
    now = world.timeline.at(day, 9)
    actions.move_county(world.session, move, actor_id=administrator, today=day, now=now)


def _pages(instruments: Path, state: Mapping[str, Any], name: str) -> invention.Pages:
    """An instrument ("ID VERSION") with the stories of its worked cases."""
    id_, _, version = name.partition(" ")
    cases, _ = worked_cases.load(library.folder_of(instruments, id_, version))
    stories: dict[tuple[str, Rating], list[worked_cases.WorkedCase]] = {}
    for case in cases:
        stories.setdefault((case.item, case.rating), []).append(case)
    instrument = library.load(instruments, id_, version)
    return invention.Pages(instrument, stories, state["facts"], state["subjects"])
