"""Rounds with finished case reviews, written as rows: measures need no answers, only ratings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import models as access_models
from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.core import configuration, database, identifiers, schema
from cqi.instruments.definition import Instrument, Rating
from cqi.places.models import Place, PlaceMembership
from cqi.places.rules import PlaceKind
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import RatingLevel, ReviewPurpose, ReviewState
from cqi.rounds.models import Round, RoundCounty
from cqi.rounds.rules import RoundKind

PEOPLE = access_models.Person.__table__  # rounds point to people, so the table must be known
NOW = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)


@contextmanager
def opened(folder: Path, url: str) -> Iterator[database.Database]:
    """An empty, migrated database on either engine."""
    settings = configuration.from_environment(
        {"CQI_DATA_DIR": str(folder), "CQI_DATABASE_URL": url}
    )
    found = database.create_database(settings)
    schema.upgrade(settings, found.keys)
    try:
        yield found
    finally:
        found.engine.dispose()


def region(session: orm.Session, name: str, counties: Mapping[str, str]) -> list[Place]:
    """A region and its counties (FIPS code -> name); the region stands first."""
    top = Place(kind=PlaceKind.REGION, code=name, name=name)
    below = [Place(kind=PlaceKind.COUNTY, code=code, name=n) for code, n in counties.items()]
    session.add_all([top, *below])
    session.flush()
    for county in below:
        since = dt.date(2020, 1, 1)
        session.add(
            PlaceMembership(place_id=county.id, parent_id=top.id, from_on=since, source="a test")
        )
    return [top, *below]


def a_round(
    session: orm.Session,
    instrument: Instrument,
    places: Sequence[Place],
    name: str,
    baseline: Round | None = None,
) -> Round:
    """A baseline of 2025, or a follow-up of 2026 where `baseline` is given."""
    year = 2026 if baseline else 2025
    made = Round(
        name=name,
        kind=RoundKind.FOLLOW_UP if baseline else RoundKind.BASELINE,
        region_id=places[0].id,
        instrument=instrument.id,
        instrument_version=instrument.version,
        instrument_digest=instrument.digest,
        pur_from=dt.date(year - 1, 1, 1),
        on_site_from=dt.date(year, 2, 2),
        on_site_to=dt.date(year, 2, 20),
        compares_with_id=baseline.id if baseline else None,
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    session.add_all(RoundCounty(round_id=made.id, county_id=each.id) for each in places[1:])
    session.flush()
    return made


@dataclass
class Review:
    """What a case review shall be."""

    number: str
    ratings: Mapping[str, Rating | None] = field(default_factory=dict)
    state: ReviewState = ReviewState.FINAL
    purpose: ReviewPurpose = ReviewPurpose.SCORED
    reading: int = 1


def review(session: orm.Session, of: Round, county: Place, wanted: Review) -> CaseReview:
    """A case review with its ratings, in the state that is asked for."""
    made = CaseReview(
        public_id=identifiers.uuid7(),
        round_id=of.id,
        case_id=_case(session, wanted.number, county).id,
        purpose=wanted.purpose,
        reading=wanted.reading,
        state=ReviewState.IN_PROGRESS,
        state_since=NOW,
        instrument=of.instrument,
        instrument_version=of.instrument_version,
        instrument_digest=of.instrument_digest,
        created_at=NOW,
    )
    session.add(made)
    session.flush()
    session.add_all(_rating(made, code, rating) for code, rating in wanted.ratings.items())
    session.flush()
    made.pur_to, made.final_at, made.state = of.on_site_to, NOW, wanted.state
    session.flush()
    return made


def _rating(of: CaseReview, code: str, rating: Rating | None) -> StoredRating:
    level = RatingLevel.COMPONENT if len(code) == 3 else RatingLevel.ITEM
    return StoredRating(
        review_id=of.id,
        level=level,
        component=code[:3],
        code=code,
        rating=rating,
        because=[],
        missing=[],
    )


def _case(session: orm.Session, number: str, county: Place) -> Case:
    found = session.scalar(sa.select(Case).where(Case.case_number == number))
    if found is None:
        kind = CaseType.FOSTER_CARE if int(number[-1]) % 2 else CaseType.IN_HOME
        found = Case(case_number=number, case_type=kind, county_id=county.id, imported_at=NOW)
        session.add(found)
        session.flush()
    return found
