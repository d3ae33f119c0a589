"""Progress reports of a plan: which are due, what the steps say, what was written and answered."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.feedback.rules.clocks import Allowed
from cqi.plans import rules, workflow
from cqi.plans.models import Amendment, Plan, ProgressReport, ReportRemark, Step
from cqi.plans.queries import records
from cqi.plans.rules import reports
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.rules.reports import Figures, Period, ReportKind
from cqi.plans.workflow import PlanMove
from cqi.settings import queries as settings
from cqi.settings import registry


@dataclass(frozen=True)
class Line:
    """A report that is due or was sent. `drafted`: somebody began to write; `left` are working days
    until it is due, negative once that is over."""

    period: Period
    due_on: dt.date
    left: int
    sent_at: dt.datetime | None = None
    public_id: uuid.UUID | None = None
    drafted: bool = False
    remarks_open: int = 0

    @property
    def late(self) -> bool:
        """Not sent, and its day is over."""
        return self.sent_at is None and self.left < 0


@dataclass(frozen=True)
class Remark:
    """A comment, with the answers to it; `by` is a name, `at` is in words."""

    public_id: uuid.UUID
    words: str
    by: str
    at: str
    answers: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A report as its page shows it; `sent_by` is a name, empty while it is a draft."""

    public_id: uuid.UUID | None
    period: Period
    due_on: dt.date
    narrative: str
    revision: int
    figures: Figures
    sent_by: str = ""
    sent_at: dt.datetime | None = None
    written_by: str = ""
    remarks: tuple[Remark, ...] = ()


_Key = tuple[int, ReportKind, dt.date]  # plan, kind, first day


@dataclass(frozen=True)
class _Asked:
    """What the settings ask for: working days over time, and whether each month has a report."""

    days: Allowed
    monthly: tuple[bool, tuple[tuple[dt.date, bool], ...]]

    @classmethod
    def on(cls, session: orm.Session) -> _Asked:
        one = registry.PLAN_REPORT_DAYS
        changes = settings.over_time(session, [one])[one.key]
        days = Allowed(int(one.default), tuple((day, int(value)) for day, value in changes))
        every = registry.PLAN_MONTHLY
        asked = settings.over_time(session, [every])[every.key]
        monthly = tuple((day, bool(value)) for day, value in asked)
        return cls(days, (bool(every.default), monthly))

    def wants(self, period: Period) -> bool:
        """A month where the setting asked for one when it ended; every quarter."""
        default, changes = self.monthly
        held = (on for since, on in changes if since <= period.last)
        return period.kind is ReportKind.QUARTERLY or next(held, default)

    def due_on(self, period: Period, today: rules.Today) -> dt.date:
        """With the setting as it stood when the period ended."""
        return reports.due_on(period, self.days.on(period.last), today.holidays)


def lines(session: orm.Session, plan: Plan, today: rules.Today) -> tuple[Line, ...]:
    """The reports of a plan since its approval: those to write first, the oldest of them on top;
    then those that were sent, of the newest period first."""
    there = _reports(session, [plan.id])
    open_remarks = _open_remarks(session, [one.id for one in there.values()])
    asked = _Asked.on(session)
    found = [
        _line(period, there.get((plan.id, period.kind, period.first)), open_remarks, asked, today)
        for period in _periods(plan, asked, today, there)
    ]
    to_write = sorted((one for one in found if not one.sent_at), key=lambda one: one.due_on)
    sent = (one for one in found if one.sent_at)
    newest = sorted(sent, key=lambda one: (one.period.last, one.period.first), reverse=True)
    return (*to_write, *newest)


def _periods(
    plan: Plan, asked: _Asked, today: rules.Today, written: Collection[_Key]
) -> Iterator[Period]:
    """Those that are over: none before the approval, none after the one in which the plan ended.
    What was written stays, whatever the settings say later."""
    if plan.approved_on is None:
        return
    ended = today.day_of(plan.state_since) if plan.state in rules.ENDED else today.day
    for kind in (ReportKind.QUARTERLY, ReportKind.MONTHLY):
        over = reports.periods(kind, plan.approved_on, today.day)
        found = [one for one in over if one.first <= ended]
        theirs = {first for key, its, first in written if (key, its) == (plan.id, kind)}
        if not _moved_here(plan):  # of the past of such a plan none is asked for
            since = min(theirs, default=found[0].first if found else today.day)
            found = [one for one in found if one.first >= since]
        yield from (one for one in found if one.first in theirs or asked.wants(one))


def _moved_here(plan: Plan) -> bool:
    """False for plans from before there were progress reports."""
    return any(entry.move == PlanMove.APPROVE for entry in plan.entries)


def _line(
    period: Period,
    row: ProgressReport | None,
    remarks: Mapping[int, int],
    asked: _Asked,
    today: rules.Today,
) -> Line:
    due_on = asked.due_on(period, today)
    left = today.until(due_on)
    if row is None:
        return Line(period, due_on, left)
    open_ = remarks.get(row.id, 0)
    return Line(period, due_on, left, row.sent_at, row.public_id, True, open_)


@dataclass(frozen=True)
class ToWrite:
    """The reports of a plan that wait for whoever leads it, the oldest first."""

    plan: uuid.UUID
    name: str
    place_id: int
    lines: tuple[Line, ...]
    ended: bool

    @property
    def number(self) -> int:
        """How many they are."""
        return len(self.lines)

    @property
    def first(self) -> Line:
        """The oldest of them."""
        return self.lines[0]


def to_write(
    session: orm.Session, actor: Actor, today: rules.Today, ahead: int = 0
) -> list[ToWrite]:
    """Of the plans that the actor leads, in force or ended: those with reports that were not sent,
    the most pressing on top. The end of a plan takes back no report that it owed. With them come
    reports whose periods end in the days `ahead`."""
    return _to_write(session, records.reaches(actor, Permission.PLAN_LEAD), today, ahead)


def to_write_for_all(session: orm.Session, today: rules.Today) -> list[ToWrite]:
    """The same of all plans, for the clock."""
    return _to_write(session, sa.true(), today)


def _to_write(
    session: orm.Session, where: sa.ColumnElement[bool], today: rules.Today, ahead: int = 0
) -> list[ToWrite]:
    then = replace(today, day=today.day + dt.timedelta(days=ahead))
    query = (
        sa.select(Plan)
        .where(where, Plan.approved_on.is_not(None))
        .options(orm.selectinload(Plan.entries))
    )
    plans = list(session.scalars(query.order_by(Plan.name, Plan.id)))
    sent = _sent(session, [one.id for one in plans])
    asked, found = _Asked.on(session), []
    for plan in plans:
        left = [
            _line(period, None, {}, asked, today)
            for period in _periods(plan, asked, then, sent)
            if (plan.id, period.kind, period.first) not in sent
        ]
        if left:
            lines = tuple(sorted(left, key=lambda one: one.due_on))
            ended = plan.state in rules.ENDED
            found.append(ToWrite(plan.public_id, plan.name, plan.place_id, lines, ended))
    return sorted(found, key=lambda one: one.first.due_on)


def _sent(session: orm.Session, plans: Sequence[int]) -> set[tuple[int, ReportKind, dt.date]]:
    columns = (ProgressReport.plan_id, ProgressReport.kind, ProgressReport.period_from)
    where = (ProgressReport.plan_id.in_(plans), ProgressReport.sent_at.is_not(None))
    return {
        (key, kind, first)
        for key, kind, first in session.execute(sa.select(*columns).where(*where))
    }


def _reports(session: orm.Session, plans: Sequence[int]) -> dict[_Key, ProgressReport]:
    query = sa.select(ProgressReport).where(ProgressReport.plan_id.in_(plans))
    return {(one.plan_id, one.kind, one.period_from): one for one in session.scalars(query)}


def _open_remarks(session: orm.Session, ids: Sequence[int]) -> dict[int, int]:
    """How many comments of each report have no answer."""
    answer = orm.aliased(ReportRemark)
    query = (
        sa.select(ReportRemark.report_id, sa.func.count())
        .where(
            ReportRemark.report_id.in_(ids),
            ReportRemark.answers_id.is_(None),
            ~sa.exists().where(answer.answers_id == ReportRemark.id),
        )
        .group_by(ReportRemark.report_id)
    )
    return dict(session.execute(query).all())


def period(session: orm.Session, plan: Plan, kind: str, first: str, today: rules.Today) -> Period:
    """The period of an address. Raises NotFound where no report of it is due yet."""
    written = _reports(session, [plan.id])
    for one in _periods(plan, _Asked.on(session), today, written):
        if (one.kind.value, one.first.isoformat()) == (kind, first):
            return one
    raise errors.NotFound("there is no such progress report")


def report_of(session: orm.Session, plan: Plan, one: Period) -> ProgressReport | None:
    """What was written of a period, sent or not."""
    return _reports(session, [plan.id]).get((plan.id, one.kind, one.first))


def report(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> ProgressReport:
    """A report that was sent, of a plan within reach. Raises NotFound."""
    query = (
        sa.select(ProgressReport)
        .join(ProgressReport.plan)
        .where(
            ProgressReport.public_id == public_id,
            ProgressReport.sent_at.is_not(None),
            records.visible(actor),
        )
    )
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such progress report")
    return found


def draft_sheet(session: orm.Session, plan: Plan, one: Period, today: rules.Today) -> Sheet:
    """What somebody writes on: the narrative as it stands, and the figures as the steps say."""
    row = report_of(session, plan, one)
    by = access.people_names(session, [row.by_id])[row.by_id] if row else ""
    return Sheet(
        row.public_id if row else None,
        one,
        _Asked.on(session).due_on(one, today),
        row.narrative if row else "",
        row.revision if row else 0,
        figures(session, plan, one, today),
        written_by=by,
    )


def sent_sheet(session: orm.Session, row: ProgressReport, today: rules.Today) -> Sheet:
    """A report as it was sent, with what was said of it since."""
    one = Period(row.kind, row.period_from, row.period_to)
    said = _remarks(session, row, today)
    sent_by = row.sent_by_id or row.by_id
    return Sheet(
        row.public_id,
        one,
        _Asked.on(session).due_on(one, today),
        row.narrative,
        row.revision,
        reports.from_json(row.figures),
        access.people_names(session, [sent_by])[sent_by],
        row.sent_at,
        remarks=said,
    )


def _remarks(session: orm.Session, row: ProgressReport, today: rules.Today) -> tuple[Remark, ...]:
    query = sa.select(ReportRemark).where(ReportRemark.report_id == row.id)
    found = list(session.scalars(query.order_by(ReportRemark.id)))
    names = access.people_names(session, {one.by_id for one in found})

    def shown(one: ReportRemark) -> Remark:
        answers = tuple(shown(each) for each in found if each.answers_id == one.id)
        by, at = names[one.by_id], today.words(one.at)
        return Remark(one.public_id, one.words, by, at, answers)

    return tuple(shown(one) for one in found if one.answers_id is None)


def remark(session: orm.Session, row: ProgressReport, public_id: uuid.UUID) -> ReportRemark:
    """A comment on a report. Raises NotFound."""
    query = sa.select(ReportRemark).where(
        ReportRemark.report_id == row.id,
        ReportRemark.public_id == public_id,
        ReportRemark.answers_id.is_(None),
    )
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such comment")
    return found


def figures(session: orm.Session, plan: Plan, one: Period, today: rules.Today) -> Figures:
    """What the steps of a plan said at the end of a period, from their entries until then."""
    granted = _granted(session, plan, today)
    steps = list(records.steps_of(plan))
    names = access.people_names(session, {step.owner_id for step in steps})
    ended = today.day_of(plan.state_since) if plan.state in rules.ENDED else one.last
    seen = replace(one, last=min(one.last, ended))
    told = [_told(step, seen, granted.get(step.id, []), names, today) for step in steps]
    extensions = sum(one.first <= day <= one.last for rows in granted.values() for day, _ in rows)
    return reports.figures(told, seen, extensions, today)


def _granted(
    session: orm.Session, plan: Plan, today: rules.Today
) -> dict[int, list[tuple[dt.date, dt.date]]]:
    """Extensions by step: (day of granting, due date before it), in order."""
    query = sa.select(Amendment).where(
        Amendment.plan_id == plan.id,
        Amendment.kind == AmendmentKind.EXTENSION,
        Amendment.state == AmendmentState.GRANTED,
    )
    found: dict[int, list[tuple[dt.date, dt.date]]] = {}
    for one in session.scalars(query.order_by(Amendment.decided_at, Amendment.id)):
        if one.step_id is not None and one.decided_at is not None:
            day = one.decided_at.astimezone(today.zone).date()
            before = dt.date.fromisoformat(one.old["due_on"])
            found.setdefault(one.step_id, []).append((day, before))
    return found


def _told(
    step: Step,
    one: Period,
    granted: Sequence[tuple[dt.date, dt.date]],
    names: Mapping[int, str],
    today: rules.Today,
) -> reports.Told:
    dated = [(entry.at.astimezone(today.zone).date(), entry) for entry in step.entries]
    until = [entry for day, entry in dated if day <= one.last]
    within = [entry.words for day, entry in dated if one.first <= day <= one.last and entry.words]
    verified = workflow.DONE[workflow.StepMove.VERIFY]
    done = next((day for day, entry in dated if entry.kind == verified), None)
    return reports.Told(
        records.number(step),
        step.title,
        names[step.owner_id],
        reports.due_at(step.due_on, granted, one.last),
        workflow.fold_step(entry.kind for entry in until),
        next((entry.recover_on for entry in reversed(until) if entry.recover_on), None),
        within[-1] if within else "",
        done,
    )
