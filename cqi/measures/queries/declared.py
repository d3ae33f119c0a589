"""What each final case review of a round adds to the measures that are declared in data."""

from __future__ import annotations

import functools
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, folders
from cqi.instruments.definition import NO, YES
from cqi.measures.rules import declared
from cqi.measures.rules.declared import Declared, Kind
from cqi.reviews.models import Answer, CaseReview, InterviewRow, ReviewStep, StoredRating
from cqi.reviews.rules import RatingLevel, ReviewPurpose, ReviewState
from cqi.reviews.rules.interviews import NotHeld, Outcome
from cqi.reviews.workflow import Step
from cqi.rounds.models import Round

FILE = "measures.toml"
Pairs = Mapping[int, Mapping[str, tuple[int, int]]]  # review id -> measure's id -> (k, n)
_Counts = Iterator[tuple[int, int, int]]


@functools.cache
def shipped() -> tuple[Declared, ...]:
    """The measures of reports/measures.toml. Raises BadInput with every problem in it."""
    path = folders.data_folder("reports") / FILE
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.BadInput(f"{path.name} is no TOML in UTF-8: {error}") from error
    return declared.parse(raw, path.name)


def of_round(session: orm.Session, one: Round, wholes: frozenset[str]) -> Pairs:
    """For each final, scored first reading of a round what counts in each declared measure; what
    has nothing in a denominator has no entry. `wholes` are items that only sum their parts up."""
    found: defaultdict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    for measure in shipped():
        if measure.kind is Kind.QUESTION and measure.instrument != one.instrument:
            continue
        for review_id, achieved, applicable in _counts(session, one, measure, wholes):
            if applicable:
                found[review_id][measure.id] = (int(achieved), int(applicable))
    return found


def _counts(session: orm.Session, one: Round, measure: Declared, wholes: frozenset[str]) -> _Counts:
    queries = {
        Kind.INTERVIEWS: lambda: _interviews(),
        Kind.RETURNS: lambda: _returns(),
        Kind.OVERRIDES: lambda: _overrides(wholes),
        Kind.QUESTION: lambda: _question(measure),
    }
    query = queries[measure.kind]().where(
        CaseReview.round_id == one.id,
        CaseReview.purpose == ReviewPurpose.SCORED,
        CaseReview.reading == 1,
        CaseReview.state == ReviewState.FINAL,
        CaseReview.imported_digest.is_(None),
    )
    for review_id, achieved, applicable in session.execute(query.group_by(CaseReview.id)):
        yield review_id, achieved or 0, applicable or 0


def _sum(condition: Any) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _interviews() -> sa.Select[int, Any, Any]:
    held = InterviewRow.outcome == Outcome.HELD
    somebody = sa.or_(InterviewRow.reason.is_(None), InterviewRow.reason != NotHeld.NOBODY)
    known = sa.and_(InterviewRow.outcome.is_not(None), somebody, InterviewRow.removed_at.is_(None))
    query = sa.select(CaseReview.id, _sum(sa.and_(held, known)), _sum(known))
    return query.join(InterviewRow, InterviewRow.review_id == CaseReview.id)


def _returns() -> sa.Select[int, Any, Any]:
    returned = sa.exists().where(
        ReviewStep.review_id == CaseReview.id, ReviewStep.step == Step.RETURN_TO_REVIEWERS.value
    )
    return sa.select(CaseReview.id, sa.case((returned, 1), else_=0), sa.literal(1))


def _overrides(wholes: frozenset[str]) -> sa.Select[int, Any, Any]:
    row = StoredRating
    item = sa.and_(row.level == RatingLevel.ITEM, row.code.not_in(sorted(wholes)))
    rated = sa.and_(item, sa.or_(row.rating.is_not(None), row.overridden.is_not(None)))
    query = sa.select(CaseReview.id, _sum(sa.and_(item, row.overridden.is_not(None))), _sum(rated))
    return query.join(row, row.review_id == CaseReview.id)


def _question(measure: Declared) -> sa.Select[int, Any, Any]:
    """A question that is asked of several people is answered so where one answer is."""
    there = sa.and_(Answer.item == measure.item, Answer.question == measure.question)
    said = sa.func.max(sa.case((Answer.value == measure.answer, 1), else_=0))
    answered = sa.func.max(sa.case((Answer.value.in_((YES, NO)), 1), else_=0))
    query = sa.select(CaseReview.id, said, answered)
    return query.join(Answer, sa.and_(Answer.review_id == CaseReview.id, there))
