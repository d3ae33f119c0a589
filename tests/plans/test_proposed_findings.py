"""Which measures a plan's figures propose as findings and as strengths, and in which order."""

from __future__ import annotations

import hypothesis
from hypothesis import strategies as st

from cqi.measures.rules.findings import Pair
from cqi.plans.rules.findings import FindingKind, Measured, Proposal, proposed

NEED, STRONG = FindingKind.PRACTICE, FindingKind.STRENGTH


def told(*measured: Measured) -> list[tuple[FindingKind, str]]:
    return [(one.kind, one.measured.code) for one in proposed(measured, 90, 10)]


def test_what_lies_below_the_share_is_a_need_and_what_reaches_it_a_strength() -> None:
    assert told(Measured("A", 89, 100), Measured("B", 90, 100)) == [(NEED, "A"), (STRONG, "B")]


def test_needs_come_by_how_many_cases_they_touch() -> None:
    found = told(Measured("A", 8, 10), Measured("B", 20, 30), Measured("C", 28, 30))
    assert found == [(NEED, "B"), (NEED, "A"), (STRONG, "C")]


def test_too_few_cases_propose_nothing() -> None:
    assert told(Measured("A", 0, 9), Measured("B", 9, 9), Measured("C", 0, 0)) == []


def test_what_declined_beyond_its_interval_is_a_need_though_it_is_high() -> None:
    pair = Pair(200, 200, 184, 200)
    assert pair.interval().high < 0
    assert told(Measured("A", 184, 200, pair)) == [(NEED, "A")]


def test_what_improved_beyond_its_interval_is_a_strength_to_spread_and_still_a_need() -> None:
    pair = Pair(10, 60, 45, 60)
    assert told(Measured("A", 45, 60, pair)) == [(NEED, "A"), (STRONG, "A")]


def test_a_change_within_its_interval_says_nothing() -> None:
    assert told(Measured("A", 27, 30, Pair(29, 30, 27, 30))) == [(STRONG, "A")]


def test_figures_are_kept_with_what_they_were_before() -> None:
    kept = Measured("A", 45, 60, Pair(10, 60, 45, 60), "improved").figures()
    assert kept == {"achieved": 45, "applicable": 60, "before": [10, 60], "word": "improved"}
    assert Measured("A", 1, 2).figures() == {"achieved": 1, "applicable": 2}


counts = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@hypothesis.given(st.lists(counts, max_size=12), st.integers(50, 100), st.integers(5, 30))
def test_every_measure_with_cases_enough_is_proposed_and_no_other(
    given: list[tuple[int, int]], below: int, smallest: int
) -> None:
    measured = [Measured(f"M{number}", k, n) for number, (k, n) in enumerate(given)]
    found: tuple[Proposal, ...] = proposed(measured, below, smallest)
    codes = [one.measured.code for one in found]
    assert sorted(codes) == sorted(one.code for one in measured if one.applicable >= smallest)
    needs = [one.measured.touched for one in found if one.kind is NEED]
    assert needs == sorted(needs, reverse=True)
