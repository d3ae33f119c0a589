"""The figures: paired dots for two rounds, dots for one.

Percent scales run from 0 to 100, each value has its n beside it and its interval through it.
Titles and notes are text beside the drawing, not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.graphics.shapes import Drawing

from cqi.documents import metrics, model, numbers, palette, scales, shares
from cqi.documents import svg as svg_writer
from cqi.documents.pen import Pen, Stroke, Type
from cqi.documents.scales import Scale

WIDTH = 504  # the text width of US Letter with margins of 54
svg = svg_writer.write

_TOP = 44  # key, target and column heads stand above the plot
_FEW_GAP = 9
_INDENT = 9  # of the label of a part
_SHARE_END, _N_START, _MARK, _WORDS = 383, 390, 414, 421
_KEY = (("baseline", "Baseline"), ("follow_up", "Follow-up"), ("", "Lines show 95% intervals"))
_HEAD = Type(7.5, "Semibold", palette.INK_2)
_QUIET = Type(7, colour=palette.MUTED)
_COUNTS = Type(8, colour=palette.INK_2)


@dataclass(frozen=True)
class Target:
    """A dashed line at a share with its words; an unconfirmed one says so in a note."""

    share: float
    words: str


@dataclass(frozen=True)
class Layout:
    """How a dot plot is laid out; row heights are tried from the left when a page is tight."""

    row_heights: tuple[float, ...] = (30,)
    size: float = 8
    label_width: float = 150
    highest_first: bool = False
    fewest: int = shares.FEWEST

    def tightened(self) -> tuple[Layout, ...]:
        """One layout for each row height."""
        return tuple(replace(self, row_heights=(height,)) for height in self.row_heights)


@dataclass(frozen=True)
class Caption:
    """What stands around a drawing; `figure` is how every kind of figure is made of its parts."""

    key: str
    title: str
    measure: str
    notes: tuple[str, ...] = ()

    def figure(
        self,
        description: str,
        drawings: Sequence[Drawing],
        columns: Sequence[model.Column],
        rows: Sequence[model.Row],
        groups: tuple[model.Group, ...] = (),
    ) -> model.Figure:
        """The figure of these drawings (the loosest first) and this table."""
        return model.Figure(
            key=self.key,
            title=self.title,
            measure=self.measure,
            description=description,
            drawing=drawings[0],
            columns=tuple(columns),
            rows=tuple(rows),
            groups=groups,
            notes=self.notes,
            tighter=tuple(drawings[1:]),
        )

    def noted(self, *notes: str) -> Caption:
        """The same with more notes; empty ones are left out."""
        return replace(self, notes=(*self.notes, *(note for note in notes if note)))


COMPONENTS = Layout((40, 36, 32, 26), size=9)
ITEMS = Layout((30, 26, 22.5, 20), size=8, highest_first=True)


def comparison(
    caption: Caption,
    rows: Sequence[shares.ComparisonRow],
    target: Target | None = None,
    layout: Layout = COMPONENTS,
) -> model.Figure:
    """The whole figure of a comparison: drawing, description, table."""
    ordered = _ordered(rows, layout)[0]
    drawings = [paired_dots(rows, target, each) for each in layout.tightened()]
    said = [shares.comparison_sentence(row, layout.fewest) for row in ordered]
    with_finding = any(row.finding for row in ordered)
    cells = [shares.comparison_cells(row, layout.fewest, with_finding) for row in ordered]
    columns = shares.comparison_columns(ordered)
    return caption.figure(_described(said), drawings, columns, cells, shares.COMPARISON_GROUPS)


def one_round(
    caption: Caption,
    rows: Sequence[shares.RoundRow],
    target: Target | None = None,
    layout: Layout = COMPONENTS,
) -> model.Figure:
    """The whole figure of one round alone (a baseline, say)."""
    ordered = _ordered_round(rows, layout)[0]
    drawings = [dots(rows, target, each) for each in layout.tightened()]
    said = [shares.round_sentence(row, layout.fewest) for row in ordered]
    cells = [shares.round_cells(row, layout.fewest) for row in ordered]
    return caption.figure(_described(said), drawings, shares.round_columns(), cells)


def paired_dots(
    rows: Sequence[shares.ComparisonRow],
    target: Target | None = None,
    layout: Layout = COMPONENTS,
) -> Drawing:
    """Baseline (ring) over follow-up (dot) in each row, with intervals, n, change and finding."""
    ordered, split = _ordered(rows, layout)
    scale = scales.linear(0, 1, layout.label_width + 16, 342)
    pen, tops = _plot(len(ordered), split, layout)
    pen.key(_KEY)
    _grid(pen, scale, tops, target)
    pen.text(_SHARE_END, _TOP - 4, "Share", _HEAD, "end")
    pen.text(_N_START, _TOP - 4, "n", _HEAD)
    if any(row.finding for row in ordered):
        pen.text(_MARK - 4, _TOP - 14, "Finding", _HEAD)
    pen.text(_MARK - 4, _TOP - 4, "Points (95% interval)", _QUIET)
    for top, row in zip(tops, ordered, strict=False):
        _compared(pen, scale, row, top + layout.row_heights[0] / 2, layout)
    return pen.drawing


def dots(
    rows: Sequence[shares.RoundRow],
    target: Target | None = None,
    layout: Layout = COMPONENTS,
) -> Drawing:
    """A dot with its interval in each row, for one round alone."""
    ordered, split = _ordered_round(rows, layout)
    layout = replace(layout, row_heights=(layout.row_heights[0] * 0.8,))
    scale = scales.linear(0, 1, layout.label_width + 16, 400)
    pen, tops = _plot(len(ordered), split, layout)
    pen.key([("follow_up", "Share with its 95% interval")])
    _grid(pen, scale, tops, target)
    pen.text(444, _TOP - 4, "Share", _HEAD, "end")
    pen.text(452, _TOP - 4, "n", _HEAD)
    pen.text(WIDTH, _TOP - 4, "95% interval", _HEAD, "end")
    for top, row in zip(tops, ordered, strict=False):
        _single(pen, scale, row, top + layout.row_heights[0] / 2, layout)
    return pen.drawing


def _described(said: Sequence[str]) -> str:
    return f"Dot plot with {len(said)} rows. {' '.join(said)}"


def _ordered(
    rows: Sequence[shares.ComparisonRow], layout: Layout
) -> tuple[tuple[shares.ComparisonRow, ...], int]:
    if layout.highest_first:
        return shares.comparison_order(rows, layout.fewest)
    return tuple(rows), len(rows)


def _ordered_round(
    rows: Sequence[shares.RoundRow], layout: Layout
) -> tuple[tuple[shares.RoundRow, ...], int]:
    if layout.highest_first:
        return shares.round_order(rows, layout.fewest)
    return tuple(rows), len(rows)


def _plot(count: int, split: int, layout: Layout) -> tuple[Pen, list[float]]:
    """A pen with the rules between the rows drawn; the rows' tops, the plot's bottom last."""
    height = layout.row_heights[0]
    gap = _FEW_GAP if 0 < split < count else 0
    tops = [_TOP + height * i + (gap if i >= split else 0) for i in range(count)]
    bottom = _TOP + height * count + gap
    pen = Pen(WIDTH, bottom + 4)
    for number, top in enumerate(tops[1:], 1):
        if gap and number == split:
            stroke, top = Stroke(palette.RULE, 0.6, (1, 2)), top - gap / 2
        else:
            stroke = Stroke(palette.HAIRLINE, 0.5)
        pen.line((0, top), (WIDTH, top), stroke)
    return pen, [*tops, bottom]


def _grid(pen: Pen, scale: Scale, tops: Sequence[float], target: Target | None) -> None:
    pen.percent_axis(scale, _TOP, tops[-1])
    if target:
        x = scale(target.share)
        pen.line((x, _TOP), (x, tops[-1]), Stroke(palette.INK, 0.9, (3, 2)))
        pen.text(x, _TOP - 14, target.words, Type(7.5, "Semibold"), "middle")


def _label(pen: Pen, row: shares.AnyRow, middle: float, layout: Layout) -> None:
    indent = _INDENT if row.part_of else 0
    pen.lines(indent, middle, row.label, layout.label_width - indent, Type(layout.size))


def _compared(
    pen: Pen, scale: Scale, row: shares.ComparisonRow, middle: float, layout: Layout
) -> None:
    step = min(6.2, layout.row_heights[0] * 0.2)
    _label(pen, row, middle, layout)
    if row.counts_only(layout.fewest):
        _few_words(pen, scale, middle, layout.fewest)
        _count(pen, row.baseline, middle - step)
        _count(pen, row.follow_up, middle + step)
    else:
        _share(pen, scale, row.baseline, middle - step, "baseline")
        _share(pen, scale, row.follow_up, middle + step, "follow_up")
    change = "" if row.counts_only(layout.fewest) else shares.change(row)
    _finding(pen, row.finding, change, middle, step)


def _share(pen: Pen, scale: Scale, share: shares.Share | None, y: float, mark: str) -> None:
    if share is None or not share.applicable:
        words = "no cases" if share else "not compared"
        pen.text(_SHARE_END, y + 2.8, words, _QUIET, "end")
        return
    first = mark == "baseline"
    _interval(pen, scale, share, y, mark)
    face = _COUNTS if first else Type(8, "Semibold")
    pen.text(_SHARE_END, y + 2.8, share.percent, face, "end")
    pen.text(_N_START, y + 2.8, str(share.applicable), Type(8, colour=palette.MUTED))


def _interval(pen: Pen, scale: Scale, share: shares.Share, y: float, mark: str) -> None:
    width = 1 if mark == "baseline" else 1.9
    stroke = Stroke(palette.mark(mark).colour, width)
    pen.interval(scale(share.low), scale(share.high), y, stroke)
    pen.mark(mark, scale(share.value), y, 3.3)


def _count(pen: Pen, share: shares.Share | None, y: float) -> None:
    words = share.count if share else "no cases"
    pen.text(_N_START + 13, y + 2.8, words, _COUNTS, "end")


def _few_words(pen: Pen, scale: Scale, middle: float, fewest: int) -> None:
    words = f"fewer than {fewest} cases: counts only"
    width = metrics.width(words, 7, "Italic")
    pen.box((scale(0.5) - width / 2 - 3, middle - 5), (width + 6, 10), palette.PAPER)
    pen.text(scale(0.5), middle + 2.4, words, Type(7, "Italic", palette.MUTED), "middle")


def _finding(pen: Pen, finding: str | None, change: str, middle: float, step: float) -> None:
    if finding is None:
        pen.text(_MARK - 4, middle + 2.8, change, _COUNTS)
        return
    mark = palette.mark(finding)
    coloured = finding in ("improved", "declined")
    face = Type(8, "Semibold", mark.colour if coloured else palette.INK_2)
    above = middle - (step if change else 0)
    pen.mark(finding, _MARK, above)
    pen.text(_WORDS, above + 2.8, mark.words, face)
    pen.text(_WORDS, middle + step + 2.8, change, _COUNTS)


def _single(pen: Pen, scale: Scale, row: shares.RoundRow, middle: float, layout: Layout) -> None:
    _label(pen, row, middle, layout)
    share = row.share
    if share is None or not share.applicable:
        pen.text(WIDTH, middle + 2.8, "no cases", _QUIET, "end")
    elif row.counts_only(layout.fewest):
        _few_words(pen, scale, middle, layout.fewest)
        pen.text(WIDTH, middle + 2.8, share.count, _COUNTS, "end")
    else:
        _interval(pen, scale, share, middle, "follow_up")
        _single_numbers(pen, share, middle)


def _single_numbers(pen: Pen, share: shares.Share, middle: float) -> None:
    pen.text(444, middle + 2.8, share.percent, Type(8, "Semibold"), "end")
    pen.text(452, middle + 2.8, str(share.applicable), Type(8, colour=palette.MUTED))
    interval = numbers.interval(share.low, share.high)
    pen.text(WIDTH, middle + 2.8, interval, _COUNTS, "end")
