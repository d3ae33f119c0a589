"""The roll-out of the practice model: a region's stages, and where a plan breaks a length."""

from __future__ import annotations

import datetime as dt
import enum
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_REVIEW_DAYS = 11  # two weeks on site, Monday to Friday of the second


class Stage(enum.StrEnum):
    """What a region goes through, in this order."""

    PLANNING = "planning"
    BASELINE = "baseline"
    IMPLEMENTATION = "implementation"
    FOLLOW_UP = "follow_up"
    SUPPORT = "support"


STAGES = tuple(Stage)
STAGE_WORDS = {
    Stage.PLANNING: "Planning",
    Stage.BASELINE: "Baseline review",
    Stage.IMPLEMENTATION: "Initial implementation",
    Stage.FOLLOW_UP: "Follow-up review",
    Stage.SUPPORT: "Continuing support",
}
REVIEWS = (Stage.BASELINE, Stage.FOLLOW_UP)  # rounds tell when they were


class DecisionKind(enum.StrEnum):
    """What was decided about the roll-out."""

    ORDER = "order"  # in which regions begin
    DATES = "dates"  # planned, of one region
    BEGAN = "began"  # a stage of one region


@dataclass(frozen=True)
class Lengths:
    """How long stages last, in months; `leeway` is what "about" means."""

    planning_least: int = 6
    planning_most: int = 8
    implementation: int = 12
    follow_up: int = 12
    leeway: int = 1
    engaged_within: int = 48


@dataclass(frozen=True)
class Dates:
    """A region's planned dates; planning ends with the baseline review."""

    planning_from: dt.date
    baseline_from: dt.date
    baseline_to: dt.date
    implementation_from: dt.date
    implementation_to: dt.date
    follow_up_from: dt.date
    follow_up_to: dt.date
    support_from: dt.date

    def begins(self, stage: Stage) -> dt.date:
        """The planned first day of a stage."""
        day: dt.date = getattr(self, f"{stage.value}_from")
        return day


@dataclass(frozen=True)
class Span:
    """The days of a round on site."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Told:
    """What happened: rounds tell of reviews, people of the other stages."""

    planning_on: dt.date | None = None
    implementation_on: dt.date | None = None
    support_on: dt.date | None = None
    baseline: Span | None = None
    follow_up: Span | None = None

    def on(self, stage: Stage) -> dt.date | None:
        """The day a stage began, or of a round the day it is set for."""
        if stage in REVIEWS:
            span: Span | None = getattr(self, stage.value)
            return span.first if span else None
        day: dt.date | None = getattr(self, f"{stage.value}_on")
        return day

    def begun(self, stage: Stage, today: dt.date) -> bool:
        """True where it or a later stage has begun."""
        later = STAGES[STAGES.index(stage) :]
        return any(day is not None and day <= today for day in map(self.on, later))

    def now(self, today: dt.date) -> Stage | None:
        """The latest stage that has begun; None before planning."""
        return next((each for each in reversed(STAGES) if self.begun(each, today)), None)


@dataclass(frozen=True)
class Caution:
    """Where a plan breaks a length: it may stand, and the page says so."""

    code: str
    message: str


@dataclass(frozen=True)
class Late:
    """A stage that was due before today and has not begun."""

    stage: Stage
    due_on: dt.date
    days: int
    why: str

    @property
    def words(self) -> str:
        """ "47 days late"."""
        return f"{self.days} day{'' if self.days == 1 else 's'} late"


def later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the month's last."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    return dt.date(year, month, min(day.day, (after - dt.timedelta(days=1)).day))


def suggested(start: dt.date, lengths: Lengths) -> Dates:
    """Dates that keep every length, when planning begins on a day. Reviews begin on a Monday
    where the lengths leave room for it."""
    least, leeway = lengths.planning_least, lengths.leeway
    middle = later(start, (least + lengths.planning_most) // 2)
    baseline = _monday(middle, later(start, least))
    ended = baseline + dt.timedelta(days=_REVIEW_DAYS)
    implementation = ended + dt.timedelta(days=3)  # the Monday after
    earliest = later(implementation, lengths.follow_up - leeway)
    follow_up = _monday(later(implementation, lengths.follow_up), earliest)
    follow_up_to = follow_up + dt.timedelta(days=_REVIEW_DAYS)
    return Dates(
        planning_from=start,
        baseline_from=baseline,
        baseline_to=ended,
        implementation_from=implementation,
        implementation_to=_before(later(implementation, lengths.implementation)),
        follow_up_from=follow_up,
        follow_up_to=follow_up_to,
        support_from=follow_up_to + dt.timedelta(days=3),
    )


def _monday(day: dt.date, earliest: dt.date) -> dt.date:
    """The Monday of its week, unless that is too early."""
    monday = day - dt.timedelta(days=day.weekday())
    return monday if monday >= earliest else day


def _before(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=1)


def cautions(dates: Dates, lengths: Lengths, told: Told | None = None) -> list[Caution]:
    """Every length that a region's dates break. The follow-up counts from the day implementation
    began, where that is told."""
    began = (told or Told()).implementation_on or dates.implementation_from
    return [
        *_planning(dates, lengths),
        *_implementation(dates, lengths),
        *_review(dates, lengths, began),
    ]


def _planning(dates: Dates, lengths: Lengths) -> Iterator[Caution]:
    least, most = lengths.planning_least, lengths.planning_most
    if dates.baseline_from < later(dates.planning_from, least):
        message = (
            f"Planning is shorter than {least} months: begin it earlier, or put the baseline"
            " review later."
        )
        yield Caution("planning_short", message)
    if dates.baseline_from > later(dates.planning_from, most):
        message = (
            f"Planning is longer than {most} months: begin it later, or put the baseline review"
            " earlier."
        )
        yield Caution("planning_long", message)


def _implementation(dates: Dates, lengths: Lengths) -> Iterator[Caution]:
    wanted, leeway = lengths.implementation, lengths.leeway
    after = dates.implementation_to + dt.timedelta(days=1)
    if after < later(dates.implementation_from, wanted - leeway):
        message = f"Initial implementation is shorter than about {wanted} months: end it later."
        yield Caution("implementation_short", message)
    if after > later(dates.implementation_from, wanted + leeway):
        message = f"Initial implementation is longer than about {wanted} months: end it earlier."
        yield Caution("implementation_long", message)


def _review(dates: Dates, lengths: Lengths, began: dt.date) -> Iterator[Caution]:
    wanted, leeway = lengths.follow_up, lengths.leeway
    where = f"about {wanted} months after implementation began"
    if dates.follow_up_from < later(began, wanted - leeway):
        yield Caution("follow_up_early", f"The follow-up comes earlier than {where}: put it later.")
    if dates.follow_up_from > later(began, wanted + leeway):
        yield Caution("follow_up_late", f"The follow-up comes later than {where}: put it earlier.")


@dataclass(frozen=True)
class Beginning:
    """A region and the day its planning began or is planned to begin; None: it has no plan."""

    region: str
    on: dt.date | None


def of_the_state(ordered: Sequence[Beginning], lengths: Lengths) -> list[Caution]:
    """What the regions together break; they stand in the order that was decided. The state begins
    with its first region, and a region is engaged once its planning begins."""
    days = [each.on for each in ordered if each.on]
    if not days:
        return []
    until, months = later(min(days), lengths.engaged_within), lengths.engaged_within
    found, latest = [], dt.date.min
    for each in ordered:
        if each.on is None:
            message = f"{each.region} has no plan: all regions begin within {months} months."
            found.append(Caution("not_planned", message))
            continue
        if each.on >= until:
            message = f"{each.region} begins later than {months} months after the first region."
            found.append(Caution("engaged_late", message))
        if each.on < latest:
            message = f"{each.region} begins before a region that stands earlier in the order."
            found.append(Caution("out_of_order", message))
        latest = max(latest, each.on)
    return found


def late(dates: Dates, told: Told, today: dt.date) -> list[Late]:
    """What was due before today and has not begun, and why."""
    return [
        Late(stage, due, (today - due).days, _why(stage, dates, told, today))
        for stage in STAGES
        if (due := dates.begins(stage)) < today and not told.begun(stage, today)
    ]


def _why(stage: Stage, dates: Dates, told: Told, today: dt.date) -> str:
    before = STAGES[STAGES.index(stage) - 1] if stage is not Stage.PLANNING else None
    if before and not told.begun(before, today):
        return f"{STAGE_WORDS[before]} comes first and has not begun."
    day = told.on(stage)
    if day is not None and stage in REVIEWS:
        days = (day - dates.begins(stage)).days
        return f"Its round is set {days} day{'' if days == 1 else 's'} after the plan."
    if stage in REVIEWS:
        return f"No {STAGE_WORDS[stage].lower()} of this region is open as a round."
    if day is not None:
        return "It is written down to begin later."
    return "Nobody has written down that it began."


@dataclass(frozen=True)
class Bar:
    """A stretch of a stage on the calendar; `begun`: this stretch lies behind."""

    stage: Stage
    first: dt.date
    last: dt.date
    begun: bool


@dataclass(frozen=True)
class Event:
    """A review on the calendar: done, or due on a day."""

    stage: Stage
    on: dt.date
    done: bool


def reviews(dates: Dates, told: Told, today: dt.date) -> list[Event]:
    """Both reviews: where their round is, else where they are planned."""
    found = []
    for stage in REVIEWS:
        day = told.on(stage)
        found.append(Event(stage, day or dates.begins(stage), day is not None and day <= today))
    return found


def bars(dates: Dates, told: Told, today: dt.date, until: dt.date) -> list[Bar]:
    """The other stages as stretches behind and ahead; `until` is where the calendar ends."""
    baseline = reviews(dates, told, today)[0]
    begun = {stage: told.begun(stage, today) for stage in STAGES}
    starts = {stage: told.on(stage) or dates.begins(stage) for stage in STAGES}
    planned = dates.implementation_to - dates.implementation_from
    ends = {
        Stage.PLANNING: baseline.on,
        Stage.IMPLEMENTATION: starts[Stage.IMPLEMENTATION] + planned,
        Stage.SUPPORT: until,
    }
    if begun[Stage.PLANNING] and not begun[Stage.BASELINE]:
        ends[Stage.PLANNING] = max(baseline.on, today)
    return [
        bar
        for stage, end in ends.items()
        for bar in _stretches(stage, Span(starts[stage], end), begun[stage], today)
    ]


def _stretches(stage: Stage, span: Span, begun: bool, today: dt.date) -> Iterator[Bar]:
    if span.last <= span.first:
        return
    if not begun:
        yield Bar(stage, span.first, span.last, False)
        return
    if span.first < today:
        yield Bar(stage, span.first, min(span.last, today), True)
    if span.last > today:
        yield Bar(stage, max(span.first, today), span.last, False)


@dataclass(frozen=True)
class Item:
    """One thing to get ready while planning; `done` is what it looks like when it is."""

    key: str
    title: str
    done: str
    weeks: int

    def due(self, baseline_from: dt.date) -> dt.date:
        """When it is due by the plan."""
        return baseline_from - dt.timedelta(weeks=self.weeks)


def checklist_of(text: str) -> tuple[Item, ...]:
    """The items of a file's text, the first due first."""
    items = [Item(**each) for each in tomllib.loads(text)["items"]]
    return tuple(sorted(items, key=lambda one: -one.weeks))


class Degree(enum.StrEnum):
    """How far a component of the practice model is put into practice in a region."""

    NOT_STARTED = "not_started"
    PLANNING = "planning"
    INITIAL = "initial"
    FULL = "full"
    SUSTAINED = "sustained"


DEGREE_WORDS = {
    Degree.NOT_STARTED: "Not started",
    Degree.PLANNING: "Planning",
    Degree.INITIAL: "Initial",
    Degree.FULL: "Full",
    Degree.SUSTAINED: "Sustained",
}
