"""When a plan is due after a published report, and when the state decides on a submitted one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cqi.feedback.rules.clocks import Allowed
from cqi.plans import rules

SOON = 7  # calendar days


@dataclass(frozen=True)
class Deadline:
    """A day until when something is to be done. `days` are calendar days left, or over."""

    on: dt.date
    kind: str
    days: int
    words: str

    @property
    def sentence(self) -> str:
        """The words as the beginning of a sentence."""
        return self.words[0].upper() + self.words[1:]

    @property
    def late(self) -> bool:
        """True from the day after it was due."""
        return self.kind == "late"


def deadline(start: dt.date, allowed: Allowed, today: rules.Today) -> Deadline:
    """So many calendar days after the day on which the clock started."""
    on = start + dt.timedelta(days=allowed.on(start))
    left = (on - today.day).days
    if left < 0:
        return Deadline(on, "late", -left, f"{_days(-left)} late")
    kind = "soon" if left <= SOON else ""
    when = "today" if not left else f"{rules.day_words(on, today.day)}, in {_days(left)}"
    return Deadline(on, kind, left, f"due {when}")


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
