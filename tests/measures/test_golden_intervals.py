"""Intervals agree with statsmodels, scipy and numpy over 1,000 random tables, corners included."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cqi.core import intervals
from cqi.instruments.definition import Rating
from cqi.measures.rules import findings, tabulation, weighting

# made by golden_intervals.py, which says how
GOLDEN = json.loads((Path(__file__).parent / "golden_intervals.json").read_text("utf-8"))
TABLES, WEIGHTED = GOLDEN["tables"], GOLDEN["weighted"]
ONE_IS_ENOUGH = findings.Limits(1)


def close(expected: list[float]) -> Any:
    return pytest.approx(expected, rel=1e-12, abs=1e-14)


def ends(one: intervals.Interval | None) -> list[float]:
    assert one is not None
    return [one.low, one.high]


def row(k: int, n: int) -> tabulation.MeasureRow:
    counts = ((Rating.STRENGTH, k), (Rating.AREA_NEEDING_IMPROVEMENT, n - k))
    what = tabulation.Measure("SRM", "SRM05")
    return tabulation.MeasureRow(
        what, tabulation.WHOLE, counts, tabulation.Excluded(), ONE_IS_ENOUGH
    )


def test_the_golden_values_say_with_what_they_were_made_and_hold_the_corners() -> None:
    [versions] = GOLDEN["made_with"]
    assert set(versions) == {"statsmodels", "scipy", "numpy"}
    assert len(TABLES) >= 1000
    sides = {tuple(one[at : at + 2]) for one in TABLES for at in (0, 2)}
    assert {(0, 0), (0, 1), (1, 1), (0, 30), (1, 30), (29, 30), (30, 30)} <= sides


def test_shares_have_the_interval_of_wilson() -> None:
    for k0, n0, k1, n1, *golden in TABLES:
        for k, n, expected in ((k0, n0, golden[0:2]), (k1, n1, golden[2:4])):
            if n:
                assert ends(intervals.wilson(k, n)) == close(expected), f"{k} of {n}"
                assert row(k, n).interval == intervals.wilson(k, n)
            else:
                assert expected == [None, None]
                assert row(k, n).interval is None


def test_differences_have_newcombes_interval() -> None:
    for *table, low, high in ([*each[:4], *each[8:]] for each in TABLES):
        pair = findings.Pair(*table)
        found = tabulation.Comparison(tabulation.Measure("SRM"), pair, ONE_IS_ENOUGH, None)
        if low is None:
            assert found.interval is None, table
        else:
            assert ends(found.interval) == close([low, high]), table


def test_weighted_shares_have_wilsons_interval_with_kishs_effective_n() -> None:
    for strata, share, effective, *expected in WEIGHTED:
        cases = [
            (number < k, Fraction(str(weight))) for k, n, weight in strata for number in range(n)
        ]
        found = weighting.weighted(cases)
        assert found is not None
        assert [float(found.rate), float(found.effective_n)] == close([share, effective])
        assert ends(found.interval) == close(expected), strata


def test_what_has_no_cases_has_no_interval() -> None:
    with pytest.raises(ValueError, match="no share"):
        intervals.wilson(0, 0)
    assert weighting.weighted([]) is None
