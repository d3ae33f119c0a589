"""How far two readings of the same cases agree, four ways, none of which says enough alone.

Shapes: pairs of ratings (first, second), nominal; None is no rating. A pair counts where both are
rated: a case with one rating says nothing about agreement, in none of the four (Krippendorff calls
such a unit not pairable). With n such pairs, p_kl the share that has k first and l second:

- percent agreement, p_a = sum of p_kk, with Wilson's 95% interval;
- kappa (Cohen 1960, Educational and Psychological Measurement 20): (p_a - p_e) / (1 - p_e), where
  p_e = sum of p_k. * p_.k is what two readings with their own shares would agree by chance;
- AC1 (Gwet 2008, British Journal of Mathematical and Statistical Psychology 61): the same form with
  p_e = sum of pi_k (1 - pi_k) / (q - 1), pi_k = (p_k. + p_.k) / 2, over the q ratings that there
  can be; its variance is that paper's for two raters, over n - 1 (Gwet's later software);
- alpha (Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, nominal data):
  1 - (N - 1) * disagreements / sum over k < l of n_k n_l, with N = 2n ratings, n_k of them k.

All are exact (fractions); 1 is always the same, 0 what chance gives. None: cannot be worked out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from cqi.core import intervals

Pair = tuple[str | None, str | None]
NOT_TO_BE_HAD = "cannot be worked out"


@dataclass(frozen=True)
class Agreement:
    """Counted pairs: `cells` by (first, second), over the ratings of `scale`."""

    cells: Mapping[tuple[str, str], int]
    scale: tuple[str, ...]

    @cached_property
    def n(self) -> int:
        """Pairs in which both are rated."""
        return sum(self.cells.values())

    @cached_property
    def agreed(self) -> int:
        """Pairs with the same rating."""
        return sum(self.cells.get((rating, rating), 0) for rating in self.scale)

    @property
    def percent(self) -> Fraction | None:
        """The share of the same ratings; None without pairs."""
        return Fraction(self.agreed, self.n) if self.n else None

    @property
    def interval(self) -> intervals.Interval | None:
        """Wilson's of that share."""
        return intervals.wilson(self.agreed, self.n) if self.n else None

    @property
    def kappa(self) -> Fraction | None:
        """Cohen's; None where both readings have one and the same rating all through."""
        if not self.n:
            return None
        first, second = self._marginals
        by_chance = Fraction(sum(first[k] * second[k] for k in self.scale), self.n * self.n)
        return _above_chance(Fraction(self.agreed, self.n), by_chance)

    @property
    def ac1(self) -> Fraction | None:
        """Gwet's; None without pairs, and where there is one rating to choose from."""
        if not self.n or len(self.scale) < 2:
            return None
        return _above_chance(Fraction(self.agreed, self.n), self._by_chance)

    @property
    def ac1_interval(self) -> intervals.Interval | None:
        """Normal, 95%, cut at -1 and 1; None where the pairs show no spread to take it from."""
        value, n = self.ac1, self.n
        if value is None or n < 2:
            return None
        variance = self._spread(value) / ((n - 1) * (1 - self._by_chance) ** 2)
        if not variance:
            return None
        half = intervals.Z * math.sqrt(variance)
        return intervals.Interval(max(float(value) - half, -1.0), min(float(value) + half, 1.0))

    @property
    def alpha(self) -> Fraction | None:
        """Krippendorff's; None where all ratings are the same."""
        ratings, number = self._both, 2 * self.n
        expected = sum(count * (number - count) for count in ratings.values())
        if not expected:
            return None
        return 1 - Fraction((number - 1) * 2 * (self.n - self.agreed), expected)

    @cached_property
    def _marginals(self) -> tuple[Counter[str], Counter[str]]:
        first, second = Counter[str](), Counter[str]()
        for (one, other), count in self.cells.items():
            first[one] += count
            second[other] += count
        return first, second

    @property
    def _both(self) -> Counter[str]:
        """Rating -> how often it was given, by either reading."""
        first, second = self._marginals
        return first + second

    @property
    def _by_chance(self) -> Fraction:
        """Gwet's agreement by chance, p_e."""
        shares = [Fraction(count, 2 * self.n) for count in self._both.values()]
        return sum((pi * (1 - pi) for pi in shares), Fraction()) / (len(self.scale) - 1)

    def _spread(self, value: Fraction) -> Fraction:
        """The variance over pairs of (agree or not) - 2 (1 - AC1) (the pair's part in p_e)."""
        away = {k: 1 - Fraction(self._both[k], 2 * self.n) for k in self.scale}
        each = Fraction(1, len(self.scale) - 1)
        found = [
            (count, (one == other) - (1 - value) * each * (away[one] + away[other]))
            for (one, other), count in self.cells.items()
        ]
        mean = Fraction(sum(count * part for count, part in found)) / self.n
        return Fraction(sum(count * (part - mean) ** 2 for count, part in found)) / self.n


def agreement(pairs: Iterable[Pair], scale: Collection[str]) -> Agreement:
    """Count pairs of ratings; `scale` are all ratings that there can be, in whatever order.

    Raises ValueError for a rating that is not among them.
    """
    cells = Counter(
        (first, second) for first, second in pairs if first is not None and second is not None
    )
    strange = {rating for pair in cells for rating in pair} - set(scale)
    if strange:
        raise ValueError(f"not on the scale: {', '.join(sorted(strange))}")
    return Agreement(dict(cells), tuple(scale))


def _above_chance(observed: Fraction, by_chance: Fraction) -> Fraction | None:
    return None if by_chance == 1 else (observed - by_chance) / (1 - by_chance)
