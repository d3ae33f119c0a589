"""The five classes of shares, in one ramp with fixed cuts in every report, and their key.

A share is in the class of what is printed, so that no cell says 50.0% in the colour of "under 50%".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cqi.documents import metrics, numbers, palette
from cqi.documents.pen import Pen, Stroke, Type
from cqi.documents.shares import FEW, Share

CUTS = (50, 60, 70, 80)
HATCH = Stroke(palette.MUTED, 0.5)
WIDE = 20  # fewer cases give a wide interval
_LIGHT = 3  # classes on which ink can be read; on the others paper
_ON_LIGHT, _ON_DARK = (palette.INK, palette.INK_2), (palette.PAPER, palette.PAPER)
_SWATCH, _HEIGHT, _LINE = 13.0, 8.0, 13.0
_FACE = Type(7, colour=palette.INK_2)


@dataclass(frozen=True)
class Shade:
    """A class: its fill, and the colours of what is written on it."""

    fill: str
    ink: str
    quiet: str
    words: str


def _words(place: int) -> str:
    if place == 0:
        return f"under {CUTS[0]}%"
    if place == len(CUTS):
        return f"{CUTS[-1]}% and over"
    return f"{CUTS[place - 1]}–{CUTS[place] - 1}.9%"


SHADES = tuple(
    Shade(fill, *(_ON_LIGHT if place < _LIGHT else _ON_DARK), _words(place))
    for place, fill in enumerate(palette.RAMP)
)


def shade(share: Share) -> Shade:
    """The class of a share."""
    printed = Decimal(numbers.percent(share.achieved, share.applicable).rstrip("%"))
    return SHADES[sum(printed >= cut for cut in CUTS)]


def corner(pen: Pen, right: float, top: float) -> None:
    """The black corner of a share with a wide interval; a light edge parts it from a dark fill."""
    points = [(right - 7, top), (right, top), (right, top + 7)]
    pen.shape(points, palette.INK, Stroke(palette.INK, 0.1))
    pen.line(points[0], points[2], Stroke(palette.PAPER, 0.8))


def few(fewest: int, given: Iterable[Share | None]) -> str:
    """What is hatched: rows of counts, or rows of which a publication prints nothing."""
    if any(share.withheld for share in given if share):
        return f"{FEW}, counted with others"
    return f"fewer than {fewest} cases"


def key(
    pen: Pen, fewest: int, hatched: str, *, corners: bool = False, unreviewed: bool = False
) -> float:
    """What shades, hatch, white and corner mean, from the top; how far down it goes."""
    entries = [(shade.fill, shade.words) for shade in SHADES]
    entries.append(("hatch", hatched))
    if corners and fewest < WIDE:
        entries.append(("corner", f"{fewest}–{WIDE - 1} cases: wide interval"))
    if unreviewed:
        entries.append(("white", "not yet reviewed"))
    return _flow(pen, entries)


def _flow(pen: Pen, entries: Sequence[tuple[str, str]]) -> float:
    """Swatches with their words in as many lines as they need."""
    x, top = 0.0, 2.0
    for look, words in entries:
        wide = _SWATCH + 3 + metrics.width(words, _FACE.size)
        if x and x + wide > pen.width:
            x, top = 0.0, top + _LINE
        _swatch(pen, x, top, look)
        pen.text(x + _SWATCH + 3, top + 6.6, words, _FACE)
        x += wide + 8
    return top + _LINE


def _swatch(pen: Pen, x: float, top: float, look: str) -> None:
    size = (_SWATCH, _HEIGHT)
    pen.box((x, top), size, look if look in palette.RAMP else palette.PAPER)
    if look == "hatch":
        pen.stripes(x, top, size, HATCH)
    elif look == "corner":
        corner(pen, x + _SWATCH, top)
    frame(pen, (x, top), size)


def frame(pen: Pen, corner_at: tuple[float, float], size: tuple[float, float]) -> None:
    """A thin edge around a box, for fills that are almost paper."""
    (x, y), (width, height) = corner_at, size
    around = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    pen.path(around, Stroke(palette.RULE, 0.6))
