"""Intervals have the properties of intervals; golden values: tests/measures/golden_intervals.py."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqi.core import intervals

Counts = tuple[int, int]


@st.composite
def counts(draw: st.DrawFn) -> Counts:
    n = draw(st.integers(1, 400))
    return draw(st.integers(0, n)), n


def close(expected: float) -> Any:
    return pytest.approx(expected, abs=1e-12)


@given(counts())
def test_a_share_lies_in_its_interval(count: Counts) -> None:
    k, n = count
    interval = intervals.wilson(k, n)
    assert 0 <= interval.low <= k / n <= interval.high <= 1


@given(counts())
def test_the_interval_of_the_opposite_is_mirrored(count: Counts) -> None:
    k, n = count
    one, other = intervals.wilson(k, n), intervals.wilson(n - k, n)
    assert (one.low, one.high) == (close(1 - other.high), close(1 - other.low))


@given(counts(), counts())
def test_a_difference_lies_in_its_interval(before: Counts, after: Counts) -> None:
    interval = intervals.newcombe(*before, *after)
    difference = after[0] / after[1] - before[0] / before[1]
    assert -1 <= interval.low <= difference <= interval.high <= 1


@given(counts(), counts())
def test_swapping_the_rounds_flips_the_signs(before: Counts, after: Counts) -> None:
    one, other = intervals.newcombe(*before, *after), intervals.newcombe(*after, *before)
    assert (one.low, one.high) == (close(-other.high), close(-other.low))


@given(st.integers(0, 50), st.integers(1, 50))
def test_more_cases_of_the_same_share_narrow_the_interval(k: int, more: int) -> None:
    few, many = intervals.wilson(k, k + more), intervals.wilson(2 * k, 2 * (k + more))
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize(("k", "n"), [(0, 0), (-1, 3), (4, 3)])
def test_what_is_no_share_has_no_interval(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        intervals.wilson(k, n)


def test_with_30_cases_a_round_the_smallest_gain_from_half_is_27_points() -> None:
    assert intervals.smallest_gain(30, 30) == pytest.approx(8 / 30)


def test_a_single_case_a_round_shows_no_gain_at_all() -> None:
    assert intervals.smallest_gain(1, 1) is None
