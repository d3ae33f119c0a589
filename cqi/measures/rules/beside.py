"""A place beside what it belongs to: told apart from the rest of it, or not."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from fractions import Fraction

from cqi.core import intervals
from cqi.measures.rules import findings
from cqi.measures.rules.tabulation import MeasureRow


class Standing(enum.StrEnum):
    """What may be said of a place and the rest."""

    ABOVE = "above"
    BELOW = "below"
    NOT_APART = "not_apart"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Beside:
    """A place (k1 of n1) against the rest of the whole that it belongs to (k0 of n0).

    Against the whole itself a place would be compared with its own cases too.
    """

    pair: findings.Pair
    limits: findings.Limits

    @property
    def standing(self) -> Standing:
        """Above or below only where Newcombe's 95% interval of the difference leaves out zero."""
        interval = self.interval
        if interval is None:
            return Standing.TOO_FEW
        if interval.low > 0:
            return Standing.ABOVE
        return Standing.BELOW if interval.high < 0 else Standing.NOT_APART

    @property
    def difference(self) -> Fraction | None:
        """The place's share minus that of the rest; None where only counts may be shown."""
        if self.pair.few(self.limits):
            return None
        return Fraction(self.pair.k1, self.pair.n1) - Fraction(self.pair.k0, self.pair.n0)

    @property
    def interval(self) -> intervals.Interval | None:
        """Newcombe's interval of the difference; None where only counts may be shown."""
        return None if self.pair.few(self.limits) else self.pair.interval()


def beside(place: MeasureRow, whole: MeasureRow) -> Beside:
    """A place's row against the rest of the whole's, of the same measure in the same round."""
    rest = whole.achieved - place.achieved, whole.applicable - place.applicable
    return Beside(findings.Pair(*rest, place.achieved, place.applicable), place.limits)
