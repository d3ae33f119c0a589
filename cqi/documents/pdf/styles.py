"""The type of a PDF: sizes, leadings and weights, and the settings that a tight page may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from reportlab.lib.styles import ParagraphStyle

from cqi.documents import palette, pen
from cqi.documents.fonts import BOLD, REGULAR, SEMIBOLD

WIDTH = 504.0
GUTTER = 24.0


def _style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    look: dict[str, Any] = {
        "fontName": REGULAR,
        "bulletFontName": REGULAR,  # else bullets name Helvetica
        "textColor": pen.colour(palette.INK),
        "fontSize": size,
        "leading": leading,
        "bulletFontSize": size,
        "allowWidows": 0,
        "allowOrphans": 0,
    }
    return ParagraphStyle(name, **(look | more))


_INK_2: dict[str, Any] = {"textColor": pen.colour(palette.INK_2)}
_MUTED: dict[str, Any] = {"textColor": pen.colour(palette.MUTED)}
_HEAD: dict[str, Any] = {"fontName": SEMIBOLD, "keepWithNext": 1}
_BULLET: dict[str, Any] = {"leftIndent": 10, "bulletIndent": 0}

BODY = _style("body", 10, 14, spaceAfter=7)
ENTRY = _style("entry", 10, 14, spaceAfter=1)
SMALL = _style("small", 8.5, 12, spaceAfter=3, **_INK_2)
FORM = _style("form", 9, 15)
NOTE = _style("note", 8, 11, spaceAfter=2, **_MUTED)
MEASURE = _style("measure", 8, 11, spaceAfter=2, keepWithNext=1, **_MUTED)
LEAD = _style("lead", 11.5, 16, spaceAfter=10, **_INK_2)
PLACE = _style("place", 32, 36, fontName=BOLD, spaceAfter=6)
SUBTITLE = _style("subtitle", 15, 20, **_INK_2)
_KICKER: dict[str, Any] = {
    "fontName": SEMIBOLD,
    "textColor": pen.colour(palette.BLUE),
    "spaceAfter": 3,
    "keepWithNext": 1,
}
KICKER = _style("kicker", 9, 12, **_KICKER)
FOLLOWING_KICKER = _style("following-kicker", 9, 12, spaceBefore=18, **_KICKER)
TITLE = _style("title", 17, 21, fontName=BOLD, spaceAfter=6, keepWithNext=1)
FOLLOWING_TITLE = _style(
    "following-title", 17, 21, fontName=BOLD, spaceBefore=14, spaceAfter=6, keepWithNext=1
)
HEADING = _style("heading", 11, 14, spaceBefore=8, spaceAfter=4, **_HEAD)
FIGURE = _style("figure", 10, 13, spaceBefore=4, spaceAfter=1, **_HEAD)
TIGHT_BODY = _style("tight-body", 9, 12, spaceAfter=4)
TIGHT_SMALL = _style("tight-small", 8, 10.5, spaceAfter=2, **_INK_2)
SIDE = _style("side", 10, 14, fontName=SEMIBOLD)
COUNT = _style("count", 26, 31, fontName=SEMIBOLD, spaceAfter=2)
BULLET = _style("bullet", 9.5, 13, spaceAfter=4, **_BULLET)
TIGHT_BULLET = _style("tight", 9, 12, spaceAfter=2, **_BULLET)


@dataclass(frozen=True)
class Setting:
    """How tight a page is set; `figure` picks the figures' drawing."""

    figure: int
    table_size: float
    table_padding: float
    tight: bool = False

    @property
    def bullet(self) -> ParagraphStyle:
        """The style of list entries."""
        return TIGHT_BULLET if self.tight else BULLET

    @property
    def body(self) -> ParagraphStyle:
        """The style of running text."""
        return TIGHT_BODY if self.tight else BODY

    @property
    def small(self) -> ParagraphStyle:
        """The style of text beside the point, and of glossaries."""
        return TIGHT_SMALL if self.tight else SMALL


# Loosest first: the first with which a section fits its page is taken.
SETTINGS = (
    Setting(0, 8, 2.6),
    Setting(1, 8, 2.2),
    Setting(2, 8, 1.7, tight=True),
    Setting(3, 7.5, 1.0, tight=True),
)
COMPACT = SETTINGS[2:3]


@dataclass(frozen=True)
class Room:
    """The width that blocks get, and the page's setting."""

    width: float
    setting: Setting

    def narrowed(self, width: float) -> Room:
        """A narrower room with the same setting."""
        return Room(width, self.setting)


def cell(size: float, strong: bool, align: Literal[0, 1, 2] = 0) -> ParagraphStyle:
    """The style of a table's cell that must wrap."""
    font = SEMIBOLD if strong else REGULAR
    return _style(f"cell-{size}-{font}-{align}", size, size + 2, fontName=font, alignment=align)
