"""Between readers: which pairs of ratings count, what is said of them, who differs which way."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pytest

from cqi.instruments import excerpt
from cqi.measures.rules import agreement, readers
from cqi.measures.rules.readers import Differences, Limits, Standing
from cqi.reviews.rules.readings import Reading, ReadTwice
from tests import build
from tests.measures.agreeing import NA, NEED, STRENGTH

INSTRUMENT = build.instrument()
ACHIEVED = {"substantially_achieved", "partially_achieved", "not_achieved"}
ADA, BEN, CARA = (1, "Ada"), (2, "Ben"), (3, "Cara")


def both(
    first: Mapping[str, str | None],
    second: Mapping[str, str | None],
    people: tuple[tuple[int, str], tuple[int, str]] = (ADA, BEN),
) -> ReadTwice:
    return ReadTwice(Reading((people[0],), first), Reading((people[1],), second))


def row(pairs: list[ReadTwice], code: str) -> readers.Row:
    return next(each for each in readers.rows(INSTRUMENT, pairs) if each.code == code)


def test_a_pair_counts_where_both_rated_and_one_says_not_applicable_stands_beside() -> None:
    told = [(STRENGTH, STRENGTH), (STRENGTH, NEED), (NA, STRENGTH), (NA, NA), (NEED, None)]
    found = row([both({"SRM05": one}, {"SRM05": other}) for one, other in told], "SRM05")
    assert (found.agreement.n, found.agreement.agreed, found.one_applies) == (2, 1, 1)


def test_a_component_is_a_row_before_its_items_with_the_ratings_that_it_can_have() -> None:
    found = readers.rows(INSTRUMENT, [])
    assert [each.code for each in found if each.is_component] == [
        each.code for each in INSTRUMENT.components
    ]
    assert set(row([], "SRM").agreement.scale) <= ACHIEVED
    assert len(found) == len(INSTRUMENT.components) + len(INSTRUMENT.items)


def test_components_have_no_row_where_a_round_asked_for_some_items_only() -> None:
    some = excerpt.of(INSTRUMENT, ["SRM05"])
    assert [each.code for each in readers.rows(some, [])] == ["SRM05"]


def test_parts_of_an_item_are_rows_but_count_once_together() -> None:
    osri = build.instrument("osri")
    pairs = [both({"I12": STRENGTH, "I12A": NEED}, {"I12": STRENGTH, "I12A": STRENGTH})]
    found = readers.rows(osri, pairs)
    assert [each.part_of for each in found if each.code == "I12A"] == ["I12"]
    assert readers.together(found) == (1, 1, 0)


@pytest.mark.parametrize(
    ("agreed", "n", "expected"),
    [
        (9, 9, Standing.TOO_FEW),
        (10, 10, Standing.NOT_APART),
        (30, 30, Standing.REACHED),
        (15, 30, Standing.BELOW),
        (24, 30, Standing.NOT_APART),
        (0, 0, Standing.TOO_FEW),
    ],
)
def test_a_word_stands_only_where_the_interval_lies_on_one_side(
    agreed: int, n: int, expected: Standing
) -> None:
    pairs = [(STRENGTH, STRENGTH)] * agreed + [(STRENGTH, NEED)] * (n - agreed)
    one = agreement.agreement(pairs, (STRENGTH, NEED))
    assert readers.standing(one, Limits()) is expected


def test_each_reader_has_how_often_and_which_way_their_readings_differ_by_component() -> None:
    pairs = [
        both({"SRM03": NEED, "SRM05": STRENGTH}, {"SRM03": STRENGTH, "SRM05": STRENGTH}),
        both({"SRM03": NA, "SRM05": STRENGTH}, {"SRM03": STRENGTH, "SRM05": NEED}, (CARA, ADA)),
    ]
    found = {each.name: each for each in readers.readers(INSTRUMENT, pairs)}
    assert list(found) == ["Ada", "Ben", "Cara"]
    assert (found["Ada"].readings, found["Ben"].readings) == (2, 1)
    assert found["Ada"].by_component["SRM"] == Differences(4, stricter=2, one_applies=1)
    assert found["Ben"].by_component["SRM"] == Differences(2, milder=1)
    assert found["Cara"].all == Differences(2, milder=1, one_applies=1)
    assert found["Ada"].all.differ == 3


def test_what_both_call_not_applicable_or_one_did_not_rate_is_not_compared() -> None:
    pairs = [both({"SRM03": NA, "SRM05": None}, {"SRM03": NA, "SRM05": NEED})]
    assert {each.all.compared for each in readers.readers(INSTRUMENT, pairs)} == {0}


def test_two_people_of_one_name_are_two_readers() -> None:
    other = dataclasses.replace(Reading(((9, "Ada"),), {}), ratings={"SRM05": NEED})
    pairs = [ReadTwice(Reading((ADA,), {"SRM05": STRENGTH}), other)]
    assert [each.person_id for each in readers.readers(INSTRUMENT, pairs)] == [1, 9]
