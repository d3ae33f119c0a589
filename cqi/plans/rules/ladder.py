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
_WITH = {**RUNG_WORDS, ReminderKind.STATE_OFFICE: "state office"}  # within a sentence
KIND_WORDS = {
    **{kind: f"due in {days} days or less" for kind, days in BEFORE.items()},
    ReminderKind.DAYS_1: "due tomorrow, or today",
    ReminderKind.OVERDUE: "overdue",
    **{kind: f"overdue, now with the {_WITH[kind]}" for kind in CLIMBS},
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


def rungs_from(first: ReminderKind = ReminderKind.OVERDUE) -> tuple[ReminderKind, ...]:
    """The rungs of a deadline that an owner has first, or whoever holds the rung `first`: what is
    overdue is theirs, and climbs to those above them."""
    return (ReminderKind.OVERDUE, *RUNGS[RUNGS.index(first) + 1 :])


def waited(spells: Iterable[tuple[dt.date, dt.date]]) -> frozenset[dt.date]:
    """The days on which a step waited for its check, of (claimed on, refused on): from the day
    after the claim, which its owner still had, to the day of the refusal."""
    return frozenset(
        start + dt.timedelta(days=k)
        for start, end in spells
        for k in range(1, (end - start).days + 1)
    )


def schedule(
    due_on: dt.date,
    heights: Heights,
    holidays: Collection[dt.date],
    waits: frozenset[dt.date] = frozenset(),
    first: ReminderKind = ReminderKind.OVERDUE,
) -> Schedule:
    """From which day on each kind is to be told, the earliest first; `first` as of `rungs_from`.

    Days of `waits` count against nobody: the rungs leave them out as they do holidays.
    """
    before = {kind: due_on - dt.timedelta(days=days) for kind, days in BEFORE.items()}
    after = {
        kind: working_days.after(due_on, count, waits.union(holidays))
        for kind, count in heights.on(due_on).items()
        if kind in rungs_from(first)
    }
    return before | after


def standing(days: Schedule, today: Today) -> str:
    """Who has what is overdue, and since when: "overdue, with the CQI director since Tue 1 Dec".
    "" while it is not overdue, or with whoever has it first."""
    reached = [kind for kind in CLIMBS if kind in days and days[kind] <= today.day]
    if not reached:
        return ""
    since = rules.day_words(days[reached[-1]], today.day)
    return f"overdue, with the {_WITH[reached[-1]]} since {since}"


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
    only the newest is, and none after it; the others were skipped, by an outage, or because the
    plan came into force or a claim was refused after their day.
    """
    due_on = days[ReminderKind.DAYS_1] + dt.timedelta(days=BEFORE[ReminderKind.DAYS_1])
    now = newest(days, today) if today <= due_on else ()
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
    """One row of the record. `told` is False where an outage skipped a reminder, or where nobody
    held a rung on the day. `again` is when a rung was told last, and `vacant` that it was told to
    those who stand in for it."""

    kind: ReminderKind
    told: bool
    on: dt.date
    again: dt.date | None = None
    vacant: bool = False


@dataclass(frozen=True)
class Answer:
    """That somebody acknowledged a rung: `by` is "You" or a name, `when` is in words. What a former
    owner said stays, and does not count for who owns the step now."""

    kind: ReminderKind
    by: str
    when: str
    words: str
    counts: bool = True


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
    waits: frozenset[dt.date] = frozenset(),
) -> Ladder | None:
    """The ladder of an open step on a day; None while it is not late.

    A late step that reached no rung, since it waited for its check, is with its owner. What was
    told stays told, whatever the calendar says later.
    """
    if due_on >= late_before(today.day, today.holidays):
        return None
    told = {each.kind: each for each in record}
    days = {
        kind: min(day, told[kind].on) if kind in told else day
        for kind, day in schedule(due_on, heights, today.holidays, waits).items()
    }
    reached = [kind for kind in RUNGS if days[kind] <= today.day] or [ReminderKind.OVERDUE]
    said = {kind: [each for each in answers if each.kind is kind] for kind in RUNGS}
    counts, rungs = heights.on(due_on), []
    for kind in RUNGS:
        words = [_when(kind, due_on, days[kind], counts[kind], _Left(today, waits))]
        words += [_reminded(told)] if kind is ReminderKind.OVERDUE else []
        out = kind in told and not any(each.counts for each in said[kind])
        if kind in reached:
            words += _record(kind, told.get(kind), today) + _answered(said[kind], out=out)
        place = "next" if kind not in reached else "here" if kind is reached[-1] else "past"
        said_words = " ".join(each for each in words if each)
        rungs.append(Rung(kind, RUNG_WORDS[kind], place, days[kind], said_words, out))
    return Ladder(tuple(rungs))


@dataclass(frozen=True)
class _Left:
    """Working days that a reader would count and the ladder does not."""

    today: Today
    waits: frozenset[dt.date]

    def holidays(self, start: dt.date, end: dt.date) -> str:
        """ "Wed 11 Nov was a holiday"; "" without any."""
        today = self.today
        free = sorted(day for day in today.holidays if start < day <= end and day.weekday() < 5)
        if not free:
            return ""
        if len(free) > 2:  # a long way: the number is enough
            return f"{len(free)} holidays left out"
        named = " and ".join(rules.day_words(day, today.day) for day in free)
        return f"{named} {'was a holiday' if len(free) == 1 else 'were holidays'}"

    def checks(self, start: dt.date, end: dt.date) -> str:
        """ "12 working days of waiting for a check left out"; "" without any."""
        count = sum(
            start < day <= end and working_days.is_working_day(day, self.today.holidays)
            for day in self.waits
        )
        words = rules.working_days_words(count)
        return f"{words} of waiting for a check left out" if count else ""


def _when(kind: ReminderKind, due_on: dt.date, on: dt.date, count: int, left: _Left) -> str:
    today, checks = left.today, left.checks(due_on, on)
    if kind is ReminderKind.OVERDUE:
        told = f" Counted from {rules.day_words(on, today.day)} on: {checks}." if checks else ""
        return f"Due {rules.day_words(due_on, today.day)}.{told}"
    day = "Today" if on == today.day else rules.day_words(on, today.day)
    if on > today.day:
        return f"{day}, after {count}{_in_brackets(checks)}, unless it is claimed before."
    out = _in_brackets(left.holidays(due_on, on), checks)
    return f"{day}, after {rules.working_days_words(count)}{out}."


def _in_brackets(*parts: str) -> str:
    listed = ", ".join(part for part in parts if part)
    return f" ({listed})" if listed else ""


def _reminded(told: Mapping[ReminderKind, Reminded]) -> str:
    days = [str(count) for kind, count in BEFORE.items() if kind in told and told[kind].told]
    if not days:
        return ""
    listed = ", ".join(days[:-1]) + (" and " if days[1:] else "") + days[-1]
    return f"Reminded {listed} {'day' if days == ['1'] else 'days'} before."


def _record(kind: ReminderKind, row: Reminded | None, today: Today) -> list[str]:
    """Whether somebody held the rung when it was told."""
    if row is None:
        return ["Not told yet."]
    on = rules.day_words(row.again or row.on, today.day)
    nobody = "Its owner had left" if kind is ReminderKind.OVERDUE else "Nobody held it"
    if row.vacant:
        return [f"{nobody} by {on}: the next rung was told in its place."]
    if not row.told:
        return [f"{nobody}: told on {on} to who holds it since."] if row.again else [f"{nobody}."]
    return [f"Told again on {on}, to who holds it since."] if row.again else []


def _answered(said: Iterable[Answer], *, out: bool) -> list[str]:
    words = [f"{one.by} acknowledged it {one.when}: {one.words}" for one in said]
    if not out:
        return words
    ended = [each if each[-1] in ".!?" else f"{each}." for each in words]
    return [*ended, "Acknowledgement outstanding."]
