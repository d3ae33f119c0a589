"""Counts say what rows say: rounds tallied in the database against their frozen rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.core.database import Database
from cqi.instruments.definition import Rating
from cqi.measures import queries
from cqi.measures.queries import tallies
from cqi.measures.queries.tallies import Part
from cqi.measures.rules import lines
from cqi.measures.rules import tallies as rules
from cqi.measures.rules.tabulation import By, Counted, Group
from cqi.measures.rules.tallies import RatingTally, ReviewTally, Tallied
from cqi.places.models import Place
from cqi.reviews.models import StoredRating
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.measures import stored
from tests.measures.stored import Review
from tests.sampling.test_frames_and_draws import drawn

FULL, NOT = Rating.SUBSTANTIALLY_ACHIEVED, Rating.NOT_ACHIEVED
STRENGTH, ANI, NA = Rating.STRENGTH, Rating.AREA_NEEDING_IMPROVEMENT, Rating.NOT_APPLICABLE


@pytest.fixture
def session(database: Database) -> Iterator[orm.Session]:
    with database.writing() as session:
        yield session


@pytest.fixture
def places(session: orm.Session) -> list[Place]:
    top = build.region(session)
    return [top, build.county(session, top), build.county(session, top)]


@pytest.fixture
def mixed(session: orm.Session, places: list[Place]) -> Round:
    """A round with every kind of case review in two counties, one rating set by QA."""
    made = build.round(session, places[0], places[1:])
    wanted = [
        Review("1", {"SRM": FULL, "SRM05": STRENGTH}),
        Review("2", {"SRM": NOT, "SRM05": ANI, "INV01": NA}),
        Review("3", {"SRM": FULL, "SRM05": NA, "SRM01": None}),
        Review("4", {"SRM": FULL}, state=ReviewState.WITHDRAWN),
        Review("5", {"SRM": FULL}, state=ReviewState.RETURNED),
        Review("6", {"SRM": FULL}, purpose=ReviewPurpose.PRACTICE),
        Review("1", {"SRM": NOT}, purpose=ReviewPurpose.RELIABILITY, reading=2),
    ]
    for number, each in enumerate(wanted):
        stored.review(session, made, places[1 + number % 2], each)
    late = stored.review(session, made, places[2], Review("8", {}, state=ReviewState.IN_PROGRESS))
    row = StoredRating(
        review_id=late.id, level="item", component="SRM", code="SRM05",
        rating=STRENGTH, overridden=ANI, because=[], missing=[],
    )  # fmt: skip
    session.add(row)
    session.flush()
    late.pur_to, late.final_at, late.state = made.on_site_to, build.NOW, ReviewState.FINAL
    session.flush()
    return made


def from_rows(session: orm.Session, one: Round, group: Group) -> Tallied:
    """The same counts from the frozen rows, a case at a time."""
    frozen = queries.freeze_round(session, one)
    cases = [each for each in frozen.cases if group.holds(each)]
    return rules.of_rows(cases, [each for each in frozen.outside if group.holds(each)])


def same(one: Tallied, other: Tallied) -> bool:
    return set(one.ratings) == set(other.ratings) and set(one.reviews) == set(other.reviews)


def test_a_round_tallied_in_the_database_equals_its_frozen_rows(
    session: orm.Session, mixed: Round
) -> None:
    found = tallies.tallied(session, [mixed], Part())
    whole = tallies.of(found, mixed)
    assert same(whole, from_rows(session, mixed, Group()))
    assert (whole.cases, whole.set_by_qa({"SRM05"})) == (4, 1)
    assert RatingTally("SRM05", "strength", "area_needing_improvement", 1) in whole.ratings
    kinds = {one.why: one.number for one in whole.reviews}
    assert {why.value if why else None: number for why, number in kinds.items()} == {
        None: 4, "practice": 2, "eliminated": 1, "not_final": 1,
    }  # fmt: skip


@pytest.mark.parametrize("by", list(By))
def test_a_breakdown_equals_the_frozen_rows_of_each_group(
    session: orm.Session, mixed: Round, places: list[Place], by: By
) -> None:
    found = tallies.tallied(session, [mixed], Part(by=by))
    keys = {key for _, key in found}
    county = by is By.COUNTY
    expected = {p.code for p in places[1:]} if county else {"in_home", "foster_care"}
    assert keys == expected
    for key in keys:
        group = Group(place=key) if county else Group(case_type=key)
        assert same(tallies.of(found, mixed, key), from_rows(session, mixed, group))
    assert same(rules.together(found.values()), from_rows(session, mixed, Group()))


def test_a_part_is_counted_alone(session: orm.Session, mixed: Round, places: list[Place]) -> None:
    group = Group(places[1].code, "foster_care")
    found = tallies.of(tallies.tallied(session, [mixed], Part(group)), mixed)
    assert same(found, from_rows(session, mixed, group))
    only = tallies.of(tallies.tallied(session, [mixed], Part(codes=["SRM05"])), mixed)
    assert {one.code for one in only.ratings} == {"SRM05"}
    assert only.cases == 4
    none = tallies.of(tallies.tallied(session, [mixed], Part(codes=())), mixed)
    assert (none.ratings, none.cases) == ((), 4)
    set_by_qa = tallies.of(tallies.tallied(session, [mixed], Part(overridden=True)), mixed)
    assert [one.code for one in set_by_qa.ratings] == ["SRM05"]


def test_cases_in_nobodys_hands_are_counted_as_left_out(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        drawn(session, cast)
        one = cast.round
        found = tallies.of(tallies.tallied(session, [one], Part()), one)
        assert same(found, from_rows(session, one, Group()))
        assert found.reviews


@pytest.mark.parametrize("overrides", [True, False])
def test_lines_from_counts_are_the_rows_and_comparisons_of_the_run(
    session: orm.Session, mixed: Round, places: list[Place], overrides: bool
) -> None:
    later = build.round(session, places[0], places[1:], compares_with=mixed)
    for number in range(14):
        good = number < 11
        ratings = {"SRM": FULL if good else NOT, "SRM05": STRENGTH if good else ANI}
        stored.review(session, later, places[1 + number % 2], Review(f"9{number}", ratings))
    asked = queries.asked_of(later, overrides=overrides)
    run = queries.measures(session, asked)
    found = tallies.tallied(session, [mixed, later], Part())
    sides = lines.Sides(
        Counted(tallies.of(found, later), asked.limits, overrides=overrides),
        Counted(tallies.of(found, mixed), asked.limits, overrides=overrides),
        queries.agreed(asked),
    )
    for row in run.rows:
        line = lines.line(row.measure, Group(), sides)
        assert line.now == row
        assert line.before == run.baseline_row(row.measure.code)
        assert line.change == run.comparison(row.measure.code)


def test_a_case_that_moved_to_another_county_counts_there(
    session: orm.Session, mixed: Round, places: list[Place]
) -> None:
    move = sa.update(Case).where(Case.case_number == "1")
    session.execute(move.values(county_id=places[2].id, case_type=CaseType.IN_HOME))
    for place in places[1:]:
        group = Group(place.code)
        found = tallies.of(tallies.tallied(session, [mixed], Part(group)), mixed)
        assert same(found, from_rows(session, mixed, group))


def test_imported_reviews_are_told_apart() -> None:
    found = Tallied(reviews=(ReviewTally(None, True, 2), ReviewTally(None, False, 3)))
    assert (found.cases, found.imported) == (5, 2)
