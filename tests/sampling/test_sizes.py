"""How large a sample has to be: by the formula with the correction for a finite list."""

from __future__ import annotations

import math

import hypothesis
import pytest
from hypothesis import strategies

from cqi.sampling.rules import sizes


@pytest.mark.parametrize(
    ("number", "size", "width"),
    [
        (65, 10**9, 0.12155),  # without the correction: 1.96 * sqrt(0.25 / 65)
        (65, 130, 0.08629),
        (130, 130, 0.0),
        (1, 1, 0.0),
    ],
)
def test_half_width(number: int, size: int, width: float) -> None:
    assert sizes.half_width(number, size) == pytest.approx(width, abs=1e-5)


def test_the_textbook_numbers() -> None:
    """385 of an endless list for 5 points (Cochran 1977, 4.4); 218 of 500, 97 endless for 10."""
    assert sizes.cases_needed(0.05, 10**9) == 385
    assert sizes.cases_needed(0.10, 10**9) == 97
    assert sizes.cases_needed(0.05, 500) == 217 + (sizes.half_width(217, 500) > 0.05)


@hypothesis.given(strategies.integers(1, 5000), strategies.floats(0.01, 0.6))
def test_no_fewer_cases_would_do(size: int, width: float) -> None:
    number = sizes.cases_needed(width, size)
    assert 1 <= number <= size
    assert sizes.half_width(number, size) <= width or math.isclose(
        sizes.half_width(number, size), width
    )
    if number > 1:
        assert sizes.half_width(number - 1, size) > width


def test_what_is_no_sample_is_refused() -> None:
    for number, size in ((0, 5), (6, 5)):
        with pytest.raises(ValueError, match="no sample"):
            sizes.half_width(number, size)
    for width, size in ((0.0, 5), (0.1, 0)):
        with pytest.raises(ValueError, match="no sample"):
            sizes.cases_needed(width, size)
