"""What goes on around plans in force: amendments, reminders, progress reports, calendars."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns
from cqi.plans.models.outline import Goal, Plan, Step
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.rules.ladder import ReminderKind
from cqi.plans.rules.reports import ReportKind


class Amendment(columns.Model):
    """A change that was asked for after approval; `old` and `new` are what it changes, by name.

    {"due_on": "2027-03-01"} for more time, {"title", "owner_id", "evidence_asked"} for a step,
    {"negotiated_target": 7000} for a target, {"state": "dropped"} for dropping.
    """

    __tablename__ = "amendments"
    __table_args__ = (
        sa.CheckConstraint("kind <> 'target' or step_id is null", name="of_step"),
        sa.CheckConstraint("(kind = 'target') = (goal_id is not null)", name="of_goal"),
        sa.CheckConstraint("(state = 'asked') = (decided_at is null)", name="decided"),
    )

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    plan_id: orm.Mapped[int] = columns.reference("plans.id")
    kind: orm.Mapped[AmendmentKind] = orm.mapped_column(columns.enum_type(AmendmentKind))
    step_id: orm.Mapped[int | None] = columns.reference("steps.id", nullable=True)
    goal_id: orm.Mapped[int | None] = columns.reference("goals.id", nullable=True)
    state: orm.Mapped[AmendmentState] = orm.mapped_column(columns.enum_type(AmendmentState))
    old: orm.Mapped[dict[str, Any]] = orm.mapped_column(columns.Json)
    new: orm.Mapped[dict[str, Any]] = orm.mapped_column(columns.Json)
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text())
    asked_by_id: orm.Mapped[int] = columns.reference("people.id")
    asked_at: orm.Mapped[columns.Instant]
    answer: orm.Mapped[str | None] = orm.mapped_column(sa.Text())
    decided_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )
    decided_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    revision: orm.Mapped[int] = orm.mapped_column(default=1)

    plan: orm.Mapped[Plan] = orm.relationship()
    step: orm.Mapped[Step | None] = orm.relationship()
    goal: orm.Mapped[Goal | None] = orm.relationship()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form


class PlanReminder(columns.Model):
    """That people were told of a deadline: once for each kind and due date of a subject.

    `subject_id` is the public id of a step, a plan, or a publication that no plan answers. `told`
    is False where an outage skipped it: of reminders before a date only the newest is told. Of a
    rung it is False where nobody held it on the day. Append-only, by trigger.
    """

    __tablename__ = "plan_reminders"
    __table_args__ = (sa.UniqueConstraint("subject_id", "kind", "due_on"),)

    id: orm.Mapped[columns.Key]
    subject_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.Uuid())
    step_id: orm.Mapped[int | None] = columns.reference("steps.id", nullable=True)
    kind: orm.Mapped[ReminderKind] = orm.mapped_column(columns.enum_type(ReminderKind))
    due_on: orm.Mapped[columns.Day]
    told: orm.Mapped[bool]
    on_day: orm.Mapped[columns.Day]
    at: orm.Mapped[columns.Instant]


class PlanReminderPerson(columns.Model):
    """Who was told of a rung, once each; `stands_in` where nobody held it, and the next one up was
    told in its place. Append-only, by trigger."""

    __tablename__ = "plan_reminder_people"
    __table_args__ = (sa.UniqueConstraint("reminder_id", "person_id"),)

    id: orm.Mapped[columns.Key]
    reminder_id: orm.Mapped[int] = columns.reference("plan_reminders.id", index=False)
    person_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    stands_in: orm.Mapped[bool]
    on_day: orm.Mapped[columns.Day]
    at: orm.Mapped[columns.Instant]


class PlanReminderAnswer(columns.Model):
    """That somebody acknowledged a rung of what is owed beside steps, once; what they will do. A
    step's answers are among its entries. Append-only, by trigger."""

    __tablename__ = "plan_reminder_answers"

    id: orm.Mapped[columns.Key]
    reminder_id: orm.Mapped[int] = orm.mapped_column(
        columns.BigInt, sa.ForeignKey("plan_reminders.id"), unique=True
    )
    words: orm.Mapped[str] = orm.mapped_column(sa.Text())
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class ProgressReport(columns.Model):
    """What was done in a period, in figures and in words. `figures` are frozen when it is sent;
    a draft has {}."""

    __tablename__ = "progress_reports"
    __table_args__ = (sa.UniqueConstraint("plan_id", "kind", "period_from"),)

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    plan_id: orm.Mapped[int] = columns.reference("plans.id", index=False)
    kind: orm.Mapped[ReportKind] = orm.mapped_column(columns.enum_type(ReportKind))
    period_from: orm.Mapped[columns.Day]
    period_to: orm.Mapped[columns.Day]
    narrative: orm.Mapped[str] = orm.mapped_column(sa.Text())
    figures: orm.Mapped[dict[str, Any]] = orm.mapped_column(columns.Json)
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]
    sent_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    sent_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True, index=False)

    plan: orm.Mapped[Plan] = orm.relationship()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form


class ReportRemark(columns.Model):
    """A comment on a progress report, or the answer to one. Append-only, by trigger."""

    __tablename__ = "report_remarks"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    report_id: orm.Mapped[int] = columns.reference("progress_reports.id")
    answers_id: orm.Mapped[int | None] = columns.reference("report_remarks.id", nullable=True)
    words: orm.Mapped[str] = orm.mapped_column(sa.Text())
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class PlanCall(columns.Model):
    """A county that its region names to write a plan of its own on a published report, or that it
    names no longer: of a round and a county the newest stands. Append-only, by trigger.
    """

    __tablename__ = "plan_calls"

    id: orm.Mapped[columns.Key]
    publication_id: orm.Mapped[int] = columns.reference("publications.id")
    county_id: orm.Mapped[int] = columns.reference("places.id")
    named: orm.Mapped[bool] = orm.mapped_column(server_default=sa.true())
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text())
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class CalendarFeed(columns.Model):
    """The secret address under which a person's calendar reads their deadlines; one a person.

    Only the digest (SHA-256) of what stands in the address is kept.
    """

    __tablename__ = "calendar_feeds"

    id: orm.Mapped[columns.Key]
    person_id: orm.Mapped[int] = orm.mapped_column(
        columns.BigInt, sa.ForeignKey("people.id"), unique=True
    )
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64), unique=True)
    made_at: orm.Mapped[columns.Instant]
