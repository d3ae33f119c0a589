"""Dashboards of a state with a million item ratings (CQI_BENCH_RATINGS: another number), on both
engines, beside the one GROUP BY that they would need without kept counts."""

from __future__ import annotations

import functools
import os
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask.testing import FlaskClient

from cqi.core import configuration, schema
from cqi.core import database as databases
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.measures import actions
from cqi.measures.queries import tallies
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import ReviewState
from cqi.rounds.models import Round
from cqi.web import app as web
from tests import build
from tests.bench import bench_measures, bench_pages, large_state
from tests.bench.__main__ import Row
from tests.bench.large_state import LargeState
from tests.fixtures import postgresql

RATINGS = int(os.environ.get("CQI_BENCH_RATINGS", "1000000"))
LARGE, REPEATS = 10_000_000, 15
AIMS = {"embedded": 100.0, "postgresql": 60.0}


@dataclass(frozen=True)
class Place:
    """A filled database, and a browser of somebody who may see all of it."""

    engine: str
    opened: Database
    client: FlaskClient
    made: LargeState


def measure() -> Iterator[Row]:
    for engine in AIMS:
        yield from pages(place(engine))


def pages(here: Place) -> Iterator[Row]:
    millions = f"{RATINGS / 1_000_000:g} million ratings, {here.engine}"
    region = f"/reports/regions/{here.made.region.public_id}"
    aim = 200.0 if RATINGS >= LARGE else AIMS[here.engine]
    yield f"state, {millions}", taken(here, "/reports/regions"), "ms", "the aim", aim
    county = f"/reports/counties/{here.made.county.public_id}"
    yield f"county, {millions}", taken(here, county), "ms", "the aim", 40.0
    yield f"region, {millions}", taken(here, region), "ms", "", None
    yield f"an item with its cases, {millions}", taken(here, f"{region}/SRM05"), "ms", "", None
    item = taken(here, "/reports/measures/SRM05")
    yield f"an item of the state, {millions}", item, "ms", "the aim", aim
    state = taken(here, "/reports/regions")
    yield f"state, of one GROUP BY, {here.engine}", state, "ms", "GROUP BY", grouped(here.opened)
    queries = bench_pages.statements(here.opened, here.client, "/reports/regions")
    yield f"state, queries, {here.engine}", queries, "", "", None


def taken(here: Place, path: str) -> float:
    assert here.client.get(path).status_code == 200
    times = [bench_measures.milliseconds(lambda: here.client.get(path)) for _ in range(REPEATS)]
    return statistics.median(times)


def grouped(opened: Database) -> float:
    """Every rating of the state by round, code and rating: what kept counts save."""
    keys = (CaseReview.round_id, StoredRating.code, StoredRating.rating)
    query = (
        sa.select(*keys, sa.func.count())
        .join(CaseReview, CaseReview.id == StoredRating.review_id)
        .where(CaseReview.state == ReviewState.FINAL)
        .group_by(*keys)
    )
    with opened.reading() as session:
        return bench_measures.milliseconds(lambda: session.execute(query).all())


@functools.cache
def place(engine: str) -> Place:
    """Made once a process: it takes longer than everything that is measured."""
    folder = tempfile.mkdtemp(prefix="cqi-bench-")
    found = {"CQI_DATA_DIR": folder}
    if engine == "postgresql":
        found["CQI_DATABASE_URL"] = postgresql.create_database(server(Path(folder)))
    settings = configuration.from_environment(found)
    opened = databases.create_database(settings)
    schema.upgrade(settings, opened.keys)
    made = large_state.make(opened, RATINGS)
    with opened.writing() as session:
        ids = session.scalars(sa.select(Round.id)).all()
        actions.keep_counts(session, ids, now=build.NOW)
        assert tallies.holding(session, ids) == set(ids)
    clock = Clock(ZoneInfo("America/Chicago"))
    app = web.create_app(opened, clock)
    client = bench_pages.signed_in(app, opened, made.director.email, clock)
    return Place(engine, opened, client, made)


def server(folder: Path) -> str:
    if given := os.environ.get("TEST_PG_URL"):
        return given
    answer = folder / "postgresql.url"
    postgresql.start(answer, run=os.getpid())
    return answer.read_text(encoding="utf-8")
