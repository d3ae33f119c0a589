"""Stored ratings, for measures; and whether they still follow from the answers."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.core import errors
from cqi.instruments import definition, problems, rating
from cqi.instruments.definition import Rating
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.queries import contents, visibility
from cqi.reviews.rules import RatingLevel, ReviewPurpose, ReviewState
from cqi.rounds.models import Round

AT_ONCE = 200  # case reviews that `rechecked` holds in memory


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
    """A stored rating that is not what the answers come to. `review` is the public id.

    With `why`, the case review cannot be rated at all and `code` is empty.
    """

    review: uuid.UUID
    code: str = ""
    stored: str | None = None
    derived: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Rechecked:
    """One case review, rated anew. An imported one has nothing to derive from."""

    review: uuid.UUID
    imported: bool = False
    differences: tuple[Difference, ...] = ()


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
    """All differences of some case reviews (None: of all) at once."""
    return [found for one in rechecked(session, review_ids) for found in one.differences]


def rechecked(
    session: orm.Session, review_ids: Collection[int] | None = None
) -> Iterator[Rechecked]:
    """Rate case reviews (None: all) anew and compare, in order, a few in memory at a time."""
    pinned = (CaseReview.instrument, CaseReview.instrument_version, CaseReview.instrument_digest)
    columns = (CaseReview.id, CaseReview.public_id, CaseReview.imported_digest, *pinned)
    query = sa.select(*columns, Round.items.label("asked")).join(
        Round, Round.id == CaseReview.round_id
    )
    query = query.order_by(CaseReview.id).execution_options(yield_per=AT_ONCE)
    if review_ids is not None:
        query = query.where(CaseReview.id.in_(review_ids))
    instruments = _Instruments()
    for reviews in session.execute(query).partitions():
        derivable = [review.id for review in reviews if review.imported_digest is None]
        recorded = contents.to_rate(session, derivable)
        stored = _stored(session, derivable)
        for review in reviews:
            if review.id not in recorded:
                yield Rechecked(review.public_id, imported=True)
                continue
            found = _differences(review, instruments, recorded[review.id], stored[review.id])
            yield Rechecked(review.public_id, differences=tuple(found))


class _Instruments(dict[tuple[Any, ...], definition.Instrument | str]):
    """The pinned instruments, each loaded once; words where one is not as it was."""

    def of(self, review: Any) -> definition.Instrument | str:
        """The instrument that a case review was scored with, or why there is none."""
        asked = tuple(review.asked or ())
        key = (review.instrument, review.instrument_version, review.instrument_digest, asked)
        if key not in self:
            try:
                self[key] = visibility.pinned(review, asked)
            except (errors.BadInput, problems.InstrumentError) as error:
                self[key] = str(error)
        return self[key]


def _stored(session: orm.Session, review_ids: Collection[int]) -> dict[int, dict[str, str | None]]:
    """Ratings by review id and code, as text: whatever stands there is compared."""
    found: dict[int, dict[str, str | None]] = {review_id: {} for review_id in review_ids}
    rating_ = sa.type_coerce(StoredRating.rating, sa.String)
    query = sa.select(StoredRating.review_id, StoredRating.code, rating_)
    query = query.where(StoredRating.review_id.in_(review_ids))
    for review_id, code, one in session.connection().execute(query):
        found[review_id][code] = one
    return found


def _differences(
    review: Any,
    instruments: _Instruments,
    content: contents.Content,
    stored: Mapping[str, str | None],
) -> Iterator[Difference]:
    instrument = instruments.of(review)
    if isinstance(instrument, str):
        yield Difference(review.public_id, why=instrument)
        return
    try:
        case = rating.rate(instrument, content.facts, content.answers, content.subjects)
    except problems.InputError as error:
        yield Difference(review.public_id, why=str(error))
        return
    derived = {code: item.rating for code, item in case.items.items()}
    derived |= {code: component.rating for code, component in case.components.items()}
    for code in (*derived, *(code for code in stored if code not in derived)):
        if stored.get(code) != derived.get(code):
            yield Difference(review.public_id, code, stored.get(code), derived.get(code))
