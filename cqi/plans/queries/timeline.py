"""A plan's steps over time: the bars of its page, and the same as a figure for files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cqi.core import working_days
from cqi.documents import model, timelines
from cqi.plans import rules
from cqi.plans.queries import sheets
from cqi.plans.queries.sheets import GoalRow, PlanSheet, StepRow
from cqi.plans.rules import Span, Standing, Today


@dataclass(frozen=True)
class Bar:
    """One step: what is said of it (`head`, `note`), and where its bar lies, from 0 to 1.

    `kind` is done, open or late; `end` is how far what is late reaches: to the day on which it was
    done, or to today. `before` the time that is shown, there is no bar.
    """

    step: StepRow
    head: str
    note: str
    kind: str
    start: float
    due: float
    done: float | None
    end: float | None
    before: bool


@dataclass(frozen=True)
class Timeline:
    """The bars of a plan by goal; `today` is None where it lies outside."""

    span: Span
    today: float | None
    goals: tuple[tuple[GoalRow, tuple[Bar, ...]], ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The months at the quarters."""
        return self.span.labels()


def bars(sheet: PlanSheet, today: Today) -> Timeline | None:
    """The bars of a plan; None without a step."""
    span = sheets.span(sheet.steps, today.day)
    if span is None:
        return None
    goals = tuple(
        (goal, tuple(_bar(step, span, today) for way in goal.strategies for step in way.steps))
        for goal in sheet.goals
    )
    inside = span.start <= today.day < span.end
    return Timeline(span, span.at(today.day) if inside else None, goals)


def _bar(step: StepRow, span: Span, today: Today) -> Bar:
    head, note = said(step, today)
    note = f"{note}; {step.timing.back}" if step.timing.back else note
    due = span.at(step.due_on)
    done = span.at(step.done_on) if step.done_on else None
    end = (done if done is not None else span.at(today.day)) if _was_late(step, today) else None
    kind = "late" if step.timing.late else "done" if step.done_on else "open"
    start = span.at(step.starts_on)
    return Bar(step, head, note, kind, start, due, done, end, step.due_on < span.start)


def _was_late(step: StepRow, today: Today) -> bool:
    """Late now, or done on a later working day than promised."""
    return step.timing.late or _late_by(step, today) > 0


def _late_by(step: StepRow, today: Today) -> int:
    if step.done_on is None or step.done_on <= step.due_on:
        return 0
    return working_days.between(step.due_on, step.done_on, today.holidays)


def said(step: StepRow, today: Today) -> tuple[str, str]:
    """("Done 24 Jul", "on time"), ("15 working days late", "was due Wed 17 Feb") and so on."""
    if step.timing.standing is Standing.DROPPED:
        words = step.timing.words
        return f"{words[0].upper()}{words[1:]}", f"was due {step.due}"
    if step.done_on is not None:
        verb = "Done" if step.timing.standing is Standing.VERIFIED else "Claimed"
        late = _late_by(step, today)
        note = f"{rules.working_days_words(late)} late" if late else "on time"
        return f"{verb} {rules.day_words(step.done_on, today.day)}", note
    if step.timing.late:
        return step.timing.words, f"was due {step.due}"
    if step.timing.standing in (Standing.VERIFIED, Standing.CLAIMED):
        return rules.STANDING_WORDS[step.timing.standing], f"due {step.due}"
    if step.due_on == today.day:
        return "Due today", ""
    behind = "behind, " if step.timing.standing is Standing.BEHIND else ""
    return f"Due {step.due}", f"{behind}{rules.until_words(step.due_on, today)}"


_COLUMNS = (
    model.Column("Step", data=("step",)),
    model.Column("What", data=("title",)),
    model.Column("Owner", data=("owner",)),
    model.Column("Starts", data=("starts_on",)),
    model.Column("Due", data=("due_on",)),
    model.Column("Done", data=("done_on",)),
    model.Column("Status", data=("status",)),
)


def timeline(sheet: PlanSheet, today: Today) -> model.Figure | None:
    """The timeline of a plan with its table beside it; None without a step."""
    if not sheet.steps:
        return None
    ends = [day for step in sheet.steps for day in (step.starts_on, step.due_on, step.done_on)]
    span = rules.span([day for day in ends if day])
    if span is None:
        return None
    rows = [(step, *said(step, today)) for step in sheet.steps]
    return model.Figure(
        key="timeline",
        title=title(sheet.steps),
        measure=f"{sheet.name}: steps by goal, with the date that each is due.",
        description=" ".join(_sentence(step, head, note, today) for step, head, note in rows),
        drawing=timelines.draw(_parts(sheet, today), (span.start, span.end), today.day),
        columns=_COLUMNS,
        rows=tuple(model.Row(_cells(step, head, note)) for step, head, note in rows),
    )


def title(steps: Iterable[StepRow]) -> str:
    """The finding: "Of 8 plan steps 2 are verified, 1 is claimed, 2 are late and 3 are on time".
    Done is what somebody verified; behind, and left undone, are said where there are any."""
    one = sheets.counts(steps)
    counts = [(one.verified, "verified"), (one.claimed, "claimed"), (one.late, "late")]
    counts += [(one.behind, "behind")] * bool(one.behind)
    counts += [(one.undone, "not done")] * bool(one.undone)
    counts += [(one.on_schedule, "on time")]
    *first, last = (f"{n or 'none'} {'is' if n < 2 else 'are'} {word}" for n, word in counts)
    return f"Of {one.steps} plan steps {', '.join(first)} and {last}"


def _parts(sheet: PlanSheet, today: Today) -> tuple[timelines.Part, ...]:
    return tuple(
        timelines.Part(
            f"Goal {goal.position}",
            goal.title,
            tuple(_row(step, today) for way in goal.strategies for step in way.steps),
        )
        for goal in sheet.goals
    )


def _row(step: StepRow, today: Today) -> timelines.Row:
    head, note = said(step, today)
    return timelines.Row(
        step.number,
        step.title,
        step.owner,
        step.starts_on,
        step.due_on,
        step.done_on,
        _was_late(step, today),
        head,
        note,
    )


def _sentence(step: StepRow, head: str, note: str, today: Today) -> str:
    due = rules.day_words(step.due_on, today.day)
    status = f"{head}, {note}" if note else head
    return f"Step {step.number} {step.title}, {step.owner}, due {due}: {status}."


def _cells(step: StepRow, head: str, note: str) -> tuple[model.Cell | str, ...]:
    status = f"{head}; {note}" if note else head
    return (
        step.number,
        step.title,
        step.owner,
        *(_day(day) for day in (step.starts_on, step.due_on, step.done_on)),
        status,
    )


def _day(day: dt.date | None) -> model.Cell:
    if day is None:
        return model.Cell("–", (None,))
    return model.Cell(f"{day.day} {day:%b %Y}", (day,))
