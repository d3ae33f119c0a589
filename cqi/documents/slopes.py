"""Slopes from baseline to follow-up, one panel a finding, each place labelled at its end.

A panel a finding keeps many lines from crossing, and its heading says what the panel means. The
lines show the shares alone; their intervals stand in the figure's table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.graphics.shapes import Drawing

from cqi.documents import metrics, model, palette, scales, shares
from cqi.documents.charts import WIDTH, Caption
from cqi.documents.pen import Pen, Stroke, Type
from cqi.documents.scales import Scale
from cqi.documents.shares import FEWEST, ComparisonRow, Share

_HEIGHTS = (280.0, 240.0, 200.0)
_TOP, _AXIS = 60.0, 24.0
_EMPTY = 96.0  # the width of a panel without slopes
_BEFORE, _AFTER, _LABEL = 4.0, 34.0, 46.0  # in a panel: baseline, follow-up, what is said
_LINE = 8.6  # from one line of a label to the next
_NAME = Type(7.5, "Semibold")
_SMALL = Type(7, colour=palette.INK_2)
_QUIET = Type(7, colour=palette.MUTED)
_NOTE = Type(7.5, colour=palette.INK_2)
_KEY = (
    ("baseline", "Baseline"),
    ("follow_up", "Follow-up"),
    ("", "Beside each slope: share (number of cases) at baseline to share (n) at follow-up"),
)
_STROKES = {
    "improved": Stroke(palette.BLUE, 1.7),
    "declined": Stroke(palette.RUST, 1.7),
    "no_clear_change": Stroke(palette.MUTED, 1.2),
    "too_few_cases": Stroke(palette.MUTED, 1, (2, 1.5)),
}


@dataclass(frozen=True)
class _Label:
    """A place's name and numbers in lines; `many` of them are the name's."""

    lines: tuple[str, ...]
    many: int

    @property
    def height(self) -> float:
        return _LINE * len(self.lines) + 3


@dataclass(frozen=True)
class _Panel:
    """A finding, how many rows have it, and those of them that have a slope, highest first."""

    finding: str
    count: int
    rows: tuple[ComparisonRow, ...]
    left: float = 0.0
    width: float = 0.0

    @property
    def labels(self) -> list[_Label]:
        return [_label(row, self.width - _LABEL - 3) for row in self.rows]


def slopes(
    caption: Caption,
    rows: Sequence[ComparisonRow],
    things: str = "regions",
    fewest: int = FEWEST,
) -> model.Figure:
    """The whole figure; `things` is what the rows are, in the plural."""
    named = shares.by_name(rows)
    said = " ".join(shares.comparison_sentence(row, fewest) for row in named)
    words = f"Slopes of {len(named)} {things} from baseline to follow-up, a panel for each finding."
    with_finding = any(row.finding for row in named)
    cells = [shares.comparison_cells(row, fewest, with_finding) for row in named]
    noted = caption.noted("The slopes show shares alone; their 95% intervals stand in the table.")
    columns, groups = shares.comparison_columns(named), shares.COMPARISON_GROUPS
    return noted.figure(f"{words} {said}", _drawings(named, things, fewest), columns, cells, groups)


def _drawings(rows: Sequence[ComparisonRow], things: str, fewest: int) -> list[Drawing]:
    """One for each height in which all labels stand apart."""
    panels = _panels(rows, fewest)
    least = max(sum(label.height for label in panel.labels) for panel in panels)
    heights = dict.fromkeys(max(height, least) for height in _HEIGHTS)
    of_all, below = f"of {len(rows)} {things}", _below(rows, fewest)
    return [_draw(panels, of_all, below, height) for height in heights]


def _panels(rows: Sequence[ComparisonRow], fewest: int) -> list[_Panel]:
    """A panel for each finding; those with slopes share the room that the others leave."""
    panels = []
    for finding in palette.FINDINGS:
        found = [row for row in rows if row.finding == finding]
        ends = (row for row in found if _drawn(row, fewest))
        ordered = sorted(ends, key=lambda row: -_value(row.follow_up))
        panels.append(_Panel(finding, len(found), tuple(ordered)))
    full = sum(bool(panel.rows) for panel in panels)
    wide = (WIDTH - _AXIS - _EMPTY * (len(panels) - full)) / full if full else _EMPTY
    widths = [wide if panel.rows else _EMPTY for panel in panels]
    lefts = [_AXIS + sum(widths[:number]) for number in range(len(panels))]
    return [
        replace(panel, left=left, width=width)
        for panel, left, width in zip(panels, lefts, widths, strict=True)
    ]


def _draw(panels: Sequence[_Panel], of_all: str, below: Sequence[str], height: float) -> Drawing:
    bottom = _TOP + height
    pen = Pen(WIDTH, bottom + 6 + 11 * len(below) + (6 if below else 0))
    scale = scales.linear(0, 1, bottom, _TOP)
    pen.key(_KEY, 7)
    for tick in range(0, 101, 20):
        pen.text(_AXIS - 6, scale(tick / 100) + 2.4, f"{tick}%", _QUIET, "end")
    for panel in panels:
        _heading(pen, panel, of_all)
        _panel(pen, panel, scale)
    for number, line in enumerate(below):
        pen.text(0, bottom + 17 + 11 * number, line, _NOTE)
    return pen.drawing


def _drawn(row: ComparisonRow, fewest: int) -> bool:
    """Whether there are two shares to draw a slope between, and a finding to draw it under."""
    both = all(share and share.applicable for share in (row.baseline, row.follow_up))
    return both and row.finding is not None and not row.counts_only(fewest)


def _heading(pen: Pen, panel: _Panel, of_all: str) -> None:
    mark = palette.mark(panel.finding)
    coloured = panel.finding in ("improved", "declined")
    pen.mark(panel.finding, panel.left + 3.5, 26.5, 3.6)
    face = Type(8.5, "Semibold", mark.colour if coloured else palette.INK_2)
    pen.text(panel.left + 11, 29.5, mark.words, face)
    pen.text(panel.left, 40, f"{panel.count} {of_all}", _QUIET)


def _panel(pen: Pen, panel: _Panel, scale: Scale) -> None:
    before, after = panel.left + _BEFORE, panel.left + _AFTER
    for tick in range(0, 101, 20):
        y = scale(tick / 100)
        pen.line((before, y), (after, y), Stroke(palette.HAIRLINE, 0.6))
    for x in (before, after):
        pen.line((x, scale(0)), (x, scale(1)), Stroke(palette.RULE, 0.6))
    for row in panel.rows:
        _slope(pen, scale, row, (before, after))
    if panel.rows:
        _labels(pen, panel, scale)
    else:
        words = "counts below" if panel.count else "none"
        pen.text(after + 8, scale(0.5) + 2.4, words, Type(7, "Italic", palette.MUTED))


def _labels(pen: Pen, panel: _Panel, scale: Scale) -> None:
    labels, after, left = panel.labels, panel.left + _AFTER, panel.left + _LABEL
    wanted = [scale(_value(row.follow_up)) for row in panel.rows]
    middles = scales.dodge(wanted, [label.height for label in labels], _TOP - 8, scale(0) + 8)
    for label, y, middle in zip(labels, wanted, middles, strict=True):
        pen.line((after + 5, y), (left - 2, middle), Stroke(palette.RULE, 0.6))
        _write(pen, left, middle, label)


def _slope(pen: Pen, scale: Scale, row: ComparisonRow, ends: tuple[float, float]) -> None:
    before, after = scale(_value(row.baseline)), scale(_value(row.follow_up))
    stroke = _STROKES[row.finding or "too_few_cases"]
    pen.line((ends[0], before), (ends[1], after), stroke)
    pen.circle(ends[0], before, 2.7, palette.PAPER, Stroke(stroke.colour, 1.2))
    pen.circle(ends[1], after, 2.8, stroke.colour, Stroke(stroke.colour, 0.5))


def _label(row: ComparisonRow, room: float) -> _Label:
    name = metrics.fold_within(row.label, room, (_NAME.size, _NAME.weight))
    before, after = _numbers(row.baseline), f"to {_numbers(row.follow_up)}"
    one_line = f"{before} {after}"
    fits = metrics.width(one_line, _SMALL.size) <= room
    return _Label((*name, *((one_line,) if fits else (before, after))), len(name))


def _write(pen: Pen, x: float, middle: float, label: _Label) -> None:
    first = middle - (len(label.lines) - 1) * _LINE / 2 + 2.5
    for number, line in enumerate(label.lines):
        pen.text(x, first + number * _LINE, line, _NAME if number < label.many else _SMALL)


def _numbers(share: Share | None) -> str:
    """ "57.1% (62)"."""
    return f"{share.percent} ({share.applicable})" if share and share.applicable else "no cases"


def _value(share: Share | None) -> float:
    return share.value if share else 0.0


# ---- what has no slope --------------------------------------------------------------------------


def _below(rows: Sequence[ComparisonRow], fewest: int) -> list[str]:
    """Lines under the panels that name each place without a slope, with its counts."""
    kinds: dict[str, list[str]] = {}
    for row in rows:
        if not _drawn(row, fewest):
            kinds.setdefault(_why(row, fewest), []).append(_counts(row))
    said = [f"{why}: {'; '.join(names)}." for why, names in kinds.items()]
    return [line for text in said for line in _cut_to_width(text)]


def _cut_to_width(text: str) -> list[str]:
    face = (_NOTE.size, _NOTE.weight)
    lines = metrics.fold(text, WIDTH, *face)
    return [cut for line in lines for cut in metrics.fold_within(line, WIDTH, face)]


def _why(row: ComparisonRow, fewest: int) -> str:
    if row.follow_up is None:
        return "No follow-up yet"
    if row.baseline is None:
        return "No baseline to compare with"
    if row.counts_only(fewest):
        return f"Fewer than {fewest} cases, counts only"
    return "Without a finding"


def _counts(row: ComparisonRow) -> str:
    parts = [
        f"{share.count} {when}"
        for share, when in ((row.baseline, "at baseline"), (row.follow_up, "at follow-up"))
        if share
    ]
    return f"{row.label} ({', '.join(parts) or 'not reviewed'})"
