"""The nine colours, the ramp for shares, and the drawn marks; nothing else colours a figure."""

from __future__ import annotations

from dataclasses import dataclass

INK = "#1b1b1b"
INK_2 = "#3d4551"
MUTED = "#565c65"
BLUE = "#1a4480"
RUST = "#a84a00"
RULE = "#a9aeb1"
HAIRLINE = "#dfe1e2"
WASH = "#eceef1"
PAPER = "#ffffff"
RAMP = ("#edf3f9", "#cfe0ef", "#a3c4e0", "#2f6fa7", "#0f3557")  # five classes of shares
LIGHT = RAMP[1]


@dataclass(frozen=True)
class Mark:
    """A shape that `Pen.mark` knows, its colour, and what it means in words."""

    shape: str
    colour: str
    words: str


# The typeface has no triangles, so marks are drawn. Colour never decides: shape and words do.
MARKS = {
    "improved": Mark("up", BLUE, "Improved"),
    "declined": Mark("down", RUST, "Declined"),
    "no_clear_change": Mark("flat", MUTED, "No clear change"),
    "too_few_cases": Mark("few", MUTED, "Too few cases"),
    "strength": Mark("dot", BLUE, "Strength"),
    "area_needing_improvement": Mark("open_diamond", RUST, "Area needing improvement"),
    "not_applicable": Mark("flat", RULE, "Not applicable"),
    "baseline": Mark("ring", MUTED, "Baseline"),
    "follow_up": Mark("dot", BLUE, "Follow-up"),
    "due": Mark("open_diamond", INK_2, "Due"),
    "done": Mark("diamond", INK_2, "Done"),
}

FINDINGS = ("improved", "declined", "no_clear_change", "too_few_cases")


def mark(name: str) -> Mark:
    """The mark called `name`; a ValueError names those that there are."""
    if name not in MARKS:
        raise ValueError(f"no mark is called {name!r}; there are {', '.join(MARKS)}")
    return MARKS[name]
