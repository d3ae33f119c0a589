"""Cases of both rounds: counts say of a comparison without them what the rows of a run say."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core.database import Database
from cqi.instruments.definition import Rating
from cqi.measures import queries
from cqi.measures.queries import overlap, tallies
from cqi.measures.rules import findings, frozen, lines, tabulation
from cqi.measures.rules.tabulation import Group
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.fixtures.cast import Cast
from tests.measures import stored
from tests.measures.stored import Review

FULL, NOT, NA = Rating.SUBSTANTIALLY_ACHIEVED, Rating.NOT_ACHIEVED, Rating.NOT_APPLICABLE
CODES = ("SRM", "INV", "ICP")


@pytest.fixture
def follow_up(database: Database, cast: Cast) -> Round:
    """30 cases at baseline, 28 at follow-up, 12 in both; two of these are not final, one is
    practice, and in some a component does not apply or was not rated."""
    with database.writing() as session:
        region, near = session.merge(cast.region), session.merge(cast.county)
        far = build.county(session, region)
        before = build.round(session, region, [near, far])
        after = build.round(
            session, region, [near, far], kind=RoundKind.FOLLOW_UP, compares_with=before
        )
        more = {
            20: {"state": ReviewState.RETURNED},
            21: {"state": ReviewState.WITHDRAWN},
            22: {"purpose": ReviewPurpose.PRACTICE},
        }
        for one, numbers in ((before, range(30)), (after, range(18, 46))):
            for number in numbers:
                changed = more.get(number, {}) if one is after else {}
                wanted = Review(f"9{number:03}", ratings(one is after, number), **changed)
                stored.review(session, one, far if number % 5 == 0 else near, wanted)
        set_by_qa(session, after)
        return after


def ratings(later: bool, number: int) -> dict[str, Rating | None]:
    found = {
        "SRM": FULL if number % 3 == 0 or (later and number % 2) else NOT,
        "INV": NA if number % 4 == 1 and later else FULL,
        "ICP": (NOT, NA, FULL, None)[number % 4],
    }
    return found if later or number % 7 else {"SRM": FULL}


def set_by_qa(session: orm.Session, one: Round) -> None:
    """QA calls two cases of both rounds otherwise in SRM."""
    number = CaseReview.case.has(case_number="9024") | CaseReview.case.has(case_number="9026")
    ids = sa.select(CaseReview.id).where(number, CaseReview.round_id == one.id)
    reviews = sa.update(CaseReview).where(CaseReview.id.in_(session.scalars(ids).all()))
    session.execute(reviews.values(state=ReviewState.REOPENED))
    rated = StoredRating.review_id.in_(ids)
    its = sa.update(StoredRating).where(rated, StoredRating.code == "SRM")
    session.execute(its.values(overridden=NA))
    session.execute(reviews.values(state=ReviewState.FINAL))


def from_counts(
    session: orm.Session, one: Round, within: Group, *, overrides: bool
) -> tuple[lines.Overlap, dict[str, tabulation.Comparison | None]]:
    asked = queries.asked_of(one)
    before = asked.baseline
    assert before is not None
    found = tallies.tallied(session, [one, before], tallies.Part(within, CODES))
    now, then = (
        tabulation.Counted(tallies.of(found, each), overrides=overrides) for each in (one, before)
    )
    both = overlap.overlap(session, overlap.Wanted(before, one, CODES, within, overrides))
    sides = lines.Sides(now, then, queries.agreed(asked), both)
    made = {c: lines.line(tabulation.Measure(c), within, sides).change for c in CODES}
    return both, made


def test_counts_leave_out_the_cases_of_both_rounds_as_rows_do(
    database: Database, follow_up: Round
) -> None:
    with database.reading() as session:
        one = session.get_one(Round, follow_up.id)
        rows = queries.freeze(session, queries.asked_of(one))
        places = [None, *sorted({case.county for case in rows.round.cases})]
        looked_at = itertools.product(places, (True, False))
        for place, overrides in looked_at:
            run = tabulation.measure(rows, overrides=overrides, county=place or "")
            both, made = from_counts(session, one, Group(place), overrides=overrides)
            shared = {c.case_number for c in run.frozen.round.cases} & {
                c.case_number for c in run.frozen.baseline.cases
            }
            assert both.cases == len(shared)
            for code in CODES:
                assert made[code] == run.comparison(code), (place, overrides, code)
        assert both.cases


def test_by_kind_of_case_too(database: Database, follow_up: Round) -> None:
    with database.reading() as session:
        one = session.get_one(Round, follow_up.id)
        rows = queries.freeze(session, queries.asked_of(one))
        for kind in ("in_home", "foster_care"):
            part = of_kind(rows, kind)
            run = tabulation.measure(part)
            both, made = from_counts(session, one, Group(case_type=kind), overrides=True)
            assert 0 < both.cases < 12
            assert [made[code] for code in CODES] == [run.comparison(code) for code in CODES]


def of_kind(rows: frozen.Frozen, kind: str) -> frozen.Frozen:
    first, second = (
        dataclasses.replace(one, cases=tuple(c for c in one.cases if c.case_type == kind))
        for one in (rows.round, rows.baseline)
    )
    return dataclasses.replace(rows, round=first, baseline=second)


def test_rounds_that_share_no_case_have_no_overlap(database: Database, follow_up: Round) -> None:
    with database.reading() as session:
        before = session.get_one(Round, follow_up.id).compares_with
        other = session.get_one(Round, before.id)
        nobody = Group("00000")
        wanted = overlap.Wanted(other, session.get_one(Round, follow_up.id), CODES, nobody)
        assert overlap.overlap(session, wanted) == lines.Overlap()


def test_a_pair_without_some_of_its_cases() -> None:
    pair = findings.Pair(10, 30, 25, 30).without(findings.Pair(2, 5, 4, 5))
    assert pair == findings.Pair(8, 25, 21, 25)
    whole = tabulation.Comparison(tabulation.Measure("SRM"), pair, findings.Limits(), None)
    terms = lines.Agreed(same_version=True)
    assert tabulation.apart(terms, whole, findings.Pair(0, 0, 0, 0)) is whole
