"""Calendar files (RFC 5545): what happens when, for whatever calendar somebody keeps.

Times stand in UTC, which every calendar shows on its own clocks. The same `uid` with a higher
`sequence` takes the place of what was imported before; a cancelled entry takes it away.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import icalendar

_MAKER = "-//CQI case review//Schedule//EN"


@dataclass(frozen=True)
class Event:
    """One entry. `first` and `end` are instants, or for whole days the first and the last day."""

    uid: uuid.UUID
    sequence: int
    summary: str
    first: dt.datetime | dt.date
    end: dt.datetime | dt.date
    changed_at: dt.datetime
    cancelled: bool = False


def render(events: Iterable[Event], title: str) -> bytes:
    """A whole file; `title` is what a calendar calls it."""
    made = icalendar.Calendar()
    made.add("prodid", _MAKER)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", title)
    for each in events:
        made.add_component(_event(each))
    content: bytes = made.to_ical()
    return content


def _event(one: Event) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", one.uid.urn)
    made.add("dtstamp", one.changed_at)
    made.add("sequence", one.sequence)
    made.add("summary", one.summary)
    made.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    made.add("class", "PRIVATE")
    made.add("dtstart", _time(one.first))
    made.add("dtend", _after(one.end))
    whole_days = not isinstance(one.first, dt.datetime)
    made.add("transp", "TRANSPARENT" if whole_days or one.cancelled else "OPAQUE")
    return made


def _time(when: dt.datetime | dt.date) -> dt.datetime | dt.date:
    return when.astimezone(dt.UTC) if isinstance(when, dt.datetime) else when


def _after(end: dt.datetime | dt.date) -> dt.datetime | dt.date:
    """The format has the day after the last one."""
    return _time(end) if isinstance(end, dt.datetime) else end + dt.timedelta(days=1)
