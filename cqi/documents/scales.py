"""Where a value stands on an axis."""

from __future__ import annotations

from collections.abc import Callable

Scale = Callable[[float], float]


def linear(low: float, high: float, left: float, right: float) -> Scale:
    """A scale that puts `low` at `left` and `high` at `right`."""
    return lambda value: left + (value - low) / (high - low) * (right - left)
