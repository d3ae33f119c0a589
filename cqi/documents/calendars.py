"""A calendar over years: rows with stretches of time, marks on days, and what is late.

What lies behind is drawn with a solid edge, what is ahead with a dashed one. Late is a striped line
up to today with its words, below the row's stretches.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from reportlab.graphics.shapes import Drawing

from cqi.documents import metrics, palette, scales
from cqi.documents.pen import Pen, Stroke, Type
from cqi.documents.scales import Scale

WIDTH = 640
_LABEL = 96
_TOP, _ROW, _BAR = 58, 29, 11
_LOOKS = {"striped": palette.PAPER, "light": palette.LIGHT, "plain": palette.WASH}
_QUIET = Type(8, colour=palette.MUTED)
_RADIUS = 6.5
_NARROW = 34  # points a year, under which half-years are not named

Look = Literal["striped", "light", "plain"]


@dataclass(frozen=True)
class Stretch:
    """From a day to a day; `behind`: it has been, else it is planned."""

    look: Look
    first: dt.date
    last: dt.date
    behind: bool


@dataclass(frozen=True)
class OnDay:
    """A letter on a mark of the palette: baseline, follow_up, or due."""

    letter: str
    mark: str
    on: dt.date


@dataclass(frozen=True)
class Row:
    """One line of the calendar; `late` is since when and in which words."""

    label: str
    stretches: tuple[Stretch, ...] = ()
    marks: tuple[OnDay, ...] = ()
    late: tuple[dt.date, str] | None = None
    note: str = ""


@dataclass(frozen=True)
class Key:
    """What the looks and marks mean: (look, words), (letter, mark, words)."""

    looks: tuple[tuple[Look, str], ...]
    marks: tuple[tuple[str, str, str], ...]


def draw(rows: Sequence[Row], days: tuple[dt.date, dt.date], today: dt.date, key: Key) -> Drawing:
    """The whole calendar; `days` are its first and last."""
    pen = Pen(WIDTH, _TOP + _ROW * len(rows) + 4)
    scale = scales.linear(days[0].toordinal(), days[1].toordinal(), _LABEL, WIDTH - 6)
    _explain(pen, key)
    _years(pen, scale, days)
    for number, row in enumerate(rows):
        _row(pen, scale, row, _TOP + _ROW * number, today)
    if days[0] <= today <= days[1]:
        _today(pen, scale, today)
    return pen.drawing


def _explain(pen: Pen, key: Key) -> None:
    x = 0.0
    for look, words in key.looks:
        _box(pen, (x, 3), (20, 9), look, behind=True)
        x = _words(pen, x + 24, words)
    for letter, mark, words in key.marks:
        _mark(pen, x + _RADIUS, 7.5, letter, mark)
        x = _words(pen, x + 2 * _RADIUS + 4, words)
    pen.stripes(x, 5, (20, 5), Stroke(palette.RUST, 1.2))
    _words(pen, x + 24, "Late")


def _words(pen: Pen, x: float, words: str) -> float:
    pen.text(x, 10.5, words, Type(8, colour=palette.INK_2))
    return x + metrics.width(words, 8) + 10


def _years(pen: Pen, scale: Scale, days: tuple[dt.date, dt.date]) -> None:
    """A line at each January with its year, a hairline at each quarter, and months between."""
    a_year = scale(365) - scale(0)
    for day in _quarters(*days):
        x, january = scale(day.toordinal()), day.month == 1
        stroke = Stroke(palette.RULE, 0.9) if january else Stroke(palette.HAIRLINE, 0.6)
        pen.line((x, _TOP - 16), (x, pen.height), stroke)
        if january and WIDTH - x > metrics.width("2027", 9, "Semibold") + 4:
            pen.text(x + 3, _TOP - 8, str(day.year), Type(9, "Semibold", palette.INK_2))
        elif day.month == 7 and a_year > 2 * _NARROW:
            pen.text(x + 3, _TOP - 8, "Jul", _QUIET)


def _quarters(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range(first.year * 4, last.year * 4 + 4):
        day = dt.date(number // 4, number % 4 * 3 + 1, 1)
        if first <= day <= last:
            yield day


def _row(pen: Pen, scale: Scale, row: Row, top: float, today: dt.date) -> None:
    pen.line((0, top), (WIDTH, top), Stroke(palette.HAIRLINE, 0.6))
    pen.lines(0, top + _ROW / 2, row.label, _LABEL - 8, Type(9))
    middle = top + 10
    for each in row.stretches:
        left, right = scale(each.first.toordinal()), scale(each.last.toordinal())
        corner, size = (left, middle - _BAR / 2), (right - left, _BAR)
        _box(pen, corner, size, each.look, behind=each.behind)
    for mark in row.marks:
        _mark(pen, scale(mark.on.toordinal()), middle, mark.letter, mark.mark)
    if row.late:
        _late(pen, scale, row.late, today, top + 19)
    elif row.note:
        pen.text(_LABEL + 4, middle + 3, row.note, Type(8, "Italic", palette.MUTED))


def _box(
    pen: Pen, corner: tuple[float, float], size: tuple[float, float], look: str, *, behind: bool
) -> None:
    (x, y), (width, height) = corner, size
    pen.box(corner, size, _LOOKS[look])
    if look == "striped":
        pen.stripes(x, y, size, Stroke(palette.MUTED, 0.5))
    edge = Stroke(palette.INK_2, 0.9) if behind else Stroke(palette.MUTED, 0.7, (2, 1.6))
    around = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    pen.path(around, edge)


def _mark(pen: Pen, x: float, y: float, letter: str, mark: str) -> None:
    pen.mark(mark, x, y, _RADIUS)
    ink = palette.PAPER if mark == "follow_up" else palette.INK
    pen.text(x, y + 2.6, letter, Type(7.5, "Bold", ink), "middle")


def _late(pen: Pen, scale: Scale, late: tuple[dt.date, str], today: dt.date, top: float) -> None:
    since, words = late
    left, right = scale(since.toordinal()), scale(today.toordinal())
    left = min(left, right - 4)
    pen.stripes(left, top, (right - left, 5), Stroke(palette.RUST, 1.2))
    width = metrics.width(words, 8, "Semibold")
    start = right + 5 if right + 5 + width < WIDTH else left - 4 - width
    pen.box((start - 2, top - 2), (width + 4, 9), palette.PAPER)
    pen.text(start, top + 5.5, words, Type(8, "Semibold", palette.RUST))


def _today(pen: Pen, scale: Scale, today: dt.date) -> None:
    x, words = scale(today.toordinal()), f"Today, {today.day} {today:%B %Y}"
    pen.line((x, _TOP - 23), (x, _TOP - 18), Stroke(palette.INK, 1.2))
    pen.line((x, _TOP - 4), (x, pen.height), Stroke(palette.INK, 1.2, (4, 2)))
    half = metrics.width(words, 8, "Semibold") / 2
    pen.text(min(max(x, half), WIDTH - half), _TOP - 26, words, Type(8, "Semibold"), "middle")
