"""Whom a case review should hear, as recorded and as the case asks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.reviews.models import CaseReview, InterviewRow
from cqi.reviews.rules.interviews import Interview

_COLUMNS = (
    InterviewRow.public_id,
    InterviewRow.role,
    InterviewRow.label,
    InterviewRow.outcome,
    InterviewRow.held_on,
    InterviewRow.how,
    InterviewRow.reason,
    InterviewRow.revisions,
    InterviewRow.removed_at,
)


@dataclass(frozen=True)
class About:
    """What says whom a case review should hear, besides its facts."""

    review: uuid.UUID
    case_type: CaseType


@dataclass(frozen=True)
class Notes:
    """The notes of an interview, with who wrote them last."""

    text: str
    by: str
    by_id: int
    at: dt.datetime


def recorded(
    session: orm.Session, review_ids: Collection[int]
) -> Iterator[tuple[int, About, Interview | None]]:
    """(review id, what it is, one interview of it): a line without one where none is recorded.

    People who were taken off the list are among them: the case may ask for them again.
    """
    query = (
        sa.select(CaseReview.id, CaseReview.public_id, Case.case_type, *_COLUMNS)
        .join(Case, Case.id == CaseReview.case_id)
        .outerjoin(InterviewRow, InterviewRow.review_id == CaseReview.id)
        .where(CaseReview.id.in_(review_ids))
        .order_by(InterviewRow.id)
    )
    session.flush()
    for review_id, public_id, case_type, *row in session.connection().execute(query):
        yield review_id, About(public_id, case_type), _interview(*row) if row[0] else None


def interview_of(row: InterviewRow) -> Interview:
    """A row as the rules want it."""
    return _interview(*(getattr(row, column.key) for column in _COLUMNS))


def _interview(*row: Any) -> Interview:
    *said, revisions, removed_at = row
    values = [*said, tuple(sorted(revisions.items())), False, removed_at is not None]
    return Interview(*values)


def notes(session: orm.Session, review: CaseReview) -> dict[uuid.UUID, Notes]:
    """The notes of a case review's interviews, by the interview's id."""
    row = InterviewRow
    query = (
        sa.select(row.public_id, row.notes, Person.name, row.by_id, row.at)
        .join(Person, Person.id == row.by_id)
        .where(row.review_id == review.id, row.notes.is_not(None))
    )
    found = session.execute(query)
    return {public_id: Notes(text or "", by, by_id, at) for public_id, text, by, by_id, at in found}
