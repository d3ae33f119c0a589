"""Numbers are rounded half up, from exact integers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqi.documents import numbers


@pytest.mark.parametrize(
    ("achieved", "applicable", "printed"),
    [
        (13, 20, "65.0%"),
        (40, 65, "61.5%"),
        (1, 80, "1.3%"),  # 1.25: half up, where binary floats and bankers round down
        (1, 16, "6.3%"),
        (0, 12, "0.0%"),
        (62, 62, "100.0%"),
        (1999, 2000, "100.0%"),
    ],
)
def test_percent_has_one_decimal_half_up(achieved: int, applicable: int, printed: str) -> None:
    assert numbers.percent(achieved, applicable) == printed


@pytest.mark.parametrize(("achieved", "applicable"), [(1, 0), (0, 0), (3, 2), (-1, 5)])
def test_percent_refuses_what_is_no_share(achieved: int, applicable: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        numbers.percent(achieved, applicable)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_percent_equals_whole_number_arithmetic(counts: tuple[int, int]) -> None:
    achieved, applicable = counts
    tenths = (2000 * achieved + applicable) // (2 * applicable)
    assert numbers.percent(achieved, applicable) == f"{tenths // 10}.{tenths % 10}%"


def test_points_carry_their_sign() -> None:
    assert numbers.points(0.22) == "+22.0"
    assert numbers.points(-0.031) == "−3.1"
    assert numbers.points(0) == "0.0"
    assert numbers.points(-0.0004) == "0.0"
    assert numbers.points(Fraction(1, 80)) == "+1.3"
    assert numbers.points(Fraction(-1, 80)) == "−1.3"


def test_intervals_of_shares_and_of_differences_read_differently() -> None:
    assert numbers.interval(0.5099, 0.7386) == "51.0–73.9"
    assert numbers.span(-0.082, 0.2345) == "−8.2 to +23.5"


def test_fractions_have_four_decimals() -> None:
    assert numbers.fraction(2, 3) == Decimal("0.6667")
    assert numbers.fraction(1, 32) == Decimal("0.0313")
