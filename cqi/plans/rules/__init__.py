"""What a program improvement plan is made of, and how late it is (domain.md sections 2 and 5a)."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cqi.core import working_days
from cqi.measures.rules import goals
from cqi.measures.rules.findings import Finding


class PlanState(enum.StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    ACTIVE = "active"
    COMPLETED = "completed"
    CLOSED_UNMET = "closed_unmet"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class StepState(enum.StrEnum):
    """Where an action step stands: done is claimed by the owner, verified by somebody else."""

    NOT_STARTED = "not_started"
    ON_SCHEDULE = "on_schedule"
    AHEAD = "ahead"
    BEHIND = "behind"
    CLAIMED = "claimed"
    VERIFIED = "verified"
    DROPPED = "dropped"


class TargetKind(enum.StrEnum):
    """Where a goal's target comes from."""

    PIP_ARITHMETIC = "pip_arithmetic"
    NEGOTIATED = "negotiated"


class Standing(enum.StrEnum):
    """A step as a reader asks for it: its state, or how its due date lies to today."""

    VERIFIED = "verified"
    CLAIMED = "claimed"
    DROPPED = "dropped"
    LATE = "late"
    BEHIND = "behind"
    DUE_SOON = "due_soon"
    AHEAD = "ahead"
    ON_SCHEDULE = "on_schedule"
    NOT_STARTED = "not_started"


DRAFTING = frozenset({PlanState.DRAFT, PlanState.RETURNED})  # its promises may still change
IN_FORCE = frozenset({PlanState.APPROVED, PlanState.ACTIVE})  # its deadlines count
ENDED = frozenset(
    {PlanState.COMPLETED, PlanState.CLOSED_UNMET, PlanState.SUPERSEDED, PlanState.WITHDRAWN}
)
UNDECIDED = DRAFTING | {PlanState.SUBMITTED}  # of a place there is one of them on a round
UNAPPROVED = UNDECIDED | {PlanState.WITHDRAWN}  # no promise was ever made
OPEN_STEPS = frozenset(
    {StepState.NOT_STARTED, StepState.ON_SCHEDULE, StepState.AHEAD, StepState.BEHIND}
)
DONE_STEPS = frozenset({StepState.VERIFIED, StepState.DROPPED})
STATE_WORDS = {
    PlanState.DRAFT: "Draft",
    PlanState.SUBMITTED: "Submitted",
    PlanState.RETURNED: "Returned",
    PlanState.APPROVED: "Approved",
    PlanState.ACTIVE: "Active",
    PlanState.COMPLETED: "Completed",
    PlanState.CLOSED_UNMET: "Closed with unmet goals",
    PlanState.SUPERSEDED: "Superseded",
    PlanState.WITHDRAWN: "Withdrawn",
}
STEP_STATE_WORDS = {
    StepState.NOT_STARTED: "Not started",
    StepState.ON_SCHEDULE: "On schedule",
    StepState.AHEAD: "Ahead of schedule",
    StepState.BEHIND: "Behind schedule",
    StepState.CLAIMED: "Completion claimed",
    StepState.VERIFIED: "Completion verified",
    StepState.DROPPED: "Dropped",
}
TARGET_WORDS = {
    TargetKind.PIP_ARITHMETIC: "PIP arithmetic",
    TargetKind.NEGOTIATED: "negotiated",
}
STANDING_WORDS = {
    Standing.VERIFIED: "Verified",
    Standing.CLAIMED: "Claimed, to verify",
    Standing.DROPPED: "Dropped",
    Standing.LATE: "Late",
    Standing.BEHIND: "Behind schedule",
    Standing.DUE_SOON: "Due soon",
    Standing.AHEAD: "Ahead of schedule",
    Standing.ON_SCHEDULE: "On schedule",
    Standing.NOT_STARTED: "Not started",
}
SOON = 10  # working days: when a due date is near enough to be marked
RECENT = 120  # days: how long a verified step keeps its room in the timeline
WHOLE = 10_000  # negotiated targets are stored in ten-thousandths


@dataclass(frozen=True)
class Today:
    """The day that lateness is counted on, with the agency's holidays and time zone."""

    day: dt.date
    holidays: Collection[dt.date] = frozenset()
    zone: dt.tzinfo = dt.UTC

    def words(self, instant: dt.datetime) -> str:
        """ "Mon 9 Nov 10:42", as the agency's clocks show it."""
        local = instant.astimezone(self.zone)
        return f"{day_words(local.date(), self.day)} {local:%H:%M}"

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The agency's date of an instant."""
        return instant.astimezone(self.zone).date()

    def until(self, due_on: dt.date) -> int:
        """Working days from today to a due date; negative once it has passed."""
        return working_days.between(self.day, due_on, self.holidays)


@dataclass(frozen=True)
class Timing:
    """A step's standing; `days` are working days: late by, or left. `words` say it in full, `left`
    how far off the due date of an open step is that is not late, `back` by when one that is behind
    is promised to be back on schedule."""

    standing: Standing
    days: int
    words: str
    left: str = ""
    back: str = ""

    @property
    def late(self) -> bool:
        """True when the due date has passed and nobody claimed the step as done."""
        return self.standing is Standing.LATE


_SETTLED = {
    StepState.VERIFIED: (Standing.VERIFIED, "verified"),
    StepState.CLAIMED: (Standing.CLAIMED, "claimed, to verify"),
    StepState.DROPPED: (Standing.DROPPED, "dropped"),
}
_REPORTED = {
    StepState.NOT_STARTED: Standing.NOT_STARTED,
    StepState.ON_SCHEDULE: Standing.ON_SCHEDULE,
    StepState.AHEAD: Standing.AHEAD,
    StepState.BEHIND: Standing.BEHIND,
}


def timing(
    state: StepState, due_on: dt.date, today: Today, recover_on: dt.date | None = None
) -> Timing:
    """How a step stands today. Claimed in time or not, a claimed step waits for its check.

    `recover_on` is the day by which a step that is behind is promised to be back on schedule.
    """
    if state in _SETTLED:
        standing, words = _SETTLED[state]
        return Timing(standing, 0, words)
    left = today.until(due_on)
    if left < 0:
        return Timing(Standing.LATE, -left, f"{working_days_words(-left)} late")
    words, left_words = due_words(due_on, today), until_words(due_on, today)
    if state is StepState.BEHIND:
        back = recovery_words(recover_on, due_on, today.day) if recover_on else ""
        said = ", ".join(each for each in ("behind", back, words) if each)
        return Timing(Standing.BEHIND, left, said, left_words, back)
    standing = Standing.DUE_SOON if left <= SOON else _REPORTED[state]
    return Timing(standing, left, words, left_words)


def recovery_words(recover_on: dt.date, due_on: dt.date, today: dt.date) -> str:
    """ "back by Mon 1 Mar", and that a promise after the due date takes more time than there is."""
    words = f"back by {day_words(recover_on, today)}"
    return words if recover_on <= due_on else f"{words}, after its due date: ask for more time"


def working_days_words(count: int) -> str:
    """ "1 working day", "15 working days"."""
    return f"{count} working day" if count == 1 else f"{count} working days"


def due_words(due_on: dt.date, today: Today) -> str:
    """ "due today", or "due Mon 30 Nov, in 4 working days"."""
    if due_on == today.day:
        return "due today"
    return f"due {day_words(due_on, today.day)}, {until_words(due_on, today)}"


def until_words(due_on: dt.date, today: Today) -> str:
    """ "in 4 working days" and, around days off, "today", "tomorrow", "late from Mon 30 Nov"."""
    left = today.until(due_on)
    if due_on < today.day:
        late_on = working_days.after(today.day, 1, today.holidays)
        return f"late from {day_words(late_on, today.day)}"
    if left:
        return f"in {working_days_words(left)}"
    ahead = (due_on - today.day).days
    return ("today", "tomorrow")[ahead] if ahead < 2 else "before the next working day"


def day_words(day: dt.date, today: dt.date) -> str:
    """ "Mon 30 Nov", with the year where it is another one."""
    words = f"{day:%a} {day.day} {day:%b}"
    return words if day.year == today.year else f"{words} {day.year}"


@dataclass(frozen=True)
class Count:
    """How many cases achieved it, of those that it applied to."""

    achieved: int
    applicable: int

    @property
    def share(self) -> Fraction | None:
        """The exact share; None without cases."""
        return Fraction(self.achieved, self.applicable) if self.applicable else None


@dataclass(frozen=True)
class Target:
    """What a goal aims at, from 0 to 1. `note` says why a negotiated one had to be."""

    share: float | Fraction
    kind: TargetKind
    note: str = ""

    @property
    def percent(self) -> str:
        """With one decimal, rounded half up."""
        return percent(self.share)


def percent(share: float | Fraction) -> str:
    """A share from 0 to 1 as "36.2%", rounded half up."""
    tenths = int(Fraction(share) * 1000 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}%"


def needs_negotiation(baseline: Count) -> str:
    """Why the PIP arithmetic has no meaning for this baseline; empty where it has one."""
    if not baseline.applicable:
        return "The goal is negotiated: the baseline has no applicable case."
    return goals.pip_goal(baseline.achieved, baseline.applicable).reason


def target(baseline: Count, negotiated: int | None) -> Target:
    """A goal's target: the negotiated one (ten-thousandths) where there is one, else arithmetic.

    Raises ValueError where the arithmetic has no meaning and nothing was negotiated.
    """
    why = needs_negotiation(baseline)
    if negotiated is not None:
        return Target(Fraction(negotiated, WHOLE), TargetKind.NEGOTIATED, why)
    share = None if why else goals.pip_goal(baseline.achieved, baseline.applicable).goal
    if share is None:
        raise ValueError(why)
    return Target(share, TargetKind.PIP_ARITHMETIC)


def from_percent(percent: Decimal) -> int:
    """A negotiated target of "69.3" percent, as it is stored."""
    return int(percent * WHOLE / 100)


def in_percent(negotiated: int) -> Decimal:
    """A stored target as people write it: 69.3."""
    return Decimal(negotiated * 100) / WHOLE


def in_a_circle(waits: Mapping[int, int | None], step: int, on: int) -> bool:
    """Whether a step that waited for `on` would wait for itself; `waits` maps step to step."""
    seen: set[int] = set()
    at: int | None = on
    while at is not None and at not in seen:
        if at == step:
            return True
        seen.add(at)
        at = waits.get(at)
    return False


class Met(enum.StrEnum):
    """Whether the observed rate reached the target: a column of its own beside the change."""

    MET = "met"
    NOT_MET = "not_met"


@dataclass(frozen=True)
class Outcome:
    """A goal after the follow-up round. `change` is the comparison's word, where one may stand.

    `why` says in words what keeps it from being met; empty where it is.
    """

    result: Count
    met: Met
    change: Finding | None
    why: str = ""


def outcome(baseline: Count, aim: Target, result: Count, change: Finding | None) -> Outcome | None:
    """Hold the follow-up's count against the target; None where nothing applied.

    `change` is the word of the comparison, which only the measures make.
    """
    if not result.applicable:
        return None
    if goals.met(aim.share, result.achieved, result.applicable, baseline.applicable):
        return Outcome(result, Met.MET, change)
    return Outcome(result, Met.NOT_MET, change, _why_not_met(baseline, aim, result))


def _why_not_met(baseline: Count, aim: Target, result: Count) -> str:
    """ "31 of 34: fewer cases than the baseline's 36"; "25 of 36: under the target of 77.9%"."""
    reasons = []
    if Fraction(result.achieved, result.applicable) < Fraction(aim.share):
        reasons.append(f"under the target of {aim.percent}")
    if result.applicable < baseline.applicable:
        reasons.append(f"fewer cases than the baseline's {baseline.applicable}")
    return f"{result.achieved} of {result.applicable}: {' and '.join(reasons)}"


@dataclass(frozen=True)
class Span:
    """The time that a plan's timeline shows, in whole months."""

    start: dt.date
    end: dt.date

    def at(self, day: dt.date) -> float:
        """Where a day lies, from 0 to 1; outside days lie on the edge."""
        length = max((self.end - self.start).days, 1)
        return min(max((day - self.start).days / length, 0.0), 1.0)

    def labels(self) -> tuple[str, ...]:
        """The months at the quarters of the span: "Feb 2026", "May" ...; "" for one said before,
        and where two with their years would touch: the first and the last stay."""
        length, found = self.end - self.start, [f"{self.start:%b %Y}"]
        before = self.start
        for part in range(1, 5):
            day = self.start + length * part / 4
            words = _month(day, before)
            if len(words) > _SHORT and len(found[-1]) > _SHORT:
                if part < 4:
                    found.append("")
                    continue
                found[-1] = ""
            found.append(words)
            before = day
        return tuple(found)


_SHORT = len("May")


def _month(day: dt.date, before: dt.date) -> str:
    if before.year != day.year:
        return f"{day:%b %Y}"
    return "" if before.month == day.month else f"{day:%b}"


def pictured(state: StepState, due_on: dt.date, today: dt.date) -> bool:
    """Whether a timeline makes room for a step: unfinished, or due not long ago."""
    return state not in DONE_STEPS or (today - due_on).days <= RECENT


def span(days: Iterable[dt.date]) -> Span | None:
    """Whole months around these days; None without any."""
    known = sorted(days)
    if not known:
        return None
    after = known[-1].replace(day=28) + dt.timedelta(days=4)
    return Span(known[0].replace(day=1), after.replace(day=1))
