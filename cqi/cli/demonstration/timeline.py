"""When things happen in the demonstration: days counted from the day that it is made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

_WEEK = 7
_FRIDAY = 4


@dataclass(frozen=True)
class Timeline:
    """`today` is the day on which the demonstration is made."""

    today: dt.date
    time_zone: ZoneInfo

    def day(self, offset: int) -> dt.date:
        """The day so many days before (negative) or after today."""
        return self.today + dt.timedelta(days=offset)

    def workday(self, offset: int) -> dt.date:
        """The same, or the Friday before where that is a Saturday or Sunday."""
        day = self.day(offset)
        return day - dt.timedelta(days=max(0, day.weekday() - _FRIDAY))

    def monday(self, offset: int) -> dt.date:
        """The Monday of that day's week."""
        day = self.day(offset)
        return day - dt.timedelta(days=day.weekday() % _WEEK)

    def at(self, day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
        """An instant on the agency's clocks."""
        return dt.datetime.combine(day, dt.time(hour, minute), self.time_zone).astimezone(dt.UTC)


def months_before(day: dt.date, months: int) -> dt.date:
    """The first of the month that lies so many months before."""
    number = day.year * 12 + day.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)
