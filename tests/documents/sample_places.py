"""Regions and counties with invented figures, for the figures that compare places."""

from __future__ import annotations

import re

from cqi.documents import charts, model, slopes
from cqi.documents.shares import ComparisonRow
from tests.documents.sample import compared, share

COUNTS = {  # achieved and applicable at baseline, at follow-up, and the finding
    "I-North": (31, 62, 47, 64, "improved"),
    "I-South": (36, 65, 39, 62, "no_clear_change"),
    "II-East": (26, 52, 33, 50, "no_clear_change"),
    "II-West": (21, 48, 36, 51, "improved"),
    "III-North": (19, 40, 22, 41, "no_clear_change"),
    "III-South": (33, 70, 51, 68, "improved"),
    "IV-North": (30, 44, 18, 45, "declined"),
    "IV-South": (35, 55, 38, 57, "no_clear_change"),
    "V-East": (29, 46, 31, 48, "no_clear_change"),
    "V-West": (14, 22, 15, 20, "too_few_cases"),
    "VI": (34, 60, 50, 63, "improved"),
    "VII-East": (5, 8, 6, 9, "too_few_cases"),
}
LONG = "Region of the Upper Tombigbee, Buttahatchee and Luxapallila counties together"
GREEK, CHINESE, ACCENTED = "Περιοχή Ανατολής", "東部地區與西部地區", "Régíon Ñandú-Éast"


def region_rows() -> list[ComparisonRow]:
    """Thirteen regions in two rounds; the last has no follow-up yet."""
    rows = [compared(code, f"Region {code}", n[:4], str(n[4])) for code, n in COUNTS.items()]
    return [*rows, ComparisonRow("VII-West", "Region VII-West", share(11, 20), None)]


def crowd(finding: str = "no_clear_change") -> list[ComparisonRow]:
    """Thirteen regions with one finding, almost one share, and names of every kind."""
    names = [LONG, GREEK, CHINESE, ACCENTED, *(f"Region {code}" for code in COUNTS)][:13]
    return [
        compared(f"R{n}", name, (60 + n, 123, 61 + n, 124), finding) for n, name in enumerate(names)
    ]


def slopes_figure() -> model.Figure:
    """Regions in two rounds."""
    caption = charts.Caption(
        "slopes",
        "Of 13 regions, four improved, one declined, five had no clear change and two had too few"
        " cases to tell; one has no follow-up yet",
        "Share of reviewed cases in which Safety Assurance and Risk Management was substantially"
        " achieved, baseline to follow-up, by region.",
    )
    return slopes.slopes(caption, region_rows())


def crowded_slopes() -> model.Figure:
    """Regions that all have about the same shares."""
    caption = charts.Caption("crowded-slopes", "Of 13 regions, none changed clearly", "Invented.")
    return slopes.slopes(caption, crowd())


def figures() -> list[model.Figure]:
    """One of each kind, and each kind with much to say."""
    return [slopes_figure(), crowded_slopes()]


def shares_in(text: str) -> list[str]:
    """Shares with one decimal that stand in a text."""
    return re.findall(r"\d+\.\d%?", text)
