"""Which deadlines nobody was told of yet, and whom to tell: plain rows, few of them read whole."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.models import GrantRow, Person
from cqi.access.permissions import Role
from cqi.feedback.rules.clocks import Allowed
from cqi.notices.rules import NoticeKind
from cqi.places import queries as places
from cqi.plans import workflow
from cqi.plans.models import Goal, Plan, PlanReminder, Step, StepEntry, Strategy
from cqi.plans.policy import acknowledging
from cqi.plans.rules import IN_FORCE, OPEN_STEPS, Today, ladder
from cqi.plans.rules.ladder import Heights, ReminderKind
from cqi.plans.workflow import StepMove
from cqi.settings import queries as settings
from cqi.settings import registry

_AHEAD = dt.timedelta(days=max(ladder.BEFORE.values()))
Query = TypeVar("Query", bound="sa.Select[*tuple[Any, ...]]")
_Value = TypeVar("_Value")
_AT_ONCE = 1000  # how many ids a query names: both engines bear more


@dataclass(frozen=True)
class StepDue:
    """An open step of a plan in force with a deadline to tell of. `missing` is what is to be
    recorded: (kind, whether it is told)."""

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

    @property
    def told(self) -> tuple[ReminderKind, ...]:
        """What is told now."""
        return tuple(kind for kind, told in self.missing if told)


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
    """Steps with a deadline that nobody was told of yet, by plan and number."""
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
    rows = [row for kind, on in by_kind.items() for row in _without(session, kind, on)]
    recorded = _recorded(session, {row.public_id for row in rows})
    waited = waits(session, {row.public_id for row in rows}, today)

    def missing(row: Any) -> tuple[tuple[ReminderKind, bool], ...]:
        of_step, key = days[row.due_on], row.public_id
        if key in waited:  # its rungs are later than others', so that it was found at the latest
            of_step = ladder.schedule(row.due_on, rungs, today.holidays, waited[key])
        return ladder.to_record(of_step, today.day, recorded[key, row.due_on])

    found = [
        StepDue(
            row.id,
            row.public_id,
            f"{row.goal}.{row.strategy}.{row.position}",
            row.title,
            row.owner_id,
            row.due_on,
            row.plan_id,
            row.name,
            row.place_id,
            missing(row),
        )
        for row in sorted(rows, key=lambda r: (r.name, r.goal, r.strategy, r.position, r.id))
    ]
    return tuple(one for one in found if one.missing)


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
    ).where(*_COUNTS, ~told)
    for part in _parts(due):
        yield from session.execute(query.where(Step.due_on.in_(part)))


def _parts(values: Collection[_Value]) -> Iterator[list[_Value]]:
    """The same, as many at once as a query names."""
    listed = list(values)
    return (listed[at : at + _AT_ONCE] for at in range(0, len(listed), _AT_ONCE))


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
    session: orm.Session, found: Sequence[StepDue], today: dt.date
) -> dict[tuple[int, uuid.UUID, str], list[tuple[StepDue, ReminderKind]]]:
    """(person, plan, "due", "late" or "climbed") -> the steps that one notice tells of."""
    whom = Audience(session, {one.owner_id for one in found}, today)
    told: dict[tuple[int, uuid.UUID, str], list[tuple[StepDue, ReminderKind]]] = defaultdict(list)
    for one in found:
        for kind in one.told:
            for person in whom.of(one, kind):
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


class Audience:
    """Who answers for a step on each rung: people with an account that lets them in.

    Where nobody does, the next rung up is told: an owner who left, a region without a director.
    """

    def __init__(self, session: orm.Session, owners: Collection[int], today: dt.date) -> None:
        """Reads who of the owners can sign in."""
        self._session, self._today = session, today
        self._active = _active(session, owners, today)
        self._held: dict[tuple[ReminderKind, int], frozenset[int]] = {}

    def of(self, step: StepDue, kind: ReminderKind) -> frozenset[int]:
        """Ids of people to tell."""
        start = ladder.RUNGS.index(kind) if kind in ladder.RUNGS else 0
        for rung in ladder.RUNGS[start:]:
            people = self._on(rung, step)
            if people:
                return people
        return frozenset()

    def _on(self, rung: ReminderKind, step: StepDue) -> frozenset[int]:
        if rung is ReminderKind.OVERDUE:
            return frozenset({step.owner_id}) & self._active
        key = (rung, step.place_id)
        if key not in self._held:
            above = places.above(self._session, [step.place_id], self._today)
            role = acknowledging.ROLES[rung]
            self._held[key] = access.holders(self._session, role, above, self._today)
            if role is not Role.REGIONAL_DIRECTOR:
                self._held[key] |= access.holders_in_state(self._session, role, self._today)
        return self._held[key]


def _active(session: orm.Session, people: Collection[int], today: dt.date) -> frozenset[int]:
    query = (
        sa.select(Person.id)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(Person.active, *access.in_force(today))
        .distinct()
    )
    parts = _parts(people)
    return frozenset(
        key for part in parts for key in session.scalars(query.where(Person.id.in_(part)))
    )
