"""95% intervals of shares and of differences of shares.

Wilson (1927) for one share, Newcombe (1998, method 10) for a difference of two independent shares;
no continuity correction and no finite population correction (practice is judged, not the list).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959963984540054  # the normal quantile of 0.975
CONFIDENCE = 0.95
WILSON, NEWCOMBE = "wilson", "newcombe"


@dataclass(frozen=True)
class Interval:
    """Both ends, as shares (0 to 1) or differences of shares (-1 to 1), unrounded."""

    low: float
    high: float


def check_count(k: int, n: int) -> None:
    """Raise ValueError unless `k` of `n` is a share: n at least 1, k from 0 to n."""
    if n < 1 or not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")


def wilson(k: int, n: int) -> Interval:
    """The interval of the share `k` of `n`; exact 0 and 1 at the ends."""
    check_count(k, n)
    return wilson_share(k / n, n)


def wilson_share(share: float, n: float) -> Interval:
    """The same of a share of a number of cases that need not be whole, such as an effective n."""
    square = Z * Z
    middle = share + square / (2 * n)
    half = Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    low = 0.0 if share == 0 else (middle - half) / (1 + square / n)
    high = 1.0 if share == 1 else (middle + half) / (1 + square / n)
    return Interval(max(low, 0.0), min(high, 1.0))


def newcombe(k0: int, n0: int, k1: int, n1: int) -> Interval:
    """The interval of k1/n1 - k0/n0 (follow-up minus baseline)."""
    before, after = wilson(k0, n0), wilson(k1, n1)
    p0, p1 = k0 / n0, k1 / n1
    difference = p1 - p0
    down = math.hypot(p1 - after.low, before.high - p0)
    up = math.hypot(after.high - p1, p0 - before.low)
    return Interval(max(difference - down, -1.0), min(difference + up, 1.0))


def smallest_gain(n0: int, n1: int) -> float | None:
    """The smallest gain from half of `n0` whose interval leaves out zero; None where none does."""
    k0 = n0 // 2
    gains = (k1 for k1 in range(n1 + 1) if newcombe(k0, n0, k1, n1).low > 0)
    k1 = next(gains, None)
    return None if k1 is None else k1 / n1 - k0 / n0
