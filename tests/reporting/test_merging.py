"""Small rows of a publication are merged upwards, and nobody has one by subtraction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqi.reporting.rules import merging
from cqi.reporting.rules.merging import Merged

COUNTS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.lists(st.integers(0, 30), min_size=2, max_size=2),
    max_size=12,
)


def test_places_with_cases_enough_stand_alone() -> None:
    assert merging.merge({"a": [11, 12], "b": [40, 11]}, 11) == Merged(("a", "b"))


def test_two_small_places_share_a_row_once_it_holds_enough() -> None:
    cases = {"a": [6, 6], "b": [30, 30], "c": [5, 9]}
    assert merging.merge(cases, 11) == Merged(("b",), ("a", "c"))


def test_one_small_place_is_never_hidden_alone_but_with_the_next_smallest() -> None:
    cases = {"a": [40, 40], "b": [3, 20], "c": [15, 15], "d": [16, 30]}
    assert merging.merge(cases, 11) == Merged(("a", "d"), ("b", "c"))


def test_the_next_smallest_join_until_the_row_holds_enough() -> None:
    cases = {"a": [2, 2], "b": [2, 2], "c": [12, 12], "d": [20, 20]}
    assert merging.merge(cases, 11) == Merged(("d",), ("a", "b", "c"))


def test_one_small_column_makes_a_place_small() -> None:
    assert merging.merge({"a": [30, 10], "b": [30, 30], "c": [31, 30]}, 11).together == ("a", "b")


def test_where_nothing_may_stand_alone_no_place_has_a_row() -> None:
    assert merging.merge({"a": [30, 30], "b": [5, 5]}, 11) == Merged(())
    assert merging.merge({"a": [5, 5], "b": [5, 5]}, 11) == Merged(())


def test_a_place_without_cases_merges_with_nobody() -> None:
    assert merging.merge({"a": [20, 20], "b": [0, 0], "c": [20, 20]}, 11) == Merged(("a", "c"))


def test_a_draft_merges_nothing() -> None:
    assert merging.merge({"a": [0, 0], "b": [1, 3]}, 0) == Merged(("a", "b"))


@given(COUNTS, st.integers(1, 20))
def test_no_small_number_can_be_had_by_subtraction(
    cases: dict[str, list[int]], smallest: int
) -> None:
    found = merging.merge(cases, smallest)
    assert all(min(cases[place]) >= smallest for place in found.alone)
    if not found.alone:
        assert not found.together
        return
    assert set(found.alone) | set(found.together) == {p for p, row in cases.items() if any(row)}
    assert not set(found.alone) & set(found.together)
    hidden = [cases[place] for place in found.together]
    assert len(hidden) != 1
    assert all(sum(column) >= smallest for column in zip(*hidden, strict=True))


@pytest.mark.parametrize("smallest", [11, 20])
def test_order_of_the_places_stays(smallest: int) -> None:
    cases = {name: [number, number] for number, name in enumerate("zyxwvutsrqponmlkji", 5)}
    found = merging.merge(cases, smallest)
    assert list(found.alone) == [name for name in cases if name in found.alone]
    assert list(found.together) == [name for name in cases if name in found.together]
