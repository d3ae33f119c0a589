"""Percent agreement, kappa, AC1 and alpha: worked examples of papers, golden values, properties."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqi.core import intervals
from cqi.measures.rules import agreement
from cqi.measures.rules.agreement import Agreement, Pair

# made by golden_agreement.py, which says with what
GOLDEN = json.loads((Path(__file__).parent / "golden_agreement.json").read_text("utf-8"))
SCALE = ("a", "b", "c")
RATED = st.lists(st.tuples(st.sampled_from(SCALE), st.sampled_from(SCALE)), max_size=60)
MAYBE = st.sampled_from([*SCALE, None])
FOUR = ("percent", "kappa", "ac1", "alpha")


def of_cells(cells: Sequence[Sequence[int]]) -> Agreement:
    """Rows are the first reading's ratings, columns the second's."""
    scale = [str(k) for k in range(len(cells))]
    counted = {(str(k), str(j)): n for k, row in enumerate(cells) for j, n in enumerate(row)}
    return Agreement(counted, tuple(scale))


def four(one: Agreement) -> list[Fraction | None]:
    return [getattr(one, name) for name in FOUR]


def close(expected: float | None, within: float = 1e-11) -> Any:
    return None if expected is None else pytest.approx(expected, abs=within)


# ---- worked examples ----------------------------------------------------------------------------


def test_gwets_example_of_a_low_kappa_beside_high_agreement() -> None:
    """Gwet 2008, his example of the paradox: 118 both positive, 5 and 2 apart, none negative."""
    one = of_cells([[118, 5], [2, 0]])
    assert (one.n, one.agreed) == (125, 118)
    assert [round(float(value or 0), 4) for value in four(one)[:3]] == [0.9440, -0.0234, 0.9408]


def test_cohens_example() -> None:
    """Cohen 1968 (Psychological Bulletin 70), table 1: two judges, 200 cases; his kappa of 1960
    is .492."""
    one = of_cells([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert float(one.percent or 0) == pytest.approx(0.70)
    assert float(one.kappa or 0) == pytest.approx(0.492, abs=5e-4)


def test_krippendorffs_example_of_two_values() -> None:
    """Krippendorff 2011, section B: Meg and Owen, ten articles; alpha 0.095."""
    meg, owen = "0100000010", "1110010000"
    one = agreement.agreement(zip(meg, owen, strict=True), "01")
    assert round(float(one.alpha or 0), 3) == 0.095


def test_krippendorffs_example_of_five_values() -> None:
    """Krippendorff 2011, section C: Ben and Gerry, twelve articles, five values; alpha 0.692."""
    ben, gerry = "aabbdcccedda", "babbbcccEddd".lower()
    one = agreement.agreement(zip(ben, gerry, strict=True), "abcde")
    assert round(float(one.alpha or 0), 3) == 0.692


# ---- golden values ------------------------------------------------------------------------------


def test_a_thousand_tables_agree_with_other_implementations() -> None:
    assert len(GOLDEN) == 1000
    for value in GOLDEN:
        one, interval = of_cells(value["cells"]), of_cells(value["cells"]).interval
        assert four(one) == [close(value[name]) for name in FOUR], value
        assert interval == intervals.Interval(interval.low, interval.high)
        assert (interval.low, interval.high) == (close(value["low"]), close(value["high"]))


def test_the_interval_of_ac1_has_the_standard_error_of_its_authors_software() -> None:
    with_error = 0
    for value in GOLDEN:
        interval = of_cells(value["cells"]).ac1_interval
        if interval is None:
            assert value["ac1_error"] == close(0.0, 1e-6), value
            continue
        with_error += 1
        half = intervals.Z * value["ac1_error"]
        assert interval.low == close(max(value["ac1"] - half, -1), 1e-10)
        assert interval.high == close(min(value["ac1"] + half, 1), 1e-10)
    assert with_error > 800


# ---- corner cases -------------------------------------------------------------------------------

CORNERS: dict[str, tuple[list[Pair], list[Fraction | None]]] = {
    "no pair": ([], [None, None, None, None]),
    "nobody rated by both": ([("a", None), (None, "b")], [None, None, None, None]),
    "one pair that agrees": ([("a", "a")], [Fraction(1), None, Fraction(1), None]),
    "one pair apart": ([("a", "b")], [Fraction(0), Fraction(0), Fraction(-1, 3), Fraction(0)]),
    "one rating only": ([("a", "a")] * 12, [Fraction(1), None, Fraction(1), None]),
    "all agree": ([("a", "a"), ("b", "b")] * 6, [Fraction(1)] * 4),
    "none agrees": (
        [("a", "b"), ("b", "a")] * 6,
        [Fraction(0), Fraction(-1), Fraction(-1, 3), Fraction(-11, 12)],
    ),
}


@pytest.mark.parametrize("case", CORNERS)
def test_corner_cases(case: str) -> None:
    pairs, expected = CORNERS[case]
    assert four(agreement.agreement(pairs, SCALE)) == expected


def test_a_scale_of_one_rating_leaves_nothing_to_agree_on_by_ac1() -> None:
    one = agreement.agreement([("a", "a")] * 3, "a")
    assert (one.ac1, one.ac1_interval, one.percent) == (None, None, 1)


def test_ac1_has_no_interval_where_nothing_spreads() -> None:
    for pairs in ([], [("a", "a")], [("a", "a"), ("b", "b")] * 6):
        assert agreement.agreement(pairs, SCALE).ac1_interval is None


def test_a_rating_that_is_not_on_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="not on the scale: z"):
        agreement.agreement([("a", "z")], SCALE)


# ---- properties ---------------------------------------------------------------------------------


@given(RATED)
def test_it_does_not_matter_which_reading_is_the_first(pairs: list[tuple[str, str]]) -> None:
    turned = [(second, first) for first, second in pairs]
    one, other = agreement.agreement(pairs, SCALE), agreement.agreement(turned, SCALE)
    assert four(one) == four(other)
    assert one.ac1_interval == other.ac1_interval


@given(RATED, st.permutations(["x", "y", "z"]))
def test_the_names_of_the_ratings_do_not_matter(pairs: list, names: list[str]) -> None:
    new = dict(zip(SCALE, names, strict=True))
    renamed = [(new[first], new[second]) for first, second in pairs]
    one, other = agreement.agreement(pairs, SCALE), agreement.agreement(renamed, sorted(names))
    assert four(one) == four(other)


@given(RATED, st.randoms(use_true_random=False))
def test_the_order_of_the_cases_does_not_matter(pairs: list, dice: random.Random) -> None:
    mixed = dice.sample(pairs, len(pairs))
    assert agreement.agreement(pairs, SCALE) == agreement.agreement(mixed, SCALE)


@given(st.lists(st.tuples(MAYBE, MAYBE), max_size=40))
def test_a_case_that_one_reading_did_not_rate_changes_nothing(pairs: list[Pair]) -> None:
    whole = [pair for pair in pairs if None not in pair]
    assert agreement.agreement(pairs, SCALE) == agreement.agreement(whole, SCALE)


@given(st.lists(st.tuples(MAYBE, MAYBE), max_size=25))
def test_alpha_is_the_disagreement_inside_cases_over_that_between_all_ratings(
    pairs: list[Pair],
) -> None:
    """From Krippendorff's definition, pair of ratings by pair of ratings: one minus the observed
    disagreement over that of any two ratings, whichever case they are of."""
    rated = [pair for pair in pairs if None not in pair]
    ratings = [rating for pair in rated for rating in pair]
    apart = [first != second for first, second in itertools.permutations(ratings, 2)]
    alpha = agreement.agreement(pairs, SCALE).alpha
    if not any(apart):
        assert alpha is None
        return
    observed = Fraction(sum(first != second for first, second in rated), len(rated))
    assert alpha == 1 - observed / Fraction(sum(apart), len(apart))


@given(RATED)
def test_kappa_is_agreement_above_that_of_all_first_with_all_second_ratings(pairs: list) -> None:
    kappa = agreement.agreement(pairs, SCALE).kappa
    crossed = [first == second for first, _ in pairs for _, second in pairs]
    if all(crossed):
        assert kappa is None
        return
    chance = Fraction(sum(crossed), len(crossed))
    observed = Fraction(sum(first == second for first, second in pairs), len(pairs))
    assert kappa == (observed - chance) / (1 - chance)


@given(RATED)
def test_none_is_over_one_and_ac1_lies_in_its_interval(pairs: list) -> None:
    one = agreement.agreement(pairs, SCALE)
    assert all(value is None or -1 <= value <= 1 for value in four(one))
    if one.ac1_interval:
        assert one.ac1_interval.low <= float(one.ac1 or 0) <= one.ac1_interval.high
