"""A case that two pairs read: what each pair first handed in, before QA brought them closer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reading:
    """`people` are (id, name) of those who handed it in, by name; `ratings` as computed then, by
    code of item or component, None: not rated."""

    people: tuple[tuple[int, str], ...]
    ratings: Mapping[str, str | None]


@dataclass(frozen=True)
class ReadTwice:
    """The two readings of one case."""

    first: Reading
    second: Reading


@dataclass(frozen=True)
class ReadingsOfRound:
    """The pairs of readings that were both handed in, and how many second readings have not come
    so far."""

    pairs: tuple[ReadTwice, ...] = ()
    waiting: int = 0


def ratings_after(payloads: Iterable[Mapping[str, Any]]) -> dict[str, str | None]:
    """The newest rating of each code, from what events say in their order."""
    found: dict[str, str | None] = {}
    for payload in payloads:
        found |= payload.get("ratings", {})
    return found
