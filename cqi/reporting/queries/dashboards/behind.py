"""The cases behind a figure, for people who may see those cases."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases.models import Case
from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.instruments.definition import Rating
from cqi.measures.rules.tabulation import Group
from cqi.places.models import Place
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.queries import visibility
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round

SHOWN = 50  # cases on a page
_UNRATED = "not_rated"


@dataclass(frozen=True)
class CaseBehind:
    """One case review behind a figure. `computed` is its rating where QA set another."""

    public_id: uuid.UUID
    case_number: str
    county: str
    case_type: str
    rating: Rating | None
    computed: Rating | None
    imported: bool


@dataclass(frozen=True)
class Behind:
    """What stands behind a figure: how many cases that somebody sees have which rating, and some
    of those cases. `may_see` is whether their role reads case reviews at all."""

    may_see: bool
    counts: tuple[tuple[str, int], ...] = ()
    cases: tuple[CaseBehind, ...] = ()

    @property
    def number(self) -> int:
        """All cases that somebody sees."""
        return sum(number for _, number in self.counts)

    def chosen(self, rating: str) -> int:
        """Those of one rating; of all where none is named."""
        return dict(self.counts).get(rating, 0) if rating else self.number


@dataclass(frozen=True)
class Figure:
    """Which figure of a round it is."""

    round: Round
    code: str
    within: Group
    overrides: bool = True


def cases_behind(
    session: orm.Session, actor: Actor, figure: Figure, rating: str, page: int
) -> Behind:
    """The final, scored, first-reading case reviews that a figure counts, or calls not applicable,
    as far as the actor may see them: those in the denominator first."""
    if not actor.holds(Permission.REVIEW_SEE):
        return Behind(may_see=False)
    counted = _counted(figure)
    number = sa.func.count()
    by_rating = _query(actor, figure, counted, number).group_by(counted)
    counts = {(row[0] or _UNRATED): row[1] for row in session.execute(by_rating)}
    names = [each.value for each in Rating if each.value in counts]
    names += [_UNRATED] if _UNRATED in counts else []
    query = _query(actor, figure, counted, *_COLUMNS)
    if rating:
        query = query.where(counted.is_(None) if rating == _UNRATED else counted == rating)
    query = query.order_by(_order(counted), Case.case_number)
    rows = session.execute(query.limit(SHOWN).offset((page - 1) * SHOWN))
    cases = tuple(_case(row, figure) for row in rows)
    return Behind(True, tuple((name, counts[name]) for name in names), cases)


_COLUMNS = (
    CaseReview.public_id,
    CaseReview.imported_digest,
    Case.case_number,
    Case.case_type,
    Place.name.label("county"),
    StoredRating.rating,
    StoredRating.overridden,
)


def _counted(figure: Figure) -> sa.ColumnElement[Any]:
    computed = sa.cast(StoredRating.rating, sa.String(40))
    if not figure.overrides:
        return computed
    return sa.func.coalesce(sa.cast(StoredRating.overridden, sa.String(40)), computed)


def _order(counted: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    order = {each.value: number for number, each in enumerate(Rating)}
    return sa.case(order, value=counted, else_=len(order))


def _query(actor: Actor, figure: Figure, *columns: Any) -> sa.Select[*tuple[Any, ...]]:
    its_rating = sa.and_(StoredRating.review_id == CaseReview.id, StoredRating.code == figure.code)
    query = (
        sa.select(*columns)
        .select_from(CaseReview)
        .join(Case, Case.id == CaseReview.case_id)
        .join(Place, Place.id == Case.county_id)
        .outerjoin(StoredRating, its_rating)
        .where(
            CaseReview.round_id == figure.round.id,
            CaseReview.purpose == ReviewPurpose.SCORED,
            CaseReview.reading == 1,
            CaseReview.state == ReviewState.FINAL,
            visibility.visible_to(actor),
        )
    )
    if figure.within.place is not None:
        query = query.where(Place.code == figure.within.place)
    if figure.within.case_type is not None:
        query = query.where(sa.cast(Case.case_type, sa.String(40)) == figure.within.case_type)
    return query


def _case(row: sa.Row[*tuple[Any, ...]], figure: Figure) -> CaseBehind:
    was_set = row.overridden is not None and figure.overrides
    return CaseBehind(
        public_id=row.public_id,
        case_number=row.case_number,
        county=row.county,
        case_type=CASE_TYPE_WORDS[row.case_type],
        rating=row.overridden if was_set else row.rating,
        computed=row.rating if was_set else None,
        imported=row.imported_digest is not None,
    )
