"""Ratings that QA leads set: of one case review, and all of a round."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.cases.models import Case
from cqi.instruments.definition import Rating
from cqi.reviews.models import CaseReview, Override
from cqi.reviews.queries import visibility
from cqi.rounds.models import Round


@dataclass(frozen=True)
class Given:
    """A rating that a QA lead set, beside the computed one of that moment."""

    public_id: uuid.UUID
    item: str
    rating: Rating
    computed: Rating
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class OverrideLine:
    """One override in a round's list; `withdrawn_at` and `withdrawn_by` where it counts no more."""

    review: uuid.UUID
    case_number: str
    given: Given
    withdrawn_at: dt.datetime | None
    withdrawn_by: str


def overrides_of(session: orm.Session, review: CaseReview) -> dict[str, Given]:
    """The overrides that are in force, by item code."""
    query = _columns().where(Override.review_id == review.id, Override.withdrawn_at.is_(None))
    return {given.item: given for given in (Given(*row) for row in session.execute(query))}


def overrides_in(session: orm.Session, actor: Actor, in_round: Round) -> list[OverrideLine]:
    """All overrides of a round in case reviews that `actor` sees: in force first, then by case;
    none of practice, and of two readings one's own or the first."""
    undone_by = orm.aliased(Person)
    query = (
        _columns()
        .add_columns(CaseReview.public_id, Case.case_number)
        .add_columns(Override.withdrawn_at, sa.func.coalesce(undone_by.name, ""))
        .join(CaseReview, CaseReview.id == Override.review_id)
        .join(Case, Case.id == CaseReview.case_id)
        .outerjoin(undone_by, undone_by.id == Override.withdrawn_by_id)
        .where(
            CaseReview.round_id == in_round.id,
            visibility.one_a_case(actor),
            visibility.visible_to(actor),
        )
        .order_by(Override.withdrawn_at.is_not(None), Case.case_number, Override.id)
    )
    return [
        OverrideLine(review, number, Given(*given), withdrawn_at, withdrawn_by)
        for *given, review, number, withdrawn_at, withdrawn_by in session.execute(query)
    ]


def _columns() -> sa.Select[*tuple[Any, ...]]:
    one = Override
    columns = (one.public_id, one.item, one.rating, one.computed, one.reason, Person.name, one.at)
    return sa.select(*columns).join(Person, Person.id == one.by_id)
