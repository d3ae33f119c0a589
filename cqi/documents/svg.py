"""A Drawing as inline SVG, with presentation attributes only: a strict CSP drops styles."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from reportlab.graphics import shapes
from reportlab.lib import colors

from cqi.documents import markup, pen

_WEIGHTS = {"Semibold": "600", "Bold": "700"}


def write(drawing: shapes.Drawing, title: str, description: str, key: str = "") -> Markup:
    """The drawing as an image with a name and a description, as wide as the place it gets.

    `key` makes the ids; without it they come from the texts, so the same figure must not stand
    twice on a page without keys.
    """
    name = key or f"figure-{zlib.crc32(f'{title}|{description}'.encode(errors='replace')):08x}"
    opening = Markup(
        '<svg class="doc-drawing" viewBox="0 0 {width} {height}" role="img" focusable="false"'
        ' aria-labelledby="{name}-title {name}-desc" font-family="inherit">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>'
    ).format(
        width=_number(drawing.width),
        height=_number(drawing.height),
        name=name,
        title=title,
        description=description,
    )
    return opening + _shapes(drawing) + Markup("</svg>")


@lru_cache(maxsize=64)
def mark(name: str) -> Markup:
    """A mark as a small decoration; its words must stand beside it."""
    drawing = pen.mark_drawing(name)
    side = _number(drawing.width)
    opening = Markup(
        '<svg class="doc-mark" viewBox="0 0 {0} {0}" width="14" height="14" aria-hidden="true"'
        ' focusable="false">'
    ).format(side)
    return opening + _shapes(drawing) + Markup("</svg>")


def _shapes(drawing: shapes.Drawing) -> Markup:
    written = [_WRITERS[type(shape)](shape, drawing.height) for shape in drawing.contents]
    return markup.join(written)


def _paint(shape: Any, filled: bool = True) -> dict[str, str]:
    paint = {"fill": _colour(shape.fillColor) if filled else "none"}
    if shape.strokeColor is not None:
        paint["stroke"] = _colour(shape.strokeColor)
        paint["stroke-width"] = _number(shape.strokeWidth)
    if shape.strokeDashArray:
        paint["stroke-dasharray"] = ",".join(_number(dash) for dash in shape.strokeDashArray)
    return paint


def _line(line: Any, height: float) -> Markup:
    ends = {"x1": line.x1, "y1": height - line.y1, "x2": line.x2, "y2": height - line.y2}
    return markup.element("line", None, _numbers(ends) | _paint(line, filled=False))


def _rect(rect: Any, height: float) -> Markup:
    top = height - rect.y - rect.height
    place = {"x": rect.x, "y": top, "width": rect.width, "height": rect.height}
    return markup.element("rect", None, _numbers(place) | _paint(rect))


def _circle(circle: Any, height: float) -> Markup:
    place = {"cx": circle.cx, "cy": height - circle.cy, "r": circle.r}
    return markup.element("circle", None, _numbers(place) | _paint(circle))


def _points(shape: Any, height: float) -> dict[str, str]:
    pairs = zip(shape.points[::2], shape.points[1::2], strict=True)
    return {"points": " ".join(f"{_number(x)},{_number(height - y)}" for x, y in pairs)}


def _polygon(polygon: Any, height: float) -> Markup:
    return markup.element("polygon", None, _points(polygon, height) | _paint(polygon))


def _polyline(line: Any, height: float) -> Markup:
    return markup.element("polyline", None, _points(line, height) | _paint(line, filled=False))


def _path(path: Any, height: float) -> Markup:
    """Moves and straight lines, which is all that a pen draws in a Path."""
    pairs = zip(path.points[::2], path.points[1::2], strict=True)
    steps = zip(path.operators, pairs, strict=True)
    data = " ".join(f"{'ML'[op]}{_number(x)} {_number(height - y)}" for op, (x, y) in steps)
    return markup.element("path", None, {"d": data} | _paint(path))


def _string(string: Any, height: float) -> Markup:
    place = _numbers({"x": string.x, "y": height - string.y, "font-size": string.fontSize})
    weight = string.fontName.rpartition("-")[2]
    if weight in _WEIGHTS:
        place["font-weight"] = _WEIGHTS[weight]
    if weight == "Italic":
        place["font-style"] = "italic"
    if string.textAnchor != "start":
        place["text-anchor"] = string.textAnchor
    return markup.element("text", string.text, place | {"fill": _colour(string.fillColor)})


_WRITERS = {
    shapes.Line: _line,
    shapes.Rect: _rect,
    shapes.Circle: _circle,
    shapes.Polygon: _polygon,
    shapes.PolyLine: _polyline,
    shapes.Path: _path,
    shapes.String: _string,
}


def _colour(colour: colors.Color | None) -> str:
    return "none" if colour is None else f"#{colour.hexval()[2:]}"


def _numbers(values: dict[str, float]) -> dict[str, str]:
    return {name: _number(value) for name, value in values.items()}


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
