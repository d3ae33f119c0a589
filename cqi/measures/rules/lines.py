"""A component or item in a round and, beside it, in the one that it compares with, from counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cqi.measures.rules import findings, tabulation
from cqi.measures.rules.tabulation import Comparison, Counted, Group, Measure, MeasureRow


@dataclass(frozen=True)
class Agreed:
    """On what terms two rounds are compared: on the same version of an instrument, or where the
    rule of a code is the same in both."""

    same_version: bool
    same_rule: frozenset[str] = frozenset()
    named_items: frozenset[str] = frozenset()
    limits: findings.Limits = findings.DEFAULT_LIMITS

    def compares(self, code: str) -> bool:
        """Whether ratings of a component or item mean the same in both rounds."""
        return self.same_version or code in self.same_rule


@dataclass(frozen=True)
class Line:
    """Both rounds of one measure. `before` and `change` are None where there is no other round;
    `before` also where its ratings mean something else."""

    now: MeasureRow
    before: MeasureRow | None = None
    change: Comparison | None = None


@dataclass(frozen=True)
class Overlap:
    """How many cases have a final review in both rounds, and by code how those in both
    denominators were rated."""

    cases: int = 0
    pairs: Mapping[str, findings.Pair] = field(default_factory=dict)


@dataclass(frozen=True)
class Sides:
    """The counts of a round and, where it compares with one, of the other, with the terms and the
    cases that stand in both."""

    now: Counted
    before: Counted | None = None
    terms: Agreed | None = None
    overlap: Overlap = field(default_factory=Overlap)


def line(what: Measure, group: Group, sides: Sides) -> Line:
    """One line: shares and word by the rules that reports go by."""
    now = tabulation.row_of(what, group, sides.now)
    if sides.before is None or sides.terms is None:
        return Line(now)
    before = tabulation.row_of(what, group, sides.before)
    pair = findings.Pair(before.achieved, before.applicable, now.achieved, now.applicable)
    change = tabulation.comparison_of(sides.terms, what, pair)
    if what.code in sides.overlap.pairs:
        change = tabulation.apart(sides.terms, change, sides.overlap.pairs[what.code])
    return Line(now, before if sides.terms.compares(what.code) else None, change)
