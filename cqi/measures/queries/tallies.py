"""The counts of rounds, for pages that need no row a case."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.models import Case
from cqi.measures import queries
from cqi.measures.models import KeptRatings, KeptReviews, Rollup
from cqi.measures.rules import tallies
from cqi.measures.rules.frozen import FrozenOutside, LeftOut
from cqi.measures.rules.tabulation import WHOLE, By, Group
from cqi.measures.rules.tallies import RatingTally, ReviewTally, Tallied
from cqi.places.models import Place
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import RESULTS_STAMP, Round
from cqi.sampling import queries as sampling
from cqi.sampling.models import Draw

_GROUPED = {By.COUNTY: "county", By.CASE_TYPE: "case_type"}


@dataclass(frozen=True)
class Part:
    """Which part of rounds is counted, and how it is broken down: `codes` None is every item and
    component, none is the case reviews alone; `overridden`: only the ratings that QA set; without
    `reviews` no case reviews are counted."""

    within: Group = WHOLE
    codes: Collection[str] | None = None
    by: By | None = None
    overridden: bool = False
    reviews: bool = True


Found = Mapping[tuple[int, str], Tallied]  # by round id and county's code or case type, or ""


def tallied(session: orm.Session, rounds: Collection[Round], part: Part) -> Found:
    """The counts of a part of each round, as they were kept where those still hold, else counted
    anew; what was never reviewed has no entry.

    Places are not checked here: whoever asks has asked for the actor's reach.
    """
    ratings: defaultdict[tuple[int, str], list[RatingTally]] = defaultdict(list)
    reviews: defaultdict[tuple[int, str], list[ReviewTally]] = defaultdict(list)
    kept = holding(session, [one.id for one in rounds])
    anew = [one for one in rounds if one.id not in kept]
    sources = [kept_ratings(kept)] if kept else []
    sources += [plain_ratings([one.id for one in anew])] if anew else []
    for source in sources if part.codes is None or part.codes else ():
        for round_id, key, one in _ratings(session, source, part):
            ratings[round_id, key].append(one)
    reviewed = itertools.chain(_kept(session, kept), reviews_of(session, anew))
    for round_id, group, each in reviewed if part.reviews else ():
        if _holds(part.within, group):
            reviews[round_id, _key(group, part.by)].append(each)
    keys = ratings.keys() | reviews.keys()
    found = {key: Tallied(tuple(ratings[key]), tuple(reviews[key])) for key in keys}
    return {key: tallies.together([one]) for key, one in found.items()}


def of(found: Found, one: Round, key: str = "") -> Tallied:
    """The counts of one round, or of a group of it; empty where there is nothing."""
    return found.get((one.id, key), Tallied())


def _holds(within: Group, group: Group) -> bool:
    return within.place in (None, group.place) and within.case_type in (None, group.case_type)


def _key(group: Group, by: By | None) -> str:
    if by is None:
        return ""
    return (group.place if by is By.COUNTY else group.case_type) or ""


def _ratings(
    session: orm.Session, counts: sa.Select[*tuple[Any, ...]], part: Part
) -> Iterator[tuple[int, str, RatingTally]]:
    source = counts.subquery()
    key = source.c[_GROUPED[part.by]] if part.by else sa.literal("")
    query = sa.select(
        source.c.round_id,
        key,
        source.c.code,
        source.c.rating,
        source.c.overridden,
        sa.func.sum(source.c.number),
    ).group_by(source.c.round_id, key, source.c.code, source.c.rating, source.c.overridden)
    for condition in _conditions(source, part):
        query = query.where(condition)
    for round_id, group, code, rating, overridden, number in session.execute(query):
        yield round_id, group, RatingTally(code, rating, overridden, int(number))


def _conditions(source: Any, part: Part) -> Iterator[sa.ColumnElement[bool]]:
    if part.within.place is not None:
        yield source.c.county == part.within.place
    if part.within.case_type is not None:
        yield source.c.case_type == part.within.case_type
    if part.overridden:
        yield source.c.overridden.is_not(None)
    if part.codes is not None:
        yield source.c.code.in_(sorted(part.codes))


def holding(session: orm.Session, ids: Collection[int]) -> frozenset[int]:
    """The rounds whose kept counts still hold: nothing has moved their stamp since."""
    query = (
        sa.select(Rollup.round_id)
        .join(Round, Round.id == Rollup.round_id)
        .where(Rollup.round_id.in_(sorted(ids)), Rollup.stamp == RESULTS_STAMP)
    )
    return frozenset(session.scalars(query))


def to_keep(session: orm.Session) -> list[int]:
    """The ids of the rounds whose counts were never kept, or hold no more."""
    query = (
        sa.select(Round.id)
        .outerjoin(Rollup, Rollup.round_id == Round.id)
        .where(sa.or_(Rollup.stamp.is_(None), Rollup.stamp != RESULTS_STAMP))
        .order_by(Round.id)
    )
    return list(session.scalars(query))


def kept_ratings(ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    """The same as they were kept."""
    row = KeptRatings
    columns = (row.round_id, Place.code.label("county"), row.case_type, row.code)
    return (
        sa.select(*columns, row.rating, row.overridden, row.number)
        .join(Place, Place.id == row.county_id)
        .where(row.round_id.in_(sorted(ids)))
    )


def _kept(session: orm.Session, ids: Collection[int]) -> Iterator[tuple[int, Group, ReviewTally]]:
    if not ids:
        return
    row = KeptReviews
    query = (
        sa.select(row.round_id, Place.code, row.case_type, row.why, row.imported, row.number)
        .join(Place, Place.id == row.county_id)
        .where(row.round_id.in_(sorted(ids)))
    )
    for round_id, county, case_type, why, imported, number in session.execute(query):
        tally = ReviewTally(LeftOut(why) if why else None, imported, number)
        yield round_id, Group(county, case_type), tally


def plain_ratings(ids: Collection[int]) -> sa.Select[*tuple[Any, ...]]:
    """Every rating that counts in these rounds, counted: the plain query."""
    row = StoredRating
    keys = (
        CaseReview.round_id,
        Place.code.label("county"),
        sa.cast(Case.case_type, sa.String(40)).label("case_type"),
        row.code,
        sa.cast(row.rating, sa.String(40)).label("rating"),
        sa.cast(row.overridden, sa.String(40)).label("overridden"),
    )
    return (
        sa.select(*keys, sa.func.count().label("number"))
        .join(CaseReview, CaseReview.id == row.review_id)
        .join(Case, Case.id == CaseReview.case_id)
        .join(Place, Place.id == Case.county_id)
        .where(
            CaseReview.round_id.in_(ids),
            CaseReview.purpose == ReviewPurpose.SCORED,
            CaseReview.reading == 1,
            CaseReview.state == ReviewState.FINAL,
        )
        .group_by(*keys)
    )


def reviews_of(
    session: orm.Session, rounds: Collection[Round]
) -> Iterator[tuple[int, Group, ReviewTally]]:
    """(round, its county and case type, counts), counted anew: those in hand, then those in
    nobody's."""
    if not rounds:
        return
    imported = CaseReview.imported_digest.is_not(None).label("imported")
    keys = (CaseReview.round_id, Place.code, Case.case_type)
    kinds = (CaseReview.purpose, CaseReview.reading, CaseReview.state, imported)
    query = (
        sa.select(*keys, *kinds, sa.func.count())
        .join(Case, Case.id == CaseReview.case_id)
        .join(Place, Place.id == Case.county_id)
        .where(CaseReview.round_id.in_([one.id for one in rounds]))
        .group_by(*keys, *kinds)
    )
    for row in session.execute(query):
        round_id, county, case_type, *_, number = row
        why = queries.why_outside(row)
        count = ReviewTally(why, bool(row.imported) and why is None, number)
        yield round_id, Group(county, case_type.value), count
    for one in _with_draw(session, rounds):
        for each in _in_nobodys_hands(session, one):
            yield one.id, Group(each.county, each.case_type), ReviewTally(each.why, False, 1)


def _with_draw(session: orm.Session, rounds: Collection[Round]) -> list[Round]:
    drawn = sa.select(Draw.round_id).where(Draw.round_id.in_([one.id for one in rounds])).distinct()
    ids = set(session.scalars(drawn))
    return [one for one in rounds if one.id in ids]


def _in_nobodys_hands(session: orm.Session, one: Round) -> list[FrozenOutside]:
    """The cases of a round's sample that have no case review, with why they do not count."""
    reviewed = (
        sa.select(Case.case_number)
        .join(CaseReview, CaseReview.case_id == Case.id)
        .where(CaseReview.round_id == one.id, CaseReview.purpose == ReviewPurpose.SCORED)
    )
    sample = sampling.sample(session, one) or ()
    return queries.without_review(session, sample, set(session.scalars(reviewed)))
