"""Which deadlines nobody was told of yet, and whom to tell: plain rows, few of them read whole."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
from cqi.plans.queries import answers, audience, duties
from cqi.plans.queries.audience import Audience, Holder
from cqi.plans.queries.duties import DutyKind
from cqi.plans.rules import IN_FORCE, OPEN_STEPS, Today, ladder
from cqi.plans.rules.ladder import Heights, ReminderKind
from cqi.plans.workflow import StepMove
from cqi.settings import queries as settings
from cqi.settings import registry

_AHEAD = dt.timedelta(days=max(ladder.BEFORE.values()))
Query = TypeVar("Query", bound="sa.Select[*tuple[Any, ...]]")
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Due:
    """A deadline to tell of: of an open step of a plan in force, or of what is owed beside steps.
    `subject` is whose it is on the record, `page` what one notice of it is about, `pages` one of
    several. `missing` is what is to be recorded: (kind, whether it is told). `again` is what stands
    on the record, and none of whom it was told holds any more: (kind, id of its row)."""

    subject: uuid.UUID
    step_id: int | None
    duty: DutyKind | None
    plan: str
    number: str
    title: str
    due_on: dt.date
    holder: Holder
    page: uuid.UUID
    pages: uuid.UUID
    missing: tuple[tuple[ReminderKind, bool], ...]
    again: tuple[tuple[ReminderKind, int], ...] = ()

    @property
    def owner_id(self) -> int | None:
        """Who owns the step; None of anything else."""
        return self.holder.owner_id

    @property
    def told(self) -> tuple[ReminderKind, ...]:
        """What is told now."""
        anew = (kind for kind, _ in self.again)
        return (*anew, *(kind for kind, told in self.missing if told))


@dataclass(frozen=True)
class Telling:
    """One notice to one person: of one deadline, or of several of a plan."""

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
# of a rung that was told before the record named people nobody knows who heard: it stands as told
_WHO_IS_KNOWN = sa.or_(
    ~PlanReminder.told,
    sa.exists().where(PlanReminderPerson.reminder_id == PlanReminder.id).correlate(PlanReminder),
)


def to_remind(session: orm.Session, today: Today) -> tuple[Due, ...]:
    """What has a deadline that nobody was told of yet, or nobody who holds its rung: first what is
    owed beside steps, then steps by plan and number."""
    rungs = heights(session)
    return (*_duties(session, today, rungs), *_steps(session, today, rungs))


def owners(found: Iterable[Due]) -> set[int]:
    """Who owns the steps among these."""
    return {one.owner_id for one in found if one.owner_id is not None}


def _duties(session: orm.Session, today: Today, rungs: Heights) -> Iterator[Due]:
    found = [one for one in duties.every(session, today) if one.due_on <= today.day + _AHEAD]
    recorded = _recorded(session, {one.subject for one in found})
    told, whom = _told_of(session, {one.subject for one in found}), Audience(session, (), today.day)
    answered = answers.answered(session, {key for rows in told.values() for key, _ in rows})
    for one in found:
        days = one.schedule(rungs, today)
        missing = ladder.to_record(days, today.day, recorded[one.subject, one.due_on])
        if missing and not whom.on(ReminderKind.OVERDUE, one.holder):
            # before its day it is nobody else's: whoever stands in hears of rungs alone
            missing = tuple((kind, tells and kind in ladder.RUNGS) for kind, tells in missing)
        again = [
            (kind, key)
            for (key, kind), people in told[one.subject, one.due_on].items()
            if key not in answered and (now := whom.of(kind, one.holder)) and not now & people
        ]
        if missing or again:
            yield Due(
                one.subject,
                None,
                one.kind,
                one.plan,
                "",
                one.title,
                one.due_on,
                one.holder,
                one.page,
                one.page,
                missing,
                tuple(again),
            )


def _told_of(
    session: orm.Session, subjects: Collection[uuid.UUID]
) -> dict[tuple[uuid.UUID, dt.date], dict[tuple[int, ReminderKind], set[int]]]:
    """(subject, due date) -> of each rung on its record (id, kind), who was told."""
    found: dict[tuple[uuid.UUID, dt.date], dict[tuple[int, ReminderKind], set[int]]]
    found = defaultdict(lambda: defaultdict(set))
    query = (
        sa.select(PlanReminder, PlanReminderPerson.person_id)
        .outerjoin(PlanReminderPerson, PlanReminderPerson.reminder_id == PlanReminder.id)
        .where(PlanReminder.kind.in_(ladder.RUNGS), _WHO_IS_KNOWN)
        .order_by(PlanReminder.id)
    )
    for part in _parts(subjects):
        for row, person in session.execute(query.where(PlanReminder.subject_id.in_(part))):
            people = found[row.subject_id, row.due_on][row.id, row.kind]
            people |= {person} - {None}
    return found


def _steps(session: orm.Session, today: Today, rungs: Heights) -> tuple[Due, ...]:
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
) -> Due:
    return Due(
        row.public_id,
        row.id,
        None,
        row.name,
        f"{row.goal}.{row.strategy}.{row.position}",
        row.title,
        row.due_on,
        Holder(row.place_id, row.owner_id),
        row.public_id,
        row.plan_id,
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
            _WHO_IS_KNOWN,
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
        now = whom.of(kind, Holder(place_id, owner_id))
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


def tellings(found: Sequence[Due], whom: Audience) -> dict[_Group, list[tuple[Due, ReminderKind]]]:
    """What one notice tells of, by whom it tells."""
    told: dict[_Group, list[tuple[Due, ReminderKind]]] = defaultdict(list)
    for one in found:
        for kind in one.told:
            for person in whom.of(kind, one.holder):
                # whoever hears in place of who has it first cannot do it: it is with them now
                first = kind is not ReminderKind.OVERDUE or person in whom.on(kind, one.holder)
                tone = _tone(kind) if first else "climbed"
                told[person, one.pages, one.duty, tone].append((one, kind))
    return told


def as_notices(told: dict[_Group, list[tuple[Due, ReminderKind]]]) -> tuple[Telling, ...]:
    """One notice each: about the step where it is one, else about the plan."""
    found = []
    for (person, pages, duty, tone), each in told.items():
        one = {due.page for due, _ in each}
        kind = _NOTICES[duty, tone][len(one) > 1]
        found.append(Telling(kind, pages if len(one) > 1 else one.pop(), person))
    return tuple(found)


_Group = tuple[int, uuid.UUID, DutyKind | None, str]  # the last: "due", "late" or "climbed"
_NOTICES: dict[tuple[DutyKind | None, str], tuple[NoticeKind, ...]] = {
    (None, "due"): (NoticeKind.STEP_DUE, NoticeKind.STEPS_DUE),
    (None, "late"): (NoticeKind.STEP_LATE, NoticeKind.STEPS_LATE),
    (None, "climbed"): (NoticeKind.STEP_CLIMBED, NoticeKind.STEPS_CLIMBED),
    (DutyKind.PLAN, "due"): (NoticeKind.PLAN_DUE_SOON,),
    (DutyKind.PLAN, "late"): (NoticeKind.PLAN_LATE,),
    (DutyKind.PLAN, "climbed"): (NoticeKind.PLAN_CLIMBED,),
    (DutyKind.REVIEW, "due"): (NoticeKind.PLAN_REVIEW_DUE,),
    (DutyKind.REVIEW, "late"): (NoticeKind.PLAN_REVIEW_LATE,),
    (DutyKind.REVIEW, "climbed"): (NoticeKind.PLAN_REVIEW_CLIMBED,),
    (DutyKind.REPORT, "due"): (NoticeKind.PLAN_REPORT_DUE,),
    (DutyKind.REPORT, "late"): (NoticeKind.PLAN_REPORT_LATE,),
    (DutyKind.REPORT, "climbed"): (NoticeKind.PLAN_REPORT_CLIMBED,),
}


def _tone(kind: ReminderKind) -> str:
    if kind in ladder.BEFORE:
        return "due"
    return "late" if kind is ReminderKind.OVERDUE else "climbed"


def kinds_of(duty: DutyKind) -> frozenset[NoticeKind]:
    """All that people are told of such a duty."""
    return frozenset(kind for (of, _), kinds in _NOTICES.items() if of is duty for kind in kinds)
