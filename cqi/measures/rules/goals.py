"""The arithmetic of a goal: the baseline plus 1.28 sampling errors, and when a goal is met."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from cqi.core import intervals
from cqi.measures.rules import rounding

ERRORS = 1.28  # the federal method's factor: one-sided 90%
FEWEST = 10
NEGOTIATED = "The goal is negotiated"


@dataclass(frozen=True)
class Goal:
    """Shares, unrounded. `goal` is None where it must be negotiated, and `reason` says why."""

    baseline: float
    sampling_error: float | None
    goal: float | None
    reason: str = ""

    def as_json(self) -> dict[str, float | str | None]:
        """Fractions with four decimals, as the command prints them."""
        return {
            "baseline": rounding.four(self.baseline),
            "sampling_error": rounding.four_or_none(self.sampling_error),
            "goal": rounding.four_or_none(self.goal),
            "reason": self.reason or None,
        }


def pip_goal(k: int, n: int) -> Goal:
    """p + 1.28 * sqrt(p(1-p)/n) from unrounded p, at most 1. Raises ValueError for no share."""
    intervals.check_count(k, n)
    share = k / n
    reason = _why_negotiated(k, n)
    if reason:
        return Goal(share, None, None, f"{NEGOTIATED}: {reason}")
    error = ERRORS * math.sqrt(share * (1 - share) / n)
    return Goal(share, error, min(share + error, 1.0))


def _why_negotiated(k: int, n: int) -> str:
    if n < FEWEST:
        return f"the baseline has {n} applicable cases, and the formula needs {FEWEST} or more."
    if k == 0:
        return "at a baseline of 0% the formula finds no sampling error."
    if k == n:
        return "the baseline is 100% already."
    return ""


def met(goal: float | Fraction, k: int, n: int, baseline_n: int) -> bool:
    """Whether `k` of `n` reaches the goal on a sample of at least the baseline's size.

    Weaker than "improved": the point alone decides, as in the federal method.
    """
    return n >= max(baseline_n, 1) and Fraction(k, n) >= Fraction(goal)
