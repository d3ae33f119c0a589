"""Measures over one round of 36 reviews, and a region's report as page and PDF."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
import time
from collections.abc import Callable, Iterator

from sqlalchemy import orm

from cqi.core import configuration, database, schema
from cqi.documents import html, pdf
from cqi.instruments.definition import Rating
from cqi.measures import queries as measures
from cqi.reporting import queries
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.bench.__main__ import Row
from tests.measures import stored
from tests.reporting import invented

REVIEWS = 36
DAY = dt.date(2027, 3, 10)


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        settings = configuration.from_environment({"CQI_DATA_DIR": folder})
        opened = database.create_database(settings)
        schema.upgrade(settings, opened.keys)
        with opened.writing() as session:
            follow_up = two_rounds(session).public_id
        with opened.reading() as session:
            yield from timed(session, queries.round_of(session, None, follow_up))
        opened.dispose()


def timed(session: orm.Session, one: Round) -> Iterator[Row]:
    wanted = queries.Wanted(one, DAY)
    asked = measures.Asked(one.compares_with or one, invented.instrument())
    document = queries.region_report(session, wanted)
    pdf.render(document)  # fonts and definitions are read once a process
    yield (
        "measures over one round",
        milliseconds(lambda: measures.measures(session, asked)),
        "ms",
        "the aim",
        50,
    )
    both = milliseconds(lambda: queries.asked_of(session, wanted))
    yield "what a report asks of the measures", both, "ms", "", None
    made = milliseconds(lambda: queries.region_report(session, wanted))
    yield "region report, document", made, "ms", "", None
    yield "region report, page", milliseconds(lambda: html.render(document)), "ms", "", None
    whole = made + milliseconds(lambda: pdf.render(document))
    yield "region report, document and PDF", whole, "ms", "the aim", 1000


def milliseconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1000


def two_rounds(session: orm.Session) -> Round:
    region = build.region(session)
    counties = [build.county(session, region) for _ in range(4)]
    pages = invented.instrument()
    before = build.round(session, region, counties, pages=pages)
    after = build.round(
        session, region, counties, kind=RoundKind.FOLLOW_UP, compares_with=before, pages=pages
    )
    draw = random.Random(1)  # noqa: S311 - invented data, not secrets
    for one in (before, after):
        for number in range(REVIEWS):
            found = invented.ratings(draw, {}).items()
            ratings = {code: Rating(rating) for code, rating in found if rating}
            wanted = stored.Review(f"{one.id}-{number}", ratings)
            stored.review(session, one, counties[number % 4], wanted)
    return after
