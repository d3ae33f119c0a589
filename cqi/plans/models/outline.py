"""Plans with their findings, goals, strategies and action steps, and what happened to them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns, encryption
from cqi.plans.rules import PlanState, StepState, TargetKind
from cqi.plans.rules.findings import FindingDecision, FindingKind, SystemicFactor


class Plan(columns.Model):
    """The improvement plan of a place, resting on one round.

    `publication_id` is the report that made it due, `supersedes_id` the plan whose place it takes
    once it is approved; plans from before there were any have neither. `goals` are those that were
    not dropped.
    """

    __tablename__ = "plans"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    place_id: orm.Mapped[int] = columns.reference("places.id")
    round_id: orm.Mapped[int] = columns.reference("rounds.id")
    name: orm.Mapped[str] = orm.mapped_column(sa.String(200))
    state: orm.Mapped[PlanState] = orm.mapped_column(columns.enum_type(PlanState))
    state_since: orm.Mapped[columns.Instant]
    publication_id: orm.Mapped[int | None] = columns.reference("publications.id", nullable=True)
    supersedes_id: orm.Mapped[int | None] = columns.reference("plans.id", nullable=True)
    submitted_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    submitted_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )
    approved_on: orm.Mapped[dt.date | None]
    approved_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    created_at: orm.Mapped[columns.Instant]
    created_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)

    goals: orm.Mapped[list[Goal]] = orm.relationship(
        back_populates="plan",
        order_by="Goal.position",
        primaryjoin="and_(Plan.id == Goal.plan_id, Goal.dropped_at.is_(None))",
    )
    findings: orm.Mapped[list[PlanFinding]] = orm.relationship(
        back_populates="plan", order_by="PlanFinding.position"
    )
    entries: orm.Mapped[list[PlanEntry]] = orm.relationship(
        back_populates="plan", order_by="PlanEntry.id"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form


class PlanEntry(columns.Model):
    """One move of a plan, with what was said; by nobody where the clock made it.

    Append-only, by trigger.
    """

    __tablename__ = "plan_entries"

    id: orm.Mapped[columns.Key]
    plan_id: orm.Mapped[int] = columns.reference("plans.id")
    move: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    words: orm.Mapped[str] = orm.mapped_column(sa.Text())
    by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True, index=False)
    at: orm.Mapped[columns.Instant]

    plan: orm.Mapped[Plan] = orm.relationship(back_populates="entries")


class PlanFinding(columns.Model):
    """What a plan answers, or says why it does not: an item or component (`code`), or a factor.

    `figures` are the counts behind it as they stood when it was proposed, from the frozen run with
    the id `run`: {"achieved": 21, "applicable": 58, "before": [30, 60], "word": "declined"}, or {}
    without any. `words` are root causes.
    """

    __tablename__ = "plan_findings"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "position"),
        sa.CheckConstraint(
            "(decision = 'merged') = (merged_into_id is not null)", name="merged_into"
        ),
        sa.CheckConstraint("(kind = 'systemic') = (factor is not null)", name="factor_of_systemic"),
    )

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    plan_id: orm.Mapped[int] = columns.reference("plans.id", index=False)
    position: orm.Mapped[int]
    kind: orm.Mapped[FindingKind] = orm.mapped_column(columns.enum_type(FindingKind))
    code: orm.Mapped[str | None] = orm.mapped_column(sa.String(20))
    factor: orm.Mapped[SystemicFactor | None] = orm.mapped_column(columns.enum_type(SystemicFactor))
    title: orm.Mapped[str] = orm.mapped_column(sa.String(200))
    words: orm.Mapped[str] = orm.mapped_column(sa.Text())
    figures: orm.Mapped[dict[str, Any]] = orm.mapped_column(columns.Json)
    run: orm.Mapped[str | None] = orm.mapped_column(sa.String(64))
    decision: orm.Mapped[FindingDecision] = orm.mapped_column(columns.enum_type(FindingDecision))
    reason: orm.Mapped[str | None] = orm.mapped_column(sa.Text())
    merged_into_id: orm.Mapped[int | None] = columns.reference("plan_findings.id", nullable=True)
    decided_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )
    decided_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    revision: orm.Mapped[int] = orm.mapped_column(default=1)

    plan: orm.Mapped[Plan] = orm.relationship(back_populates="findings")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form


class Goal(columns.Model):
    """What shall change: one component or item, from its baseline to a target.

    The target of the PIP arithmetic is derived from the baseline's integers; only a negotiated one
    is stored, in ten-thousandths. `baseline_run` is the id of the frozen run that the baseline
    stands in; `measured_on` and `sample` say when and on which cases it is measured again.
    `target_reason` says why a target was negotiated that the arithmetic could have set. A goal that
    was dropped from a draft keeps its number; `strategies` are those that were not dropped.
    """

    __tablename__ = "goals"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "position"),
        sa.CheckConstraint("baseline_achieved <= baseline_applicable", name="baseline"),
        sa.CheckConstraint(
            "(target_kind = 'negotiated') = (negotiated_target is not null)", name="target"
        ),
    )

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    plan_id: orm.Mapped[int] = columns.reference("plans.id")
    position: orm.Mapped[int]
    title: orm.Mapped[str] = orm.mapped_column(sa.String(200))
    component: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    item: orm.Mapped[str | None] = orm.mapped_column(sa.String(20))
    baseline_achieved: orm.Mapped[int]
    baseline_applicable: orm.Mapped[int]
    target_kind: orm.Mapped[TargetKind] = orm.mapped_column(columns.enum_type(TargetKind))
    negotiated_target: orm.Mapped[int | None]
    finding_id: orm.Mapped[int | None] = columns.reference("plan_findings.id", nullable=True)
    baseline_run: orm.Mapped[str | None] = orm.mapped_column(sa.String(64))
    measured_on: orm.Mapped[dt.date | None]
    sample: orm.Mapped[str | None] = orm.mapped_column(sa.Text())
    target_reason: orm.Mapped[str | None] = orm.mapped_column(sa.Text())
    dropped_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    dropped_reason: orm.Mapped[str | None] = orm.mapped_column(sa.Text())
    revision: orm.Mapped[int] = orm.mapped_column(default=1, server_default="1")

    plan: orm.Mapped[Plan] = orm.relationship(back_populates="goals")
    strategies: orm.Mapped[list[Strategy]] = orm.relationship(
        back_populates="goal",
        order_by="Strategy.position",
        primaryjoin="and_(Goal.id == Strategy.goal_id, Strategy.dropped_at.is_(None))",
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form


class Strategy(columns.Model):
    """How a goal is to be reached: why it should work, what speaks for it, and who leads it."""

    __tablename__ = "strategies"
    __table_args__ = (sa.UniqueConstraint("goal_id", "position"),)

    id: orm.Mapped[columns.Key]
    goal_id: orm.Mapped[int] = columns.reference("goals.id")
    position: orm.Mapped[int]
    title: orm.Mapped[str] = orm.mapped_column(sa.String(200))
    why: orm.Mapped[str | None] = orm.mapped_column(sa.Text())
    evidence: orm.Mapped[str | None] = orm.mapped_column(sa.Text())
    lead_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True, index=False)
    dropped_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    dropped_reason: orm.Mapped[str | None] = orm.mapped_column(sa.Text())
    revision: orm.Mapped[int] = orm.mapped_column(default=1, server_default="1")

    goal: orm.Mapped[Goal] = orm.relationship(back_populates="strategies")
    steps: orm.Mapped[list[Step]] = orm.relationship(
        back_populates="strategy", order_by="Step.position"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form


class Step(columns.Model):
    """An action step: an owner, a due date, and the evidence that will prove completion.

    Where a partner organisation does it, `partner` names it and `partner_contact` says how to reach
    it; the owner is then who answers for it here. `recover_on` is what was promised of a step that
    is behind. `depends_on_id` is a step that has to be done before.
    """

    __tablename__ = "steps"
    __table_args__ = (
        sa.UniqueConstraint("strategy_id", "position"),
        sa.CheckConstraint("due_on >= starts_on", name="dates"),
    )

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    strategy_id: orm.Mapped[int] = columns.reference("strategies.id")
    position: orm.Mapped[int]
    title: orm.Mapped[str] = orm.mapped_column(sa.String(200))
    owner_id: orm.Mapped[int] = columns.reference("people.id")
    starts_on: orm.Mapped[columns.Day]
    due_on: orm.Mapped[columns.Day] = orm.mapped_column(index=True)
    evidence_asked: orm.Mapped[str] = orm.mapped_column(sa.Text())
    state: orm.Mapped[StepState] = orm.mapped_column(columns.enum_type(StepState))
    state_since: orm.Mapped[columns.Instant]
    recover_on: orm.Mapped[dt.date | None]
    partner: orm.Mapped[str | None] = orm.mapped_column(sa.String(200))
    partner_contact: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    help_needed: orm.Mapped[str | None] = orm.mapped_column(sa.Text())
    depends_on_id: orm.Mapped[int | None] = columns.reference("steps.id", nullable=True)
    revision: orm.Mapped[int] = orm.mapped_column(default=1)

    strategy: orm.Mapped[Strategy] = orm.relationship(back_populates="steps")
    depends_on: orm.Mapped[Step | None] = orm.relationship(remote_side="Step.id")
    entries: orm.Mapped[list[StepEntry]] = orm.relationship(
        back_populates="step", order_by="StepEntry.id"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form


class StepEntry(columns.Model):
    """What happened to a step: reported on, claimed with evidence, verified, sent back, dropped,
    acknowledged as late (`reminder_id` says which rung of the ladder it answers).

    `helped` is what the owner said at a claim: that the CQI liaison helped to do it. Append-only,
    by trigger.
    """

    __tablename__ = "step_entries"

    id: orm.Mapped[columns.Key]
    step_id: orm.Mapped[int] = columns.reference("steps.id")
    kind: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    words: orm.Mapped[str] = orm.mapped_column(sa.Text())
    link: orm.Mapped[str | None] = orm.mapped_column(sa.String(500))
    helped: orm.Mapped[bool | None]
    recover_on: orm.Mapped[dt.date | None]
    reminder_id: orm.Mapped[int | None] = columns.reference("plan_reminders.id", nullable=True)
    by_id: orm.Mapped[int] = columns.reference("people.id")
    at: orm.Mapped[columns.Instant]

    step: orm.Mapped[Step] = orm.relationship(back_populates="entries")
    files: orm.Mapped[list[StepFile]] = orm.relationship(order_by="StepFile.id")


class StepFile(columns.Model):
    """A file that was handed in with an entry. Its name may name people, so that it is encrypted
    like what it holds. Append-only, by trigger. `size` is in bytes, `digest` SHA-256."""

    __tablename__ = "step_files"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    entry_id: orm.Mapped[int] = columns.reference("step_entries.id")
    name: orm.Mapped[columns.Secret]
    kind: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    size: orm.Mapped[int]
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    content: orm.Mapped[bytes] = orm.mapped_column(encryption.EncryptedBytes(), deferred=True)
