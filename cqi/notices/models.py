"""Notices: one row tells one person of one thing, on screen and by e-mail."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns
from cqi.notices.rules import MailChoice


class Notice(columns.Model):
    """Written in the transaction of what it tells of, so that neither is there without the other.

    `send_at` is when its e-mail is to be tried next, null once it was sent; `problem` says in
    words without names why the last try failed. Those that went into one daily e-mail have its
    `digest_id` from its first try on. What can wait and was seen before it was tried has none of
    this: it needs no e-mail.
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
    digest_id: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.Uuid(), index=True)

    @property
    def failed(self) -> bool:
        """True while its e-mail waits after a try that failed."""
        return self.send_at is not None and bool(self.problem)


class MailChoiceRow(columns.Model):
    """When one person wants their e-mails; without a row, at once.

    `digest_at` is the newest hour that a daily e-mail went out for. The row is also what runners
    of the jobs queue on, so that two never make the same daily e-mail.
    """

    __tablename__ = "mail_choices"

    id: orm.Mapped[columns.Key]
    person_id: orm.Mapped[int] = orm.mapped_column(
        columns.BigInt, sa.ForeignKey("people.id"), unique=True
    )
    choice: orm.Mapped[MailChoice] = orm.mapped_column(columns.enum_type(MailChoice))
    changed_at: orm.Mapped[columns.Instant]
    digest_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
