"""A plainly invented state with as many item ratings as are asked for, written in bulk.

`python -m tests.bench.large_state 10000000` fills the empty database of CQI_DATA_DIR (or
CQI_DATABASE_URL), so that one can walk about in it: 13 regions, 82 counties, a baseline and a
follow-up each. Names are numbers, ratings follow from a case's and an item's number.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.core import configuration, database, identifiers, schema
from cqi.core.database import Database
from cqi.instruments.definition import Rating
from cqi.places.models import Place
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build

REGIONS, COUNTIES, BATCH = 13, 82, 20_000
_GOOD, _NOT_GOOD = "r.id * 7919 + c.number * 104729", 100


@dataclass(frozen=True)
class LargeState:
    """What a bench needs of it: somebody who may see everything, a region, its first county."""

    director: Person
    region: Place
    county: Place
    reviews: int


def make(opened: Database, ratings: int) -> LargeState:
    """Fill an empty database with about this many item ratings, all of them of final reviews."""
    with opened.engine.connect() as connection, connection.begin():
        schema.drop_triggers(connection)
    with opened.writing() as session:
        made = _frame(session)
        items = len(build.instrument().items)
        a_round = max(1, ratings // items // len(made.rounds))
        for one, counties in made.rounds:
            _reviews(session, one, counties, a_round)
        _ratings(session)
        final = {"state": ReviewState.FINAL, "final_at": build.NOW, "pur_to": build.NOW.date()}
        session.execute(sa.update(CaseReview).values(**final))
    with opened.engine.connect() as connection, connection.begin():
        schema.create_triggers(connection)
        connection.exec_driver_sql("analyze")
    region, counties = made.regions[0]
    return LargeState(made.director, region, counties[0], a_round * len(made.rounds))


@dataclass(frozen=True)
class _Frame:
    director: Person
    regions: list[tuple[Place, list[Place]]]
    rounds: list[tuple[Round, list[Place]]]


def _frame(session: orm.Session) -> _Frame:
    state, pages = build.state(session), build.instrument()
    director = build.person(session)
    build.grant(session, director, Role.CQI_DIRECTOR, place=state)
    build.password_alone(session)
    regions, rounds = [], []
    for number in range(REGIONS):
        region = build.region(session, f"Region {number + 1:02}", above=state)
        share = range(number, COUNTIES, REGIONS)
        counties = [build.county(session, region, f"County {each + 1:02}") for each in share]
        regions.append((region, counties))
        before = build.round(session, region, counties, pages=pages)
        before.on_site_from = before.on_site_to = build.LONG_AGO.replace(year=2026)
        kind = RoundKind.FOLLOW_UP
        after = build.round(session, region, counties, kind=kind, compares_with=before, pages=pages)
        rounds += [(before, counties), (after, counties)]
    return _Frame(director, regions, rounds)


def _reviews(session: orm.Session, one: Round, counties: Sequence[Place], number: int) -> None:
    """Cases and their reviews; numbers of cases tell of round and order."""
    kinds = list(CaseType)
    cases = [
        {
            "public_id": identifiers.uuid7(),
            "case_number": f"B{one.id:03}-{each:06}",
            "case_type": kinds[each % len(kinds)],
            "county_id": counties[each % len(counties)].id,
            "imported_at": build.NOW,
        }
        for each in range(number)
    ]
    for batch in _batches(cases):
        session.execute(sa.insert(Case), batch)
    ids = session.scalars(
        sa.select(Case.id).where(Case.case_number.startswith(f"B{one.id:03}-")).order_by(Case.id)
    ).all()
    pinned = {
        "instrument": one.instrument,
        "instrument_version": one.instrument_version,
        "instrument_digest": one.instrument_digest,
    }
    reviews = [
        {
            "public_id": identifiers.uuid7(),
            "round_id": one.id,
            "case_id": case_id,
            "purpose": ReviewPurpose.SCORED,
            "reading": 1,
            "state": ReviewState.IN_PROGRESS,
            "state_since": build.NOW,
            "created_at": build.NOW,
            "revision": 1,
            **pinned,
        }
        for case_id in ids
    ]
    for batch in _batches(reviews):
        session.execute(sa.insert(CaseReview), batch)


def _batches(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _ratings(session: orm.Session) -> None:
    """Every code of every review in one statement: the database makes them faster than we do."""
    pages = build.instrument()
    codes = [("component", each.code, each.code) for each in pages.components]
    codes += [("item", each.component, each.code) for each in pages.items]
    listed = ", ".join(
        f"({number}, '{level}', '{component}', '{code}')"
        for number, (level, component, code) in enumerate(codes)
    )
    draw = f"(({_GOOD}) % {_NOT_GOOD})"
    rating = (
        f"case when c.level = 'component' and {draw} < 55"
        f" then '{Rating.SUBSTANTIALLY_ACHIEVED.value}'"
        f" when c.level = 'component' then '{Rating.PARTIALLY_ACHIEVED.value}'"
        f" when {draw} < 15 then '{Rating.NOT_APPLICABLE.value}'"
        f" when {draw} < 70 then '{Rating.STRENGTH.value}'"
        f" else '{Rating.AREA_NEEDING_IMPROVEMENT.value}' end"
    )
    session.execute(
        sa.text(
            f"with c(number, level, component, code) as (values {listed})"  # noqa: S608 - our words
            " insert into ratings (review_id, level, component, code, rating, because, missing)"
            f" select r.id, c.level, c.component, c.code, {rating}, '[]', '[]'"
            " from case_reviews r cross join c"
        )
    )


def main() -> None:
    settings = configuration.from_environment(dict(os.environ))
    opened = database.create_database(settings)
    schema.upgrade(settings, opened.keys)
    made = make(opened, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    print(f"{made.reviews} case reviews; {made.director.email} signs in with: {build.PASSWORD}")
    opened.dispose()


if __name__ == "__main__":
    main()
