"""Notices: one row tells one person of one thing, on screen and by e-mail."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns


class Notice(columns.Model):
    """Written in the transaction of what it tells of, so that neither is there without the other.

    `send_at` is when its e-mail is to be tried next, null once it was sent; `problem` says in
    words without names why the last try failed.
    """

    __tablename__ = "notices"
    __table_args__ = (sa.CheckConstraint("sent_at is null or send_at is null", name="sent_once"),)

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    person_id: orm.Mapped[int] = columns.reference("people.id")
    kind: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    subject_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.Uuid())
    at: orm.Mapped[columns.Instant]
    seen_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    send_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime(), index=True)
    sent_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    tries: orm.Mapped[int] = orm.mapped_column(default=0)
    problem: orm.Mapped[str | None] = orm.mapped_column(sa.String(200))
