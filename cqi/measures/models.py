"""Frozen runs: what a figure rests on, kept so that anybody can make it again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns


class MeasureRun(columns.Model):
    """The frozen rows of one run. `run_id` is the digest of rows and formula version.

    Append-only, by trigger.
    """

    __tablename__ = "measure_runs"

    id: orm.Mapped[columns.Key]
    run_id: orm.Mapped[str] = orm.mapped_column(sa.String(64), unique=True)
    formula_version: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    round_id: orm.Mapped[int] = columns.reference("rounds.id")
    compare_round_id: orm.Mapped[int | None] = columns.reference("rounds.id", nullable=True)
    frozen: orm.Mapped[dict[str, Any]] = orm.mapped_column(columns.Json)
    created_at: orm.Mapped[columns.Instant]
    created_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)
