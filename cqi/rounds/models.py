"""Rounds, the counties that they look at, and the roll-out of the practice model."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns, encryption
from cqi.rounds.rules import DoubleReading, MemoRatings, RoundKind, SecondLevel, Setting, Share
from cqi.rounds.rules.ledger import LedgerKind
from cqi.rounds.rules.rollout import Dates, DecisionKind, Degree


class Round(columns.Model):
    """One review event. Its instrument version is pinned by digest when it is made.

    `items` are the codes of the only items that it asks for; None: all. `requires` are the kinds of
    ledger entries that its reviewers need; None: none.
    `second_level_share` of 100 of its case reviews go to second-level QA, told by the seed;
    `double_reading_share` of 100 of its cases are read twice, told by another.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        sa.Column("results_stamp", columns.BigInt, nullable=False, server_default="0"),
        sa.CheckConstraint("on_site_to >= on_site_from", name="on_site"),
        sa.CheckConstraint("compares_with_id is null or compares_with_id <> id", name="compares"),
    )

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    name: orm.Mapped[str] = orm.mapped_column(sa.String(120), unique=True)
    kind: orm.Mapped[RoundKind] = orm.mapped_column(columns.enum_type(RoundKind))
    region_id: orm.Mapped[int | None] = columns.reference("places.id", nullable=True)
    instrument: orm.Mapped[str] = orm.mapped_column(sa.String(80))
    instrument_version: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    instrument_digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    pur_from: orm.Mapped[columns.Day]
    on_site_from: orm.Mapped[columns.Day]
    on_site_to: orm.Mapped[columns.Day]
    second_level_share: orm.Mapped[int] = orm.mapped_column(default=0, server_default="0")
    second_level_seed: orm.Mapped[str | None] = orm.mapped_column(sa.String(64))
    double_reading_share: orm.Mapped[int] = orm.mapped_column(default=0, server_default="0")
    double_reading_seed: orm.Mapped[str | None] = orm.mapped_column(sa.String(64))
    memo_ratings: orm.Mapped[MemoRatings] = orm.mapped_column(
        columns.enum_type(MemoRatings, constraint=False),
        default=MemoRatings.SUPERVISORS,
        server_default=MemoRatings.SUPERVISORS.value,
    )
    compares_with_id: orm.Mapped[int | None] = columns.reference("rounds.id", nullable=True)
    items: orm.Mapped[list[str] | None] = orm.mapped_column(columns.Json)
    requires: orm.Mapped[list[str] | None] = orm.mapped_column(columns.Json)
    sampling_from: orm.Mapped[dt.date | None]
    sampling_to: orm.Mapped[dt.date | None]
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    created_at: orm.Mapped[columns.Instant]
    created_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)

    counties: orm.Mapped[list[RoundCounty]] = orm.relationship(back_populates="round")
    compares_with: orm.Mapped[Round | None] = orm.relationship(remote_side="Round.id")

    __mapper_args__ = {"version_id_col": revision, "exclude_properties": ("results_stamp",)}  # noqa: RUF012 - the library's name and form

    @property
    def second_level(self) -> SecondLevel:
        """Which case reviews go to second-level QA."""
        return SecondLevel(self.second_level_share, self.second_level_seed or "")

    @property
    def double_reading(self) -> DoubleReading:
        """Which of its cases are read twice. The seed is not for those who review in it."""
        return DoubleReading(self.double_reading_share, self.double_reading_seed or "")

    def drawn_for(self, setting: Setting) -> Share:
        """Either of them."""
        second_level = setting is Setting.SECOND_LEVEL
        return self.second_level if second_level else self.double_reading

    def draw_for(self, setting: Setting, share: int, seed: str | None) -> None:
        """Have another share drawn for one of them."""
        if setting is Setting.SECOND_LEVEL:
            self.second_level_share, self.second_level_seed = share, seed
        else:
            self.double_reading_share, self.double_reading_seed = share, seed


# Moved by triggers alone, by whatever changes what a round's figures count. It is no attribute, so
# that no object that was read earlier can write an old value back.
RESULTS_STAMP = Round.__table__.c.results_stamp


class ShareChange(columns.Model):
    """That another share of a round's cases goes to second-level QA, or is read twice, and why.

    Append-only, by trigger. The seed stays the round's.
    """

    __tablename__ = "second_level_changes"  # its name from when there was one setting

    id: orm.Mapped[columns.Key]
    round_id: orm.Mapped[int] = columns.reference("rounds.id")
    setting: orm.Mapped[Setting] = orm.mapped_column(
        columns.enum_type(Setting, constraint=False), server_default=Setting.SECOND_LEVEL.value
    )
    share_before: orm.Mapped[int]
    share: orm.Mapped[int]
    reason: orm.Mapped[columns.Secret]
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class RoundCounty(columns.Model):
    """A county of a round; with `region_id` this is the region's set on the day it was made."""

    __tablename__ = "round_counties"
    __table_args__ = (sa.PrimaryKeyConstraint("round_id", "county_id"),)

    round_id: orm.Mapped[int] = columns.reference("rounds.id")
    county_id: orm.Mapped[int] = columns.reference("places.id")

    round: orm.Mapped[Round] = orm.relationship(back_populates="counties")


class CountyNotice(columns.Model):
    """What a county was told before the days on site: which cases, who should be available, who
    leads, and whom it went to. Append-only, by trigger: what changes is told again."""

    __tablename__ = "county_notices"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    round_id: orm.Mapped[int] = columns.reference("rounds.id")
    county_id: orm.Mapped[int] = columns.reference("places.id", index=False)
    content: orm.Mapped[dict[str, Any]] = orm.mapped_column(columns.Json)
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]

    round: orm.Mapped[Round] = orm.relationship()


class RegionRollout(columns.Model):
    """A region's planned dates in the roll-out, and the days on which stages began that no round
    tells of: baseline and follow-up began when their rounds did."""

    __tablename__ = "region_rollouts"
    __table_args__ = (
        sa.CheckConstraint(
            "planning_from <= baseline_from and baseline_from <= baseline_to"
            " and baseline_to <= implementation_from and implementation_from <= implementation_to"
            " and implementation_from <= follow_up_from and follow_up_from <= follow_up_to"
            " and follow_up_to <= support_from",
            name="dates",
        ),
    )

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    region_id: orm.Mapped[int] = orm.mapped_column(
        columns.BigInt, sa.ForeignKey("places.id"), unique=True
    )
    planning_from: orm.Mapped[columns.Day]
    baseline_from: orm.Mapped[columns.Day]
    baseline_to: orm.Mapped[columns.Day]
    implementation_from: orm.Mapped[columns.Day]
    implementation_to: orm.Mapped[columns.Day]
    follow_up_from: orm.Mapped[columns.Day]
    follow_up_to: orm.Mapped[columns.Day]
    support_from: orm.Mapped[columns.Day]
    planning_began_on: orm.Mapped[dt.date | None]
    implementation_began_on: orm.Mapped[dt.date | None]
    support_began_on: orm.Mapped[dt.date | None]
    revision: orm.Mapped[int] = orm.mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form

    @property
    def dates(self) -> Dates:
        """The planned dates."""
        return Dates(**{each.name: getattr(self, each.name) for each in dataclasses.fields(Dates)})


class RolloutDecision(columns.Model):
    """What was decided about the roll-out, by whom, when and why. Append-only, by trigger.

    `content` is the regions' ids in order, or a region's dates; `criteria` are those of an order.
    """

    __tablename__ = "rollout_decisions"

    id: orm.Mapped[columns.Key]
    kind: orm.Mapped[DecisionKind] = orm.mapped_column(columns.enum_type(DecisionKind))
    region_id: orm.Mapped[int | None] = columns.reference("places.id", nullable=True)
    content: orm.Mapped[dict[str, Any]] = orm.mapped_column(columns.Json)
    criteria: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    reason: orm.Mapped[columns.Secret]
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class PlanningItem(columns.Model):
    """One item of a region's planning checklist: who does it until when, and that it is done.
    `told_late_on` is when its owner was told that it is late."""

    __tablename__ = "planning_items"
    __table_args__ = (
        sa.UniqueConstraint("region_id", "item"),
        sa.CheckConstraint("(done_on is null) = (done_by_id is null)", name="done"),
    )

    id: orm.Mapped[columns.Key]
    region_id: orm.Mapped[int] = columns.reference("places.id", index=False)
    item: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    owner_id: orm.Mapped[int] = columns.reference("people.id")
    due_on: orm.Mapped[columns.Day]
    done_on: orm.Mapped[dt.date | None]
    done_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True, index=False)
    note: orm.Mapped[columns.Secret]
    told_late_on: orm.Mapped[dt.date | None]
    revision: orm.Mapped[int] = orm.mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form


class Benchmark(columns.Model):
    """How far a component was put into practice in a region from a day on. Append-only, by
    trigger: the newest row of a day wins."""

    __tablename__ = "benchmarks"

    id: orm.Mapped[columns.Key]
    region_id: orm.Mapped[int] = columns.reference("places.id")
    component: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    degree: orm.Mapped[Degree] = orm.mapped_column(columns.enum_type(Degree))
    from_on: orm.Mapped[columns.Day]
    note: orm.Mapped[columns.Secret]
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class LedgerEntry(columns.Model):
    """What a person has done and may do as a reviewer: that they are trained, shadowed or led a
    review, or are certified until a day. Append-only, by trigger. `instrument` is an instrument's
    id, empty for any."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'certified') = (until_on is not null)", name="until"),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name="dates"),
    )

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    person_id: orm.Mapped[int] = columns.reference("people.id")
    kind: orm.Mapped[LedgerKind] = orm.mapped_column(columns.enum_type(LedgerKind))
    from_on: orm.Mapped[columns.Day]
    until_on: orm.Mapped[dt.date | None]
    instrument: orm.Mapped[str] = orm.mapped_column(sa.String(80), default="")
    note: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    written_by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    written_at: orm.Mapped[columns.Instant]


class LedgerWithdrawal(columns.Model):
    """That an entry of the ledger counts no more, and why. Append-only, by trigger."""

    __tablename__ = "ledger_withdrawals"

    entry_id: orm.Mapped[int] = orm.mapped_column(
        columns.BigInt, sa.ForeignKey("ledger_entries.id"), primary_key=True, autoincrement=False
    )
    reason: orm.Mapped[columns.Secret]
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]
