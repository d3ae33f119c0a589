"""Where a value stands on an axis, and where its label stands beside other labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Scale = Callable[[float], float]


def linear(low: float, high: float, left: float, right: float) -> Scale:
    """A scale that puts `low` at `left` and `high` at `right`."""
    return lambda value: left + (value - low) / (high - low) * (right - left)


def dodge(
    wanted: Sequence[float], sizes: Sequence[float], low: float, high: float
) -> tuple[float, ...]:
    """The middles of labels of these sizes, moved as little as keeps them apart and inside.

    Labels keep the order of what they want. Where they do not all fit, they begin at `low`.
    """
    order = sorted(range(len(wanted)), key=lambda each: wanted[each])
    before = _offsets([sizes[each] for each in order])
    ends = zip(order, before, strict=True)
    starts = _rising([wanted[each] - sizes[each] / 2 - offset for each, offset in ends])
    latest = max(high - sum(sizes), low)
    placed = [0.0] * len(order)
    for each, start, offset in zip(order, starts, before, strict=True):
        placed[each] = min(max(start, low), latest) + offset + sizes[each] / 2
    return tuple(placed)


def _offsets(sizes: Sequence[float]) -> list[float]:
    """How much of the labels stands before each of them."""
    return [sum(sizes[:place]) for place in range(len(sizes))]


def _rising(values: Sequence[float]) -> list[float]:
    """The rising values nearest to these: neighbours in the wrong order share their mean."""
    pools: list[tuple[float, int]] = []
    for value in values:
        total, count = value, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            earlier, more = pools.pop()
            total, count = total + earlier, count + more
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]
