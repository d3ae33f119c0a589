"""Whether 10,000 stored case reviews still follow from their answers, beside only rating them.

Three in four are on the practice model, the others on the federal instrument. They are written as
rows, once a run; what no rating looks at (reasons, narratives) is left out.
"""

from __future__ import annotations

import atexit
import functools
import random
import tempfile
import time
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import configuration, database, identifiers, schema
from cqi.instruments import definition, rating
from cqi.reviews import queries
from cqi.reviews.models import Answer, CaseReview, FactAnswer, ReviewSubject, StoredRating
from cqi.reviews.rules import RatingLevel
from cqi.rounds.models import Round
from tests import build
from tests.bench.__main__ import Row

REVIEWS, AT_ONCE = 10_000, 200
INSTRUMENTS = ("mississippi_practice_model",) * 3 + ("osri",)
ANSWERS = ("yes",) * 8 + ("no", "na")


@dataclass
class Given:
    """What stands on one case review, as the rules want it."""

    instrument: definition.Instrument
    facts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    subjects: dict[str, list[str]] = field(default_factory=dict)

    def rate(self) -> rating.CaseRating:
        return rating.rate(self.instrument, self.facts, self.answers, self.subjects)


def measure() -> Iterator[Row]:
    opened, given = stored()
    whole = seconds(lambda: rechecked(opened))
    bare = seconds(lambda: only_rated(given))
    yield f"recheck of {REVIEWS:,} stored reviews", whole, "s", "the aim", 60
    yield "the same", whole, "s", "only rating them", bare
    tracemalloc.start()
    rechecked(opened, 1000)
    yield "memory of a recheck", tracemalloc.get_traced_memory()[1] / 1e6, "MB", "", None
    tracemalloc.stop()


def rechecked(opened: database.Database, last: int = REVIEWS) -> None:
    with opened.reading() as session:
        assert queries.recheck(session, None if last == REVIEWS else range(1, last + 1)) == []


def only_rated(given: list[Given]) -> None:
    """The bare loop; it keeps no rating, as the recheck keeps none."""
    for one in given:
        one.rate()


def seconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


@functools.cache
def stored() -> tuple[database.Database, list[Given]]:
    """A database of case reviews and, in their order, what stands on them."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    settings = configuration.from_environment({"CQI_DATA_DIR": folder.name})
    opened = database.create_database(settings)
    schema.upgrade(settings, opened.keys)
    draw = random.Random(1)  # noqa: S311 - invented data, not secrets
    with opened.writing() as session:
        region = build.region(session)
        counties = [build.county(session, region)]
        pages = [build.instrument(name) for name in INSTRUMENTS]
        rounds = [build.round(session, region, counties, pages=each) for each in pages]
        cases = [build.case(session, counties[0]).id for _ in range(REVIEWS)]
        by = build.person(session).id
        given = [invented(draw, pages[number % len(pages)]) for number in range(REVIEWS)]
        for start in range(0, REVIEWS, AT_ONCE):
            some = range(start, min(start + AT_ONCE, REVIEWS))
            write(session, (review(n + 1, rounds[n % len(rounds)], cases[n]) for n in some))
            write(session, (row for n in some for row in rows(n + 1, given[n], by)))
    return opened, given


def invented(draw: random.Random, instrument: definition.Instrument) -> Given:
    """Facts, subjects and an answer to every question, asked or not."""
    made = Given(instrument)
    made.facts = {fact.name: draw.choice(fact.values) for fact in instrument.facts}
    for kind in instrument.subjects:
        made.subjects[kind.kind] = [str(identifiers.uuid7()) for _ in range(draw.randint(1, 2))]
    for item in instrument.items:
        made.answers[item.code] = {
            question.id: {subject: answer(draw, question) for subject in made.subjects[each]}
            if (each := question.for_each)
            else answer(draw, question)
            for question in item.questions
        }
    return made


def answer(draw: random.Random, question: definition.Question) -> str:
    if not question.values:
        return str(draw.choice((question.least, question.least, question.least + 1)))
    return draw.choice([each for each in ANSWERS if each in question.values] or question.values)


def review(number: int, on: Round, case: int) -> tuple[type, dict[str, Any]]:
    pinned = ("instrument", "instrument_version", "instrument_digest")
    return CaseReview, {
        "id": number, "public_id": identifiers.uuid7(), "round_id": on.id, "case_id": case,
        "purpose": "scored", "reading": 1, "state": "in_progress", "state_since": build.NOW,
        "created_at": build.NOW, "revision": 1, **{name: getattr(on, name) for name in pinned},
    }  # fmt: skip


def rows(review_id: int, given: Given, by: int) -> Iterator[tuple[type, dict[str, Any]]]:
    """What the database holds of one case review."""
    saved = {"review_id": review_id, "revision": 1, "by_id": by, "at": build.NOW}
    for name, value in given.facts.items():
        yield FactAnswer, {**saved, "name": name, "value": value}
    for kind, subject in ((kind, one) for kind, all_ in given.subjects.items() for one in all_):
        named = {"kind": kind, "public_id": uuid.UUID(subject), "label": "Somebody"}
        yield ReviewSubject, {**saved, **named}
    for item, answers in given.answers.items():
        for question, value in answers.items():
            of_each = value if isinstance(value, dict) else {None: value}
            for subject, one in of_each.items():
                place = {"item": item, "question": question, "subject": subject}
                yield Answer, {**saved, **place, "value": one}
    yield from ratings(review_id, given.rate())


def ratings(review_id: int, rated: rating.CaseRating) -> Iterator[tuple[type, dict[str, Any]]]:
    items, components = RatingLevel.ITEM, RatingLevel.COMPONENT
    for level, found in ((items, rated.items), (components, rated.components)):
        for code, one in found.items():
            yield StoredRating, {
                "review_id": review_id, "level": level, "component": code, "code": code,
                "rating": one.rating, "because": [], "missing": [],
            }  # fmt: skip


def write(session: orm.Session, rows_of: Iterator[tuple[type, dict[str, Any]]]) -> None:
    """Insert rows, table by table."""
    by_model: dict[type, list[dict[str, Any]]] = {}
    for model, row in rows_of:
        by_model.setdefault(model, []).append(row)
    for model, held in by_model.items():
        session.execute(sa.insert(model), held)
