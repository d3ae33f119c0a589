"""What any drawing must keep to: the size and place of its texts, and its colours."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from reportlab.graphics.shapes import Drawing, String
from reportlab.pdfbase import pdfmetrics

from cqi.documents import fonts, metrics, palette, pen
from cqi.documents.pdf import drawn

WEIGHTS: tuple[metrics.Weight, ...] = ("Regular", "Italic", "Semibold", "Bold")
COLOURS = {
    pen.colour(code).hexval()
    for code in (
        *(palette.INK, palette.INK_2, palette.MUTED, palette.BLUE, palette.RUST, palette.RULE),
        *(palette.HAIRLINE, palette.WASH, palette.PAPER, *palette.RAMP),
    )
}


class Box(NamedTuple):
    """Where a text stands, up from the foot of the drawing."""

    text: str
    left: float
    right: float
    foot: float
    top: float


def texts(drawing: Drawing) -> list[str]:
    return [shape.text for shape in strings(drawing)]


def strings(drawing: Drawing) -> list[String]:
    return [shape for shape in drawing.contents if isinstance(shape, String)]


def boxes(drawing: Drawing) -> list[Box]:
    """As a page shows the texts, by the widths that the drawing was made with."""
    return [_box(each, metrics.width(each.text, each.fontSize, weight(each)))
            for each in strings(drawing)]  # fmt: skip


def printed_boxes(drawing: Drawing) -> list[Box]:
    """As paper shows them, by the widths of the font files."""
    fonts.register()
    return [
        _box(each, pdfmetrics.stringWidth(each.text, each.fontName, each.fontSize))
        for each in strings(drawn.printable(drawing))
    ]


def weight(string: String) -> metrics.Weight:
    name = string.fontName.rpartition("-")[2]
    return next(each for each in WEIGHTS if each == name)


def _box(string: String, width: float) -> Box:
    left = string.x - {"start": 0, "middle": width / 2, "end": width}[string.textAnchor]
    size = string.fontSize
    return Box(string.text, left, left + width, string.y - 0.1 * size, string.y + 0.66 * size)


def overlapping(found: list[Box]) -> list[tuple[str, str]]:
    """Pairs of texts that stand on each other."""
    return [
        (one.text, other.text)
        for one, other in combinations(found, 2)
        if min(one.right, other.right) - max(one.left, other.left) > 0.3
        and min(one.top, other.top) - max(one.foot, other.foot) > 0.3
    ]


def outside(found: list[Box], drawing: Drawing) -> list[Box]:
    """Texts that leave the drawing."""
    return [
        box
        for box in found
        if box.left < -0.3
        or box.right > drawing.width + 0.5
        or box.foot < -0.3
        or box.top > drawing.height + 0.5
    ]


def strange_colours(drawing: Drawing) -> set[str]:
    """Colours that are not the palette's."""
    used = set()
    for shape in drawing.contents:
        for name in ("fillColor", "strokeColor"):
            colour = getattr(shape, name, None)
            if colour is not None:
                used.add(colour.hexval())
    return used - COLOURS
