"""Data tables: strong rules above, below the head and at the end, hairlines between the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import Flowable, Table

from cqi.documents import fonts, model, palette, pen
from cqi.documents.fonts import REGULAR, SEMIBOLD
from cqi.documents.pdf import drawn, styles, text
from cqi.documents.pdf.styles import Room

Command = tuple[Any, ...]
_HEAD_SIZE = 7.5
_GAP = 4.0  # the empty column that parts two groups
_PAD = 5.0
_NARROWEST = 60.0

PLAIN: list[Command] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
]


def data_table(table: model.Table, room: Room) -> list[Flowable]:
    """The table with its rules and its head repeated on each page."""
    if not table.columns:
        return []
    grid = _Grid.of(table, room)
    head = 2 if table.groups else 1
    made = Table(
        grid.content(),
        colWidths=grid.widths,
        style=[*_rules(head), *grid.looks(head)],
        repeatRows=head,
        hAlign="LEFT",
        splitInRow=1,
        spaceBefore=4,
        spaceAfter=6,
    )
    return [made]


def side_by_side(
    cells: Sequence[Sequence[Flowable]], widths: Sequence[float], *more: Command
) -> Table:
    """Lists of flowables beside each other, their tops level; splits over pages where it must."""
    return Table(
        [[list(cell) for cell in cells]],
        colWidths=list(widths),
        style=[*PLAIN, *more],
        hAlign="LEFT",
        splitInRow=1,
    )


def _rules(head: int) -> list[Command]:
    ink, hairline = pen.colour(palette.INK), pen.colour(palette.HAIRLINE)
    return [
        ("LINEABOVE", (0, 0), (-1, 0), 0.8, ink),
        ("LINEBELOW", (0, head - 1), (-1, head - 1), 0.8, ink),
        ("LINEBELOW", (0, head), (-1, -2), 0.3, hairline),
        ("LINEBELOW", (0, -1), (-1, -1), 0.8, ink),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
    ]


@dataclass(frozen=True)
class _Grid:
    """A table as ReportLab wants it: `places[j]` is where column j stands among the gaps."""

    table: model.Table
    room: Room
    places: tuple[int, ...]
    widths: list[float]

    @classmethod
    def of(cls, table: model.Table, room: Room) -> _Grid:
        gaps = _gaps(table)
        places = tuple(j + sum(gap <= j for gap in gaps) for j in range(len(table.columns)))
        inner = _column_widths(table, room.width - _GAP * len(gaps), room.setting.table_size)
        widths = [_GAP] * (len(inner) + len(gaps))
        for place, width in zip(places, inner, strict=True):
            widths[place] = width
        return cls(table, room, places, widths)

    def content(self) -> list[list[Any]]:
        heads = [self._spread([_heading(c.heading, w) for c, w in self._columns()])]
        if self.table.groups:
            spanning = self._spread([""] * len(self.places))
            for group in self.table.groups:
                spanning[self.places[group.first]] = fonts.printable(group.heading)
            heads.insert(0, spanning)
        return heads + [self._spread(self._row(row)) for row in self.table.rows]

    def looks(self, head: int) -> list[Command]:
        size, padding = self.room.setting.table_size, self.room.setting.table_padding
        ink = pen.colour(palette.INK_2)
        looks: list[Command] = [
            ("TOPPADDING", (0, 0), (-1, -1), padding),
            ("BOTTOMPADDING", (0, 0), (-1, -1), padding),
            ("FONT", (0, 0), (-1, head - 1), SEMIBOLD, _HEAD_SIZE),
            ("TEXTCOLOR", (0, 0), (-1, head - 1), ink),
            ("FONT", (0, head), (-1, -1), REGULAR, size),
            ("TEXTCOLOR", (0, head), (-1, -1), pen.colour(palette.INK)),
        ]
        for place, column in zip(self.places, self.table.columns, strict=True):
            if column.kind == "number":
                looks.append(("ALIGN", (place, head - 1), (place, -1), "RIGHT"))
        return looks + self._group_looks() + self._row_looks(head)

    def _group_looks(self) -> list[Command]:
        looks: list[Command] = []
        for group in self.table.groups:
            start, end = (self.places[group.first], 0), (self.places[group.last], 0)
            looks += [("SPAN", start, end), ("ALIGN", start, end, "CENTER")]
            looks.append(("LINEBELOW", start, end, 0.4, pen.colour(palette.RULE)))
        return looks

    def _row_looks(self, head: int) -> list[Command]:
        looks: list[Command] = []
        size = self.room.setting.table_size
        for number, row in enumerate(self.table.rows, head):
            if row.strong:
                looks.append(("FONT", (0, number), (-1, number), SEMIBOLD, size))
            if row.indent:
                looks.append(("LEFTPADDING", (0, number), (0, number), 8.0 * row.indent))
            if row.ruled:
                dots = (0.6, pen.colour(palette.RULE), 0, (1, 2))
                looks.append(("LINEABOVE", (0, number), (-1, number), *dots))
        return looks

    def _row(self, row: model.Row) -> list[Any]:
        cells = zip(row.cells, self._columns(), strict=True)
        indent = 8.0 * row.indent
        drawn_cells = []
        for value, (column, width) in cells:
            drawn_cells.append(self._cell(value, row.strong, column.kind, width - indent))
            indent = 0.0
        return drawn_cells

    def _cell(self, value: model.Cell | str | int, strong: bool, kind: str, width: float) -> Any:
        """A string where it fits: a paragraph takes five times as long."""
        size = self.room.setting.table_size
        if isinstance(value, model.Cell) and value.mark:
            return drawn.MarkedLine(value.mark, "" if value.mark_only else value.text, size, 3.4)
        words = fonts.printable(model.shown(value))
        font = SEMIBOLD if strong else REGULAR
        if "\n" not in words and fonts.width(words, font, size) <= width - _PAD + 0.1:
            return words
        return text.paragraph(words, styles.cell(size, strong, 2 if kind == "number" else 0))

    def _columns(self) -> list[tuple[model.Column, float]]:
        widths = [self.widths[place] for place in self.places]
        return list(zip(self.table.columns, widths, strict=True))

    def _spread(self, cells: Sequence[Any]) -> list[Any]:
        spread: list[Any] = [""] * len(self.widths)
        for place, value in zip(self.places, cells, strict=True):
            spread[place] = value
        return spread


def _heading(words: str, width: float) -> Any:
    printed = fonts.printable(words)
    if fonts.width(printed, SEMIBOLD, _HEAD_SIZE) <= width - _PAD + 0.1:
        return printed
    style = styles.cell(_HEAD_SIZE, strong=True)
    return text.paragraph(printed, style)


def _gaps(table: model.Table) -> list[int]:
    """The columns before which an empty column parts two groups."""
    if not table.groups:
        return []
    starts = {group.first for group in table.groups}
    after = {group.last + 1 for group in table.groups}
    return sorted(j for j in starts | after if 1 < j < len(table.columns))


def _column_widths(table: model.Table, total: float, size: float) -> list[float]:
    """Numbers get what they need; text shares the rest, its first column taking what is left."""
    needed = [_natural(table, j, size) for j in range(len(table.columns))]
    texts = [j for j, column in enumerate(table.columns) if column.kind == "text"]
    if not texts:
        return [total / len(needed)] * len(needed)
    left = total - sum(width for j, width in enumerate(needed) if j not in texts)
    left = max(left, sum(min(needed[j], _NARROWEST) for j in texts))
    cap = _cap([needed[j] for j in texts], left)
    for j in texts:
        needed[j] = min(needed[j], cap)
    return _shared(needed, max(0.0, left - sum(needed[j] for j in texts)), texts[0])


def _shared(widths: Sequence[float], spare: float, first: int) -> list[float]:
    """What is to spare goes to all columns evenly, a little each; the rest to the first text."""
    each = min(spare / len(widths), 24.0)
    shared = [width + each for width in widths]
    shared[first] += spare - each * len(widths)
    return shared


def _cap(widths: Sequence[float], left: float) -> float:
    """The width at which the widest columns are cut so that all fit into `left`."""
    cap, remaining = left, sorted(widths)
    while remaining:
        cap = left / len(remaining)
        if remaining[0] > cap:
            return cap
        left -= remaining.pop(0)
    return max(cap, *widths)


def _natural(table: model.Table, j: int, size: float) -> float:
    """The width of a column in which nothing wraps."""
    head = fonts.width(table.columns[j].heading, SEMIBOLD, _HEAD_SIZE)
    cells = (_cell_width(row, j, size) for row in table.rows)
    return max(head, *cells, 0.0) + _PAD + 1


def _cell_width(row: model.Row, j: int, size: float) -> float:
    value = row.cells[j]
    if isinstance(value, model.Cell) and value.mark:
        words = "" if value.mark_only else value.text
        return 14 + fonts.width(words, REGULAR, size)
    indent = 8.0 * row.indent if j == 0 else 0.0
    font = SEMIBOLD if row.strong else REGULAR
    lines = model.shown(value).split("\n")
    return indent + max(fonts.width(line, font, size) for line in lines)
