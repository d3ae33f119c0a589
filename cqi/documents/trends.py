"""Shares over several rounds: a dot with its interval at each date, a panel for each component.

All panels have the same dates. A line joins the rounds that may be compared; an interim review is
a ring beside it. Too few cases are a hatched strip with their counts, and break the line. Nothing
here calls what it shows anything: two points say no more than their difference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise

from reportlab.graphics.shapes import Drawing

from cqi.documents import metrics, model, palette, ramp, scales, shares
from cqi.documents.charts import WIDTH, Caption, Target
from cqi.documents.pen import Pen, Stroke, Type
from cqi.documents.scales import Scale
from cqi.documents.shares import FEWEST, RoundRow, Share

_ONE, _MANY = (150.0, 125.0, 100.0), (88.0, 74.0, 62.0)  # how high a plot is, loosest first
_KEY, _GUTTER, _AXIS = 20.0, 18.0, 26.0
_ABOVE, _BETWEEN = 26.0, 10.0  # a panel's title and the highest value; from panel to panel
_LINE, _TICK = 9.0, 6.0
_STRIP = 8.0
_LONGEST_NAME = 78.0
_APART = 5.0
_VALUE = Type(7.5, "Semibold")
_SMALL = Type(7, colour=palette.INK_2)
_QUIET = Type(7, colour=palette.MUTED)
_COMPARED, _INTERIM = Stroke(palette.BLUE, 1.6), Stroke(palette.MUTED, 1.0)


@dataclass(frozen=True)
class Point:
    """A round: its name, its day, its share; `compared` is False for an interim review. `joined`
    is False where no line leads to it, as other places were reviewed than before."""

    label: str
    on: dt.date
    share: Share | None
    compared: bool = True
    joined: bool = True


@dataclass(frozen=True)
class Panel:
    """A component or item over its rounds; a panel that stands alone may have no label."""

    code: str
    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class _Grid:
    """How panels are laid out: their width, how many stand beside each other, what is named."""

    panels: tuple[Panel, ...]
    days: tuple[dt.date, dt.date]
    across: int
    named: bool
    target: Target | None
    fewest: int

    @property
    def width(self) -> float:
        return (WIDTH - _GUTTER * (self.across - 1)) / self.across

    @property
    def below(self) -> float:
        """The height of what stands under a plot."""
        return _TICK + _LINE * (3 if self.named else 2) + 2

    @cached_property
    def columns(self) -> list[list[float]]:
        """How wide the words at each point of each panel are."""
        return [[self._wide(point) for point in panel.points] for panel in self.panels]

    def _wide(self, point: Point) -> float:
        words = self.words(point)
        return max(metrics.width(text, f.size, f.weight) for text, f in words) + _APART

    def words(self, point: Point) -> list[tuple[str, Type]]:
        """What stands under a point, then what stands at its dot."""
        [name] = metrics.fold_within(point.label, _LONGEST_NAME, (7, "Regular"), 1)
        lines = [(name, _SMALL)] if self.named else []
        lines += [(_month(point.on), _QUIET if self.named else _SMALL)]
        return [*lines, (_count(point.share, self.fewest), _QUIET), (self.value(point), _VALUE)]

    def value(self, point: Point) -> str:
        """The share that is drawn, "" where there is none."""
        few = point.share is None or point.share.applicable < max(self.fewest, 1)
        return "" if few or point.share is None else point.share.percent

    @property
    def most(self) -> int | None:
        """How many of the latest rounds have words that stand beside each other in every panel;
        None where all have."""
        room = self.width - _AXIS
        crowded = (columns for columns in self.columns if sum(columns) > room)
        counts = (sum(t <= room for t in accumulate(reversed(columns))) for columns in crowded)
        return min(counts, default=None)


def trend(
    caption: Caption,
    panels: Sequence[Panel],
    target: Target | None = None,
    fewest: int = FEWEST,
) -> model.Figure:
    """The whole figure: one panel over the whole width, several in two columns."""
    ordered = [_in_order(panel) for panel in panels]
    grid = _laid_out(ordered, target, fewest)
    heights = _ONE if grid.across == 1 and len(ordered) == 1 else _MANY
    drawings = [_draw(grid, height) for height in heights]
    said = " ".join(shares.round_sentence(row, fewest) for row in _spoken(ordered))
    rounds = max((len(panel.points) for panel in ordered), default=0)
    words = (
        f"Shares over {rounds} rounds, {len(ordered)} {'panel' if len(ordered) == 1 else 'panels'}."
    )
    noted = caption.noted(_left_out(ordered, grid))
    several = len(ordered) > 1
    return noted.figure(f"{words} {said}", drawings, _columns(several), _rows(ordered, fewest))


def _in_order(panel: Panel) -> Panel:
    return replace(panel, points=tuple(sorted(panel.points, key=lambda point: point.on)))


def _laid_out(panels: Sequence[Panel], target: Target | None, fewest: int) -> _Grid:
    """The first layout in which all words fit; where none does, the latest rounds in the last."""
    across = 1 if len(panels) < 2 else 2
    ways = [(across, True), (across, False), (1, True), (1, False)]
    grids = [
        _Grid(tuple(panels), _days(panels), *way, target, fewest) for way in dict.fromkeys(ways)
    ]
    for grid in grids:
        if grid.most is None:
            return grid
    last = grids[-1]
    cut = tuple(replace(panel, points=panel.points[-(last.most or 1) :]) for panel in panels)
    return replace(last, panels=cut, days=_days(cut))


def _days(panels: Sequence[Panel]) -> tuple[dt.date, dt.date]:
    days = sorted(point.on for panel in panels for point in panel.points)
    return (days[0], days[-1]) if days else (dt.date.min, dt.date.min)


# ---- the drawing --------------------------------------------------------------------------------


def _draw(grid: _Grid, height: float) -> Drawing:
    each = _ABOVE + height + grid.below + _BETWEEN
    pen = Pen(WIDTH, _KEY + each * -(-len(grid.panels) // grid.across) - _BETWEEN)
    _explain(pen, grid)
    for number in range(len(grid.panels)):
        left = (number % grid.across) * (grid.width + _GUTTER)
        top = _KEY + (number // grid.across) * each + _ABOVE
        _panel(pen, grid, number, left, scales.linear(0, 1, top + height, top))
    return pen.drawing


def _explain(pen: Pen, grid: _Grid) -> None:
    points = [point for panel in grid.panels for point in panel.points]
    x = _dot_key(pen, 0, "follow_up", "Share with its 95% interval")
    if not all(point.compared for point in points):
        x = _dot_key(pen, x, "baseline", "Interim review, not in comparisons")
    if any(_is_few(point, grid.fewest) for point in points):
        pen.stripes(x, 2, (_STRIP, 9), ramp.HATCH)
        x = _key_words(pen, x + _STRIP + 3, f"Fewer than {grid.fewest} cases: counts only")
    if grid.target:
        pen.line((x, 6.5), (x + 16, 6.5), Stroke(palette.INK, 0.9, (3, 2)))
        _key_words(pen, x + 20, grid.target.words)


def _dot_key(pen: Pen, x: float, mark: str, words: str) -> float:
    stroke = _COMPARED if mark == "follow_up" else _INTERIM
    pen.line((x + 4, 1), (x + 4, 12), stroke)
    pen.mark(mark, x + 4, 6.5, 2.8)
    return _key_words(pen, x + 11, words)


def _key_words(pen: Pen, x: float, words: str) -> float:
    pen.text(x, 9, words, Type(7.5, colour=palette.INK_2))
    return x + metrics.width(words, 7.5) + 14


def _panel(pen: Pen, grid: _Grid, number: int, left: float, up: Scale) -> None:
    panel = grid.panels[number]
    right, start = left + grid.width, left + _AXIS
    [title] = metrics.fold_within(panel.label, grid.width, (8.5, "Semibold"), 1)
    pen.text(left, up(1) - 16, title, Type(8.5, "Semibold"))
    for tick in range(0, 101, 20):
        y = up(tick / 100)
        pen.line((start, y), (right, y), Stroke(palette.HAIRLINE, 0.6))
        label = f"{tick}%" if tick in (0, 100) else str(tick)
        pen.text(start - 5, y + 2.4, label, _QUIET, "end")
    if grid.target:
        y = up(grid.target.share)
        pen.line((start, y), (right, y), Stroke(palette.INK, 0.9, (3, 2)))
    if panel.points:
        _points(pen, grid, number, (start, right), up)


def _points(pen: Pen, grid: _Grid, number: int, ends: tuple[float, float], up: Scale) -> None:
    panel, widths = grid.panels[number], grid.columns[number]
    inset = max(width for columns in grid.columns for width in columns) / 2
    first, last = (day.toordinal() for day in grid.days)
    pad = 0 if last > first else 1
    across = scales.linear(first - pad, last + pad, ends[0] + inset, ends[1] - inset)
    xs = [across(point.on.toordinal()) for point in panel.points]
    middles = scales.dodge(xs, widths, *ends)
    _joined(pen, grid, panel, xs, up)
    for point, x in zip(panel.points, xs, strict=True):
        _point(pen, grid, point, x, up)
    for point, x, middle in zip(panel.points, xs, middles, strict=True):
        _written(pen, grid, point, (x, middle), up)


def _joined(pen: Pen, grid: _Grid, panel: Panel, xs: Sequence[float], up: Scale) -> None:
    """A line from each round that may be compared to the next; too few cases break it."""
    rounds = [(p, x) for p, x in zip(panel.points, xs, strict=True) if p.compared and p.share]
    for (one, x), (other, to_x) in pairwise(rounds):
        if other.joined and grid.value(one) and grid.value(other) and one.share and other.share:
            pen.line((x, up(one.share.value)), (to_x, up(other.share.value)), _COMPARED)


def _point(pen: Pen, grid: _Grid, point: Point, x: float, up: Scale) -> None:
    if _is_few(point, grid.fewest):
        pen.box((x - _STRIP / 2, up(1)), (_STRIP, up(0) - up(1)), palette.PAPER)
        pen.stripes(x - _STRIP / 2, up(1), (_STRIP, up(0) - up(1)), ramp.HATCH)
    elif grid.value(point) and point.share:
        stroke = _COMPARED if point.compared else _INTERIM
        pen.line((x, up(point.share.low)), (x, up(point.share.high)), stroke)
        pen.mark("follow_up" if point.compared else "baseline", x, up(point.share.value), 2.8)


def _written(pen: Pen, grid: _Grid, point: Point, places: tuple[float, float], up: Scale) -> None:
    """The share above its interval; name, date and n under the axis, where there is room."""
    x, middle = places
    *below, (value, face) = grid.words(point)
    pen.line((x, up(0)), (middle, up(0) + _TICK - 1), Stroke(palette.RULE, 0.6))
    for number, (text, small) in enumerate(below, 1):
        pen.text(middle, up(0) + _TICK - 2 + _LINE * number, text, small, "middle")
    if value and point.share:
        foot = min(up(point.share.high), up(point.share.value) - 2.6) - 2.6
        wide = metrics.width(value, face.size, face.weight)
        pen.box((middle - wide / 2 - 1, foot - 6), (wide + 2, 7.5), palette.PAPER)
        pen.text(middle, foot, value, face, "middle")


def _is_few(point: Point, fewest: int) -> bool:
    return point.share is not None and 0 < point.share.applicable < fewest


def _count(share: Share | None, fewest: int) -> str:
    if share is None or not share.applicable:
        return "no cases" if share else "not reviewed"
    return share.count if share.applicable < fewest else f"n {share.applicable}"


def _month(day: dt.date) -> str:
    return f"{day:%b %Y}"


# ---- the table and the description --------------------------------------------------------------


def _columns(several: bool) -> list[model.Column]:
    _, *of_share = shares.round_columns()
    measure = [model.Column("Measure", data=("code", "label"))] if several else []
    rounds = [model.Column("Round", data=("round",)), model.Column("Date", data=("on",))]
    return [*measure, *rounds, *of_share]


def _rows(panels: Sequence[Panel], fewest: int) -> list[model.Row]:
    rows = []
    for panel in panels:
        measure = [model.Cell(panel.label, (panel.code, panel.label))] if len(panels) > 1 else []
        for point in panel.points:
            row = RoundRow(panel.code, point.label, point.share)
            _, *of_share = shares.round_cells(row, fewest).cells
            date = model.Cell(_month(point.on), (point.on.isoformat(),))
            name = model.Cell(_named(point), (point.label,))
            rows.append(model.Row((*measure, name, date, *of_share)))
    return rows


def _spoken(panels: Sequence[Panel]) -> list[RoundRow]:
    return [
        RoundRow(panel.code, ", ".join(filter(None, words)), point.share)
        for panel in panels
        for point in panel.points
        for words in [(panel.label, _named(point), f"{point.on:%B %Y}")]
    ]


def _named(point: Point) -> str:
    return point.label if point.compared else f"{point.label} (interim, not in comparisons)"


def _left_out(panels: Sequence[Panel], grid: _Grid) -> str:
    most = max((len(panel.points) for panel in panels), default=0)
    drawn = max((len(panel.points) for panel in grid.panels), default=0)
    if drawn == most:
        return ""
    return f"The drawing shows the latest {drawn} rounds, the table all {most}."
