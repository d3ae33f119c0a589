"""Cases that were reviewed in two rounds, counted, for pages that need no row a case."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.models import Case
from cqi.measures.rules import tabulation
from cqi.measures.rules.findings import Pair
from cqi.measures.rules.lines import Overlap
from cqi.measures.rules.tabulation import WHOLE, Group
from cqi.places.models import Place
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round

_BEFORE, _NOW = orm.aliased(CaseReview), orm.aliased(CaseReview)
_RATED_BEFORE, _RATED_NOW = orm.aliased(StoredRating), orm.aliased(StoredRating)


@dataclass(frozen=True)
class Wanted:
    """Two rounds, the part of them that is looked at, and the codes."""

    before: Round
    now: Round
    codes: Collection[str]
    within: Group = WHOLE
    overrides: bool = True


def overlap(session: orm.Session, wanted: Wanted) -> Overlap:
    """One query where no case stands in both rounds, as is usual; else two.

    Places are not checked here: whoever asks has asked for the actor's reach.
    """
    cases = session.scalar(_both(wanted, sa.func.count()))
    if not cases:
        return Overlap()
    counted: defaultdict[str, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    for code, before, now, number in session.execute(_rated(wanted)):
        if tabulation.applies(before) and tabulation.applies(now):
            counted[code][tabulation.achieved(before), tabulation.achieved(now)] += number
    return Overlap(cases, {code: _pair(found) for code, found in counted.items()})


def _pair(found: Counter[tuple[bool, bool]]) -> Pair:
    n = found.total()
    k0, k1 = (sum(c for both, c in found.items() if both[side]) for side in (0, 1))
    return Pair(k0, n, k1, n)


def _both(wanted: Wanted, *columns: Any) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*columns)
        .select_from(_NOW)
        .join(_BEFORE, _BEFORE.case_id == _NOW.case_id)
        .join(Case, Case.id == _NOW.case_id)
        .join(Place, Place.id == Case.county_id)
        .where(*_counts(_NOW, wanted.now), *_counts(_BEFORE, wanted.before))
        .where(*_within(wanted.within))
    )


def _counts(one: type[CaseReview], of: Round) -> Iterator[sa.ColumnElement[bool]]:
    yield one.round_id == of.id
    yield one.purpose == ReviewPurpose.SCORED
    yield one.reading == 1
    yield one.state == ReviewState.FINAL


def _within(group: Group) -> Iterator[sa.ColumnElement[bool]]:
    if group.place is not None:
        yield Place.code == group.place
    if group.case_type is not None:
        yield sa.cast(Case.case_type, sa.String(40)) == group.case_type


def _rated(wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    before, now = _RATED_BEFORE, _RATED_NOW
    keys = (now.code, _rating(before, wanted).label("before"), _rating(now, wanted).label("now"))
    of_now = sa.and_(now.review_id == _NOW.id, now.code.in_(sorted(wanted.codes)))
    of_before = sa.and_(before.review_id == _BEFORE.id, before.code == now.code)
    return (
        _both(wanted, *keys, sa.func.count())
        .join(now, of_now)
        .join(before, of_before)
        .group_by(*keys)
    )


def _rating(one: type[StoredRating], wanted: Wanted) -> sa.ColumnElement[Any]:
    """The rating that counts."""
    computed = sa.cast(one.rating, sa.String(40))
    if not wanted.overrides:
        return computed
    return sa.func.coalesce(sa.cast(one.overridden, sa.String(40)), computed)
