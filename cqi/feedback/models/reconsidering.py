"""Requests to look at a rating again, and what was done about each."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns, encryption
from cqi.feedback.models.memos import MemoRelease
from cqi.feedback.rules.reconsidering import Ground, ReconsiderationState
from cqi.instruments.definition import Rating
from cqi.reviews.models import CaseReview


class Reconsideration(columns.Model):
    """A request to look again at the rating that an item has in a released memo.

    By trigger all but `state` stays as it was asked, and none is deleted. `rating` is the item's
    when it was asked.
    """

    __tablename__ = "reconsiderations"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    release_id: orm.Mapped[int] = columns.reference("memo_releases.id")
    item: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    rating: orm.Mapped[Rating] = orm.mapped_column(columns.enum_type(Rating))
    ground: orm.Mapped[Ground] = orm.mapped_column(columns.enum_type(Ground))
    words: orm.Mapped[columns.Secret]
    state: orm.Mapped[ReconsiderationState] = orm.mapped_column(
        columns.enum_type(ReconsiderationState)
    )
    asked_by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    asked_at: orm.Mapped[columns.Instant]

    review: orm.Mapped[CaseReview] = orm.relationship()
    release: orm.Mapped[MemoRelease] = orm.relationship()
    steps: orm.Mapped[list[ReconsiderationStep]] = orm.relationship(
        order_by="ReconsiderationStep.id"
    )


class ReconsiderationStep(columns.Model):
    """One step with its words. `rating` is the one that it should be, where it should change.
    Nobody stands at a step that the clock took. Append-only, by trigger."""

    __tablename__ = "reconsideration_steps"

    id: orm.Mapped[columns.Key]
    reconsideration_id: orm.Mapped[int] = columns.reference("reconsiderations.id")
    step: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    words: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    rating: orm.Mapped[Rating | None] = orm.mapped_column(columns.enum_type(Rating))
    by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True, index=False)
    at: orm.Mapped[columns.Instant]
