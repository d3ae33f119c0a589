"""Which deadlines nobody was told of yet, and whom to tell: plain rows, few of them read whole."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.feedback.rules.clocks import Allowed
from cqi.notices.rules import NoticeKind
from cqi.plans import workflow
from cqi.plans.models import (
    Goal,
    Plan,
    PlanReminder,
    PlanReminderPerson,
    Step,
    StepEntry,
    Strategy,
)
from cqi.plans.queries import audience
from cqi.plans.queries.audience import Audience
from cqi.plans.rules import IN_FORCE, OPEN_STEPS, Today, ladder
from cqi.plans.rules.ladder import Heights, ReminderKind
from cqi.plans.workflow import StepMove
from cqi.settings import queries as settings
from cqi.settings import registry

_AHEAD = dt.timedelta(days=max(ladder.BEFORE.values()))
Query = TypeVar("Query", bound="sa.Select[*tuple[Any, ...]]")
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class StepDue:
    """An open step of a plan in force with a deadline to tell of. `missing` is what is to be
    recorded: (kind, whether it is told). `again` is what stands on the record, and none of whom it
    was told holds any more: (kind, id of its row)."""

    step_id: int
    public_id: uuid.UUID
    number: str
    title: str
    owner_id: int
    due_on: dt.date
    plan_id: uuid.UUID
    plan: str
    place_id: int
    missing: tuple[tuple[ReminderKind, bool], ...]
    again: tuple[tuple[ReminderKind, int], ...] = ()

    @property
    def told(self) -> tuple[ReminderKind, ...]:
        """What is told now."""
        anew = (kind for kind, _ in self.again)
        return (*anew, *(kind for kind, told in self.missing if told))


@dataclass(frozen=True)
class Telling:
    """One notice to one person: of one step, or of several steps of a plan."""

    kind: NoticeKind
    subject: uuid.UUID
    person_id: int


def heights(session: orm.Session) -> Heights:
    """The rungs of the ladder, with every value that their settings had."""
    changes = settings.over_time(session, _SETTINGS.values())
    allowed = {
        name: Allowed(int(one.default), tuple((day, int(value)) for day, value in changes[one.key]))
        for name, one in _SETTINGS.items()
    }
    return Heights(**allowed)


_SETTINGS = {
    "regional_director": registry.LADDER_DIRECTOR_DAYS,
    "cqi_director": registry.LADDER_CQI_DAYS,
    "state_office": registry.LADDER_STATE_DAYS,
}
_COUNTS = (Step.state.in_(OPEN_STEPS), Plan.state.in_(IN_FORCE))


def to_remind(session: orm.Session, today: Today) -> tuple[StepDue, ...]:
    """Steps with a deadline that nobody was told of yet, or nobody who holds its rung, by plan
    and number."""
    rungs = heights(session)
    near = joined(sa.select(Step.due_on)).where(*_COUNTS, Step.due_on <= today.day + _AHEAD)
    days: dict[dt.date, ladder.Schedule] = {
        due_on: ladder.schedule(due_on, rungs, today.holidays)
        for due_on in session.scalars(near.distinct())
    }
    by_kind: dict[ReminderKind, list[dt.date]] = defaultdict(list)
    for due_on, each in days.items():
        if now := ladder.newest(each, today.day):
            by_kind[now[-1]].append(due_on)
    rows = {row.id: row for kind, on in by_kind.items() for row in _without(session, kind, on)}
    again = _again(session, today.day)
    rows |= {row.id: row for row in _rows(session, Step.id, set(again) - set(rows))}
    keys = {row.public_id for row in rows.values()}
    recorded, waited = _recorded(session, keys), waits(session, keys, today)

    def missing(row: Any) -> tuple[tuple[ReminderKind, bool], ...]:
        of_step, key = days[row.due_on], row.public_id
        if key in waited:  # its rungs are later than others', so that it was found at the latest
            of_step = ladder.schedule(row.due_on, rungs, today.holidays, waited[key])
        return ladder.to_record(of_step, today.day, recorded[key, row.due_on])

    order = sorted(rows.values(), key=lambda r: (r.name, r.goal, r.strategy, r.position, r.id))
    found = (_step_due(row, missing(row), again.get(row.id, ())) for row in order)
    return tuple(one for one in found if one.missing or one.again)


def _step_due(
    row: Any,
    missing: tuple[tuple[ReminderKind, bool], ...],
    again: Sequence[tuple[ReminderKind, int]],
) -> StepDue:
    return StepDue(
        row.id,
        row.public_id,
        f"{row.goal}.{row.strategy}.{row.position}",
        row.title,
        row.owner_id,
        row.due_on,
        row.plan_id,
        row.name,
        row.place_id,
        missing,
        tuple(again),
    )


def _again(session: orm.Session, today: dt.date) -> Mapping[int, list[tuple[ReminderKind, int]]]:
    """Rungs on the record, by step, that wait for an answer and that nobody holds any more of whom
    they were told: its new owner, or a new Regional Director, did not hear of it."""
    query = (
        joined(sa.select(Step.id, PlanReminder.id, PlanReminder.kind, Step.owner_id, Plan.place_id))
        .join(PlanReminder, PlanReminder.step_id == Step.id)
        .where(
            *_COUNTS,
            PlanReminder.due_on == Step.due_on,
            PlanReminder.kind.in_(ladder.RUNGS),
            ~audience.answered(today),
        )
        .order_by(PlanReminder.id)
    )
    waiting = session.execute(query).all()
    told: dict[int, set[int]] = defaultdict(set)
    for part in _parts([row[1] for row in waiting]):
        people = sa.select(PlanReminderPerson.reminder_id, PlanReminderPerson.person_id)
        for key, person in session.execute(people.where(PlanReminderPerson.reminder_id.in_(part))):
            told[key].add(person)
    whom = Audience(session, {row.owner_id for row in waiting}, today)
    found: dict[int, list[tuple[ReminderKind, int]]] = defaultdict(list)
    for step_id, key, kind, owner_id, place_id in waiting:
        now = whom.of(kind, owner_id, place_id)
        if now and not now & told[key]:
            found[step_id].append((kind, key))
    return found


def joined(query: Query) -> Query:
    """A query over steps, with the tables above them."""
    return (
        query.select_from(Step)
        .join(Strategy, Strategy.id == Step.strategy_id)
        .join(Goal, Goal.id == Strategy.goal_id)
        .join(Plan, Plan.id == Goal.plan_id)
    )


def _without(session: orm.Session, kind: ReminderKind, due: Sequence[dt.date]) -> Iterator[Any]:
    """Steps that are due on these days, without a record of the kind."""
    told = sa.exists().where(
        PlanReminder.subject_id == Step.public_id,
        PlanReminder.kind == kind,
        PlanReminder.due_on == Step.due_on,
    )
    return _rows(session, Step.due_on, due, *_COUNTS, ~told)


def _rows(
    session: orm.Session,
    column: orm.InstrumentedAttribute[Any],
    values: Collection[Any],
    *where: sa.ColumnElement[bool],
) -> Iterator[Any]:
    """Steps whose column has one of these values."""
    query = joined(
        sa.select(
            Step.id,
            Step.public_id,
            Step.position,
            Step.title,
            Step.owner_id,
            Step.due_on,
            Strategy.position.label("strategy"),
            Goal.position.label("goal"),
            Plan.public_id.label("plan_id"),
            Plan.name,
            Plan.place_id,
        )
    ).where(*where)
    for part in _parts(values):
        yield from session.execute(query.where(column.in_(part)))


def waits(
    session: orm.Session, steps: Collection[uuid.UUID], today: Today
) -> dict[uuid.UUID, frozenset[dt.date]]:
    """The days on which some steps (public ids) were claimed and waited for a check that refused
    them; steps that never were are left out."""
    query = (
        sa.select(Step.public_id, StepEntry.kind, StepEntry.at)
        .join(StepEntry, StepEntry.step_id == Step.id)
        .where(StepEntry.kind.in_((workflow.CLAIMED, _REFUSED)))
        .order_by(StepEntry.id)
    )
    spells: dict[uuid.UUID, list[tuple[dt.date, dt.date]]] = defaultdict(list)
    claimed: dict[uuid.UUID, dt.date] = {}
    for part in _parts(steps):
        for key, kind, at in session.execute(query.where(Step.public_id.in_(part))):
            if kind == workflow.CLAIMED:
                claimed[key] = today.day_of(at)
            elif key in claimed:
                spells[key].append((claimed.pop(key), today.day_of(at)))
    return {key: ladder.waited(found) for key, found in spells.items()}


_REFUSED = workflow.DONE[StepMove.SEND_BACK]


def _parts(values: Collection[_Value]) -> Iterator[list[_Value]]:
    """The same, as many at once as a query names."""
    listed = list(values)
    return (listed[at : at + audience.AT_ONCE] for at in range(0, len(listed), audience.AT_ONCE))


def _recorded(
    session: orm.Session, subjects: Collection[uuid.UUID]
) -> dict[tuple[uuid.UUID, dt.date], set[ReminderKind]]:
    found: dict[tuple[uuid.UUID, dt.date], set[ReminderKind]] = defaultdict(set)
    query = sa.select(PlanReminder.subject_id, PlanReminder.due_on, PlanReminder.kind)
    for part in _parts(subjects):
        for subject, due_on, kind in session.execute(
            query.where(PlanReminder.subject_id.in_(part))
        ):
            found[subject, due_on].add(kind)
    return found


def tellings(
    found: Sequence[StepDue], whom: Audience
) -> dict[tuple[int, uuid.UUID, str], list[tuple[StepDue, ReminderKind]]]:
    """(person, plan, "due", "late" or "climbed") -> the steps that one notice tells of."""
    told: dict[tuple[int, uuid.UUID, str], list[tuple[StepDue, ReminderKind]]] = defaultdict(list)
    for one in found:
        for kind in one.told:
            for person in whom.of(kind, one.owner_id, one.place_id):
                # whoever hears in place of an owner who left cannot claim it: it is with them now
                late = kind is ReminderKind.OVERDUE and person != one.owner_id
                told[person, one.plan_id, "climbed" if late else _tone(kind)].append((one, kind))
    return told


def as_notices(
    told: dict[tuple[int, uuid.UUID, str], list[tuple[StepDue, ReminderKind]]],
) -> tuple[Telling, ...]:
    """One notice each: about the step where it is one, else about the plan."""
    found = []
    for (person, plan_id, tone), steps in told.items():
        one = {step.public_id for step, _ in steps}
        kind = _NOTICES[tone][len(one) > 1]
        found.append(Telling(kind, plan_id if len(one) > 1 else one.pop(), person))
    return tuple(found)


_NOTICES = {
    "due": (NoticeKind.STEP_DUE, NoticeKind.STEPS_DUE),
    "late": (NoticeKind.STEP_LATE, NoticeKind.STEPS_LATE),
    "climbed": (NoticeKind.STEP_CLIMBED, NoticeKind.STEPS_CLIMBED),
}


def _tone(kind: ReminderKind) -> str:
    if kind in ladder.BEFORE:
        return "due"
    return "late" if kind is ReminderKind.OVERDUE else "climbed"
