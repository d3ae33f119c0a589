"""Labels beside each other: apart, in order, and moved as little as that takes."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from cqi.documents import scales


def test_labels_that_are_apart_stay_where_they_are() -> None:
    assert scales.dodge([10, 50, 90], [10, 10, 10], 0, 100) == (10, 50, 90)


def test_labels_at_one_place_move_by_the_same() -> None:
    assert scales.dodge([50, 50], [10, 20], 0, 100) == (42.5, 57.5)


def test_labels_stay_inside_and_keep_their_order() -> None:
    assert scales.dodge([99, 98, 97], [10, 10, 10], 0, 100) == (95, 85, 75)
    assert scales.dodge([], [], 0, 100) == ()


def test_labels_that_do_not_all_fit_begin_at_the_edge_and_do_not_overlap() -> None:
    assert scales.dodge([5, 5, 5], [10, 10, 10], 0, 20) == (5, 15, 25)


@pytest.mark.parametrize("seed", range(50))
def test_labels_never_overlap(seed: int) -> None:
    numbers = random.Random(seed)  # noqa: S311 - invented places
    sizes = [numbers.uniform(5, 20) for _ in range(13)]
    wanted = [numbers.uniform(0, 300) for _ in sizes]
    placed = scales.dodge(wanted, sizes, 0, 300)
    spans = sorted((at - size / 2, at + size / 2) for at, size in zip(placed, sizes, strict=True))
    assert all(one[1] <= other[0] + 1e-9 for one, other in pairwise(spans))
    assert spans[0][0] >= -1e-9
    assert spans[-1][1] <= 300 + 1e-9
