"""That feedback was read, and by whom."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns, encryption


class Acknowledgement(columns.Model):
    """A person has read the feedback of a final review. It does not say that they agree.

    Append-only, by trigger.
    """

    __tablename__ = "acknowledgements"
    __table_args__ = (sa.UniqueConstraint("review_id", "person_id"),)

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    person_id: orm.Mapped[int] = columns.reference("people.id")
    words: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    at: orm.Mapped[columns.Instant]
