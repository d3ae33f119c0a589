"""Bringing in finished ratings from elsewhere: all of a file or nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases import actions as case_actions
from cqi.cases import queries as cases
from cqi.cases import rules as case_rules
from cqi.cases.models import Case
from cqi.cases.rules import lists
from cqi.core import errors, events, identifiers
from cqi.core.errors import BadRow
from cqi.instruments.definition import Rating
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.queries import imported
from cqi.reviews.rules import RatingLevel, ReviewPurpose, ReviewState, importing
from cqi.reviews.rules.importing import NewReview

PURPOSE = "import"
_NO_ROWS = BadRow(1, "", "no rating stands under the header: write one row for each item")
_EMPTY = BadRow(1, "", "the file is empty: choose the one that has the ratings")


@dataclass(frozen=True)
class RatingsImport:
    """What came in, or would: rows, rounds by name with their cases, cases made new, components
    that stay without a rating; every bad row; or when the same file came in before."""

    rows: int = 0
    rounds: tuple[tuple[str, int], ...] = ()
    new_cases: int = 0
    unrated: int = 0
    problems: tuple[BadRow, ...] = ()
    before: imported.FileBefore | None = None

    @property
    def reviews(self) -> int:
        """How many case reviews."""
        return sum(number for _, number in self.rounds)


@dataclass(frozen=True)
class _Bringing:
    """Who brings what in, and when."""

    digest: str
    actor_id: int | None
    now: dt.datetime


def import_ratings(
    session: orm.Session,
    *,
    content: bytes,
    actor: Actor | None,
    today: dt.date,
    now: dt.datetime,
    dry_run: bool = False,
) -> RatingsImport:
    """Bring in finished ratings, all of a file or nothing; `actor` None is the command line.

    Raises Forbidden without the permission, BadInput where the content is no list. Problems are in
    the result; with any, on a dry run, or when the same file came in before, nothing is changed.
    """
    if actor is not None and not actor.holds(Permission.REVIEW_IMPORT):
        raise errors.Forbidden("You may not bring in finished ratings.")
    bringing = _Bringing(
        hashlib.sha256(content).hexdigest(), actor.person_id if actor else None, now
    )
    if before := imported.file_before(session, bringing.digest):
        return RatingsImport(before=before)
    listing = lists.read_list(content, importing.LIMITS, columns=importing.COLUMNS)
    judged = _judge(session, listing, actor, today)
    if judged.problems:
        return RatingsImport(len(listing.lines), problems=judged.problems)
    new = _new_cases(session, judged.reviews)
    if not dry_run:
        case_actions.take_up(session, new, today=today, now=now)
        _create(session, judged.reviews, bringing)
    return _result(len(listing.lines), judged.reviews, len(new))


def _judge(
    session: orm.Session, listing: lists.Listing, actor: Actor | None, today: dt.date
) -> importing.Judged:
    if not any(listing.header) and all(bad.column for bad in listing.problems):
        return importing.Judged((), (_EMPTY,))  # every column is missing, and nothing else is wrong
    if not listing.lines:
        return importing.Judged((), listing.problems or (_NO_ROWS,))
    known = imported.known(session, listing.lines, actor, today)
    judged = importing.judge(listing.lines, known)
    found = sorted((*listing.problems, *judged.problems), key=lambda bad: bad.line)
    return importing.Judged(judged.reviews, tuple(found))


def _result(rows: int, reviews: Sequence[NewReview], new_cases: int) -> RatingsImport:
    numbers = Counter(each.first.round.name for each in reviews)
    unrated = sum(
        one.rating is None
        for each in reviews
        if each.first.round.instrument.whole
        for one in each.components.values()
    )
    return RatingsImport(rows, tuple(sorted(numbers.items())), new_cases, unrated)


def _new_cases(session: orm.Session, reviews: Sequence[NewReview]) -> list[case_rules.NewCase]:
    """The cases that are not there yet, as the least that works."""
    first = {each.first.case_number: each.first for each in reviews}
    there = cases.known_numbers(session, first)
    return [
        case_rules.NewCase(
            line=row.line,
            case_number=number,
            case_type=row.case_type,
            county_id=row.round.counties[row.county_fips],
            unit_id=None,
            dates=dict.fromkeys(case_rules.DATES),
            staff={},
            child_initial=None,
            child_birth_year=None,
            family_id=None,
            hold=None,
        )
        for number, row in first.items()
        if number not in there
    ]


def _create(session: orm.Session, reviews: Sequence[NewReview], bringing: _Bringing) -> None:
    """Case reviews with their ratings, which are frozen once they are final; and what happened."""
    there = _cases(session, reviews)
    rows = [_review(each, there[each.first.case_number].id, bringing) for each in reviews]
    connection = session.connection()  # all rows at once: a session would sort them by their nulls
    connection.execute(sa.insert(_table(CaseReview)), rows)
    query = sa.select(CaseReview.public_id, CaseReview.id)
    query = query.where(CaseReview.imported_digest == bringing.digest)
    made = dict(session.execute(query).all())
    together = list(zip(reviews, (row["public_id"] for row in rows), strict=True))
    stored = [row for each, public_id in together for row in _ratings(each, made[public_id])]
    connection.execute(sa.insert(_table(StoredRating)), stored)
    ends = sa.update(CaseReview).where(CaseReview.imported_digest == bringing.digest)
    session.execute(ends.values(state=ReviewState.FINAL), execution_options=_PLAIN)
    _record_reviews(session, together, there, bringing)
    _record_rounds(session, reviews, bringing)


def _table(model: Any) -> Any:
    return model.__table__


_PLAIN = {"synchronize_session": False}


def _cases(session: orm.Session, reviews: Sequence[NewReview]) -> dict[str, Any]:
    """The cases of the file by number, each with its ids."""
    numbers = {each.first.case_number for each in reviews}
    query = sa.select(Case.case_number, Case.id, Case.public_id)
    return {row.case_number: row for row in session.execute(query) if row.case_number in numbers}


def _review(each: NewReview, case_id: int, bringing: _Bringing) -> dict[str, Any]:
    row, instrument = each.first, each.first.round.instrument
    final_at = _noon(row.final_on, bringing.now)
    return {
        "public_id": identifiers.uuid7(),
        "round_id": row.round.id,
        "case_id": case_id,
        "purpose": ReviewPurpose.SCORED,
        "reading": 1,
        "state": ReviewState.ASSIGNED,
        "state_since": final_at,
        "pur_to": row.final_on,
        "instrument": instrument.id,
        "instrument_version": instrument.version,
        "instrument_digest": instrument.digest,
        "first_submitted_at": final_at,
        "final_at": final_at,
        "imported_digest": bringing.digest,
        "revision": 1,
        "created_at": bringing.now,
    }


def _noon(day: dt.date, now: dt.datetime) -> dt.datetime:
    """A moment that is this day on the clocks of every state; never in the future."""
    return min(dt.datetime.combine(day, dt.time(12), dt.UTC), now)


def _ratings(each: NewReview, review_id: int) -> Iterator[dict[str, Any]]:
    instrument = each.first.round.instrument
    given = ((code, rated) for code, rated in each.items.items() if rated)
    for code, rated in given:  # of what the file does not have there is nothing to keep
        yield {
            "review_id": review_id,
            "level": RatingLevel.ITEM,
            "component": instrument.item(code).component,
            "code": code,
            "rating": rated,
            "applies": rated is not Rating.NOT_APPLICABLE,
            "because": ["imported" if code in each.ratings else "its parts were imported"],
            "missing": [],
        }
    for code, one in each.components.items():
        yield {
            "review_id": review_id,
            "level": RatingLevel.COMPONENT,
            "component": code,
            "code": code,
            "rating": one.rating,
            "applies": None,
            "because": list(one.because),
            "missing": list(one.missing),
        }


def _record_reviews(
    session: orm.Session,
    made: Sequence[tuple[NewReview, uuid.UUID]],
    there: dict[str, Any],
    bringing: _Bringing,
) -> None:
    """The first event of each case review."""
    happening = events.Happening(imported.KIND, bringing.actor_id, bringing.now, PURPOSE)
    payloads = {
        public_id: {
            "round": str(each.first.round.public_id),
            "case": str(there[each.first.case_number].public_id),
            "file": bringing.digest,
            "final_on": each.first.final_on.isoformat(),
            "ratings": {code: one.value for code, one in each.ratings.items()},
        }
        for each, public_id in made
    }
    events.begin(session, "review", happening, payloads)


def _record_rounds(session: orm.Session, reviews: Sequence[NewReview], bringing: _Bringing) -> None:
    """One event for each round."""
    kind = "round.ratings_imported"
    happening = events.Happening(kind, bringing.actor_id, bringing.now, PURPOSE)
    numbers = Counter(each.first.round.public_id for each in reviews)
    for public_id, number in sorted(numbers.items()):
        payload = {"file": bringing.digest, "reviews": number}
        events.record(session, events.Stream("round", public_id), happening, payload)
