"""Systemic needs and what was done about them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns, encryption
from cqi.feedback.rules.needs import NeedKind, NeedOwner, NeedState
from cqi.reviews.models import CaseReview


class SystemicNeed(columns.Model):
    """Something that a supervisor saw in a case and that somebody above has to see to.

    `item` is the activity that it shows in, or empty; `asked_at` is when it was raised, or asked
    again: the clock of the reply runs from there. What was raised stays, by trigger; the state is
    a cache of its steps.
    """

    __tablename__ = "systemic_needs"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    item: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    kind: orm.Mapped[NeedKind] = orm.mapped_column(columns.enum_type(NeedKind))
    words: orm.Mapped[columns.Secret]
    state: orm.Mapped[NeedState] = orm.mapped_column(columns.enum_type(NeedState), index=True)
    owner: orm.Mapped[NeedOwner] = orm.mapped_column(columns.enum_type(NeedOwner))
    raised_by_id: orm.Mapped[int] = columns.reference("people.id")
    raised_at: orm.Mapped[columns.Instant]
    asked_at: orm.Mapped[columns.Instant]

    review: orm.Mapped[CaseReview] = orm.relationship()


class SystemicNeedStep(columns.Model):
    """One step of a need after it was raised. Append-only, by trigger."""

    __tablename__ = "systemic_need_steps"

    id: orm.Mapped[columns.Key]
    need_id: orm.Mapped[int] = columns.reference("systemic_needs.id")
    step: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    to_state: orm.Mapped[NeedState] = orm.mapped_column(columns.enum_type(NeedState))
    words: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]
