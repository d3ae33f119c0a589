"""Places by components: a shaded cell with its share and its n, or what stands in its place.

The shade repeats what the cell prints. Too few cases are hatched and have counts; what was not
reviewed is white and says so. Places stand in the order of their names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.graphics.shapes import Drawing

from cqi.documents import metrics, model, numbers, palette, ramp, shares
from cqi.documents.charts import WIDTH, Caption
from cqi.documents.pen import Pen, Type
from cqi.documents.shares import FEW, FEWEST, NOTHING, Share

MOST_ROWS = 13  # on one page
_ROWS = (25.0, 22.0, 19.0)
_LABEL, _GAP = 78.0, 1.6
_BEFORE_TOTAL = 6.0
_NAME = Type(8)
_TOTAL = Type(8, "Semibold")
_HEAD = Type(8, "Semibold")
_CODE = Type(7, colour=palette.MUTED)
_ITALIC = Type(7.5, "Italic", palette.MUTED)


@dataclass(frozen=True)
class Head:
    """A component over its column: a code and a short name."""

    code: str
    label: str


@dataclass(frozen=True)
class PlaceRow:
    """A place with a share for each component; None where that was not reviewed."""

    code: str
    label: str
    shares: tuple[Share | None, ...]

    @property
    def reviewed(self) -> bool:
        """Whether there is anything to show."""
        return any(self.shares)


@dataclass(frozen=True)
class _Grid:
    """One heat map: its heads, its rows in order and the row of them all."""

    heads: tuple[Head, ...]
    rows: tuple[PlaceRow, ...]
    total: PlaceRow | None
    fewest: int

    @property
    def all_rows(self) -> tuple[PlaceRow, ...]:
        return (*self.rows, self.total) if self.total else self.rows

    @property
    def hatched(self) -> str:
        """What hatched cells have in common."""
        return ramp.few(self.fewest, [share for row in self.all_rows for share in row.shares])


def heat_map(
    caption: Caption,
    heads: Sequence[Head],
    rows: Sequence[PlaceRow],
    total: PlaceRow | None = None,
    fewest: int = FEWEST,
) -> model.Figure:
    """The whole figure on one page: up to `MOST_ROWS` places, and `total` under them."""
    ordered = sorted(rows, key=lambda row: shares.name_key(row.label))
    grid = _Grid(tuple(heads), tuple(ordered), total, fewest)
    shown = grid.all_rows
    said = " ".join(_sentence(grid, row) for row in shown)
    words = f"Grid of {len(shown)} rows by {len(heads)} columns."
    noted = caption.noted(
        "Darker means a larger share. Differences between rows are not tested here; the 95%"
        " intervals stand in the table."
    )
    drawings = [_draw(grid, height) for height in _ROWS]
    return noted.figure(
        f"{words} {said}", drawings, _columns(heads), [_cells(grid, r) for r in shown]
    )


def heat_maps(
    caption: Caption,
    heads: Sequence[Head],
    rows: Sequence[PlaceRow],
    total: PlaceRow | None = None,
    fewest: int = FEWEST,
) -> tuple[model.Figure, ...]:
    """As many figures as a long list of places needs, `total` under each."""
    ordered = sorted(rows, key=lambda row: shares.name_key(row.label))
    parts = [ordered[at : at + MOST_ROWS] for at in range(0, len(ordered), MOST_ROWS)] or [[]]
    return tuple(
        heat_map(_part(caption, number, len(parts)), heads, part, total, fewest)
        for number, part in enumerate(parts, 1)
    )


def _part(caption: Caption, number: int, count: int) -> Caption:
    if count == 1:
        return caption
    title = f"{caption.title} (part {number} of {count})"
    key = caption.key if number == 1 else f"{caption.key}-{number}"
    return replace(caption, key=key, title=title)


# ---- the drawing --------------------------------------------------------------------------------


def _draw(grid: _Grid, height: float) -> Drawing:
    probe = Pen(WIDTH, 0)
    top = ramp.key(probe, grid.fewest, grid.hatched, corners=True) + 30
    gap = _BEFORE_TOTAL if grid.total else 0
    pen = Pen(WIDTH, top + height * len(grid.all_rows) + gap + 2)
    ramp.key(pen, grid.fewest, grid.hatched, corners=True)
    width = (WIDTH - _LABEL) / max(len(grid.heads), 1)
    for number, head in enumerate(grid.heads):
        _heading(pen, _LABEL + width * (number + 0.5), top, width, head)
    for number, row in enumerate(grid.rows):
        _row(pen, grid, row, (top + height * number, height))
    if grid.total:
        _row(pen, grid, grid.total, (top + height * len(grid.rows) + gap, height))
    return pen.drawing


def _heading(pen: Pen, middle: float, top: float, width: float, head: Head) -> None:
    lines = metrics.fold_within(head.label, width - 4, (_HEAD.size, _HEAD.weight))
    for number, line in enumerate(reversed(lines)):
        pen.text(middle, top - 12 - 9 * number, line, _HEAD, "middle")
    pen.text(middle, top - 4, head.code, _CODE, "middle")


def _row(pen: Pen, grid: _Grid, row: PlaceRow, band: tuple[float, float]) -> None:
    top, height = band
    face = _TOTAL if row is grid.total else _NAME
    lines = metrics.fold_within(row.label, _LABEL - 6, (face.size, face.weight))
    for number, line in enumerate(lines):
        pen.text(0, top + height / 2 + 2.7 + 9 * (number - (len(lines) - 1) / 2), line, face)
    inner = height - _GAP
    if not row.reviewed:
        _white(pen, (_LABEL, top), (WIDTH - _LABEL - _GAP, inner), "not yet reviewed")
        return
    width = (WIDTH - _LABEL) / len(grid.heads)
    for number, share in enumerate(row.shares):
        corner, size = (_LABEL + width * number, top), (width - _GAP, inner)
        _cell(pen, corner, size, share, grid.fewest)


def _cell(
    pen: Pen,
    corner: tuple[float, float],
    size: tuple[float, float],
    share: Share | None,
    fewest: int,
) -> None:
    if share is None or not (share.applicable or share.withheld):
        _white(pen, corner, size, "no cases" if share else "not reviewed")
    elif share.applicable < fewest:
        _few(pen, corner, size, share)
    else:
        _shaded(pen, corner, size, share)


def _shaded(pen: Pen, corner: tuple[float, float], size: tuple[float, float], share: Share) -> None:
    shade = ramp.shade(share)
    pen.box(corner, size, shade.fill)
    percent, n = share.percent, f"n {share.applicable}"
    wide = metrics.width(percent, 8.5, "Semibold")
    left = corner[0] + (size[0] - wide - 4 - metrics.width(n, 7)) / 2
    foot = corner[1] + size[1] / 2 + 2.9
    pen.text(left, foot, percent, Type(8.5, "Semibold", shade.ink))
    pen.text(left + wide + 4, foot, n, Type(7, colour=shade.quiet))
    if share.applicable < ramp.WIDE:
        ramp.corner(pen, corner[0] + size[0], corner[1])


def _few(pen: Pen, corner: tuple[float, float], size: tuple[float, float], share: Share) -> None:
    pen.box(corner, size, palette.PAPER)
    pen.stripes(*corner, size, ramp.HATCH)
    ramp.frame(pen, corner, size)
    wide = metrics.width(share.count, 7.5) + 6
    middle = (corner[0] + size[0] / 2, corner[1] + size[1] / 2)
    pen.box((middle[0] - wide / 2, middle[1] - 5.5), (wide, 11), palette.PAPER)
    pen.text(middle[0], middle[1] + 2.6, share.count, Type(7.5, colour=palette.INK_2), "middle")


def _white(pen: Pen, corner: tuple[float, float], size: tuple[float, float], words: str) -> None:
    pen.box(corner, size, palette.PAPER)
    ramp.frame(pen, corner, size)
    pen.text(corner[0] + 7, corner[1] + size[1] / 2 + 2.6, words, _ITALIC)


# ---- the table and the description --------------------------------------------------------------


def _columns(heads: Sequence[Head]) -> list[model.Column]:
    values = ("achieved", "applicable", "share", "low", "high")
    return [
        model.Column("Place", data=("code", "label")),
        *(
            model.Column(head.label, "number", tuple(f"{head.code}_{value}" for value in values))
            for head in heads
        ),
    ]


def _cells(grid: _Grid, row: PlaceRow) -> model.Row:
    label = model.Cell(row.label, (row.code, row.label))
    cells = (_table_cell(share, grid.fewest) for share in row.shares)
    return model.Row((label, *cells), strong=row is grid.total)


def _table_cell(share: Share | None, fewest: int) -> model.Cell:
    """The share and its n over its interval; counts where there are too few cases."""
    if share is None:
        return model.Cell(NOTHING, (None,) * 5)
    if share.withheld:
        return model.Cell(FEW, (None,) * 5)
    counts = (share.achieved, share.applicable)
    if share.applicable < fewest:
        return model.Cell(
            share.count if share.applicable else "no cases", (*counts, None, None, None)
        )
    ends = (numbers.four_decimals(share.low), numbers.four_decimals(share.high))
    text = f"{share.percent} of {share.applicable}\n{numbers.interval(share.low, share.high)}"
    return model.Cell(text, (*counts, numbers.fraction(*counts), *ends))


def _sentence(grid: _Grid, row: PlaceRow) -> str:
    if not row.reviewed:
        return f"{row.label}: not yet reviewed."
    pairs = zip(grid.heads, row.shares, strict=True)
    return f"{row.label}: {'; '.join(f'{h.label} {_said(s, grid.fewest)}' for h, s in pairs)}."


def _said(share: Share | None, fewest: int) -> str:
    if share is None:
        return "not reviewed"
    if share.applicable < fewest:
        return share.counted
    return f"{share.percent} of {share.applicable}"
