"""What is owed beside steps, as pages say it: plans that are due, decisions, progress reports."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.plans import rules
from cqi.plans.queries import answers, due, duties, progress, reminding
from cqi.plans.queries.answers import Told
from cqi.plans.queries.due import Decision, DuePlan
from cqi.plans.queries.duties import Duty, DutyKind
from cqi.plans.queries.progress import ToWrite
from cqi.plans.queries.sheets import Wait


@dataclass(frozen=True)
class Coming:
    """Something that whoever leads plans owes soon; `left` says how far off it is, `kind` and
    `address` are its page as of `Wait`."""

    due_on: dt.date
    due: str
    left: str
    title: str
    plan: str
    kind: str
    address: uuid.UUID | None


def owed(
    session: orm.Session, actor: Actor, today: rules.Today, told: Iterable[Told] | None = None
) -> tuple[Wait, ...]:
    """What the actor owes who leads plans, and what has climbed to them, or falls to them while
    nobody has it first; each as a line of what waits. `told` as of `answers.told`, where it was
    read already."""
    heights = reminding.heights(session)
    climbed = _climbed(answers.told(session, actor, today) if told is None else told)
    said = answers.said(session, climbed, actor, today)
    lines = [
        Wait(
            "Look after",
            f"{_what(one)}: {_with(one.standing(heights, today) or _VACANT, one, said)}",
            *_page(one),
        )
        for one in climbed
    ]
    if not actor.holds(Permission.PLAN_LEAD):
        return tuple(lines)
    for plan, words in with_standing(session, _led(session, actor, today), actor, today):
        lines.append(_plan(plan, words))
    written = progress.to_write(session, actor, today)
    oldest = [next(duties.to_report(each)) for each in written]
    said = answers.said(session, oldest, actor, today)
    for each, first in zip(written, oldest, strict=True):
        lines.append(_reports(each, _with(first.standing(heights, today), first, said), today))
    return tuple(lines)


_VACANT = "overdue, and with you: nobody is there who has it first"


def coming(
    session: orm.Session, actor: Actor, today: rules.Today, horizon_days: int
) -> tuple[Coming, ...]:
    """What falls due within the horizon (calendar days) for whoever leads plans, and is not late;
    () for anybody else."""
    if not actor.holds(Permission.PLAN_LEAD):
        return ()
    until = today.day + dt.timedelta(days=horizon_days)
    written = progress.to_write(session, actor, today, horizon_days)
    reports = (one for each in written for one in duties.to_report(each))
    found = [*duties.plans(session, _led(session, actor, today), today), *reports]
    return tuple(
        Coming(
            one.due_on,
            rules.day_words(one.due_on, today.day),
            rules.until_words(one.due_on, today),
            "Plan to be submitted" if one.kind is DutyKind.PLAN else one.title,
            one.plan,
            *_page(one),
        )
        for one in sorted(found, key=lambda one: (one.due_on, one.plan))
        if today.day <= one.due_on <= until
    )


def with_standing(
    session: orm.Session, found: Iterable[DuePlan], actor: Actor, today: rules.Today
) -> Iterator[tuple[DuePlan, str]]:
    """Each plan that is due, with who has it since when once it has climbed."""
    listed, heights = list(found), reminding.heights(session)
    owes = list(duties.plans(session, listed, today))
    said = answers.said(session, owes, actor, today)
    for one, duty in zip(listed, owes, strict=True):
        yield one, _with(duty.standing(heights, today), duty, said)


def decisions_with_standing(
    session: orm.Session, found: Iterable[Decision], actor: Actor, today: rules.Today
) -> Iterator[tuple[Decision, str]]:
    """The same of decisions on submitted plans."""
    heights = reminding.heights(session)
    pairs = [(one, duties.review(one)) for one in found]
    said = answers.said(session, (duty for _, duty in pairs), actor, today)
    return ((one, _with(duty.standing(heights, today), duty, said)) for one, duty in pairs)


def _with(standing: str, one: Duty, said: Mapping[tuple[uuid.UUID, dt.date], str]) -> str:
    """The standing with who acknowledged it last."""
    return "; ".join(each for each in (standing, said.get((one.subject, one.due_on))) if each)


def _climbed(told: Iterable[Told]) -> list[Duty]:
    """What is still owed and not the actor's to do; of the reports of a plan the oldest."""
    oldest: dict[uuid.UUID, Duty] = {}
    for one in told:
        if not one.first:
            oldest.setdefault(one.duty.subject, one.duty)
    return list(oldest.values())


def _led(session: orm.Session, actor: Actor, today: rules.Today) -> list[DuePlan]:
    return [one for one in due.due(session, actor, today) if one.leads]


def _what(one: Duty) -> str:
    return f"{one.plan}, {one.title[0].lower()}{one.title[1:]}"


def _page(one: Duty) -> tuple[str, uuid.UUID | None]:
    if one.kind is DutyKind.PLAN:
        return "due", None
    return ("plan" if one.kind is DutyKind.REVIEW else "progress_reports"), one.page


def _plan(one: DuePlan, standing: str) -> Wait:
    words = f"the plan of {one.place} on {one.round}: {_more(one.deadline.words, standing)}"
    if one.begun:
        return Wait("Submit", words, "plan", one.begun.public_id)
    return Wait("Begin", words, "due", None)


def _reports(one: ToWrite, standing: str, today: rules.Today) -> Wait:
    number = f"{one.number} progress reports" if one.number > 1 else "a progress report"
    day = rules.day_words(one.first.due_on, today.day)
    when = _more(f"late since {day}" if one.first.late else f"due {day}", standing)
    name = f"{one.name}, which has ended" if one.ended else one.name
    return Wait("Write", f"{number} of {name}, {when}", "progress_reports", one.plan)


def _more(words: str, standing: str) -> str:
    return f"{words}; {standing}" if standing else words
