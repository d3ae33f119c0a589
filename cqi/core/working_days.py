"""Counting working days: Monday to Friday, less the agency's holidays (domain.md section 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

_DAY = dt.timedelta(days=1)


def is_working_day(day: dt.date, holidays: Collection[dt.date] = ()) -> bool:
    """True on Monday to Friday unless the day is a holiday."""
    return day.weekday() < 5 and day not in holidays


def between(start: dt.date, end: dt.date, holidays: Collection[dt.date] = ()) -> int:
    """Working days after `start`, up to and with `end`; negative where `end` comes first.

    A step due on Friday is one working day late on Monday.
    """
    if end < start:
        return -between(end, start, holidays)
    weeks, rest = divmod((end - start).days, 7)
    weekdays = weeks * 5 + sum((start.weekday() + k) % 7 < 5 for k in range(1, rest + 1))
    free = (day for day in frozenset(holidays) if start < day <= end and day.weekday() < 5)
    return weekdays - sum(1 for _ in free)


def after(start: dt.date, count: int, holidays: Collection[dt.date] = ()) -> dt.date:
    """The day that lies `count` working days after `start`; `count` is 0 or more."""
    day = start
    while count > 0:
        day += _DAY
        count -= is_working_day(day, holidays)
    return day
