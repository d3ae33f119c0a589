"""A state of three regions: two rounds, one round, and none; the same on every run."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.instruments.definition import Rating
from cqi.places.models import Place
from cqi.places.rules import PlaceKind
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.measures import stored
from tests.measures.stored import Review
from tests.reporting import invented

AS_OF = dt.date(2027, 3, 1)


@dataclass(frozen=True)
class State:
    """Places and rounds by a short name."""

    state: Place
    regions: dict[str, Place]
    counties: dict[str, Place]
    rounds: dict[str, Round]


def make(session: orm.Session) -> State:
    """North was reviewed twice, South once, and nobody yet went East."""
    known = session.scalar(sa.select(Place).where(Place.kind == PlaceKind.STATE))
    state = known or build.state(session)
    regions = {name: build.region(session, name) for name in ("North", "South", "East")}
    for number, (code, region, name) in enumerate(
        (
            ("28003", "North", "Alcorn"),
            ("28009", "North", "Benton"),
            ("28157", "South", "Wilkinson"),
            ("28001", "South", "Adams"),
            ("28041", "East", "Greene"),
        )
    ):
        county = build.county(session, regions[region], name)
        county.code = code
        regions[f"county {number}"] = county
    counties = {regions[f"county {n}"].name: regions.pop(f"county {n}") for n in range(5)}
    before = _round(session, regions["North"], [counties["Alcorn"], counties["Benton"]], 2025)
    rounds = {"before": before}
    rounds["after"] = _round(
        session, regions["North"], [counties["Alcorn"], counties["Benton"]], 2026, before
    )
    rounds["south"] = _round(
        session, regions["South"], [counties["Wilkinson"], counties["Adams"]], 2026
    )
    _fill(session, before, [counties["Alcorn"], counties["Benton"]], 0.4, "B")
    _fill(session, rounds["after"], [counties["Alcorn"], counties["Benton"]], 0.95, "F")
    _fill(session, rounds["south"], [counties["Wilkinson"], counties["Adams"]], 0.7, "S")
    return State(state, regions, counties, rounds)


def _round(
    session: orm.Session,
    region: Place,
    counties: list[Place],
    year: int,
    before: Round | None = None,
) -> Round:
    kind = RoundKind.FOLLOW_UP if before else RoundKind.BASELINE
    made = build.round(session, region, counties, kind=kind, compares_with=before)
    made.name = f"{region.name} {year}"
    made.pur_from = dt.date(year - 1, 1, 1)
    made.on_site_from, made.on_site_to = dt.date(year, 5, 4), dt.date(year, 5, 8)
    session.flush()
    return made


def _fill(
    session: orm.Session, one: Round, counties: list[Place], chance: float, letter: str
) -> None:
    draw = random.Random(f"{one.name}{letter}")  # noqa: S311 - invented data, not secrets
    chances = {component.code: chance for component in invented.instrument().components}
    for number in range(26):
        found = invented.ratings(draw, chances)
        ratings = {code: Rating(value) if value else None for code, value in found.items()}
        wanted = Review(f"{letter}-{number}", ratings)
        stored.review(session, one, counties[number % 3 // 2], wanted)
    for number, (state, purpose) in enumerate(
        (
            (ReviewState.WITHDRAWN, ReviewPurpose.SCORED),
            (ReviewState.IN_PROGRESS, ReviewPurpose.SCORED),
            (ReviewState.FINAL, ReviewPurpose.PRACTICE),
        )
    ):
        left_out = Review(f"{letter}X-{number}", ratings, state, purpose)
        stored.review(session, one, counties[0], left_out)
