"""What was said at a debrief, the memo of a final review, and who has read it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.rules import StaffKind
from cqi.core import columns, encryption
from cqi.reviews.models import CaseReview
from cqi.rounds.rules import MemoRatings


class Debrief(columns.Model):
    """What was said when reviewers told caseworker and supervisor what they had seen, before the
    review was final: all of it tentative. `attended` are values of `rules.Attending`, never names.

    Append-only, by trigger: a correction is another one.
    """

    __tablename__ = "debriefs"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    held_at: orm.Mapped[columns.Instant]
    attended: orm.Mapped[list[str]] = orm.mapped_column(columns.Json)
    worked: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    to_work_on: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class MemoDraft(columns.Model):
    """The site leader's own words in a memo that is not released yet, one row a review.

    `texts` is a JSON object: item code -> words in place of the reviewers'; `left_out` are the
    codes of strengths that the memo does without. `final_at` is of which final review.
    """

    __tablename__ = "memo_drafts"
    __table_args__ = (sa.UniqueConstraint("review_id"),)

    id: orm.Mapped[columns.Key]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id", index=False)
    final_at: orm.Mapped[columns.Instant]
    opening: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    closing: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    texts: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    left_out: orm.Mapped[list[str]] = orm.mapped_column(columns.Json)
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class MemoRelease(columns.Model):
    """A memo as it went to caseworker and supervisor. Append-only, by trigger.

    `number` counts those of a review: after it was reopened and is final again there is another.
    `final_at` is of which final review. `content` is the memo as JSON; null where an earlier
    version of the product gave it out when the review became final, unedited.
    """

    __tablename__ = "memo_releases"
    __table_args__ = (sa.UniqueConstraint("review_id", "number"),)

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    number: orm.Mapped[int]
    final_at: orm.Mapped[columns.Instant]
    content: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    ratings: orm.Mapped[MemoRatings] = orm.mapped_column(columns.enum_type(MemoRatings))
    released_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)
    released_at: orm.Mapped[columns.Instant]

    review: orm.Mapped[CaseReview] = orm.relationship()


class Acknowledgement(columns.Model):
    """A person has read a released memo. It does not say that they agree. `kind` is as what.

    Append-only, by trigger.
    """

    __tablename__ = "memo_acknowledgements"
    __table_args__ = (sa.UniqueConstraint("release_id", "person_id"),)

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    release_id: orm.Mapped[int] = columns.reference("memo_releases.id")
    person_id: orm.Mapped[int] = columns.reference("people.id")
    kind: orm.Mapped[StaffKind] = orm.mapped_column(columns.enum_type(StaffKind))
    words: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    at: orm.Mapped[columns.Instant]
