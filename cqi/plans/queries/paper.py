"""A plan as a file: goal, strategy, key activity, person responsible, evidence, quarter due and
done, status, update, in the shape that states send to the federal office.

`printing` lays it out, on paper and as a workbook.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.places import queries as places
from cqi.plans import rules, workflow
from cqi.plans.models import Amendment, Goal, Plan, Step, StepEntry, Strategy
from cqi.plans.queries import notes, outcomes, parts, records, sheets
from cqi.plans.rules import amendments
from cqi.plans.rules.amendments import AmendmentState
from cqi.ui import dates

_HAPPENED = {
    "on_schedule": "On schedule",
    "ahead": "Ahead of schedule",
    "behind": "Behind schedule",
    "claimed": "Claimed",
    "verified": "Verified",
    "sent_back": "Evidence came back",
    "dropped": "Dropped",
    "acknowledged": "Acknowledged as late",
}


@dataclass(frozen=True)
class Activity:
    """A step as the federal form asks for it; `done_on` is the day on which it was verified."""

    number: str
    title: str
    responsible: str
    evidence: str
    starts_on: dt.date
    due_on: dt.date
    done_on: dt.date | None
    status: str
    update: str

    @property
    def due_quarter(self) -> str:
        """ "Q1 2027", of the calendar year."""
        return quarter(self.due_on)

    @property
    def done_quarter(self) -> str:
        """The same of the day on which it was verified; empty until then."""
        return quarter(self.done_on) if self.done_on else ""


@dataclass(frozen=True)
class Way:
    """A strategy with its steps; `lead` is a name, empty for none."""

    number: str
    title: str
    why: str
    evidence: str
    lead: str
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class Aim:
    """A goal with its strategies, and what the next round says of it. `finding` is what it answers,
    `reason` says why its target was negotiated."""

    measured: outcomes.Measured
    measured_on: dt.date | None
    sample: str
    finding: str
    reason: str
    ways: tuple[Way, ...]

    @property
    def title(self) -> str:
        """ "1 Families help to make the plan"."""
        return f"{self.measured.goal.position} {self.measured.goal.title}"

    @property
    def when(self) -> str:
        """The day on which it is measured again, in words."""
        return dates.full_day(self.measured_on) if self.measured_on else "with the next round"


@dataclass(frozen=True)
class Change:
    """An amendment as a row: what it is about, what was asked by whom, and what came of it."""

    about: str
    kind: str
    asked_on: dt.date
    asked_by: str
    reason: str
    old: str
    new: str
    state: str
    decided_on: dt.date | None
    decided_by: str
    answer: str


@dataclass(frozen=True)
class Paper:
    """All that a plan's file says."""

    name: str
    place: str
    state: str
    rests_on: str
    approved_on: dt.date | None
    as_of: dt.date
    follow_up: str
    stands_in: str
    aims: tuple[Aim, ...]
    changes: tuple[Change, ...]
    plan: sheets.PlanSheet
    today: rules.Today


def quarter(day: dt.date) -> str:
    """ "Q1 2027", of the calendar year."""
    return f"Q{(day.month + 2) // 3} {day.year}"


def paper(session: orm.Session, actor: Actor, public_id: uuid.UUID, today: rules.Today) -> Paper:
    """A plan within reach, read for its file. Raises NotFound."""
    plan = records.plan(session, actor, public_id)
    sheet = sheets.plan(session, actor, public_id, today)
    limits = outcomes.limits(session, today.day)
    found = outcomes.outcomes(session, sheet, limits)
    by_position = {one.goal.position: one for one in found.goals}
    names, noted = _names(session, plan), notes.notes(session, plan, today)
    follow_up = found.follow_up.name if found.measured and found.follow_up else ""
    return Paper(
        plan.name,
        places.names(session, [plan.place_id])[plan.place_id],
        rules.STATE_WORDS[plan.state],
        found.baseline_round,
        plan.approved_on,
        today.day,
        follow_up,
        found.stands_in,
        tuple(
            _aim(goal, by_position[goal.position], noted.goals[goal.position], (names, today))
            for goal in plan.goals
        ),
        tuple(_changes(session, plan, today)),
        sheet,
        today,
    )


def _names(session: orm.Session, plan: Plan) -> Mapping[int, str]:
    owners = {step.owner_id for step in records.steps_of(plan)}
    leads = {way.lead_id for goal in plan.goals for way in goal.strategies if way.lead_id}
    return access.people_names(session, owners | leads)


def _aim(
    goal: Goal,
    measured: outcomes.Measured,
    note: notes.GoalNote,
    known: tuple[Mapping[int, str], rules.Today],
) -> Aim:
    ways = tuple(_way(way, *known) for way in goal.strategies)
    finding, reason = note.finding, note.target_reason
    return Aim(measured, note.measured_on, note.sample, finding, reason, ways)


def _way(way: Strategy, names: Mapping[int, str], today: rules.Today) -> Way:
    return Way(
        f"{way.goal.position}.{way.position}",
        way.title,
        way.why or "",
        way.evidence or "",
        names.get(way.lead_id or 0, ""),
        tuple(_activity(step, names, today) for step in way.steps),
    )


def _activity(step: Step, names: Mapping[int, str], today: rules.Today) -> Activity:
    timing = sheets.timing(step, step.strategy.goal.plan, today)
    status = timing.words
    name = names[step.owner_id]
    return Activity(
        records.number(step),
        step.title,
        f"{step.partner} (for it: {name})" if step.partner else name,
        step.evidence_asked,
        step.starts_on,
        step.due_on,
        _done_on(step, today),
        status[:1].upper() + status[1:],
        _update(step.entries, today),
    )


def _done_on(step: Step, today: rules.Today) -> dt.date | None:
    verified = workflow.DONE[workflow.StepMove.VERIFY]
    found = [entry.at for entry in step.entries if entry.kind == verified]
    return found[-1].astimezone(today.zone).date() if found else None


def _update(entries: Sequence[StepEntry], today: rules.Today) -> str:
    """ "Claimed 3 Mar 2027: Both logs are in the folder."; "" where nothing was said since the
    draft, whose steps may be dropped and taken back."""
    if not entries or entries[-1].kind == workflow.DONE[workflow.StepMove.TAKE_UP]:
        return ""
    entry = entries[-1]
    day = dates.full_day(entry.at.astimezone(today.zone).date())
    said = f": {entry.words}" if entry.words else ""
    return f"{_HAPPENED.get(entry.kind, entry.kind)} {day}{said}"


def _changes(session: orm.Session, plan: Plan, today: rules.Today) -> Iterator[Change]:
    query = sa.select(Amendment).where(Amendment.plan_id == plan.id).order_by(Amendment.id)
    found = list(session.scalars(query))
    facts = parts.known(session, found, dates.full_day)
    numbers = {step.id: records.number(step) for step in records.steps_of(plan)}
    goals = {goal.id: str(goal.position) for goal in plan.goals}
    for one in found:
        number, changed = numbers.get(one.step_id or 0), parts.changes(one, facts)
        yield Change(
            f"Step {number}" if number else f"Goal {goals[one.goal_id or 0]}",
            amendments.KIND_WORDS[one.kind],
            today.day_of(one.asked_at),
            facts.people[one.asked_by_id],
            one.reason,
            _values([(what, old) for what, old, _new in changed]),
            _values([(what, new) for what, _old, new in changed]),
            amendments.STATE_WORDS[AmendmentState(one.state)],
            today.day_of(one.decided_at) if one.decided_at else None,
            facts.people.get(one.decided_by_id or 0, ""),
            one.answer or "",
        )


def _values(changed: Collection[tuple[str, str]]) -> str:
    """ "Due: 1 Mar 2027"; "Target: 70.0%, negotiated"."""
    return "; ".join(f"{what}: {value}" for what, value in changed)
