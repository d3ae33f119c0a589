"""The only place that reads the time. Everything else is handed `now` or `today`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Clock:
    """Now in UTC, today in the agency's time zone; `frozen_at` stops it for tests and replays."""

    time_zone: ZoneInfo
    frozen_at: dt.datetime | None = None

    def now(self) -> dt.datetime:
        """The instant, aware, in UTC."""
        return self.frozen_at or dt.datetime.now(dt.UTC)

    def today(self) -> dt.date:
        """The agency's calendar date: it decides every `..._on`."""
        return self.local(self.now()).date()

    def local(self, instant: dt.datetime) -> dt.datetime:
        """An instant as the agency's clocks show it."""
        return instant.astimezone(self.time_zone)
