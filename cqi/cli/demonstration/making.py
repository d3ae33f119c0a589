"""Makes the whole demonstration state in one transaction: all of it, or nothing."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import orm

from cqi.cli.demonstration import cast, plans, rounds
from cqi.cli.demonstration.timeline import Timeline
from cqi.instruments import library, worked_cases
from cqi.instruments.definition import Rating
from cqi.places import actions as place_actions

INSTRUMENT = ("mississippi_practice_model", "1.0")


@dataclass(frozen=True)
class Made:
    """What to tell: how many reviews there are, and who can sign in with which password."""

    reviews: int
    sign_ins: list[tuple[str, str, str]]
    password: str


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
    place_actions.demonstration_places(session, timeline.day(-1200), timeline.at(today, 0))
    people = cast.make(session, state, timeline)
    world = rounds.World(
        session,
        people,
        timeline,
        library.load(instruments, *INSTRUMENT),
        _stories(instruments),
        rng,
    )
    for one in state["rounds"]:
        say(f"{one['region']}, {one['kind'].replace('_', '-')}: {one['reviews']} case reviews")
        round_id = rounds.make(world, one)
        for plan in state["plans"]:
            if one["kind"] == "baseline" and plan["region"] == one["region"]:
                plans.make(world, plan, round_id)
    return Made(
        sum(one["reviews"] for one in state["rounds"]), cast.sign_ins(state), state["password"]
    )


def _stories(instruments: Path) -> dict[tuple[str, Rating], list[worked_cases.WorkedCase]]:
    cases, _ = worked_cases.load(library.folder_of(instruments, *INSTRUMENT))
    stories: dict[tuple[str, Rating], list[worked_cases.WorkedCase]] = {}
    for case in cases:
        stories.setdefault((case.item, case.rating), []).append(case)
    return stories
