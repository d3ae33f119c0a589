"""Shares weighted by the draw: exact, with an interval that is worth fewer cases, and unbiased."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqi.cases.rules import CaseType
from cqi.core import intervals
from cqi.measures.rules import frozen, output, tabulation, weighting
from cqi.sampling.rules import drawing
from cqi.sampling.rules.drawing import Design, Listed, Slice
from tests.measures import rows

DAY = dt.date(2027, 3, 10)
PAIRS = st.lists(
    st.tuples(st.booleans(), st.fractions(min_value=Fraction(1, 50), max_value=500)), min_size=1
)


def drawn(weights: Sequence[tuple[int, int, Fraction | None]]) -> frozen.FrozenRound:
    """For each (achieved, of, weight) that many cases of the component SRM."""
    found = [
        dataclasses.replace(case, weight=weight)
        for number, (achieved, of, weight) in enumerate(weights)
        for case in rows.cases(f"{number}-", "SRM", achieved=achieved, of=of)
    ]
    return rows.a_round("One", found)


def row_of(one: frozen.FrozenRound, code: str = "SRM") -> tabulation.MeasureRow:
    return tabulation.measure(frozen.Frozen(one, rows.PARTS)).row(code)


def test_a_share_worked_out_by_hand() -> None:
    found = row_of(drawn([(3, 6, Fraction(10)), (4, 4, Fraction(2))])).weighted
    assert found is not None
    assert found.rate == Fraction(38, 68)
    assert found.effective_n == Fraction(68 * 68, 616)
    assert found.interval == intervals.wilson_share(38 / 68, 68 * 68 / 616)
    assert found.interval.high - found.interval.low > 0.55  # as wide as 7.5 cases make it


@given(st.integers(1, 60), st.integers(0, 60), st.fractions(min_value=1, max_value=99))
def test_equal_weights_change_nothing(n: int, k: int, weight: Fraction) -> None:
    k = min(k, n)
    found = weighting.weighted([(number < k, weight) for number in range(n)])
    assert found == weighting.Weighted(Fraction(k, n), Fraction(n))
    assert found.interval == intervals.wilson(k, n)


@given(PAIRS, st.fractions(min_value=Fraction(1, 9), max_value=9))
def test_only_the_weights_relation_counts_and_they_are_never_worth_more_cases(
    pairs: list[tuple[bool, Fraction]], factor: Fraction
) -> None:
    found = weighting.weighted(pairs)
    assert found == weighting.weighted([(yes, weight * factor) for yes, weight in pairs])
    assert found is not None
    assert 1 <= found.effective_n <= len(pairs)
    assert 0 <= found.interval.low <= found.rate <= found.interval.high <= 1


def test_without_every_weight_or_under_ten_cases_there_is_no_weighted_share() -> None:
    assert weighting.weighted([]) is None
    assert row_of(drawn([(9, 12, Fraction(3)), (1, 2, None)])).weighted is None
    assert row_of(drawn([(3, 5, Fraction(3)), (1, 4, Fraction(2))])).weighted is None
    assert row_of(drawn([(9, 12, None)])).weighted is None


def test_the_weighted_share_is_right_on_average_where_the_plain_one_is_not() -> None:
    """90 cases at 80% and 30 at 20%, six drawn of each: the frame's share is 65%, not 50%."""
    frame = [
        Listed(f"{kind.value}-{number:03}", "99001", kind)
        for kind, size in ((CaseType.FOSTER_CARE, 90), (CaseType.IN_HOME, 30))
        for number in range(size)
    ]
    good = {
        each.case_number
        for each in frame
        if int(each.case_number[-1]) < (8 if each.case_type is CaseType.FOSTER_CARE else 2)
    }
    design = Design((Slice.CASE_TYPE,), {"foster_care": 6, "in_home": 6})
    plain, weighted = Fraction(0), Fraction(0)
    seeds = 1000
    for seed in range(seeds):
        pairs = [
            (number in good, stratum.weight)
            for stratum in drawing.draw(frame, design, f"seed {seed}")
            for number in stratum.drawn
        ]
        found = weighting.weighted(pairs)
        assert found is not None
        weighted += found.rate / seeds
        plain += Fraction(sum(yes for yes, _ in pairs), len(pairs)) / seeds
    assert float(weighted) == pytest.approx(0.65, abs=0.012)  # three standard errors of 1,000
    assert float(plain) == pytest.approx(0.5, abs=0.012)


def test_the_json_says_the_weighted_share_of_drawn_rounds_only() -> None:
    one = drawn([(6, 12, Fraction(10)), (4, 4, Fraction(7, 2))])
    kept = frozen.Frozen(one, rows.PARTS)
    found = output.as_json(tabulation.measure(kept), DAY)["rows"][0]
    assert found["weighted"] == {
        "rate": 0.5522,
        "interval": [0.3126, 0.7698],
        "effective_n": 14.3763,
    }
    plain = drawn([(6, 12, None), (4, 4, None)])
    without = output.as_json(tabulation.measure(frozen.Frozen(plain, rows.PARTS)), DAY)
    assert "weighted" not in without["rows"][0]
    assert found["rate"] == without["rows"][0]["rate"] == 0.625


def test_weights_are_frozen_with_the_rows_and_come_back_exactly() -> None:
    kept = frozen.Frozen(drawn([(6, 12, Fraction(71, 18)), (1, 2, None)]), rows.PARTS)
    again = frozen.from_json(frozen.as_json(kept))
    assert again == kept
    assert frozen.run_id(again) == frozen.run_id(kept)
    other = frozen.Frozen(drawn([(6, 12, Fraction(72, 18)), (1, 2, None)]), rows.PARTS)
    assert frozen.run_id(other) != frozen.run_id(kept)
    plain = frozen.as_json(frozen.Frozen(drawn([(6, 12, None)]), rows.PARTS))
    assert "weights" not in plain["round"]
