"""What has changed under a run since its rows were frozen, and two runs figure by figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from cqi.measures.rules.frozen import Frozen, FrozenCase, FrozenRound
from cqi.measures.rules.tabulation import Measure, MeasureRow, Measures


@dataclass(frozen=True)
class Changes:
    """Case reviews that a run froze otherwise than they are: `gone` counted then and are not final
    now, `rated` have other ratings, weights or places, `added` are final now and were not.

    `rules`: settings, named items or the instrument's pages are others. `declared`: other measures
    are declared in data than were; no case review changes for that.
    """

    gone: int = 0
    rated: int = 0
    added: int = 0
    rules: bool = False
    declared: bool = False

    @property
    def reviews(self) -> int:
        """How many case reviews."""
        return self.gone + self.rated + self.added

    @property
    def any(self) -> bool:
        """Whether the figures could be others now."""
        return bool(self.reviews or self.rules)

    @property
    def words(self) -> str:
        """ "2 case reviews changed since (1 open again, 1 rated otherwise)"."""
        if not self.any:
            return "other measures are declared" if self.declared else "nothing changed since"
        parts = [
            f"{number} {words}"
            for number, words in (
                (self.gone, "open again or withdrawn"),
                (self.rated, "rated otherwise"),
                (self.added, "final since"),
            )
            if number
        ]
        said = []
        if self.reviews:
            noun = "case review" if self.reviews == 1 else "case reviews"
            said.append(f"{self.reviews} {noun} changed since ({', '.join(parts)})")
        if self.rules:
            said.append("the settings or the items that a plan named are others")
        return "; ".join(said)


def between(before: Frozen, after: Frozen) -> Changes:
    """What differs between two freezings of the same rounds."""
    pairs = [(before.round, after.round)]
    if before.baseline and after.baseline:
        pairs.append((before.baseline, after.baseline))
    found = [_of_round(*pair) for pair in pairs]
    bare = (_without_cases(each) for each in (before, after))
    first, second = bare
    return Changes(
        gone=sum(one.gone for one in found),
        rated=sum(one.rated for one in found),
        added=sum(one.added for one in found),
        rules=first != second,
        declared=any(one.declared for one in found),
    )


def _of_round(before: FrozenRound, after: FrozenRound) -> Changes:
    then = {case.case_number: case for case in before.cases}
    now = {case.case_number: case for case in after.cases}
    both = _declared(before) & _declared(after)
    then, now = _of_both(then, both), _of_both(now, both)
    return Changes(
        gone=len(then.keys() - now.keys()),
        rated=sum(then[number] != now[number] for number in then.keys() & now.keys()),
        added=len(now.keys() - then.keys()),
        declared=_declared(before) != _declared(after),
    )


def _declared(one: FrozenRound) -> set[str]:
    return {id_ for case in one.cases for id_ in case.process}


def _of_both(cases: Mapping[str, FrozenCase], ids: set[str]) -> dict[str, FrozenCase]:
    """The cases with what they add to measures that were declared both times."""
    return {
        number: replace(case, process={i: pair for i, pair in case.process.items() if i in ids})
        for number, case in cases.items()
    }


def _without_cases(one: Frozen) -> Frozen:
    baseline = replace(one.baseline, cases=(), outside=()) if one.baseline else None
    return replace(one, round=replace(one.round, cases=(), outside=()), baseline=baseline)


@dataclass(frozen=True)
class Figure:
    """A figure in two runs; None where a run does not have it."""

    measure: Measure
    which: Literal["round", "baseline"]
    first: MeasureRow | None
    second: MeasureRow | None

    @property
    def same(self) -> bool:
        """Whether both runs say the same, count by count."""
        return _said(self.first) == _said(self.second)


def side_by_side(first: Measures, second: Measures) -> tuple[Figure, ...]:
    """Every figure of two runs, in the order of the first one, then what only the second has."""
    return (
        *_paired(first.rows, second.rows, "round"),
        *_paired(first.baseline_rows, second.baseline_rows, "baseline"),
    )


def _paired(
    first: tuple[MeasureRow, ...],
    second: tuple[MeasureRow, ...],
    which: Literal["round", "baseline"],
) -> Iterator[Figure]:
    left, right = ({row.measure.code: row for row in rows} for rows in (first, second))
    for code in dict.fromkeys([*left, *right]):
        one, other = left.get(code), right.get(code)
        row = one or other
        if row is not None:
            yield Figure(row.measure, which, one, other)


def _said(row: MeasureRow | None) -> object:
    return (row.ratings, row.excluded, row.drawn) if row else None
