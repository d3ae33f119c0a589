"""Small flowables that are drawn: marks, figures, places that bookmarks and contents point to."""

from __future__ import annotations

import copy
from typing import Any

from reportlab.graphics import renderPDF, shapes
from reportlab.platypus import Flowable

from cqi.documents import fonts, metrics, palette, pen


def printable(drawing: shapes.Drawing) -> shapes.Drawing:
    """The drawing with each text as the typeface can print it; SVG keeps the original."""
    copied = shapes.Drawing(drawing.width, drawing.height)
    for shape in drawing.contents:
        drawn = shape
        if isinstance(shape, shapes.String):
            drawn = copy.copy(shape)
            drawn.text = _printable(shape)
        copied.add(drawn)
    return copied


def _printable(shape: shapes.String) -> str:
    """Its text; where code points stand for letters, no wider than the letters were to be, for its
    neighbours' sake: the figure's table has the whole."""
    printed = fonts.printable(shape.text)
    if "[U+" not in printed:
        return printed
    planned = metrics.width(shape.text, shape.fontSize)
    return fonts.fitted(shape.text, planned, shape.fontSize)


class Picture(Flowable):
    """A figure's drawing, made smaller where its place is narrower."""

    def __init__(self, drawing: shapes.Drawing, measure: float) -> None:
        super().__init__()
        self.drawing = drawing
        self.keepWithNext = 1
        self.scale = min(1.0, measure / drawing.width)
        self.width, self.height = drawing.width * self.scale, drawing.height * self.scale

    def draw(self) -> None:
        """Draw it where the frame has put it."""
        self.canv.scale(self.scale, self.scale)
        renderPDF.draw(printable(self.drawing), self.canv, 0, 0)


class MarkedLine(Flowable):
    """A mark, and after it one line of text if there is any."""

    def __init__(self, name: str, text: str = "", size: float = 8, radius: float = 4) -> None:
        super().__init__()
        self.name, self.text, self.size = name, fonts.printable(text), size
        self.mark = pen.mark_drawing(name, radius)
        self.height = max(self.mark.height, size * 1.2)
        self.width = self.mark.width
        if text:
            self.width += 4 + fonts.width(self.text, fonts.REGULAR, size)

    def draw(self) -> None:
        """Draw mark and text around the middle of the line."""
        renderPDF.draw(self.mark, self.canv, 0, (self.height - self.mark.height) / 2)
        if self.text:
            self.canv.setFont(fonts.REGULAR, self.size)
            self.canv.setFillColor(pen.colour(palette.INK))
            self.canv.drawString(self.mark.width + 4, self.height / 2 - self.size * 0.33, self.text)


class Place(Flowable):
    """Where a bookmark and a line of the contents point to; draws nothing."""

    def __init__(self, key: str, name: str, level: int = 0) -> None:
        super().__init__()
        self.key, self.name, self.level = key, fonts.storable(name), level
        self.keepWithNext = 1
        self.width = self.height = 0

    def draw(self) -> None:
        """Set the bookmark, and fill the form that the contents have drawn already."""
        canvas: Any = self.canv
        canvas.bookmarkPage(self.key)
        canvas.addOutlineEntry(self.name, self.key, self.level, closed=False)
        canvas.beginForm(_form(self.key), 0, -3, 30, 12)
        canvas.setFont(fonts.REGULAR, 8.5)
        canvas.setFillColor(pen.colour(palette.INK))
        canvas.drawRightString(24, 0, str(canvas.getPageNumber()))
        canvas.endForm()


class PageNumber(Flowable):
    """A page number that is not known yet: a form, filled when its place is reached."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.width, self.height = 24, 12

    def draw(self) -> None:
        """Draw the form that `Place` defines."""
        self.canv.saveState()
        self.canv.translate(0, 3)
        self.canv.doForm(_form(self.key))
        self.canv.restoreState()


class Box(Flowable):
    """A square to tick, level with the capitals of a line of text beside it."""

    def __init__(self, size: float, text_size: float) -> None:
        super().__init__()
        self.width = size
        self.height = max(size, text_size * 0.66 + size / 2)

    def draw(self) -> None:
        """Draw it."""
        self.canv.setStrokeColor(pen.colour(palette.INK_2))
        self.canv.setLineWidth(0.7)
        self.canv.rect(0, 0, self.width, self.width)


class Rule(Flowable):
    """A level rule over the whole width."""

    def __init__(self, width: float, code: str, thickness: float) -> None:
        super().__init__()
        self.code, self.thickness = code, thickness
        self.width, self.height = width, thickness

    def draw(self) -> None:
        """Draw it."""
        self.canv.setStrokeColor(pen.colour(self.code))
        self.canv.setLineWidth(self.thickness)
        self.canv.line(0, 0, self.width, 0)


def _form(key: str) -> str:
    """A name without the characters that mean something in a PDF."""
    return f"contents-{key.encode().hex()}"
