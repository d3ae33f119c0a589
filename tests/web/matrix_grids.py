"""What the authorisation matrix is written with: grids of one kind of thing, rows of endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cqi.access.permissions import Role

OPEN, MISSING, FORBIDDEN = "yes", "404", "403"


@dataclass(frozen=True)
class Grid:
    """For each role and reach: what happens. `things` names the kind of thing."""

    things: str
    cells: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Row:
    """What an endpoint is about: a grid, and what else its address and its form take."""

    grid: Grid
    values: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)


def grid(things: str, text: str) -> Grid:
    head, *lines = (line.split() for line in text.strip().splitlines())
    cells = {role: dict(zip(head, row, strict=True)) for role, *row in lines}
    none = dict.fromkeys(head, FORBIDDEN)
    return Grid(things, {role.value: cells.get(role.value, none) for role in Role})


def page(*roles: Role) -> Grid:
    """A page about no thing: open to these roles."""
    cells = {role.value: {"": OPEN if role in roles else FORBIDDEN} for role in Role}
    return Grid("", cells)


def own(things: str) -> Grid:
    """What everybody has of their own, and nobody of anybody else's."""
    return Grid(things, {role.value: {"mine": OPEN, "anothers": MISSING} for role in Role})


def of(grid: Grid, form: Mapping[str, str] | None = None, **values: Any) -> Row:
    """A row whose address takes more than its thing says."""
    return Row(grid, values, form or {})
