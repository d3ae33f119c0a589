"""Where a state's counties lie: what `make assets` has cut out of the Census boundaries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cqi
from cqi.core import errors

Point = tuple[float, float]
Ring = tuple[Point, ...]


class OutlinesMissingError(errors.ProductError):
    """The maps are not where they should be."""


@dataclass(frozen=True)
class County:
    """A county's shape (its rings; one in another is a hole) and room for a label inside it."""

    name: str
    rings: tuple[Ring, ...]
    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """The middle of the room for a label."""
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True)
class Border:
    """A line between two counties, or along the one that lies at the state's edge."""

    line: Ring
    counties: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """A state's counties by FIPS code, the largest first, and its borders, each of them once."""

    width: float
    height: float
    counties: dict[str, County]
    borders: tuple[Border, ...]


def folder() -> Path:
    """Where `make assets` puts the maps, a file for each state."""
    return Path(cqi.__file__).parent / "web" / "static" / "vendor" / "maps"


def fitting(state: str, width: float, height: float) -> Outline:
    """The outline of a state (two digits), as large as fits into a box."""
    found = _read(state)
    return _scaled(state, min(width / found.width, height / found.height))


def shape(state: str) -> float:
    """How wide a state is for its height."""
    return _read(state).width / _read(state).height


@lru_cache(maxsize=16)
def _scaled(state: str, factor: float) -> Outline:
    found = _read(state)

    def moved(points: Ring) -> Ring:
        return tuple((x * factor, y * factor) for x, y in points)

    counties = {
        code: County(
            county.name,
            tuple(map(moved, county.rings)),
            *(v * factor for v in (county.left, county.top, county.width, county.height)),
        )
        for code, county in found.counties.items()
    }
    borders = tuple(Border(moved(border.line), border.counties) for border in found.borders)
    return Outline(found.width * factor, found.height * factor, counties, borders)


@lru_cache(maxsize=4)
def _read(state: str) -> Outline:
    """The outline as it was cut out. ValueError: there is no map of the state."""
    if not folder().is_dir():
        raise OutlinesMissingError(
            f"The maps are not at {folder()}. Run `make assets`, which puts them there."
        )
    file = folder() / f"{state}.json"
    if not (state.isascii() and state.isdigit() and file.is_file()):
        raise ValueError(f"there is no map of a state {state!r}")
    cut = json.loads(file.read_text(encoding="utf-8"))
    arcs = [tuple(zip(flat[::2], flat[1::2], strict=True)) for flat in cut["arcs"]]
    made = {
        code: County(each["name"], tuple(_joined(r, arcs) for r in each["rings"]), *each["room"])
        for code, each in cut["counties"].items()
    }
    counties = dict(sorted(made.items(), key=lambda pair: -_extent(pair[1])))
    width, height = cut["size"]
    return Outline(width, height, counties, _borders(cut["counties"], arcs))


def _joined(ring: Iterable[int], arcs: Sequence[Ring]) -> Ring:
    """A ring's points; each arc begins where the one before ends, a negative one backwards."""
    runs = (arcs[arc] if arc >= 0 else arcs[~arc][::-1] for arc in ring)
    return tuple(point for run in runs for point in run[:-1])


def _borders(counties: Any, arcs: Sequence[Ring]) -> tuple[Border, ...]:
    beside: dict[int, list[str]] = defaultdict(list)
    for code, county in counties.items():
        for arc in (arc for ring in county["rings"] for arc in ring):
            beside[arc if arc >= 0 else ~arc].append(code)
    return tuple(Border(arcs[arc], tuple(codes)) for arc, codes in sorted(beside.items()))


def _extent(county: County) -> float:
    """How large the box around a county is."""
    xs, ys = zip(*(point for ring in county.rings for point in ring), strict=True)
    return float((max(xs) - min(xs)) * (max(ys) - min(ys)))
