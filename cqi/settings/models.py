"""Values that an agency has set, each from a date on."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns


class SettingValue(columns.Model):
    """One value from one date on. Rows are added, never changed; the newest row of a date wins."""

    __tablename__ = "setting_values"
    __table_args__ = (sa.Index("ix_setting_values_key_from_on", "key", "from_on"),)

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    key: orm.Mapped[str] = orm.mapped_column(sa.String(80))
    value: orm.Mapped[Any] = orm.mapped_column(columns.Json)
    from_on: orm.Mapped[columns.Day]
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text())
    confirmed: orm.Mapped[bool] = orm.mapped_column(default=False)
    set_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)
    set_at: orm.Mapped[columns.Instant]
