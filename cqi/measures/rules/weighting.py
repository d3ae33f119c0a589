"""Shares in which each case stands for the cases of the frame that it was drawn from.

A drawn case weighs the cases of its stratum in the frame over the number drawn from it (Horvitz
and Thompson 1952). The interval is Wilson's with Kish's effective n (Kish 1965, section 11.7), the
square of the sum of the weights over the sum of their squares: unequal weights are worth fewer
cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from cqi.core import intervals


@dataclass(frozen=True)
class Weighted:
    """A weighted share, exact, and how many equal cases it is worth."""

    rate: Fraction
    effective_n: Fraction

    @property
    def interval(self) -> intervals.Interval:
        """Wilson's, with the effective n."""
        return intervals.wilson_share(float(self.rate), float(self.effective_n))


def weighted(cases: Sequence[tuple[bool, Fraction | None]]) -> Weighted | None:
    """The share of (achieved, weight) cases; None where a case has no weight, or there is none."""
    weights = [weight for _, weight in cases if weight is not None]
    if not weights or len(weights) < len(cases):
        return None
    total = sum(weights, Fraction(0))
    achieved = sum((weight for yes, weight in cases if yes and weight is not None), Fraction(0))
    squares = sum((weight * weight for weight in weights), Fraction(0))
    return Weighted(achieved / total, total * total / squares)
