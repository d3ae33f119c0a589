"""When something is due after a review: one rule for every clock, page, e-mail and PDF.

A clock starts on the agency's date of an instant and runs for a number of working days; that number
is the setting's value on the day on which it started, so a later change moves no running clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from cqi.core import working_days

SOON = 3  # working days


@dataclass(frozen=True)
class Calendar:
    """What due dates are counted with: today, the agency's time zone and its holidays."""

    today: dt.date
    zone: dt.tzinfo
    holidays: Collection[dt.date] = frozenset()

    def day_words(self, day: dt.date) -> str:
        """ "Mon 7 Dec", with the year where it is another one."""
        return day_words(day, self.today)

    def words(self, instant: dt.datetime) -> str:
        """ "Fri 20 Nov 15:10", as the agency's clocks show it."""
        local = instant.astimezone(self.zone)
        return f"{self.day_words(local.date())} {local:%H:%M}"

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The agency's date of an instant."""
        return instant.astimezone(self.zone).date()


@dataclass(frozen=True)
class Allowed:
    """Working days that a clock runs: (from which day on, how many), the newest first."""

    default: int
    changes: tuple[tuple[dt.date, int], ...] = ()

    def on(self, day: dt.date) -> int:
        """How many hold for a clock that starts on a day."""
        return next((days for since, days in self.changes if since <= day), self.default)


@dataclass(frozen=True)
class Clocks:
    """The clocks of feedback: to release a memo, to acknowledge it, to ask that a rating be looked
    at again, to decide on that, to reply to a systemic need."""

    calendar: Calendar
    memo: Allowed
    acknowledge: Allowed
    reconsider: Allowed
    decide: Allowed
    reply: Allowed

    def memo_due(self, final_at: dt.datetime) -> Due:
        """When the memo of a final review is to be released."""
        return due(final_at, self.memo, self.calendar)

    def read_due(self, released_at: dt.datetime) -> Due:
        """When a released memo is to be acknowledged."""
        return due(released_at, self.acknowledge, self.calendar)

    def ask_due(self, released_at: dt.datetime) -> Due:
        """Until when a rating of a released memo can be asked about."""
        return due(released_at, self.reconsider, self.calendar)

    def decide_due(self, asked_at: dt.datetime) -> Due:
        """When a request to look at a rating again is to be decided."""
        return due(asked_at, self.decide, self.calendar)

    def reply_due(self, asked_at: dt.datetime) -> Due:
        """When a systemic need is to be replied to."""
        return due(asked_at, self.reply, self.calendar)


@dataclass(frozen=True)
class Due:
    """When something is due. `kind` is "", "soon" or "late", `days` working days away or over."""

    on: dt.date
    kind: str
    days: int
    words: str

    @property
    def late(self) -> bool:
        """True from the day after it was due."""
        return self.kind == "late"

    @property
    def sentence(self) -> str:
        """The words as the beginning of a sentence."""
        return self.words[0].upper() + self.words[1:]


def due(started_at: dt.datetime, allowed: Allowed, calendar: Calendar) -> Due:
    """Some working days after the agency's date on which the clock started.

    A day that is due on Friday is late from Saturday on; it is one working day late on Monday.
    """
    start = calendar.day_of(started_at)
    return due_on(working_days.after(start, allowed.on(start), calendar.holidays), calendar)


def due_on(on: dt.date, calendar: Calendar) -> Due:
    """What is due on a day that somebody chose."""
    if on < calendar.today:
        over = working_days.between(on, calendar.today, calendar.holidays)
        return Due(on, "late", over, f"{_days(over)} late" if over else "late")
    if on == calendar.today:
        return Due(on, "soon", 0, "due today")
    left = working_days.between(calendar.today, on, calendar.holidays)
    kind = "soon" if left <= SOON else ""
    return Due(on, kind, left, f"due {day_words(on, calendar.today)}, in {_days(left)}")


def day_words(day: dt.date, today: dt.date) -> str:
    """ "Mon 7 Dec", with the year where it is another one."""
    words = f"{day:%a} {day.day} {day:%b}"
    return words if day.year == today.year else f"{words} {day.year}"


def _days(count: int) -> str:
    return f"{count} working day" if count == 1 else f"{count} working days"
