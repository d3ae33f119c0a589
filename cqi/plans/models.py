"""Plans, goals, strategies, action steps and what happened to a step."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns
from cqi.plans.rules import PlanState, StepState, TargetKind


class Plan(columns.Model):
    """The improvement plan of a place, resting on one round."""

    __tablename__ = "plans"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    place_id: orm.Mapped[int] = columns.reference("places.id")
    round_id: orm.Mapped[int] = columns.reference("rounds.id")
    name: orm.Mapped[str] = orm.mapped_column(sa.String(200))
    state: orm.Mapped[PlanState] = orm.mapped_column(columns.enum_type(PlanState))
    approved_on: orm.Mapped[dt.date | None]
    approved_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    created_at: orm.Mapped[columns.Instant]
    created_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)

    goals: orm.Mapped[list[Goal]] = orm.relationship(
        back_populates="plan", order_by="Goal.position"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form


class Goal(columns.Model):
    """What shall change: one component or item, from its baseline to a target.

    The target of the PIP arithmetic is derived from the baseline's integers; only a negotiated one
    is stored, in ten-thousandths.
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

    plan: orm.Mapped[Plan] = orm.relationship(back_populates="goals")
    strategies: orm.Mapped[list[Strategy]] = orm.relationship(
        back_populates="goal", order_by="Strategy.position"
    )


class Strategy(columns.Model):
    """How a goal is to be reached."""

    __tablename__ = "strategies"
    __table_args__ = (sa.UniqueConstraint("goal_id", "position"),)

    id: orm.Mapped[columns.Key]
    goal_id: orm.Mapped[int] = columns.reference("goals.id")
    position: orm.Mapped[int]
    title: orm.Mapped[str] = orm.mapped_column(sa.String(200))

    goal: orm.Mapped[Goal] = orm.relationship(back_populates="strategies")
    steps: orm.Mapped[list[Step]] = orm.relationship(
        back_populates="strategy", order_by="Step.position"
    )


class Step(columns.Model):
    """An action step: an owner, a due date, and the evidence that will prove completion."""

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
    revision: orm.Mapped[int] = orm.mapped_column(default=1)

    strategy: orm.Mapped[Strategy] = orm.relationship(back_populates="steps")
    entries: orm.Mapped[list[StepEntry]] = orm.relationship(
        back_populates="step", order_by="StepEntry.id"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form


class StepEntry(columns.Model):
    """What happened to a step: claimed with evidence, verified, sent back with a reason.

    Append-only, by trigger.
    """

    __tablename__ = "step_entries"

    id: orm.Mapped[columns.Key]
    step_id: orm.Mapped[int] = columns.reference("steps.id")
    kind: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    words: orm.Mapped[str] = orm.mapped_column(sa.Text())
    by_id: orm.Mapped[int] = columns.reference("people.id")
    at: orm.Mapped[columns.Instant]

    step: orm.Mapped[Step] = orm.relationship(back_populates="entries")
