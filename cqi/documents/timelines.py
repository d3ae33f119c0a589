"""A plan's timeline: rows under heads, each a line from its start to its due date, with what was
done and what is late.

A hollow diamond is a due date, a full one what was done. Late is a striped line from the due date
to the day on which it was done, or to today, with its words on the right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportlab.graphics.shapes import Drawing

from cqi.documents import metrics, palette, scales
from cqi.documents.pen import Pen, Stroke, Type
from cqi.documents.scales import Scale

WIDTH = 640
_LEFT, _RIGHT = 262, 532  # where the picture begins and ends; words stand on both sides
_TOP, _ROW, _HEAD, _GAP = 56, 28, 20, 6
_NUMBER, _TITLE = 6, 38
_QUIET = Type(7.5, colour=palette.MUTED)
_LINE = 2.6


@dataclass(frozen=True)
class Row:
    """One line: `done_on` where it was done, `late` where it is or was late; `head` and `note` are
    the words on the right."""

    number: str
    title: str
    who: str
    starts_on: dt.date
    due_on: dt.date
    done_on: dt.date | None
    late: bool
    head: str
    note: str


@dataclass(frozen=True)
class Part:
    """Rows under one head."""

    label: str
    title: str
    rows: tuple[Row, ...]


def draw(parts: Sequence[Part], days: tuple[dt.date, dt.date], today: dt.date) -> Drawing:
    """The whole timeline; `days` are its first and last."""
    rows = sum(len(part.rows) for part in parts)
    pen = Pen(WIDTH, _TOP + rows * _ROW + len(parts) * (_HEAD + _GAP))
    scale = scales.linear(days[0].toordinal(), days[1].toordinal(), _LEFT, _RIGHT)
    _explain(pen)
    _months(pen, scale, days, today)
    top: float = _TOP
    for part in parts:
        top = _part(pen, scale, part, top, today)
    if days[0] <= today <= days[1]:
        _today(pen, scale, today)
    return pen.drawing


def _explain(pen: Pen) -> None:
    x = 0.0
    for mark, words in (("due", "due"), ("done", "done")):
        pen.mark(mark, x + 5, 6.5, 4)
        pen.text(x + 14, 9.5, words, Type(8, colour=palette.INK_2))
        x += 22 + metrics.width(words, 8) + 6
    pen.stripes(x, 4.5, (22, 4), Stroke(palette.RUST, 1.2))
    pen.text(x + 27, 9.5, "late: past the due date", Type(8, colour=palette.INK_2))


def _months(pen: Pen, scale: Scale, days: tuple[dt.date, dt.date], today: dt.date) -> None:
    """A hairline at each month, named with the year where it is another one; not where the line of
    today would cross the name."""
    last, end, crossed = None, 0.0, scale(today.toordinal())
    for day in _firsts(*days):
        x = scale(day.toordinal())
        pen.line((x, _TOP - 6), (x, pen.height), Stroke(palette.HAIRLINE, 0.6))
        words = f"{day:%b}" if last == day.year else f"{day:%b %Y}"
        right = x + metrics.width(words, 7.5)
        if x < end or right > WIDTH or x - 3 < crossed < right + 3:
            continue
        pen.text(x, _TOP - 9, words, _QUIET)
        last, end = day.year, right + 8


def _firsts(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range(first.year * 12, last.year * 12 + 12):
        day = dt.date(number // 12, number % 12 + 1, 1)
        if first <= day <= last:
            yield day


def _part(pen: Pen, scale: Scale, part: Part, top: float, today: dt.date) -> float:
    pen.box((0, top), (WIDTH, _HEAD), palette.WASH)
    pen.text(_NUMBER, top + 13.5, part.label, Type(8.5, "Semibold"))
    left = _NUMBER + metrics.width(part.label, 8.5, "Semibold") + 12
    pen.text(left, top + 13.5, _cut(part.title, WIDTH - left - 8, 8.5), Type(8.5))
    top += _HEAD
    for row in part.rows:
        _row(pen, scale, row, top, today)
        top += _ROW
    return top + _GAP


def _row(pen: Pen, scale: Scale, row: Row, top: float, today: dt.date) -> None:
    middle, bottom = top + _ROW / 2, top + _ROW
    pen.line((0, bottom), (WIDTH, bottom), Stroke(palette.HAIRLINE, 0.6))
    pen.text(_NUMBER, middle - 1, row.number, Type(8, "Semibold", palette.INK_2))
    room = _LEFT - _TITLE - 10
    pen.text(_TITLE, middle - 1, _cut(row.title, room, 8), Type(8))
    pen.text(_TITLE, middle + 9, _cut(row.who, room, 7), Type(7, colour=palette.MUTED))
    _bar(pen, scale, row, middle, today)
    tone = palette.RUST if row.late and not row.done_on else palette.INK
    pen.text(_RIGHT + 10, middle - 1, row.head, Type(8, "Semibold", tone))
    pen.text(_RIGHT + 10, middle + 9, row.note, Type(7, colour=palette.MUTED))


def _bar(pen: Pen, scale: Scale, row: Row, y: float, today: dt.date) -> None:
    start, due = scale(row.starts_on.toordinal()), scale(row.due_on.toordinal())
    done = scale(row.done_on.toordinal()) if row.done_on else None
    tone = palette.INK_2 if row.done_on else palette.RULE
    pen.line((start, y), (due if done is None else min(due, done), y), Stroke(tone, _LINE))
    if row.late:
        until = done if done is not None else min(scale(today.toordinal()), _RIGHT)
        pen.stripes(due, y - 2, (max(until - due, 4), 4), Stroke(palette.RUST, 1.2))
    pen.mark("due", due, y, 4)
    if done is not None:
        pen.mark("done", done, y, 4)


def _cut(text: str, room: float, size: float) -> str:
    """What fits into one line; the table says the whole."""
    if metrics.width(text, size) <= room:
        return text
    while text and metrics.width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _today(pen: Pen, scale: Scale, today: dt.date) -> None:
    x, words = scale(today.toordinal()), f"Today, {today.day} {today:%b %Y}"
    pen.line((x, _TOP - 22), (x, pen.height), Stroke(palette.INK, 0.9, (4, 2)))
    half = metrics.width(words, 8, "Semibold") / 2
    pen.text(min(x, WIDTH - half), _TOP - 26, words, Type(8, "Semibold"), "middle")
