"""What a declared setting is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """A declared setting. `unit` is read after the value: "points", "working days". A text that
    has words to choose `among` is a list of them."""

    key: str
    title: str
    default: int | float | bool | str
    unit: str
    source: str
    confirm: bool = True
    least: float | None = None
    most: float | None = None
    among: tuple[str, ...] = ()
