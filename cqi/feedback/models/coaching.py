"""Coaching notes and what was written on them after they were shared."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns, encryption
from cqi.feedback.rules.coaching import EntryKind
from cqi.reviews.models import CaseReview


class CoachingNote(columns.Model):
    """What one supervisor and one caseworker will try; nobody else ever reads it.

    A draft (`shared_at` is null) is its supervisor's alone. Shared, it is frozen, by trigger: what
    changes is an entry. `item` is the activity; `trying` may be empty in a draft.
    """

    __tablename__ = "coaching_notes"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    supervisor_id: orm.Mapped[int] = columns.reference("people.id")
    worker_id: orm.Mapped[int] = columns.reference("people.id")
    item: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    trying: orm.Mapped[columns.Secret]
    follow_up_on: orm.Mapped[dt.date | None]
    revision: orm.Mapped[int]
    written_at: orm.Mapped[columns.Instant]
    shared_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())

    review: orm.Mapped[CaseReview] = orm.relationship()


class CoachingEntry(columns.Model):
    """Something written on a shared note; `follow_up_on` is another day to follow up on, if any.

    Append-only, by trigger. An outcome closes the note.
    """

    __tablename__ = "coaching_entries"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    note_id: orm.Mapped[int] = columns.reference("coaching_notes.id")
    kind: orm.Mapped[EntryKind] = orm.mapped_column(columns.enum_type(EntryKind))
    words: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    follow_up_on: orm.Mapped[dt.date | None]
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]
