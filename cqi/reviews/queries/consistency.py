"""One item across the case reviews of a round, to see raters drift apart. Counts, no ranking."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.cases.models import Case
from cqi.instruments.definition import Rating
from cqi.reviews.models import Answer, CaseReview, Narrative, ReviewPerson, StoredRating
from cqi.reviews.queries import visibility
from cqi.reviews.rules import Part, ReviewPurpose, ReviewState
from cqi.rounds.models import Round


@dataclass(frozen=True)
class SameItem:
    """How one case review answers the item; `answers` by question, of repeated ones several.

    `counted` is what counts, `computed` what the answers come to.
    """

    public_id: uuid.UUID
    case_number: str
    computed: Rating | None
    counted: Rating | None
    narrative: str | None
    reviewers: list[str] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class ByReviewer:
    """How often somebody's case reviews came to each rating by their answers."""

    name: str
    cases: int
    strength: int
    needs_improvement: int
    not_applicable: int


def same_item(session: orm.Session, actor: Actor, in_round: Round, item: str) -> list[SameItem]:
    """The item in every case review that was handed in to be counted, where `actor` does QA; by
    case number. Practice is no measure of how people score, and ratings from a file have no
    answers to compare."""
    here = sa.and_(Narrative.review_id == CaseReview.id, Narrative.item == item)
    query = (
        sa.select(CaseReview.id, CaseReview.public_id, Case.case_number)
        .add_columns(StoredRating.rating, StoredRating.counted)
        .add_columns(Narrative.text)
        .join(Case, Case.id == CaseReview.case_id)
        .join(StoredRating, StoredRating.review_id == CaseReview.id)
        .outerjoin(Narrative, here)
        .where(
            StoredRating.code == item,
            CaseReview.round_id == in_round.id,
            CaseReview.purpose == ReviewPurpose.SCORED,
            CaseReview.pur_to.is_not(None),
            CaseReview.imported_digest.is_(None),
            CaseReview.state != ReviewState.WITHDRAWN,
            visibility.checked_by(actor),
        )
        .order_by(Case.case_number, CaseReview.id)
    )
    found = {row.id: SameItem(*row[1:]) for row in session.execute(query)}
    _add_answers(session, item, found)
    _add_reviewers(session, found)
    return list(found.values())


def by_reviewer(found: Sequence[SameItem]) -> list[ByReviewer]:
    """The counts of each reviewer, by name; a pair's case counts for both."""
    ratings: dict[str, list[Rating | None]] = {}
    for one in found:
        for name in one.reviewers:
            ratings.setdefault(name, []).append(one.computed)
    return [
        ByReviewer(
            name,
            len(given),
            given.count(Rating.STRENGTH),
            given.count(Rating.AREA_NEEDING_IMPROVEMENT),
            given.count(Rating.NOT_APPLICABLE),
        )
        for name, given in sorted(ratings.items())
    ]


def _add_answers(session: orm.Session, item: str, found: dict[int, SameItem]) -> None:
    query = (
        sa.select(Answer.review_id, Answer.question, Answer.value)
        .where(Answer.review_id.in_(found), Answer.item == item, Answer.value != "")
        .order_by(Answer.id)
    )
    for review_id, question, value in session.execute(query):
        found[review_id].answers.setdefault(question, []).append(value)


def _add_reviewers(session: orm.Session, found: dict[int, SameItem]) -> None:
    query = (
        sa.select(ReviewPerson.review_id, Person.name)
        .join(Person, Person.id == ReviewPerson.person_id)
        .where(
            ReviewPerson.review_id.in_(found),
            ReviewPerson.part == Part.REVIEWER,
            ReviewPerson.until_at.is_(None),
        )
        .order_by(Person.name)
    )
    for review_id, name in session.execute(query):
        found[review_id].reviewers.append(name)
