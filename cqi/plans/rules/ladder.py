"""Who hears of a deadline and when: reminders before it, then the ladder after it.

All days are the agency's dates: an hour that its clocks skip or show twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cqi.core import working_days
from cqi.feedback.rules.clocks import Allowed
from cqi.plans import rules
from cqi.plans.rules import Today


class ReminderKind(enum.StrEnum):
    """What was told of a deadline; each is recorded once for each due date."""

    DAYS_14 = "days_14"
    DAYS_7 = "days_7"
    DAYS_1 = "days_1"
    OVERDUE = "overdue"
    REGIONAL_DIRECTOR = "regional_director"
    CQI_DIRECTOR = "cqi_director"
    STATE_OFFICE = "state_office"


BEFORE = {ReminderKind.DAYS_14: 14, ReminderKind.DAYS_7: 7, ReminderKind.DAYS_1: 1}
CLIMBS = (ReminderKind.REGIONAL_DIRECTOR, ReminderKind.CQI_DIRECTOR, ReminderKind.STATE_OFFICE)
RUNGS = (ReminderKind.OVERDUE, *CLIMBS)
RUNG_WORDS = {
    ReminderKind.OVERDUE: "Owner",
    ReminderKind.REGIONAL_DIRECTOR: "Regional Director",
    ReminderKind.CQI_DIRECTOR: "CQI director",
    ReminderKind.STATE_OFFICE: "State office",
}
KIND_WORDS = {
    **{kind: f"due in {days} days or less" for kind, days in BEFORE.items()},
    ReminderKind.DAYS_1: "due tomorrow, or today",
    ReminderKind.OVERDUE: "overdue",
    **{kind: f"overdue, now with the {RUNG_WORDS[kind]}" for kind in CLIMBS},
}


@dataclass(frozen=True)
class Heights:
    """Working days after the due date at which a late step climbs. What the setting says on the
    due date counts: a later change moves no deadline that was there."""

    regional_director: Allowed
    cqi_director: Allowed
    state_office: Allowed

    def on(self, due_on: dt.date) -> dict[ReminderKind, int]:
        """Of each rung that is due on a day; none lies below the one before it."""
        given = (self.regional_director, self.cqi_director, self.state_office)
        found, least = {ReminderKind.OVERDUE: 1}, 1
        for kind, allowed in zip(CLIMBS, given, strict=True):
            least = max(least, allowed.on(due_on))
            found[kind] = least
        return found


Schedule = Mapping[ReminderKind, dt.date]


def schedule(due_on: dt.date, heights: Heights, holidays: Collection[dt.date]) -> Schedule:
    """From which day on each kind is to be told, the earliest first."""
    before = {kind: due_on - dt.timedelta(days=days) for kind, days in BEFORE.items()}
    after = {
        kind: working_days.after(due_on, count, holidays)
        for kind, count in heights.on(due_on).items()
    }
    return before | after


def newest(days: Schedule, today: dt.date) -> tuple[ReminderKind, ...]:
    """What is to be told today, and nothing older: () while nothing is. Two may share a day."""
    reached = [day for day in days.values() if day <= today]
    if not reached:
        return ()
    return tuple(kind for kind, day in days.items() if day == max(reached))


def to_record(
    days: Schedule, today: dt.date, recorded: Collection[ReminderKind]
) -> tuple[tuple[ReminderKind, bool], ...]:
    """What is missing on the record, with whether it is told.

    Each rung that was reached is told: another one stands on it. Of the reminders before a date
    only the newest is; the others were skipped, by an outage or because the plan came into force
    after their day.
    """
    now = newest(days, today)
    reached = (kind for kind, day in days.items() if day <= today)
    return tuple((kind, kind in now or kind in RUNGS) for kind in reached if kind not in recorded)


def late_before(today: dt.date, holidays: Collection[dt.date]) -> dt.date:
    """Whatever was due before this day is late today: the newest working day up to today."""
    day = today
    while not working_days.is_working_day(day, holidays):
        day -= dt.timedelta(days=1)
    return day


@dataclass(frozen=True)
class Reminded:
    """One row of the record: `told` is False where an outage skipped it."""

    kind: ReminderKind
    told: bool
    on: dt.date


@dataclass(frozen=True)
class Answer:
    """That somebody acknowledged a rung: `by` is "You" or a name, `when` is in words."""

    kind: ReminderKind
    by: str
    when: str
    words: str


@dataclass(frozen=True)
class Rung:
    """One rung: `place` is "past", "here" or "next"; `words` say when, and what was answered."""

    kind: ReminderKind
    title: str
    place: str
    since: dt.date
    words: str
    outstanding: bool


@dataclass(frozen=True)
class Ladder:
    """Where a late step is: who has it now and since when, and when it moves up next."""

    rungs: tuple[Rung, ...]

    @property
    def here(self) -> Rung:
        """The rung that has it now."""
        return next(one for one in self.rungs if one.place == "here")

    @property
    def above(self) -> Rung | None:
        """The next rung up; None on the top."""
        return next((one for one in self.rungs if one.place == "next"), None)


def ladder(
    due_on: dt.date,
    today: Today,
    heights: Heights,
    record: Iterable[Reminded],
    answers: Iterable[Answer],
) -> Ladder | None:
    """The ladder of an open step on a day; None while it is not late."""
    days = schedule(due_on, heights, today.holidays)
    reached = [kind for kind in RUNGS if days[kind] <= today.day]
    if not reached:
        return None
    told = {each.kind: each for each in record}
    said = {each.kind: each for each in answers}
    counts = heights.on(due_on)
    rungs = []
    for kind in RUNGS:
        words = [_when(kind, due_on, days[kind], counts[kind], today)]
        words += [_reminded(told)] if kind is ReminderKind.OVERDUE else []
        words += [_answered(kind, told, said)] if kind in reached else []
        place = "next" if kind not in reached else "here" if kind is reached[-1] else "past"
        out = kind in told and told[kind].told and kind not in said
        said_words = " ".join(each for each in words if each)
        rungs.append(Rung(kind, RUNG_WORDS[kind], place, days[kind], said_words, out))
    return Ladder(tuple(rungs))


def _when(kind: ReminderKind, due_on: dt.date, on: dt.date, count: int, today: Today) -> str:
    if kind is ReminderKind.OVERDUE:
        return f"Due {rules.day_words(due_on, today.day)}."
    day = "Today" if on == today.day else rules.day_words(on, today.day)
    if on > today.day:
        return f"{day}, after {count}, unless it is claimed before."
    return f"{day}, after {rules.working_days_words(count)}{_left_out(due_on, on, today)}."


def _left_out(start: dt.date, end: dt.date, today: Today) -> str:
    """ " (Wed 11 Nov was a holiday)": working days that a reader would count and we do not."""
    free = sorted(day for day in today.holidays if start < day <= end and day.weekday() < 5)
    if not free:
        return ""
    if len(free) > 2:  # a long way: the number is enough
        return f" ({len(free)} holidays left out)"
    named = " and ".join(rules.day_words(day, today.day) for day in free)
    return f" ({named} {'was a holiday' if len(free) == 1 else 'were holidays'})"


def _reminded(told: Mapping[ReminderKind, Reminded]) -> str:
    days = [str(count) for kind, count in BEFORE.items() if kind in told and told[kind].told]
    if not days:
        return ""
    listed = ", ".join(days[:-1]) + (" and " if days[1:] else "") + days[-1]
    return f"Reminded {listed} {'day' if days == ['1'] else 'days'} before."


def _answered(
    kind: ReminderKind, told: Mapping[ReminderKind, Reminded], said: Mapping[ReminderKind, Answer]
) -> str:
    if kind in said:
        one = said[kind]
        return f"{one.by} acknowledged it {one.when}: {one.words}"
    if kind not in told:
        return "Not told yet."
    if not told[kind].told:
        return "Passed over: the next rung was told."
    return "Acknowledgement outstanding."
