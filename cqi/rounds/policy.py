"""When a round may be opened, answered as reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cqi.core.errors import Blocker
from cqi.rounds.rules import RoundKind, SecondLevel


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
    sampling: tuple[dt.date | None, dt.date | None]
    counties: int
    earlier: Earlier | None


def blockers(opening: Opening) -> list[Blocker]:
    """Every reason why the round cannot be opened so."""
    about = (_about_name, _about_dates, _about_sampling, _about_comparison)
    return [blocker for part in about for blocker in part(opening)]


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


def _about_sampling(opening: Opening) -> Iterator[Blocker]:
    first, last = opening.sampling
    if (first is None) != (last is None):
        message = "A sampling period has a first and a last day: give both, or neither."
        yield Blocker("sampling", message, "sampling_to" if first else "sampling_from")
    if first and last and last < first:
        message = "The sampling period ends before it begins."
        yield Blocker("sampling", message, "sampling_to")
    if first and first < opening.pur_from:
        message = "The sampling period begins before the period under review: a case could be"
        message += " drawn that was open only before it."
        yield Blocker("sampling", message, "sampling_from")
    if last and last >= opening.on_site[0]:
        message = "The sampling period ends before the first day on site."
        yield Blocker("sampling", message, "sampling_to")


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


@dataclass(frozen=True)
class Handled:
    """How far a round's case reviews are: how many there are, were ever handed in to QA, and are
    not past their first-level QA. Practice is not among them."""

    number: int = 0
    handed_in: int = 0
    before_second: int = 0


@dataclass(frozen=True)
class NewShare:
    """Another share for second-level QA, and why; `seen` is the one that the page showed."""

    share: int
    reason: str
    seen: int


def share_blockers(now: SecondLevel, new: NewShare, handled: Handled) -> list[Blocker]:
    """Why the share cannot be changed so. It may only grow once QA knows who is drawn, so that
    what is drawn stays drawn: the same seed draws the same, and more, for a larger share."""
    found, place = list(closed_blockers(handled)), "share"
    if new.seen != now.share:
        message = f"Somebody changed it meanwhile. It is now: {now}."
        found.append(Blocker("overtaken", message, place))
    elif new.share == now.share:
        found.append(Blocker("same_share", "That is how it is already: choose another.", place))
    if new.share < now.share and handled.handed_in:
        message = (
            "Case reviews were handed in to QA, so the share can only grow: a case that is drawn"
            " stays drawn."
        )
        found.append(Blocker("only_grows", message, place))
    if not new.reason.strip():
        message = "Say why: the reason stands on the round's page."
        found.append(Blocker("no_reason", message, "reason"))
    return found


def closed_blockers(handled: Handled) -> list[Blocker]:
    """Why no share can be set any more, whichever it is."""
    if not handled.number or handled.before_second:
        return []
    message = "Every case review of this round is past its first-level QA: nothing is left to draw."
    return [Blocker("nothing_left", message, "share")]
