"""Four decimals, half up, for data files: from exact integers wherever there are any."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_FOUR = Decimal("0.0001")


def four(share: Fraction | float) -> float:
    """A share or difference with four decimals; ties go away from zero."""
    if isinstance(share, Fraction):
        exact = Decimal(share.numerator) / Decimal(share.denominator)
    else:
        exact = Decimal(repr(share))
    return float(exact.quantize(_FOUR, ROUND_HALF_UP)) + 0.0


def four_or_none(share: Fraction | float | None) -> float | None:
    """The same; None stays None."""
    return None if share is None else four(share)
