"""Names at both sides of a picture, each with a line to the spot that it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cqi.documents import metrics, palette, scales
from cqi.documents.outlines import Point
from cqi.documents.pen import Pen, Stroke, Type

WIDTH = 92.0
_LINE = 8.8
_GAP = 4.0
_NAME = Type(7.5, "Semibold")
_WORDS = Type(7, colour=palette.INK_2)

Side = Literal["left", "right"]


@dataclass(frozen=True)
class Callout:
    """A name, what is said under it, and the spot that its line leads to."""

    name: str
    words: str
    side: Side
    spot: Point

    @property
    def lines(self) -> list[tuple[str, Type]]:
        """Its lines, each with its type."""
        name = metrics.fold_within(self.name, WIDTH, (_NAME.size, _NAME.weight))
        return [*((line, _NAME) for line in name), (self.words, _WORDS)]

    @property
    def height(self) -> float:
        """What it needs at its side."""
        return _LINE * len(self.lines) + _GAP


@dataclass(frozen=True)
class Leader:
    """A callout where it stands, and its line from there to its spot."""

    callout: Callout
    middle: float
    start: Point

    def crosses(self, corner: Point, size: tuple[float, float]) -> bool:
        """Whether the line passes a box."""
        (x, y), (to_x, to_y) = sorted((self.start, self.callout.spot))
        left, right = max(x, corner[0]), min(to_x, corner[0] + size[0])
        if left >= right:
            return False
        slope = (to_y - y) / (to_x - x)
        high, low = sorted((y + slope * (left - x), y + slope * (right - x)))
        return high < corner[1] + size[1] and low > corner[1]


def least_height(callouts: Sequence[Callout]) -> float:
    """The height that the fuller side needs."""
    sides: tuple[Side, ...] = ("left", "right")
    return max(sum(c.height for c in callouts if c.side == side) for side in sides)


def placed(callouts: Sequence[Callout], top: float, bottom: float, width: float) -> list[Leader]:
    """Each as near to its spot as its neighbours let it be, in a drawing of this width."""
    leaders = []
    for side in ("left", "right"):
        here = [callout for callout in callouts if callout.side == side]
        wanted, heights = [c.spot[1] for c in here], [c.height for c in here]
        middles = scales.dodge(wanted, heights, top, bottom)
        for callout, middle in zip(here, middles, strict=True):
            reach = max(metrics.width(t, f.size, f.weight) for t, f in callout.lines) + 4
            start = reach if side == "left" else width - reach
            leaders.append(Leader(callout, middle, (start, middle)))
    return leaders


def draw_lines(pen: Pen, leaders: Sequence[Leader]) -> None:
    """The lines, light beside dark so that they show on any fill, with a dot on each spot."""
    for leader in leaders:
        pen.line(leader.start, leader.callout.spot, Stroke(palette.PAPER, 1.8))
    for leader in leaders:
        pen.line(leader.start, leader.callout.spot, Stroke(palette.INK_2, 0.6))
        pen.circle(*leader.callout.spot, 1.9, palette.INK, Stroke(palette.PAPER, 0.7))


def write(pen: Pen, leaders: Sequence[Leader]) -> None:
    """The names and words."""
    for leader in leaders:
        left = leader.callout.side == "left"
        lines = leader.callout.lines
        first = leader.middle - (len(lines) - 1) * _LINE / 2 + 2.4
        for number, (text, face) in enumerate(lines):
            foot = first + number * _LINE
            pen.text(0 if left else pen.width, foot, text, face, "start" if left else "end")
