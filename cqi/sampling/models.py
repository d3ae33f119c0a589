"""Frames, draws and eliminations. What was drawn never changes: it can only be told again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.rules import CaseType
from cqi.core import columns, encryption
from cqi.rounds.models import Round
from cqi.sampling.rules.eliminating import EliminationReason


class Frame(columns.Model):
    """A case list as it was judged for a round. Append-only, by trigger, and so are its cases.

    `digest` is that of the cases that can be drawn (interface.md); `file_digest` the SHA-256 of the
    file. `rules` are those that were applied: code, words, days at least. `not_applied`: code ->
    the columns that the list did not have.
    """

    __tablename__ = "frames"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    round_id: orm.Mapped[int] = columns.reference("rounds.id")
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    file_digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    sampling_from: orm.Mapped[columns.Day]
    sampling_to: orm.Mapped[columns.Day]
    with_holds: orm.Mapped[bool]
    rules: orm.Mapped[list[Any]] = orm.mapped_column(columns.Json)
    not_applied: orm.Mapped[dict[str, list[str]]] = orm.mapped_column(columns.Json)
    listed: orm.Mapped[int]
    eligible: orm.Mapped[int]
    imported_at: orm.Mapped[columns.Instant]
    imported_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)

    round: orm.Mapped[Round] = orm.relationship()


class FrameCase(columns.Model):
    """A line of the list. `left_out` is the code of the rule that it failed, None: it can be drawn.

    `details` is what the list says besides, as JSON; cases that are left out keep none.
    """

    __tablename__ = "frame_cases"
    __table_args__ = (sa.UniqueConstraint("frame_id", "case_number"),)

    id: orm.Mapped[columns.Key]
    frame_id: orm.Mapped[int] = columns.reference("frames.id", index=False)
    line: orm.Mapped[int]
    case_number: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    county_fips: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    case_type: orm.Mapped[CaseType] = orm.mapped_column(columns.enum_type(CaseType))
    left_out: orm.Mapped[str | None] = orm.mapped_column(sa.String(40))
    details: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())


class Draw(columns.Model):
    """One draw from a frame. `design` is its TOML; `seed_given`: not drawn by the server.

    `reason` is why there is a second one in the round. `strata`: name, size, drawn, reserve.
    Append-only, by trigger.
    """

    __tablename__ = "draws"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    round_id: orm.Mapped[int] = columns.reference("rounds.id")
    frame_id: orm.Mapped[int] = columns.reference("frames.id")
    design: orm.Mapped[str] = orm.mapped_column(sa.Text())
    seed: orm.Mapped[str] = orm.mapped_column(sa.String(200))
    seed_given: orm.Mapped[bool]
    reason: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    strata: orm.Mapped[list[Any]] = orm.mapped_column(columns.Json)
    drawn_at: orm.Mapped[columns.Instant]
    drawn_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)

    frame: orm.Mapped[Frame] = orm.relationship()


class DrawnCase(columns.Model):
    """A case that was drawn, or stands by. `position` counts from 1 in its stratum, the reserve
    after the drawn. Append-only, by trigger."""

    __tablename__ = "drawn_cases"
    __table_args__ = (
        sa.UniqueConstraint("draw_id", "stratum", "position"),
        sa.UniqueConstraint("draw_id", "case_number"),
    )

    id: orm.Mapped[columns.Key]
    draw_id: orm.Mapped[int] = columns.reference("draws.id", index=False)
    case_number: orm.Mapped[str] = orm.mapped_column(sa.String(60), index=True)
    stratum: orm.Mapped[str] = orm.mapped_column(sa.String(80))
    position: orm.Mapped[int]
    reserve: orm.Mapped[bool]

    draw: orm.Mapped[Draw] = orm.relationship()


class Elimination(columns.Model):
    """That a drawn case cannot be reviewed: proposed with its reason and evidence, then decided by
    somebody else. `replacement_id` is the reserve case that stepped in; none was left where it is
    empty. Never deleted; once decided it stays (by trigger)."""

    __tablename__ = "eliminations"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    drawn_case_id: orm.Mapped[int] = columns.reference("drawn_cases.id")
    reason: orm.Mapped[EliminationReason] = orm.mapped_column(columns.enum_type(EliminationReason))
    evidence: orm.Mapped[columns.Secret]
    proposed_by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    proposed_at: orm.Mapped[columns.Instant]
    approved: orm.Mapped[bool | None]
    decided_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )
    decided_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    decision_reason: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    replacement_id: orm.Mapped[int | None] = orm.mapped_column(
        columns.BigInt, sa.ForeignKey("drawn_cases.id"), unique=True
    )

    drawn_case: orm.Mapped[DrawnCase] = orm.relationship(foreign_keys=[drawn_case_id])
    replacement: orm.Mapped[DrawnCase | None] = orm.relationship(foreign_keys=[replacement_id])
