"""Tables, and figures with the rows that they draw."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing

Datum: TypeAlias = str | int | Decimal | dt.date | None


class Percent(Decimal):
    """A share from 0 to 1 that a workbook shows as a percentage with one decimal."""


Kind: TypeAlias = Literal["text", "number"]


@dataclass(frozen=True)
class Column:
    """A table's column.

    `data` names what its cells hold in CSV, JSON and XLSX, one name a value ("baseline_low",
    "baseline_high"); empty: the group's and the column's heading in snake case.
    """

    heading: str
    kind: Kind = "text"
    data: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A spanning head over the columns `first` to `last`, counted from 0."""

    first: int
    last: int
    heading: str


@dataclass(frozen=True)
class Cell:
    """What a page prints, and the values behind it, one for each name in `Column.data`.

    With a `mark` alone (`mark_only`) the text is what the mark means, for people who do not see it.
    """

    text: str
    values: tuple[Datum, ...] = ()
    mark: str = ""
    mark_only: bool = False


@dataclass(frozen=True)
class Row:
    """A table's row; `strong` for totals, `indent` for the parts of the row above."""

    cells: tuple[Cell | str | int, ...]
    strong: bool = False
    indent: int = 0
    ruled: bool = False  # a dotted rule above: what follows is of another kind


def shown(value: Cell | str | int) -> str:
    """What is printed for a cell; whole numbers with their thousands parted."""
    if isinstance(value, Cell):
        return value.text
    return f"{value:,}" if isinstance(value, int) else value


@dataclass(frozen=True)
class Table:
    """Rows under columns; `groups` are spanning heads."""

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A drawing with all that a reader without it needs.

    `tighter` holds the same drawing with less height, loosest first, for page fitting.
    `description` says every row in a sentence; `columns`, `rows` and `groups` are its table. On
    paper that is not printed where all of it stands in another table too (`table_apart`).
    """

    key: str
    title: str
    measure: str
    description: str
    drawing: Drawing
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()
    tighter: tuple[Drawing, ...] = ()
    table_apart: bool = False

    @property
    def table(self) -> Table:
        """The figure's rows as a table of the same key."""
        return Table(self.key, self.title, self.columns, self.rows, self.groups, self.notes)

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        """All drawings of the figure, loosest first."""
        return (self.drawing, *self.tighter)
