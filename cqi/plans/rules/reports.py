"""Progress reports: which are due and when, and what the steps say of a period."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cqi.core import working_days
from cqi.plans import rules
from cqi.plans.rules import Standing


class ReportKind(enum.StrEnum):
    """What a progress report covers, and whom it is for."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


KIND_WORDS = {
    ReportKind.MONTHLY: "Monthly progress report",
    ReportKind.QUARTERLY: "Quarterly progress report to the state",
}
_MONTHS = {ReportKind.MONTHLY: 1, ReportKind.QUARTERLY: 3}
LONGEST = 8000  # characters of a narrative
LONGEST_REMARK = 2000


@dataclass(frozen=True)
class Period:
    """A month or a calendar quarter, with its first and its last day."""

    kind: ReportKind
    first: dt.date
    last: dt.date

    @property
    def words(self) -> str:
        """ "March 2027", "January to March 2027"."""
        if self.kind is ReportKind.MONTHLY:
            return f"{self.first:%B %Y}"
        return f"{self.first:%B} to {self.last:%B %Y}"


def period_of(kind: ReportKind, day: dt.date) -> Period:
    """The month or quarter that a day lies in."""
    months = _MONTHS[kind]
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return Period(kind, first, _after(first, months) - dt.timedelta(days=1))


def periods(kind: ReportKind, since: dt.date, until: dt.date) -> tuple[Period, ...]:
    """Those that ended before the day `until`, from the one on which a plan was approved on; the
    newest first."""
    found, one = [], period_of(kind, since)
    while one.last < until:
        found.append(one)
        one = period_of(kind, one.last + dt.timedelta(days=1))
    return tuple(reversed(found))


def due_on(period: Period, days: int, holidays: Collection[dt.date] = ()) -> dt.date:
    """So many working days after its last day."""
    return working_days.after(period.last, days, holidays)


def _after(first: dt.date, months: int) -> dt.date:
    year, month = divmod(first.month - 1 + months, 12)
    return dt.date(first.year + year, month + 1, 1)


@dataclass(frozen=True)
class StepLine:
    """A step as it stood at the end of a period. `said` is what was written last in the period,
    empty where nothing was."""

    number: str
    title: str
    owner: str
    due_on: dt.date
    standing: Standing
    words: str
    said: str = ""


@dataclass(frozen=True)
class Figures:
    """What the steps say of a period: `verified` in it, and how the others stood at its end;
    `extensions` were granted in it; `coming` fall due in the period after it."""

    steps: tuple[StepLine, ...]
    verified: int
    extensions: int
    coming: tuple[StepLine, ...]

    def count(self, standing: Standing) -> int:
        """How many steps stood so at the end."""
        return sum(one.standing is standing for one in self.steps)

    def of(self, standing: Standing) -> tuple[StepLine, ...]:
        """The steps that stood so at the end."""
        return tuple(one for one in self.steps if one.standing is standing)

    @property
    def telling(self) -> tuple[StepLine, ...]:
        """The steps that something was written about, and the late ones."""
        return tuple(one for one in self.steps if one.said or one.standing is Standing.LATE)

    @property
    def quiet(self) -> tuple[StepLine, ...]:
        """All others."""
        return tuple(one for one in self.steps if one not in self.telling)

    @property
    def sentence(self) -> str:
        """How many were verified in the period, and how all of them stood at its end."""
        done = self.verified
        number = f"{done} {'step was' if done == 1 else 'steps were'}" if done else "No step was"
        first = f"{number} verified in this period."
        said = [
            f"{self.count(standing)} {words}"
            for standing, words in _ENDINGS.items()
            if self.count(standing)
        ]
        return f"{first} At its end, of {len(self.steps)} steps: {', '.join(said)}."

    def to_json(self) -> dict[str, Any]:
        """As it is frozen when a report is sent."""
        return asdict(self) | {
            "steps": [_line_to_json(one) for one in self.steps],
            "coming": [_line_to_json(one) for one in self.coming],
        }


_ENDINGS = {
    Standing.VERIFIED: "verified",
    Standing.CLAIMED: "claimed and waiting to be verified",
    Standing.LATE: "late",
    Standing.BEHIND: "behind schedule",
    Standing.AHEAD: "ahead of schedule",
    Standing.DUE_SOON: "due soon",
    Standing.ON_SCHEDULE: "on schedule",
    Standing.NOT_STARTED: "not started",
    Standing.DROPPED: "dropped",
}


def _line_to_json(one: StepLine) -> dict[str, Any]:
    return asdict(one) | {"due_on": one.due_on.isoformat(), "standing": one.standing.value}


def from_json(content: Mapping[str, Any]) -> Figures:
    """The reverse of `Figures.to_json`."""
    return Figures(
        tuple(map(_line_from_json, content["steps"])),
        content["verified"],
        content["extensions"],
        tuple(map(_line_from_json, content["coming"])),
    )


def _line_from_json(raw: Mapping[str, Any]) -> StepLine:
    read = {"due_on": dt.date.fromisoformat(raw["due_on"]), "standing": Standing(raw["standing"])}
    return StepLine(**{**raw, **read})


@dataclass(frozen=True)
class Told:
    """What is known of one step at the end of a period: the state that its entries fold into then,
    and what was written in the period. `done` on a day: it was verified then."""

    number: str
    title: str
    owner: str
    due_on: dt.date
    state: rules.StepState
    recover_on: dt.date | None = None
    said: str = ""
    done: dt.date | None = None


def figures(told: Iterable[Told], period: Period, extensions: int, today: rules.Today) -> Figures:
    """What the steps say of a period. `today` lends its holidays and its zone; the day that counts
    is the last of the period."""
    then = rules.Today(period.last, today.holidays, today.zone)
    every = list(told)
    lines = tuple(_line(one, then) for one in every)
    verified = sum(bool(one.done and period.first <= one.done <= period.last) for one in every)
    return Figures(lines, verified, extensions, _coming(lines, period))


def _line(one: Told, then: rules.Today) -> StepLine:
    timing = rules.timing(one.state, one.due_on, then, one.recover_on)
    return StepLine(
        one.number, one.title, one.owner, one.due_on, timing.standing, timing.words, one.said
    )


_SETTLED = (Standing.VERIFIED, Standing.CLAIMED, Standing.DROPPED)


def _coming(lines: Sequence[StepLine], period: Period) -> tuple[StepLine, ...]:
    after = period_of(period.kind, period.last + dt.timedelta(days=1))
    found = [
        one
        for one in lines
        if one.standing not in _SETTLED and after.first <= one.due_on <= after.last
    ]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.number)))


def due_at(due: dt.date, granted: Iterable[tuple[dt.date, dt.date]], end: dt.date) -> dt.date:
    """When a step was due at the end of a period: before the extensions that were granted later.

    `granted` are (day of granting, due date before it), in order.
    """
    return next((before for day, before in granted if day > end), due)
