"""When a round may be opened, answered as reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cqi.core.errors import Blocker
from cqi.rounds.rules import RoundKind


@dataclass(frozen=True)
class Earlier:
    """The round that a new one compares with, as far as that decides.

    `comparable`: both are on one version, or some item keeps its rule between the two.
    """

    kind: RoundKind
    same_places: bool
    comparable: bool


@dataclass(frozen=True)
class Opening:
    """What decides whether a round may be opened; `counties` is how many it will look at."""

    name: str
    name_taken: bool
    kind: RoundKind
    pur_from: dt.date
    on_site: tuple[dt.date, dt.date]
    counties: int
    earlier: Earlier | None


def blockers(opening: Opening) -> list[Blocker]:
    """Every reason why the round cannot be opened so."""
    return [*_about_name(opening), *_about_dates(opening), *_about_comparison(opening)]


def _about_name(opening: Opening) -> Iterator[Blocker]:
    if not opening.name:
        yield Blocker("no_name", "Give the round a name.", "name")
    if opening.name_taken:
        message = f"There is a round called “{opening.name}” already: choose another name."
        yield Blocker("name_taken", message, "name")
    if not opening.counties:
        message = "The round has no county: choose a region that has counties on its first day."
        yield Blocker("no_counties", message, "region")


def _about_dates(opening: Opening) -> Iterator[Blocker]:
    first, last = opening.on_site
    if last < first:
        yield Blocker("dates", "The last day on site is before the first.", "on_site_to")
    if opening.pur_from >= first:
        message = "The period under review begins before the first day on site."
        yield Blocker("dates", message, "pur_from")


def _about_comparison(opening: Opening) -> Iterator[Blocker]:
    earlier, place = opening.earlier, "compares_with"
    if earlier is None:
        if opening.kind is RoundKind.FOLLOW_UP:
            message = "A follow-up compares with a baseline: choose which."
            yield Blocker("no_baseline", message, place)
        return
    if opening.kind is RoundKind.BASELINE:
        message = "A baseline compares with nothing: leave this empty."
        yield Blocker("baseline_compares", message, place)
    if opening.kind is RoundKind.FOLLOW_UP and earlier.kind is not RoundKind.BASELINE:
        yield Blocker("no_baseline", "A follow-up compares with a baseline: choose one.", place)
    if not earlier.same_places:
        message = "Rounds compare within one region: choose a round of the same region."
        yield Blocker("other_places", message, place)
    if not earlier.comparable:
        message = "Nothing in that round was scored by the same rule: choose another round."
        yield Blocker("other_version", message, place)
