"""Each state's counties, cut out of one file for all."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest

from cqi.web import boundaries

# Two squares side by side, arc 1 between them, and an island beyond the date line.
ATLAS = {
    "transform": {"scale": [1, 1], "translate": [-90, 30]},
    "arcs": [
        [[1, 2], [-1, 0], [0, -2], [1, 0]],
        [[1, 0], [0, 2]],
        [[1, 0], [1, 0], [0, 2], [-1, 0]],
        [[265, 0], [1, 0], [0, 1], [-1, -1]],
    ],
    "objects": {
        "counties": {
            "geometries": [
                {
                    "id": "98001",
                    "type": "Polygon",
                    "arcs": [[0, 1]],
                    "properties": {"name": "West"},
                },
                {
                    "id": "98003",
                    "type": "MultiPolygon",
                    "arcs": [[[2, -2]]],
                    "properties": {"name": "East"},
                },
                {"id": "99001", "type": "Polygon", "arcs": [[3]], "properties": {"name": "Far"}},
            ]
        }
    },
}


@pytest.fixture(scope="module")
def maps() -> dict[str, dict]:
    made = boundaries.states(json.dumps(ATLAS).encode())
    return {state: json.loads(content) for state, content in made}


def test_each_state_has_its_own_counties(maps: dict[str, dict]) -> None:
    assert {state: sorted(cut["counties"]) for state, cut in maps.items()} == {
        "98": ["98001", "98003"],
        "99": ["99001"],
    }
    assert maps["98"]["counties"]["98003"]["name"] == "East"


def test_neighbours_share_the_line_between_them(maps: dict[str, dict]) -> None:
    cut = maps["98"]
    [west], [east] = (cut["counties"][code]["rings"] for code in ("98001", "98003"))
    assert west == [0, 1]
    assert east == [2, ~1]
    assert len(cut["arcs"]) == 3


def test_the_longer_side_of_a_state_is_always_as_long(maps: dict[str, dict]) -> None:
    for cut in maps.values():
        assert max(cut["size"]) == boundaries.SIDE
        xs = [x for arc in cut["arcs"] for x in arc[::2]]
        assert max(xs) <= cut["size"][0]
        assert min(xs) == 0


def test_a_degree_of_longitude_is_shorter_in_the_north(maps: dict[str, dict]) -> None:
    arc = maps["98"]["arcs"][0]
    (top_right, top_left), (low_left, low_right) = ((arc[0], arc[2]), (arc[4], arc[6]))
    ratio = (top_right - top_left) / (low_right - low_left)
    assert math.isclose(
        ratio, math.cos(math.radians(32)) / math.cos(math.radians(30)), abs_tol=1e-3
    )


def test_room_for_a_label_lies_inside(maps: dict[str, dict]) -> None:
    cut = maps["98"]
    for code, low, high in (("98001", 0, 0.5), ("98003", 0.5, 1)):
        left, top, width, height = cut["counties"][code]["room"]
        assert low * cut["size"][0] - 1 <= left < left + width <= high * cut["size"][0] + 1
        assert 0 <= top < top + height <= cut["size"][1]
        assert width > 0.4 * cut["size"][0]


def test_room_is_looked_for_where_a_shape_is_widest() -> None:
    bottle = [(4, 0), (6, 0), (6, 5), (10, 5), (10, 10), (0, 10), (0, 5), (4, 5)]
    left, top, width, height = boundaries._room([[(float(x), float(y)) for x, y in bottle]])
    assert (left, width) == (0, 10)
    assert 5 <= top < top + height <= 10


def test_room_leaves_out_what_another_county_fills() -> None:
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    hole = [(4.0, 1.0), (6.0, 1.0), (6.0, 9.0), (4.0, 9.0)]
    left, _, width, _ = boundaries._room([square, hole])
    assert (left, width) in {(0, 4), (6, 4)}


def test_places_beyond_the_date_line_stay_beside_the_others() -> None:
    points = boundaries._degrees(ATLAS, 3)
    assert points[0] == (-90 + 265 - 360, 30)
    assert all(abs(one[0] - other[0]) <= 1 for one, other in pairwise(points))
