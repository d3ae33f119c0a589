"""Frozen rows into numerators over denominators, intervals and comparisons."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Protocol

from cqi.core import intervals
from cqi.instruments.definition import Rating
from cqi.measures.rules import findings, tallies, weighting
from cqi.measures.rules import frozen as frozen_rows
from cqi.measures.rules.findings import Finding
from cqi.measures.rules.frozen import Frozen, FrozenCase, FrozenOutside, FrozenRound, LeftOut

_ACHIEVED = frozenset({Rating.STRENGTH, Rating.SUBSTANTIALLY_ACHIEVED})


class By(enum.StrEnum):
    """What a table of rows may be broken down by."""

    COUNTY = "county"
    CASE_TYPE = "case_type"


@dataclass(frozen=True)
class Excluded:
    """What a row leaves out, in case reviews."""

    practice: int = 0
    eliminated: int = 0
    not_final: int = 0
    not_rated: int = 0
    not_applicable: int = 0
    not_asked: int = 0  # the round asked for other items only


@dataclass(frozen=True)
class Measure:
    """What is measured: a component, or one of its items, which may be a part of another."""

    component: str
    item: str | None = None
    part_of: str | None = None

    @property
    def code(self) -> str:
        """The code that ratings are kept under."""
        return self.item or self.component


@dataclass(frozen=True)
class Group:
    """The part of a round that a row looks at; empty: all of it."""

    place: str | None = None
    case_type: str | None = None

    def holds(self, one: FrozenCase | FrozenOutside) -> bool:
        """Whether a case review belongs to it."""
        return self.place in (None, one.county) and self.case_type in (None, one.case_type)


WHOLE = Group()


@dataclass(frozen=True)
class MeasureRow:
    """A numerator over its denominator in one round. `ratings` counts the applicable ones; `drawn`
    has what the weighted share is made of, where the round's cases were drawn."""

    measure: Measure
    group: Group
    ratings: tuple[tuple[Rating, int], ...]
    excluded: Excluded
    limits: findings.Limits
    drawn: weighting.Weighted | None = None

    @cached_property
    def applicable(self) -> int:
        """The denominator."""
        return sum(count for _, count in self.ratings)

    @cached_property
    def achieved(self) -> int:
        """The numerator: strength, or substantially achieved."""
        return sum(count for rating, count in self.ratings if rating in _ACHIEVED)

    @property
    def counts_only(self) -> bool:
        """Whether there are too few cases for a share."""
        return self.applicable < max(self.limits.smallest_n, 1)

    @property
    def rate(self) -> Fraction | None:
        """The exact share; None where only counts may be shown."""
        return None if self.counts_only else Fraction(self.achieved, self.applicable)

    @property
    def interval(self) -> intervals.Interval | None:
        """Wilson's interval; None where only counts may be shown."""
        return None if self.counts_only else intervals.wilson(self.achieved, self.applicable)

    @property
    def weighted(self) -> weighting.Weighted | None:
        """The share weighted by the draw; None where only counts may be shown, or the cases that
        count were not all drawn."""
        return None if self.counts_only else self.drawn


@dataclass(frozen=True)
class Comparison:
    """Follow-up against baseline. `finding` is None where the rules give no word.

    `overlap` counts the cases in both denominators; `without_overlap` is the same comparison
    without them (None where there are none).
    """

    measure: Measure
    pair: findings.Pair
    limits: findings.Limits
    finding: Finding | None
    overlap: int = 0
    without_overlap: Comparison | None = None

    @property
    def shown(self) -> bool:
        """Whether a difference may be shown at all."""
        return self.finding is not Finding.NOT_COMPARED and not self.pair.few(self.limits)

    @property
    def difference(self) -> Fraction | None:
        """The exact difference of the shares."""
        if not self.shown:
            return None
        pair = self.pair
        return Fraction(pair.k1, pair.n1) - Fraction(pair.k0, pair.n0)

    @property
    def size(self) -> Fraction:
        """The difference without its sign; 0 where none may be shown."""
        difference = self.difference or Fraction(0)
        return max(difference, -difference)

    @cached_property
    def interval(self) -> intervals.Interval | None:
        """Newcombe's interval of the difference."""
        return self.pair.interval() if self.shown else None


@dataclass(frozen=True)
class Overridden:
    """How many item ratings QA set in the round and in the one it compares with, and whether they
    were `used` or left out."""

    round: int
    baseline: int
    used: bool

    @property
    def all(self) -> int:
        """In both rounds."""
        return self.round + self.baseline


@dataclass(frozen=True)
class Measures:
    """All figures of a run. `baseline_rows` are the other round's, where there is one.

    `frozen` are the rows that they were made from, `run_id` is that of the rows with overrides.
    """

    frozen: Frozen
    run_id: str
    rows: tuple[MeasureRow, ...]
    baseline_rows: tuple[MeasureRow, ...]
    comparisons: tuple[Comparison, ...]
    overridden: Overridden

    def row(self, code: str, place: str | None = None) -> MeasureRow:
        """The row of a component or item; KeyError where there is none."""
        return self._rows[code, place]

    def baseline_row(self, code: str) -> MeasureRow | None:
        """The other round's row; None where it may not stand beside this round's."""
        return self._baseline.get(code) if self.frozen.compares(code) else None

    def comparison(self, code: str) -> Comparison | None:
        """The comparison of a component or item; None where rounds are not compared."""
        return self._comparisons.get(code)

    @cached_property
    def _rows(self) -> dict[tuple[str, str | None], MeasureRow]:
        return {(row.measure.code, row.group.place): row for row in self.rows}

    @cached_property
    def _baseline(self) -> dict[str, MeasureRow]:
        return {row.measure.code: row for row in self.baseline_rows}

    @cached_property
    def _comparisons(self) -> dict[str, Comparison]:
        return {one.measure.code: one for one in self.comparisons}


def measure(
    given: Frozen, by: By | None = None, *, overrides: bool = True, county: str = ""
) -> Measures:
    """Every row and comparison that the frozen rows make; `by` breaks the rows down.

    Without `overrides` the computed ratings count in place of those that QA set. `county` (a FIPS
    code): the figures of its cases alone; their run is that of all rows.
    """
    kept = frozen_rows.of_county(given, county) if county else given
    frozen = kept if overrides else frozen_rows.without_overrides(kept)
    measures = measures_of(frozen)
    groups = groups_of(frozen.round, by)
    other = frozen.baseline
    return Measures(
        frozen=frozen,
        run_id=frozen_rows.run_id(given),
        overridden=_overridden(kept, overrides),
        rows=tuple(tabulate(frozen.round, measures, groups, frozen.limits)),
        baseline_rows=tuple(tabulate(other, measures, [WHOLE], frozen.limits) if other else ()),
        comparisons=tuple(_compared(frozen, other, one) for one in measures) if other else (),
    )


def _overridden(given: Frozen, used: bool) -> Overridden:
    before = frozen_rows.overrides(given, given.baseline) if given.baseline else 0
    return Overridden(frozen_rows.overrides(given, given.round), before, used)


def measures_of(frozen: Frozen) -> tuple[Measure, ...]:
    """Each component, followed by its items, each followed by its parts."""
    return tuple(
        Measure(part.component, item, frozen.part_of.get(item or ""))
        for part in frozen.parts
        for item in (None, *part.items)
    )


def groups_of(one: FrozenRound, by: By | None) -> list[Group]:
    """The groups of a round that have case reviews, in the order of their codes."""
    everything: list[FrozenCase | FrozenOutside] = [*one.cases, *one.outside]
    if by is By.COUNTY:
        return [Group(place=place) for place in sorted({each.county for each in everything})]
    if by is By.CASE_TYPE:
        return [Group(case_type=kind) for kind in sorted({each.case_type for each in everything})]
    return [WHOLE]


def tabulate(
    one: FrozenRound,
    measures: Sequence[Measure],
    groups: Iterable[Group],
    limits: findings.Limits,
) -> list[MeasureRow]:
    """The rows of a round, group by group."""
    rows: list[MeasureRow] = []
    for group in groups:
        cases = [case for case in one.cases if group.holds(case)]
        outside = [each for each in one.outside if group.holds(each)]
        counted = Counted(tallies.of_rows(cases, outside), limits, one.asks)
        for each in measures:
            row = row_of(each, group, counted)
            asked = cases if one.asks(each.code) else ()
            rows.append(replace(row, drawn=_weighted(asked, each.code)))
    return rows


@dataclass(frozen=True)
class Counted:
    """What rows are made from: the counts of a group, the limits, which codes its round asked for.

    Without `overrides` computed ratings count in place of those that QA set.
    """

    tallied: tallies.Tallied
    limits: findings.Limits = findings.DEFAULT_LIMITS
    asks: Callable[[str], bool] = lambda _: True
    overrides: bool = True


def row_of(what: Measure, group: Group, counted: Counted) -> MeasureRow:
    """The row of a component or item from counts: every share that is shown comes from here."""
    tallied = counted.tallied
    left_out = Excluded(
        practice=tallied.left_out(LeftOut.PRACTICE),
        eliminated=tallied.left_out(LeftOut.ELIMINATED),
        not_final=tallied.left_out(LeftOut.NOT_FINAL),
    )
    if not counted.asks(what.code):
        unasked = replace(left_out, not_asked=tallied.cases)
        return MeasureRow(what, group, (), unasked, counted.limits)
    counts = tallied.of(what.code, overrides=counted.overrides)
    not_rated = tallied.cases - counts.total()
    not_applicable = counts.pop(Rating.NOT_APPLICABLE.value, 0)
    excluded = replace(left_out, not_rated=not_rated, not_applicable=not_applicable)
    ratings = tuple((rating, counts[rating.value]) for rating in Rating if counts[rating.value])
    return MeasureRow(what, group, ratings, excluded, counted.limits)


def _weighted(cases: Iterable[FrozenCase], code: str) -> weighting.Weighted | None:
    return weighting.weighted([pair for case in cases if (pair := _drawn(case, code))])


def _drawn(case: FrozenCase, code: str) -> tuple[bool, Fraction | None] | None:
    """(achieved, weight) of a case in the denominator."""
    rating = case.ratings.get(code)
    return (achieved(rating), case.weight) if applies(rating) else None


def _compared(frozen: Frozen, other: FrozenRound, what: Measure) -> Comparison:
    before, after = (_achieved(one, what.code) for one in (other, frozen.round))
    whole = comparison_of(frozen, what, _pair(before, after))
    both = before.keys() & after.keys()
    return apart(frozen, whole, _pair(_only(before, both), _only(after, both)))


def _achieved(one: FrozenRound, code: str) -> dict[str, bool]:
    """Case number -> achieved, for the cases in the denominator."""
    found = {case.case_number: case.ratings.get(code) for case in one.cases}
    return {number: achieved(rating) for number, rating in found.items() if applies(rating)}


def applies(rating: str | None) -> bool:
    """Whether a case with this rating is in the denominator."""
    return rating is not None and rating != Rating.NOT_APPLICABLE


def achieved(rating: str | None) -> bool:
    """Whether it is in the numerator."""
    return rating in _ACHIEVED


def _only(found: dict[str, bool], numbers: set[str]) -> dict[str, bool]:
    return {number: value for number, value in found.items() if number in numbers}


def _pair(before: dict[str, bool], after: dict[str, bool]) -> findings.Pair:
    return findings.Pair(sum(before.values()), len(before), sum(after.values()), len(after))


class Terms(Protocol):
    """On what terms two rounds are compared; frozen rows say it of themselves."""

    @property
    def named_items(self) -> frozenset[str]: ...
    @property
    def limits(self) -> findings.Limits: ...
    def compares(self, code: str) -> bool: ...


def comparison_of(terms: Terms, what: Measure, pair: findings.Pair) -> Comparison:
    """A comparison with its word, or without one: every word that is shown comes from here."""
    return Comparison(what, pair, terms.limits, _word(terms, what, pair))


def apart(terms: Terms, whole: Comparison, both: findings.Pair) -> Comparison:
    """A comparison with what it would be without the cases in both denominators."""
    if not both.n0:
        return whole
    without = comparison_of(terms, whole.measure, whole.pair.without(both))
    return replace(whole, overlap=both.n0, without_overlap=without)


def _word(terms: Terms, what: Measure, pair: findings.Pair) -> Finding | None:
    """Words stand for components and for items that an approved plan named beforehand."""
    if not terms.compares(what.code):
        return Finding.NOT_COMPARED
    if what.item and what.item not in terms.named_items:
        return None
    return findings.finding(pair, terms.limits)
