"""Cuts each state's counties out of the Census boundaries of the package us-atlas.

The lines of the package are simplified already. What is written: `size`, `arcs` (places in a box
whose longer side is `SIDE`, right and down, one flat list an arc) and `counties` by FIPS code, each
with its name, its rings of arcs (a negative number is arc ~number, backwards) and `room`, a
rectangle inside it for a label. Only the standard library.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

SIDE = 1000.0
_LEVELS, _LABEL = 24, 10  # a county is looked at in so many levels; a label takes so many of them

Point = tuple[float, float]
Span = tuple[float, float]


def states(topology: bytes) -> Iterator[tuple[str, bytes]]:
    """Each state's code with its map."""
    atlas = json.loads(topology)
    counties = defaultdict(list)
    for county in atlas["objects"]["counties"]["geometries"]:
        counties[county["id"][:2]].append(county)
    for state, found in sorted(counties.items()):
        content = json.dumps(_cut(atlas, found), separators=(",", ":"), sort_keys=True)
        yield state, content.encode()


def _cut(atlas: Any, counties: Sequence[Any]) -> dict[str, Any]:
    rings = {county["id"]: _rings(county) for county in counties}
    used = sorted({_positive(arc) for each in rings.values() for ring in each for arc in ring})
    arcs, size = _projected([_degrees(atlas, arc) for arc in used])
    at = {arc: place for place, arc in enumerate(used)}
    made = {
        county["id"]: _county(county["properties"]["name"], rings[county["id"]], at, arcs)
        for county in counties
    }
    flat = [[round(value, 1) for point in arc for value in point] for arc in arcs]
    return {"size": [round(side, 1) for side in size], "arcs": flat, "counties": made}


def _rings(county: Any) -> list[list[int]]:
    parts = county["arcs"] if county["type"] == "MultiPolygon" else [county["arcs"]]
    return [ring for polygon in parts for ring in polygon]


def _positive(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def _degrees(atlas: Any, arc: int) -> list[Point]:
    """An arc's places; they are written as steps on a grid."""
    (scale_x, scale_y), (left, low) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    x = y = 0
    points = []
    for step_x, step_y in atlas["arcs"][arc]:
        x, y = x + step_x, y + step_y
        longitude = left + x * scale_x
        # Islands beyond the date line belong beside the others.
        points.append((longitude - 360 if longitude > 0 else longitude, low + y * scale_y))
    return points


def _projected(arcs: Sequence[Sequence[Point]]) -> tuple[list[list[Point]], Point]:
    """Places on a plane on which areas keep their sizes (sinusoidal), and the size of it."""
    longitudes = [x for arc in arcs for x, _ in arc]
    centre = (min(longitudes) + max(longitudes)) / 2
    plane = [[((x - centre) * math.cos(math.radians(y)), -y) for x, y in arc] for arc in arcs]
    xs, ys = [x for arc in plane for x, _ in arc], [y for arc in plane for _, y in arc]
    left, top, width, height = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    factor = SIDE / max(width, height)
    moved = [[((x - left) * factor, (y - top) * factor) for x, y in arc] for arc in plane]
    return moved, (width * factor, height * factor)


def _county(
    name: str, rings: Sequence[Sequence[int]], at: dict[int, int], arcs: Sequence[Sequence[Point]]
) -> dict[str, Any]:
    kept = [[at[arc] if arc >= 0 else ~at[~arc] for arc in ring] for ring in rings]
    drawn = [_joined(ring, arcs) for ring in kept]
    room = [round(value, 1) for value in _room(drawn)]
    return {"name": name, "rings": kept, "room": room}


def _joined(ring: Sequence[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """A ring's points; each arc begins where the one before ends."""
    points: list[Point] = []
    for arc in ring:
        points += list(arcs[arc] if arc >= 0 else reversed(arcs[~arc]))[:-1]
    return points


# ---- room for a label ---------------------------------------------------------------------------


def _room(rings: Sequence[Sequence[Point]]) -> tuple[float, float, float, float]:
    """Left, top, width and height of the roomiest rectangle in the largest of the rings, as flat as
    a label; of two that are as roomy the one nearer to the middle."""
    largest = max(rings, key=_area)
    top, low = min(y for _, y in largest), max(y for _, y in largest)
    step = (low - top) / _LEVELS
    spans = [_spans(rings, top + step * (level + 0.5)) for level in range(_LEVELS)]
    rooms = [_common(spans[first : first + _LABEL]) for first in range(_LEVELS - _LABEL + 1)]
    middle = (len(rooms) - 1) / 2

    def roominess(place: int) -> float:
        left, right = rooms[place]
        return min(right - left, 3 * _LABEL * step) - abs(place - middle) * step * 0.3

    best = max(range(len(rooms)), key=roominess)
    left, right = rooms[best]
    return left, top + step * best, right - left, step * _LABEL


def _area(ring: Sequence[Point]) -> float:
    edges = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x * to_y - to_x * y for (x, y), (to_x, to_y) in edges))


def _spans(rings: Iterable[Sequence[Point]], level: float) -> list[Span]:
    """From where to where the rings lie at a level."""
    crossings = sorted(
        x + (to_x - x) * (level - y) / (to_y - y)
        for ring in rings
        for (x, y), (to_x, to_y) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (y <= level) != (to_y <= level)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _common(levels: Sequence[Sequence[Span]]) -> Span:
    """The widest span that lies in a span of each level."""
    common = list(levels[0])
    for spans in levels[1:]:
        common = [
            (max(one[0], other[0]), min(one[1], other[1]))
            for one in common
            for other in spans
            if min(one[1], other[1]) > max(one[0], other[0])
        ]
    return max(common, key=lambda span: span[1] - span[0], default=(0.0, 0.0))
