"""Shares and comparisons as figures and tables take them, and what each row says in words.

Whether a change may be called one is decided elsewhere and arrives as `finding`. Here holds one
rule only: a row with fewer than `fewest` applicable cases in a round shows counts, no share.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from cqi.documents import model, numbers, palette

FEWEST = 10  # setting of the measures: fewer applicable cases show counts only
NOTHING = "–"
FEW = "few cases"  # in place of a share and its counts, where both are withheld


@dataclass(frozen=True)
class Share:
    """Achieved of applicable, with its 95% interval as shares between 0 and 1. `withheld`: there
    are cases, but too few to print anything of them in a publication."""

    achieved: int
    applicable: int
    low: float
    high: float
    withheld: bool = False

    @property
    def value(self) -> float:
        """The unrounded share; 0 where nothing applied."""
        return self.achieved / self.applicable if self.applicable else 0.0

    @property
    def count(self) -> str:
        """ "2 of 3"."""
        return FEW if self.withheld else f"{self.achieved} of {self.applicable}"

    @property
    def counted(self) -> str:
        """ "2 of 3 cases"."""
        return FEW if self.withheld else f"{self.count} cases"

    @property
    def percent(self) -> str:
        """ "65.0%"."""
        return numbers.percent(self.achieved, self.applicable)


WITHHELD = Share(0, 0, 0.0, 1.0, withheld=True)


@dataclass(frozen=True)
class ComparisonRow:
    """One component or item in two rounds.

    `difference` and `interval` are shares (0.22 is 22 points), None where there are too few cases;
    pass a Fraction for a difference that is exact. `finding` is one of `palette.FINDINGS`, or None
    where no word may be said. `part_of` is the code of the row that it stands under as a part.
    """

    code: str
    label: str
    baseline: Share | None
    follow_up: Share | None
    difference: Fraction | float | None = None
    interval: tuple[float, float] | None = None
    finding: str | None = None
    part_of: str = ""

    def __post_init__(self) -> None:
        if self.finding is not None and self.finding not in palette.FINDINGS:
            raise ValueError(f"{self.code}: no finding is called {self.finding!r}")

    def counts_only(self, fewest: int = FEWEST) -> bool:
        """Whether a round has too few cases for a share."""
        return any(side and side.applicable < fewest for side in (self.baseline, self.follow_up))


@dataclass(frozen=True)
class RoundRow:
    """One component, item or place in one round; None where nothing was reviewed.

    `part_of` is the code of the row that it stands under as a part.
    """

    code: str
    label: str
    share: Share | None
    part_of: str = ""

    def counts_only(self, fewest: int = FEWEST) -> bool:
        """Whether there are too few cases for a share."""
        return self.share is not None and self.share.applicable < fewest


AnyRow = TypeVar("AnyRow", ComparisonRow, RoundRow)


def comparison_order(
    rows: Sequence[ComparisonRow], fewest: int = FEWEST
) -> tuple[tuple[ComparisonRow, ...], int]:
    """Highest follow-up first, too few cases last; and how many rows stand before those.

    Parts stay under the row that they are parts of.
    """
    few = [row for row in rows if not row.part_of and _too_few(row, fewest)]
    rest = [row for row in rows if not row.part_of and not _too_few(row, fewest)]
    rest.sort(key=lambda row: -(row.follow_up.value if row.follow_up else -1))
    return _with_parts(rest, few, rows)


def round_order(rows: Sequence[RoundRow], fewest: int = FEWEST) -> tuple[tuple[RoundRow, ...], int]:
    """Highest share first, too few cases last; and how many rows stand before those; parts as
    above."""
    wholes = [row for row in rows if not row.part_of]
    few = [row for row in wholes if row.counts_only(fewest) or row.share is None]
    rest = [row for row in wholes if row not in few]
    rest.sort(key=lambda row: -(row.share.value if row.share else 0))
    return _with_parts(rest, few, rows)


def by_name(rows: Sequence[AnyRow]) -> tuple[AnyRow, ...]:
    """Places in the order of their names, accents aside: they are never ranked."""
    return tuple(sorted(rows, key=lambda row: name_key(row.label)))


def name_key(name: str) -> tuple[str, str]:
    """What names are ordered by."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return plain.casefold(), name


def _with_parts(
    rest: Sequence[AnyRow], few: Sequence[AnyRow], rows: Sequence[AnyRow]
) -> tuple[tuple[AnyRow, ...], int]:
    above = [each for row in rest for each in _family(row, rows)]
    below = [each for row in few for each in _family(row, rows)]
    return tuple(above + below), len(above)


def _family(whole: AnyRow, rows: Sequence[AnyRow]) -> list[AnyRow]:
    return [row for row in rows if row is whole or row.part_of == whole.code]


def _too_few(row: ComparisonRow, fewest: int) -> bool:
    return row.counts_only(fewest) or row.finding == "too_few_cases"


def change(row: ComparisonRow) -> str:
    """ "+14.2 (−2.0 to +29.1)", or nothing where no change may be printed."""
    if row.difference is None:
        return ""
    if row.interval is None:
        return numbers.points(row.difference)
    return f"{numbers.points(row.difference)} ({numbers.span(*row.interval)})"


# ---- the figure's table -------------------------------------------------------------------------


def comparison_columns(rows: Sequence[ComparisonRow]) -> tuple[model.Column, ...]:
    """Columns of a comparison's table; "Finding" only where a row has one."""
    finding = (model.Column("Finding", data=("finding",)),)
    return (
        model.Column("", data=("code", "label")),
        *_share_columns("baseline_"),
        *_share_columns("follow_up_"),
        model.Column("Points", "number", ("difference",)),
        model.Column("95% int.", "number", ("difference_low", "difference_high")),
        *(finding if any(row.finding for row in rows) else ()),
    )


COMPARISON_GROUPS = (
    model.Group(1, 3, "Baseline"),
    model.Group(4, 6, "Follow-up"),
    model.Group(7, 8, "Change"),
)


def comparison_cells(row: ComparisonRow, fewest: int, with_finding: bool) -> model.Row:
    """A comparison as a table's row."""
    few = row.counts_only(fewest)
    cells: list[model.Cell | str | int] = [
        model.Cell(row.label, (row.code, row.label)),
        *_share_cells(row.baseline, few),
        *_share_cells(row.follow_up, few),
        *_change_cells(row, few),
    ]
    if with_finding:
        words = palette.MARKS[row.finding].words if row.finding else NOTHING
        cells.append(model.Cell(words, (row.finding,)))
    return model.Row(tuple(cells), indent=1 if row.part_of else 0)


def round_columns() -> tuple[model.Column, ...]:
    """Columns of the table of one round."""
    return (model.Column("", data=("code", "label")), *_share_columns(""))


def round_cells(row: RoundRow, fewest: int) -> model.Row:
    """A row of one round."""
    label = model.Cell(row.label, (row.code, row.label))
    cells = (label, *_share_cells(row.share, row.counts_only(fewest)))
    return model.Row(cells, indent=1 if row.part_of else 0)


def _share_columns(prefix: str) -> tuple[model.Column, ...]:
    return (
        model.Column("Cases", "number", (f"{prefix}achieved", f"{prefix}applicable")),
        model.Column("Share", "number", (f"{prefix}share",)),
        model.Column("95% int.", "number", (f"{prefix}low", f"{prefix}high")),
    )


def _share_cells(share: Share | None, few: bool) -> tuple[model.Cell, ...]:
    nothing = (model.Cell(NOTHING, (None,)), model.Cell(NOTHING, (None, None)))
    if share is None:
        return (model.Cell(NOTHING, (None, None)), *nothing)
    if share.withheld:
        return (model.Cell(FEW, (None, None)), *nothing)
    counts = (share.achieved, share.applicable)
    if few or not share.applicable:
        return (model.Cell(share.count, counts), *nothing)
    low, high = numbers.four_decimals(share.low), numbers.four_decimals(share.high)
    return (
        model.Cell(f"{share.achieved}/{share.applicable}", counts),
        model.Cell(share.percent, (numbers.fraction(*counts),)),
        model.Cell(numbers.interval(share.low, share.high), (low, high)),
    )


def _change_cells(row: ComparisonRow, few: bool) -> tuple[model.Cell, model.Cell]:
    if few or row.difference is None:
        return model.Cell(NOTHING, (None,)), model.Cell(NOTHING, (None, None))
    points = model.Cell(numbers.points(row.difference), (numbers.four_decimals(row.difference),))
    if row.interval is None:
        return points, model.Cell(NOTHING, (None, None))
    low, high = row.interval
    ends = (numbers.four_decimals(low), numbers.four_decimals(high))
    return points, model.Cell(numbers.span(low, high), ends)


# ---- every row in a sentence --------------------------------------------------------------------


def comparison_sentence(row: ComparisonRow, fewest: int = FEWEST) -> str:
    """A comparison in words, for people who do not see the figure."""
    few = row.counts_only(fewest)
    parts = [
        f"baseline {_said(row.baseline, few) if row.baseline else 'not compared'}",
        f"follow-up {_said(row.follow_up, few)}",
    ]
    if not few and row.difference is not None:
        parts.append(f"difference {numbers.points(row.difference)} points")
        if row.interval:
            parts[-1] += f" (95% interval {numbers.span(*row.interval)})"
    if row.finding:
        parts.append(palette.MARKS[row.finding].words.lower())
    return f"{row.label}: {', '.join(parts)}."


def round_sentence(row: RoundRow, fewest: int = FEWEST) -> str:
    """One round's row in words."""
    return f"{row.label}: {_said(row.share, row.counts_only(fewest))}."


def _said(share: Share | None, few: bool) -> str:
    if share is None:
        return "not reviewed"
    if few or not share.applicable:
        return share.counted
    interval = numbers.interval(share.low, share.high)
    return f"{share.percent} ({share.count} cases, 95% interval {interval})"
