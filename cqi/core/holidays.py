"""The agency's holidays, from the data file beside this module (domain.md section 5)."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("holidays.toml")


@dataclass(frozen=True)
class Calendar:
    """The days that are no working days, besides weekends, and where the list is from."""

    days: frozenset[dt.date]
    names: dict[dt.date, str]
    source: str
    confirm: bool


@functools.cache
def calendar() -> Calendar:
    """The list as shipped; `confirm` says that the agency has yet to confirm it."""
    with _FILE.open("rb") as file:
        content = tomllib.load(file)
    names = {row["on"]: row["name"] for row in content["holidays"]}
    return Calendar(frozenset(names), names, content["source"], content["confirm"])


def days() -> frozenset[dt.date]:
    """The holidays, for counting working days."""
    return calendar().days
