"""Stored ratings, for measures; and whether they still follow from the answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.instruments import rating
from cqi.instruments.definition import Rating
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.queries import contents, visibility
from cqi.reviews.rules import RatingLevel, ReviewPurpose, ReviewState

_AT_ONCE = 50


@dataclass(frozen=True)
class StoredRow:
    """One stored rating of one case review, whatever its state."""

    review_id: int
    case_id: int
    county_id: int
    case_type: CaseType
    purpose: ReviewPurpose
    state: ReviewState
    level: RatingLevel
    component: str
    code: str
    rating: Rating | None


@dataclass(frozen=True)
class Difference:
    """A stored rating that does not follow from the answers."""

    review_id: int
    code: str
    stored: Rating | None
    derived: Rating | None


def stored_ratings(session: orm.Session, round_id: int) -> list[StoredRow]:
    """All stored ratings of a round, by case review and code. For commands and `measures`."""
    review, row = CaseReview, StoredRating
    columns = (
        review.id.label("review_id"),
        review.case_id,
        Case.county_id,
        Case.case_type,
        review.purpose,
    )
    query = (
        sa.select(*columns, review.state, row.level, row.component, row.code, row.rating)
        .join(Case, Case.id == review.case_id)
        .join(row, row.review_id == review.id)
        .where(review.round_id == round_id)
        .order_by(review.id, row.code)
    )
    return [StoredRow(**found._mapping) for found in session.execute(query)]


def recheck(session: orm.Session, review_ids: Collection[int] | None = None) -> list[Difference]:
    """Rate case reviews (all: None) anew and compare; imported ones have nothing to derive from."""
    query = sa.select(CaseReview).where(CaseReview.imported_digest.is_(None))
    if review_ids is not None:
        query = query.where(CaseReview.id.in_(review_ids))
    reviews = list(session.scalars(query.order_by(CaseReview.id)))
    found: list[Difference] = []
    for start in range(0, len(reviews), _AT_ONCE):
        found += _differences(session, reviews[start : start + _AT_ONCE])
    return found


def _differences(session: orm.Session, reviews: list[CaseReview]) -> Iterator[Difference]:
    ids = [review.id for review in reviews]
    recorded = contents.contents(session, ids)
    stored: dict[int, dict[str, Rating | None]] = {review_id: {} for review_id in ids}
    query = sa.select(StoredRating.review_id, StoredRating.code, StoredRating.rating)
    for review_id, code, one in session.execute(query.where(StoredRating.review_id.in_(ids))):
        stored[review_id][code] = one
    for review in reviews:
        derived = _derived(review, recorded[review.id])
        for code, one in derived.items():
            kept = stored[review.id].get(code)
            if kept is not one:
                yield Difference(review.id, code, kept, one)


def _derived(review: CaseReview, content: contents.Content) -> dict[str, Rating | None]:
    instrument = visibility.instrument_of(review)
    case = rating.rate(instrument, content.facts, content.answers, content.subjects)
    items = {code: item.rating for code, item in case.items.items()}
    return items | {code: each.rating for code, each in case.components.items()}
