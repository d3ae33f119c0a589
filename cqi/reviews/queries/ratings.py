"""Stored ratings, for measures; and whether they still follow from the answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.cases.rules import CaseType
from cqi.instruments.definition import Rating
from cqi.reviews.rules import RatingLevel, ReviewPurpose, ReviewState


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
    raise NotImplementedError


def recheck(session: orm.Session, review_ids: Collection[int] | None = None) -> list[Difference]:
    """Rate case reviews (all: None) anew and compare; imported ones have nothing to derive from."""
    raise NotImplementedError
