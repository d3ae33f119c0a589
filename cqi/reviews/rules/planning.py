"""When interviews are planned: what stands in the way of a time, and what to look at twice."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cqi.core.errors import Blocker
from cqi.reviews.rules import OPEN_STATES, STATE_WORDS, ReviewState
from cqi.reviews.rules.interviews import How, Outcome

LENGTHS = (15, 30, 45, 60, 75, 90, 120)  # minutes
USUAL_LENGTH = 60
LONGEST_PLACE = 120  # characters
_Key = TypeVar("_Key", bound=int | uuid.UUID)


class Standing(enum.StrEnum):
    """What became of a planned time."""

    AHEAD = "ahead"
    PASSED = "passed"  # and nobody recorded what came of it
    HELD = "held"
    NOT_HELD = "not_held"
    CANCELLED = "cancelled"


STANDING_WORDS = {
    Standing.AHEAD: "Planned",
    Standing.PASSED: "To record",
    Standing.HELD: "Held",
    Standing.NOT_HELD: "Not held",
    Standing.CANCELLED: "Cancelled",
}


@dataclass(frozen=True)
class NewPlan:
    """A time for an interview; `seen` is how often it had been changed when the page was made, 0
    where it had none."""

    interview: uuid.UUID
    starts_at: dt.datetime
    minutes: int
    how: How
    place: str = ""
    seen: int = 0


@dataclass(frozen=True)
class Slot:
    """A stretch of time."""

    starts_at: dt.datetime
    minutes: int

    @property
    def ends_at(self) -> dt.datetime:
        """When it is over."""
        return self.starts_at + dt.timedelta(minutes=self.minutes)

    def overlaps(self, other: Slot) -> bool:
        """True where one begins before the other is over; one after the other is no overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Stands:
    """What decides about a new time: the case review, the interview, and the time that it has."""

    state: ReviewState
    outcome: Outcome | None
    starts_at: dt.datetime | None = None
    changes: int = 0


def plan_blockers(new: NewPlan, stands: Stands, now: dt.datetime) -> list[Blocker]:
    """Why an interview cannot be planned so."""
    found = [*closed_blockers(stands)]
    if new.seen != stands.changes:
        message = "Somebody changed this time meanwhile: look at it, then send yours again."
        found.append(Blocker("overtaken", message, "starts"))
    if new.starts_at <= now and new.starts_at != stands.starts_at:
        message = "This time has passed: choose one that is still to come."
        found.append(Blocker("passed", message, "starts"))
    return found


def closed_blockers(stands: Stands) -> list[Blocker]:
    """Why an interview needs no time any more."""
    if stands.state not in OPEN_STATES:
        words = STATE_WORDS[stands.state].lower()
        message = f"The case review is {words}: its interviews are not planned now."
        return [Blocker("not_open", message)]
    if stands.outcome is not None:
        message = "What came of this interview is recorded: it needs no time any more."
        return [Blocker("recorded", message)]
    return []


def standing(slot: Slot, outcome: Outcome | None, now: dt.datetime, *, cancelled: bool) -> Standing:
    """What became of a planned time. One that has passed is still to be recorded."""
    if outcome is not None:
        return Standing.HELD if outcome is Outcome.HELD else Standing.NOT_HELD
    if cancelled:
        return Standing.CANCELLED
    return Standing.PASSED if slot.ends_at <= now else Standing.AHEAD


def off_site(day: dt.date, on_site: tuple[dt.date, dt.date]) -> bool:
    """True where a day lies outside the days on site; it may stand, and is asked about."""
    first, last = on_site
    return not first <= day <= last


def overlapping(
    slots: Mapping[_Key, tuple[Slot, Collection[int]]],
) -> frozenset[_Key]:
    """The keys of those that overlap another one with somebody in common (ids of people)."""
    return frozenset(key for pair in _pairs(slots) for key in pair)


def _pairs(slots: Mapping[_Key, tuple[Slot, Collection[int]]]) -> Iterator[tuple[_Key, _Key]]:
    """Each pair once. In the order of time, so that a look ends at the first that comes later."""
    ordered = sorted(slots.items(), key=lambda each: each[1][0].starts_at)
    for place, (key, (slot, people)) in enumerate(ordered):
        for other_key, (other, others) in ordered[place + 1 :]:
            if other.starts_at >= slot.ends_at:
                break
            if set(people) & set(others):
                yield key, other_key


def calendar_sequence(changes: int, assigned: int, ended: int, *, withdrawn: bool) -> int:
    """The number that a calendar tells two versions of an entry by; it only grows.

    `assigned` and `ended` count how often its reader was put on the case review and taken off.
    """
    return max(changes, 1) - 1 + max(assigned, 1) - 1 + ended + withdrawn
