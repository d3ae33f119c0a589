"""A pen that draws downwards from the top left.

It emits only Line, Rect, Circle, Polygon, PolyLine, Path and String, flat in one Drawing, so that
the SVG writer has seven cases. Colours are the palette's hex strings.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reportlab.graphics import shapes
from reportlab.lib import colors

from cqi.documents import metrics, palette, scales

Anchor = Literal["start", "middle", "end"]
# A font's name in the drawing; cqi.documents.fonts registers files under the same names.
_STRIPE = 3.5  # points between slanted lines, measured along an edge
FACE = "SourceSansPro-{}"
shapes.STATE_DEFAULTS["fontName"] = FACE.format("Regular")  # else each Drawing names Helvetica


@dataclass(frozen=True)
class Type:
    """Size, weight and colour of a piece of text."""

    size: float = 8
    weight: metrics.Weight = "Regular"
    colour: str = palette.INK


@dataclass(frozen=True)
class Stroke:
    """Colour, width and dashes of a line."""

    colour: str = palette.INK
    width: float = 0.75
    dash: tuple[float, ...] = ()


@lru_cache(maxsize=64)
def colour(code: str) -> colors.Color:
    """ReportLab's colour for a hex code."""
    return colors.HexColor(code)


class Pen:
    """Draws on `self.drawing`; all places are (right, down) from the top left, in points."""

    def __init__(self, width: float, height: float) -> None:
        self.drawing = shapes.Drawing(width, height)
        self.width = width
        self.height = height

    def text(
        self, x: float, y: float, text: str, face: Type = Type(), anchor: Anchor = "start"
    ) -> None:
        """One line of text whose baseline stands at `y`."""
        self.drawing.add(
            shapes.String(
                x,
                self.height - y,
                text,
                fontName=FACE.format(face.weight),
                fontSize=face.size,
                fillColor=colour(face.colour),
                textAnchor=anchor,
            )
        )

    def lines(self, x: float, middle: float, text: str, measure: float, face: Type) -> None:
        """Text folded to `measure`, its lines centred on `middle`."""
        rows = metrics.fold(text, measure, face.size, face.weight)
        leading = face.size * 1.2
        first = middle + face.size * 0.33 - (len(rows) - 1) * leading / 2
        for number, row in enumerate(rows):
            self.text(x, first + number * leading, row, face)

    def line(self, start: tuple[float, float], end: tuple[float, float], stroke: Stroke) -> None:
        """A straight line."""
        drawn = shapes.Line(
            start[0],
            self.height - start[1],
            end[0],
            self.height - end[1],
            strokeColor=colour(stroke.colour),
            strokeWidth=stroke.width,
            strokeDashArray=list(stroke.dash),
            strokeLineCap=0,
        )
        self.drawing.add(drawn)

    def box(self, corner: tuple[float, float], size: tuple[float, float], fill: str) -> None:
        """A filled rectangle from its top left corner."""
        drawn = shapes.Rect(corner[0], self.height - corner[1] - size[1], *size)
        drawn.setProperties({"fillColor": colour(fill), "strokeColor": None})
        self.drawing.add(drawn)

    def shape(self, points: Sequence[tuple[float, float]], fill: str, stroke: Stroke) -> None:
        """A closed shape."""
        drawn = shapes.Polygon(
            self._flat(points),
            fillColor=colour(fill),
            strokeColor=colour(stroke.colour),
            strokeWidth=stroke.width,
            strokeLineJoin=1,
        )
        self.drawing.add(drawn)

    def path(self, points: Sequence[tuple[float, float]], stroke: Stroke) -> None:
        """An open line through `points`."""
        drawn = shapes.PolyLine(
            self._flat(points),
            strokeColor=colour(stroke.colour),
            strokeWidth=stroke.width,
            strokeDashArray=list(stroke.dash),
        )
        self.drawing.add(drawn)

    def circle(self, x: float, y: float, radius: float, fill: str, stroke: Stroke | None) -> None:
        """A circle around a point."""
        drawn = shapes.Circle(
            x,
            self.height - y,
            radius,
            fillColor=colour(fill),
            strokeColor=colour(stroke.colour) if stroke else None,
            strokeWidth=stroke.width if stroke else 0,
        )
        self.drawing.add(drawn)

    def mark(self, name: str, x: float, y: float, radius: float = 3.2) -> None:
        """The mark called `name` in `palette.MARKS`, centred on a point."""
        drawn = palette.mark(name)
        _SHAPES[drawn.shape](self, x, y, radius, drawn.colour)

    def stripes(self, left: float, top: float, size: tuple[float, float], stroke: Stroke) -> None:
        """A rectangle full of slanted lines; they end at its edges."""
        right, bottom = left + size[0], top + size[1]
        self.hatch([[(left, top), (right, top), (right, bottom), (left, bottom)]], stroke)

    def hatch(self, rings: Iterable[Sequence[tuple[float, float]]], stroke: Stroke) -> None:
        """Shapes full of slanted lines that end at their edges, as one Path; a ring inside another
        is a hole."""
        drawn = shapes.Path(
            fillColor=None, strokeColor=colour(stroke.colour), strokeWidth=stroke.width
        )
        for number, crossings in sorted(_crossings(rings).items()):
            places = sorted(crossings)
            for left, right in zip(places[::2], places[1::2], strict=False):
                drawn.moveTo(left, self.height - (number * _STRIPE - left))
                drawn.lineTo(right, self.height - (number * _STRIPE - right))
        self.drawing.add(drawn)

    def strokes(self, lines: Iterable[Sequence[tuple[float, float]]], stroke: Stroke) -> None:
        """Open lines as one Path."""
        drawn = shapes.Path(
            fillColor=None,
            strokeColor=colour(stroke.colour),
            strokeWidth=stroke.width,
            strokeLineJoin=1,
            strokeLineCap=1,
        )
        for line in lines:
            drawn.moveTo(line[0][0], self.height - line[0][1])
            for x, y in line[1:]:
                drawn.lineTo(x, self.height - y)
        if drawn.points:
            self.drawing.add(drawn)

    def interval(self, left: float, right: float, y: float, stroke: Stroke) -> None:
        """A level line for an interval."""
        self.line((left, y), (right, y), stroke)

    def percent_axis(
        self, scale: scales.Scale, top: float, bottom: float, size: float = 7.5
    ) -> None:
        """Hairlines at 0, 20 ... 100% with their labels above."""
        for tick in range(0, 101, 20):
            x = scale(tick / 100)
            self.line((x, top), (x, bottom), Stroke(palette.HAIRLINE, 0.6))
            label = f"{tick}%" if tick in (0, 100) else str(tick)
            self.text(x, top - 4, label, Type(size, colour=palette.MUTED), "middle")

    def key(self, entries: Sequence[tuple[str, str]], size: float = 7.5) -> None:
        """Marks on a stretch of their line with their words, in a row at the top."""
        x, face = 0.0, Type(size, colour=palette.INK_2)
        for name, words in entries:
            if name:
                stroke = Stroke(palette.mark(name).colour, 1 if name == "baseline" else 1.9)
                self.interval(x, x + 22, 6.3, stroke)
                self.mark(name, x + 11, 6.3, 3.3)
                x += 26
            self.text(x, 9, words, face)
            x += metrics.width(words, size) + 14

    def _flat(self, points: Sequence[tuple[float, float]]) -> list[float]:
        return [value for x, y in points for value in (x, self.height - y)]


def _crossings(rings: Iterable[Sequence[tuple[float, float]]]) -> dict[int, list[float]]:
    """Where the slanted lines right + down = number * _STRIPE cross the edges of rings: how far
    right, by the line's number."""
    found: dict[int, list[float]] = defaultdict(list)
    for ring in rings:
        for (x, y), (to_x, to_y) in zip(ring, [*ring[1:], ring[0]], strict=True):
            start, end = (x + y) / _STRIPE, (to_x + to_y) / _STRIPE
            first, last = sorted((math.ceil(start), math.ceil(end)))
            for number in range(first, last):
                found[number].append(x + (to_x - x) * (number - start) / (end - start))
    return found


_Draw = Callable[[Pen, float, float, float, str], None]


def _dot(pen: Pen, x: float, y: float, radius: float, code: str) -> None:
    pen.circle(x, y, radius, code, Stroke(code, 0.5))


def _ring(pen: Pen, x: float, y: float, radius: float, code: str) -> None:
    pen.circle(x, y, radius - 0.3, palette.PAPER, Stroke(code, 1.3))


def _up(pen: Pen, x: float, y: float, radius: float, code: str) -> None:
    low = y + radius * 0.8
    pen.shape([(x - radius, low), (x + radius, low), (x, y - radius)], code, Stroke(code, 0.5))


def _down(pen: Pen, x: float, y: float, radius: float, code: str) -> None:
    high = y - radius * 0.8
    points = [(x - radius, high), (x + radius, high), (x, y + radius)]
    pen.shape(points, palette.PAPER, Stroke(code, 1.2))


def _flat(pen: Pen, x: float, y: float, radius: float, code: str) -> None:
    pen.line((x - radius, y), (x + radius, y), Stroke(code, 1.8))


def _few(pen: Pen, x: float, y: float, radius: float, code: str) -> None:
    for step in (-1, 0, 1):
        pen.circle(x + step * radius * 0.85, y, 0.8, code, None)


def _diamond_points(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    far = radius * 1.2
    return [(x, y - far), (x + far, y), (x, y + far), (x - far, y)]


def _diamond(pen: Pen, x: float, y: float, radius: float, code: str) -> None:
    pen.shape(_diamond_points(x, y, radius), code, Stroke(code))


def _open_diamond(pen: Pen, x: float, y: float, radius: float, code: str) -> None:
    pen.shape(_diamond_points(x, y, radius), palette.PAPER, Stroke(code, 1.1))


_SHAPES: dict[str, _Draw] = {
    "dot": _dot,
    "ring": _ring,
    "up": _up,
    "down": _down,
    "flat": _flat,
    "few": _few,
    "diamond": _diamond,
    "open_diamond": _open_diamond,
}


@lru_cache(maxsize=64)
def mark_drawing(name: str, radius: float = 4) -> shapes.Drawing:
    """A mark alone, in a square that just holds it."""
    side = 2 * radius + 2
    pen = Pen(side, side)
    pen.mark(name, side / 2, side / 2, radius)
    return pen.drawing
