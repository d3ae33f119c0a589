"""Regions and counties with invented figures, for the figures that compare places."""

from __future__ import annotations

import csv
import datetime as dt
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cqi
from cqi.documents import charts, heat_maps, maps, model, ramp, slopes, trends
from cqi.documents.shares import ComparisonRow, RoundRow
from tests.documents.sample import COMPONENTS, compared, share

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


HEADS = [heat_maps.Head(code, short) for code, (_, short) in COMPONENTS.items()]


def heat_rows(names: Sequence[str]) -> list[heat_maps.PlaceRow]:
    """A row for each place, with few cases here and there; the last is not reviewed."""
    seed = random.Random("heat")  # noqa: S311 - invented figures
    rows = []
    for number, name in enumerate(names):
        sizes = [seed.choice((8, 12, 19, 62, 128)) if code == "PCR" else 48 for code in COMPONENTS]
        cells = tuple(share(seed.randint(n // 3, n), n) for n in sizes)
        reviewed = number + 1 < len(names)
        rows.append(heat_maps.PlaceRow(name, name, cells if reviewed else (None,) * len(cells)))
    return rows


def heat_figure() -> model.Figure:
    """Thirteen regions by six components."""
    caption = charts.Caption(
        "heat",
        "Six components in 13 regions; one region is not yet reviewed",
        "Share of reviewed cases in which each component was substantially achieved, latest round"
        " of each region.",
    )
    total = heat_maps.PlaceRow(
        "28", "State", tuple(share(n, 609) for n in (408, 300, 411, 600, 370, 340))
    )
    return heat_maps.heat_map(caption, HEADS, heat_rows([*COUNTS, "VII-West"]), total)


def crowded_heat() -> model.Figure:
    """Long and foreign names, at the left and above."""
    heads = [heat_maps.Head(code, long) for code, (long, _) in COMPONENTS.items()]
    heads[1] = heat_maps.Head("SRM", CHINESE * 2)
    names = [LONG, GREEK, CHINESE, ACCENTED, *(f"{LONG} {n}" for n in range(9))]
    caption = charts.Caption("crowded-heat", "Thirteen long names", "Invented.")
    cells = tuple(share(n, 12_345) for n in range(12_340, 12_346))
    total = heat_maps.PlaceRow("28", LONG, cells)
    return heat_maps.heat_map(caption, heads, heat_rows(names), total)


def county_rows() -> list[RoundRow]:
    """The counties of the list that the product brings, with few cases in many of them."""
    file = Path(cqi.__file__).parent / "places" / "data" / "counties.csv"
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    seed = random.Random("counties")  # noqa: S311 - invented figures
    rows = []
    for line in csv.DictReader(lines):
        n = seed.choice((4, 9, 12, 15, 18, 24, 52))
        reviewed = share(seed.randint(n // 3, n), n) if line["region"] != "VII-West" else None
        rows.append(RoundRow(line["fips"], line["county"], reviewed, line["region"]))
    return rows


def map_regions(counties: Sequence[RoundRow]) -> list[RoundRow]:
    """Their regions, with the sums of their counties."""
    rows = []
    for code in [*COUNTS, "VII-West"]:
        held = [row.share for row in counties if row.part_of == code and row.share]
        counts = (sum(each.achieved for each in held), sum(each.applicable for each in held))
        rows.append(RoundRow(code, f"Region {code}", share(*counts) if held else None))
    return rows


def map_figure() -> model.Figure:
    """82 counties in 13 regions."""
    caption = charts.Caption(
        "map",
        "Safety and risk by county",
        "Share of reviewed cases in which Safety Assurance and Risk Management was substantially"
        " achieved, by county, reviews of the last two years pooled.",
    )
    counties = county_rows()
    return maps.county_map(caption, counties, map_regions(counties))


def crowded_map() -> model.Figure:
    """Regions with long and foreign names, all counties with 100%."""
    counties = [replace(row, share=share(1_200, 1_200)) for row in county_rows()]
    names = [LONG, GREEK, CHINESE, ACCENTED]
    regions = [
        replace(row, label=names[n % 4], share=share(98_765, 123_456))
        for n, row in enumerate(map_regions(counties))
    ]
    caption = charts.Caption("crowded-map", "Every county", "Invented.")
    return maps.county_map(caption, counties, regions)


ROUNDS = [
    trends.Point("Interim 2023", dt.date(2023, 9, 15), share(15, 30), compared=False),
    trends.Point("Baseline 2025", dt.date(2025, 1, 31), share(30, 65)),
    trends.Point("Ongoing 2025", dt.date(2025, 8, 29), share(28, 48)),
    trends.Point("Follow-up 2026", dt.date(2026, 2, 20), share(42, 62)),
    trends.Point("Ongoing 2026", dt.date(2026, 9, 4), share(41, 58)),
]


def trend_figure() -> model.Figure:
    """One item over five rounds."""
    caption = charts.Caption(
        "trend",
        "Ongoing safety and risk assessment was a strength in 46.2% of cases at baseline and in"
        " 70.7% of the latest round",
        "Item SRM05, share of applicable cases rated a strength, by round. Region I-South.",
    )
    panel = trends.Panel("SRM05", "", tuple(ROUNDS))
    return trends.trend(caption, [panel], charts.Target(0.8, "Target 80%"))


def trends_figure() -> model.Figure:
    """Six components over five rounds; one of them has too few cases once."""
    seed = random.Random("rounds")  # noqa: S311 - invented figures
    panels = []
    for code, (name, _) in COMPONENTS.items():
        sizes = [30, 65, 8 if code == "PCR" else 48, 62, 58]
        points = (
            replace(point, share=share(seed.randint(n // 2, n), n))
            for point, n in zip(ROUNDS, sizes, strict=True)
        )
        panels.append(trends.Panel(code, name, tuple(points)))
    return trends.trend(charts.Caption("trends", "Six components", "Invented."), panels)


def crowded_trends() -> model.Figure:
    """Long and foreign names, rounds a few days apart, and more of them than fit."""
    days = [dt.date(2010 + n // 2, 3 + 6 * (n % 2), 1) for n in range(26)]
    points = [
        trends.Point(f"{LONG} {n}", day, share(98_765, 123_456)) for n, day in enumerate(days)
    ]
    close = [dt.date(2022, 9, 1) + dt.timedelta(days=n) for n in range(3)]
    points += [trends.Point(CHINESE, day, share(40, 40)) for day in close]
    panels = [trends.Panel(name[:3], name, tuple(points)) for name in (LONG * 2, GREEK)]
    return trends.trend(charts.Caption("crowded-trends", "Many", "Invented."), panels)


def figures() -> list[model.Figure]:
    """One of each kind, and each kind with much to say."""
    return [
        *(slopes_figure(), crowded_slopes(), heat_figure(), crowded_heat()),
        *(map_figure(), crowded_map(), trend_figure(), trends_figure(), crowded_trends()),
    ]


def shares_in(text: str) -> list[str]:
    """Shares with one decimal that stand in a text; the key's cuts are none."""
    if text in {shade.words for shade in ramp.SHADES}:
        return []
    return re.findall(r"\d+\.\d%?", text)
