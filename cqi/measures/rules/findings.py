"""The one rule that makes the words (improved, declined ...); no other place may make them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from cqi.core import intervals


class Finding(enum.StrEnum):
    """What may be said about a change between two rounds."""

    IMPROVED = "improved"
    DECLINED = "declined"
    NO_CLEAR_CHANGE = "no_clear_change"
    TOO_FEW = "too_few"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True)
class Limits:
    """The rule's two settings: cases for a percentage, and points of an interval's reach."""

    smallest_n: int = 10
    widest_reach: float = 25


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Pair:
    """The same measure in two rounds: k of n at baseline (0) and at follow-up (1)."""

    k0: int
    n0: int
    k1: int
    n1: int

    def few(self, limits: Limits) -> bool:
        """Whether only counts may be shown."""
        return min(self.n0, self.n1) < max(limits.smallest_n, 1)

    def without(self, both: Pair) -> Pair:
        """The same without some of its cases."""
        return Pair(self.k0 - both.k0, self.n0 - both.n0, self.k1 - both.k1, self.n1 - both.n1)

    def interval(self) -> intervals.Interval:
        """Newcombe's interval of the difference."""
        return intervals.newcombe(self.k0, self.n0, self.k1, self.n1)


def finding(pair: Pair, limits: Limits = DEFAULT_LIMITS) -> Finding:
    """The word for a pair; the first rule that matches wins."""
    if pair.few(limits):
        return Finding.TOO_FEW
    interval = pair.interval()
    if interval.low > 0:
        return Finding.IMPROVED
    if interval.high < 0:
        return Finding.DECLINED
    if _reach(pair, interval) * 100 > limits.widest_reach:
        return Finding.TOO_FEW
    return Finding.NO_CLEAR_CHANGE


def _reach(pair: Pair, interval: intervals.Interval) -> float:
    difference = pair.k1 / pair.n1 - pair.k0 / pair.n0
    return max(difference - interval.low, interval.high - difference)
