"""Numbers as they are printed: half up, from exact integers where there are any.

The minus is the true one (U+2212); what a typeface lacks is replaced where it is printed.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

MINUS = "−"
_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")
_FOUR = Decimal("0.0001")


def percent(achieved: int, applicable: int) -> str:
    """`achieved` of `applicable` as a percentage with one decimal: 13 of 20 is "65.0%"."""
    if not 0 <= achieved <= applicable or applicable == 0:
        raise ValueError(f"{achieved} of {applicable} is no share")
    return f"{_tenths(Fraction(achieved, applicable))}%"


def fraction(achieved: int, applicable: int) -> Decimal:
    """`achieved` / `applicable` with four decimals, for data files."""
    return four_decimals(Fraction(achieved, applicable))


def four_decimals(share: Fraction | float) -> Decimal:
    """A share or a bound of an interval with four decimals, half up."""
    return _exact(share).quantize(_FOUR, ROUND_HALF_UP)


def one_decimal(number: Fraction | float) -> str:
    """A number that need not be whole, such as an effective n: "24.6"."""
    return str(_exact(number).quantize(_TENTH, ROUND_HALF_UP))


def coefficient(number: Fraction | float) -> str:
    """A coefficient with two decimals: "0.94", "−0.02"."""
    hundredths = _exact(number).quantize(_HUNDREDTH, ROUND_HALF_UP)
    return f"{MINUS if hundredths < 0 else ''}{abs(hundredths)}"


def points(difference: Fraction | float) -> str:
    """A difference of two shares in percentage points: 0.22 is "+22.0", -0.031 is "−3.1"."""
    tenths = _tenths(difference)
    if tenths == 0:
        return "0.0"
    return f"{'+' if tenths > 0 else MINUS}{abs(tenths)}"


def interval(low: float, high: float) -> str:
    """An interval of a share, in percent: "51.0–73.9"."""
    return f"{abs(_tenths(low))}–{abs(_tenths(high))}"


def span(low: float, high: float) -> str:
    """An interval of a difference, in points: "−8.2 to +23.5"."""
    return f"{points(low)} to {points(high)}"


def _tenths(share: Fraction | float) -> Decimal:
    return (_exact(share) * 100).quantize(_TENTH, ROUND_HALF_UP)


def _exact(share: Fraction | float) -> Decimal:
    if isinstance(share, Fraction):
        # 28 digits: a tie of whole numbers stays a tie, and nothing else becomes one.
        return Decimal(share.numerator) / Decimal(share.denominator)
    return Decimal(str(share))
