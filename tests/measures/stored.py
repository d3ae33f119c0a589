"""Finished case reviews, written as rows: measures need no answers, only ratings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.core import identifiers
from cqi.instruments.definition import Rating
from cqi.measures.queries import pools
from cqi.measures.rules import tabulation
from cqi.places.models import Place
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import RatingLevel, ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from tests import build


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
        state_since=build.NOW,
        instrument=of.instrument,
        instrument_version=of.instrument_version,
        instrument_digest=of.instrument_digest,
        created_at=build.NOW,
    )
    session.add(made)
    session.flush()
    session.add_all(_rating(made, code, rating) for code, rating in wanted.ratings.items())
    session.flush()
    made.pur_to, made.final_at, made.state = of.on_site_to, build.NOW, wanted.state
    session.flush()
    return made


def run(session: orm.Session, run_id: str, *, overrides: bool = True) -> tabulation.Measures:
    """A stored run worked out again, as `cqi measures --run` does it."""
    kept = pools.stored(session, run_id)
    return pools.figures_of(session, kept, overrides=overrides)


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
        found = Case(case_number=number, case_type=kind, county_id=county.id, imported_at=build.NOW)
        session.add(found)
        session.flush()
    return found
