"""When an interview is planned to be held: the schedule of the days on site."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns, encryption
from cqi.reviews.rules.interviews import How, InterviewRole


class InterviewPlan(columns.Model):
    """The planned time of one interview, known by the interview's public id; changed and cancelled,
    never deleted. `sequence` counts its changes from 1. `place` is a room or an office.
    """

    __tablename__ = "interview_plans"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "interview"),
        sa.CheckConstraint("minutes > 0", name="minutes"),
    )

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id", index=False)
    interview: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.Uuid())
    role: orm.Mapped[InterviewRole] = orm.mapped_column(columns.enum_type(InterviewRole))
    starts_at: orm.Mapped[dt.datetime] = orm.mapped_column(columns.UtcDateTime(), index=True)
    minutes: orm.Mapped[int]
    how: orm.Mapped[How] = orm.mapped_column(columns.enum_type(How))
    place: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    sequence: orm.Mapped[int] = orm.mapped_column(default=1)
    cancelled_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]
