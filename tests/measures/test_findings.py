"""The one rule of words, in its order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqi.measures.rules import findings
from cqi.measures.rules.findings import Finding, Limits, Pair

CASES = [
    # fewer than 10 in either round: too few, whatever the difference
    (Pair(0, 9, 30, 30), Finding.TOO_FEW),
    (Pair(0, 30, 9, 9), Finding.TOO_FEW),
    (Pair(0, 0, 0, 0), Finding.TOO_FEW),
    # the sign of the interval comes before its width
    (Pair(0, 10, 10, 10), Finding.IMPROVED),
    (Pair(10, 10, 0, 10), Finding.DECLINED),
    (Pair(15, 30, 23, 30), Finding.IMPROVED),
    (Pair(23, 30, 15, 30), Finding.DECLINED),
    # an interval that reaches more than 25 points from the difference
    (Pair(15, 30, 22, 30), Finding.NO_CLEAR_CHANGE),
    (Pair(9, 18, 9, 18), Finding.TOO_FEW),
    (Pair(15, 36, 22, 40), Finding.NO_CLEAR_CHANGE),
    (Pair(36, 36, 36, 36), Finding.NO_CLEAR_CHANGE),
]


@pytest.mark.parametrize(("pair", "expected"), CASES, ids=str)
def test_the_first_rule_that_matches_makes_the_word(pair: Pair, expected: Finding) -> None:
    assert findings.finding(pair) is expected


def test_both_limits_are_settings() -> None:
    assert findings.finding(Pair(15, 36, 22, 40), Limits(smallest_n=37)) is Finding.TOO_FEW
    assert findings.finding(Pair(15, 36, 22, 40), Limits(widest_reach=20)) is Finding.TOO_FEW
    assert findings.finding(Pair(9, 18, 9, 18), Limits(widest_reach=50)) is Finding.NO_CLEAR_CHANGE


def test_a_round_without_cases_is_too_few_even_where_the_setting_is_zero() -> None:
    assert findings.finding(Pair(0, 0, 5, 10), Limits(smallest_n=0)) is Finding.TOO_FEW


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    n0, n1 = draw(st.integers(1, 80)), draw(st.integers(1, 80))
    return Pair(draw(st.integers(0, n0)), n0, draw(st.integers(0, n1)), n1)


@given(pairs())
def test_swapping_the_rounds_swaps_the_words(pair: Pair) -> None:
    opposite = {Finding.IMPROVED: Finding.DECLINED, Finding.DECLINED: Finding.IMPROVED}
    swapped = findings.finding(Pair(pair.k1, pair.n1, pair.k0, pair.n0))
    found = findings.finding(pair)
    assert swapped is opposite.get(found, found)


@given(pairs())
def test_only_a_higher_share_can_be_called_improved(pair: Pair) -> None:
    if findings.finding(pair) is Finding.IMPROVED:
        assert pair.k1 * pair.n0 > pair.k0 * pair.n1
