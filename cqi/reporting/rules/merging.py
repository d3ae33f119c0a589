"""Small rows of a publication: which places stand alone, and which are merged upwards.

Nobody may learn a small number by taking the rows that are shown from the row that sums them up:
what is merged always holds two places or more, and cases enough in every column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Merged:
    """The places that keep a row of their own, and those that share one, both in the order that
    they came in."""

    alone: tuple[str, ...]
    together: tuple[str, ...] = ()


def merge(cases: Mapping[str, Sequence[int]], smallest: int) -> Merged:
    """Which places are merged: `cases` are applicable cases by place, a number a column.

    A place is small where any of its columns has fewer than `smallest`. The next smallest join
    until two or more are together and no column of theirs is small. Where all are, no place has a
    row: the row above stands alone.
    """
    together = [place for place, row in cases.items() if min(row, default=0) < smallest]
    others = sorted(
        (place for place in cases if place not in together),
        key=lambda place: (min(cases[place]), sum(cases[place]), place),
    )
    while others and together and not _enough([cases[place] for place in together], smallest):
        together.append(others.pop(0))
    alone = tuple(place for place in cases if place in others)
    return Merged(alone, tuple(place for place in cases if place in together) if alone else ())


def covers(parts: Iterable[int], smallest: int) -> bool:
    """Whether the sum of applicable cases of several places may be printed, where each of them with
    cases enough is published by itself: what is left of the sum without those is nothing, or two
    places or more with cases enough together."""
    small = [cases for cases in parts if 0 < cases < smallest]
    return not small or (len(small) > 1 and sum(small) >= smallest)


def _enough(rows: Sequence[Sequence[int]], smallest: int) -> bool:
    """Whether rows may stand as one: two or more, and enough in every column."""
    return len(rows) > 1 and all(sum(column) >= smallest for column in zip(*rows, strict=True))
