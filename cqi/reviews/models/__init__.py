"""Case reviews and what belongs to one.

Answers are keyed (case review, item, question, subject); subject is null where an instrument does
not repeat questions. Narratives and reasons are encrypted; every text that was ever saved stands
in `text_versions`, whose texts retention can empty without touching the event chain.
"""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.models import Case
from cqi.core import columns, encryption
from cqi.instruments.definition import Rating
from cqi.reviews.models import planning
from cqi.reviews.rules import (
    AlertState,
    EntryKind,
    EvidenceKind,
    EvidenceSource,
    Part,
    RatingLevel,
    ReviewPurpose,
    ReviewState,
    Urgency,
)
from cqi.reviews.rules.interviews import How, InterviewRole, NotHeld, Outcome
from cqi.rounds.models import Round

InterviewPlan = planning.InterviewPlan


class CaseReview(columns.Model):
    """One reading of one case in one round; pins its instrument, version and digest."""

    __tablename__ = "case_reviews"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "case_id", "purpose", "reading"),
        sa.CheckConstraint("reading in (1, 2)", name="reading"),
        sa.CheckConstraint("state <> 'final' or final_at is not null", name="final_at"),
        sa.CheckConstraint(
            "state not in ('submitted', 'first_level_qa', 'second_level_qa', 'returned', 'final',"
            " 'reopened') or pur_to is not null",
            name="pur_to",
        ),
    )

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    round_id: orm.Mapped[int] = columns.reference("rounds.id")
    case_id: orm.Mapped[int] = columns.reference("cases.id")
    purpose: orm.Mapped[ReviewPurpose] = orm.mapped_column(columns.enum_type(ReviewPurpose))
    reading: orm.Mapped[int] = orm.mapped_column(default=1)
    state: orm.Mapped[ReviewState] = orm.mapped_column(columns.enum_type(ReviewState), index=True)
    state_since: orm.Mapped[columns.Instant]
    pur_to: orm.Mapped[dt.date | None]
    instrument: orm.Mapped[str] = orm.mapped_column(sa.String(80))
    instrument_version: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    instrument_digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    first_submitted_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    final_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    imported_digest: orm.Mapped[str | None] = orm.mapped_column(sa.String(64))
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    created_at: orm.Mapped[columns.Instant]

    round: orm.Mapped[Round] = orm.relationship()
    case: orm.Mapped[Case] = orm.relationship()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form

    @property
    def second_reading(self) -> bool:
        """True for the reading by another pair, to see how far reviewers agree."""
        return self.purpose is ReviewPurpose.RELIABILITY


class ReviewPerson(columns.Model):
    """Who scores or checks a case review. Ended, never deleted."""

    __tablename__ = "review_people"
    __table_args__ = (sa.UniqueConstraint("review_id", "person_id", "part", "from_at"),)

    id: orm.Mapped[columns.Key]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    person_id: orm.Mapped[int] = columns.reference("people.id")
    part: orm.Mapped[Part] = orm.mapped_column(columns.enum_type(Part))
    from_at: orm.Mapped[columns.Instant]
    until_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())


class ReviewStep(columns.Model):
    """One step of the workflow, with its reason. Append-only, by trigger."""

    __tablename__ = "review_steps"

    id: orm.Mapped[columns.Key]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    step: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    from_state: orm.Mapped[ReviewState] = orm.mapped_column(columns.enum_type(ReviewState))
    to_state: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    reason: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)
    at: orm.Mapped[columns.Instant]


class FactAnswer(columns.Model):
    """One fact of the face sheet: `value` is yes, no or a choice's value."""

    __tablename__ = "fact_answers"
    __table_args__ = (sa.UniqueConstraint("review_id", "name"),)

    id: orm.Mapped[columns.Key]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id", index=False)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    value: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class Answer(columns.Model):
    """One answer: yes, no, na or a number; an NA by judgement carries its reason. `subject` is the
    public id of whom a repeated question was asked of."""

    __tablename__ = "answers"
    __table_args__ = (
        sa.Index(
            "uq_answers_place",
            "review_id",
            "item",
            "question",
            sa.text("coalesce(subject, '')"),
            unique=True,
        ),
    )

    id: orm.Mapped[columns.Key]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id", index=False)
    item: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    question: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    subject: orm.Mapped[str | None] = orm.mapped_column(sa.String(60))
    value: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    reason: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class Narrative(columns.Model):
    """Why an item is rated so, in the reviewer's words."""

    __tablename__ = "narratives"
    __table_args__ = (sa.UniqueConstraint("review_id", "item"),)

    id: orm.Mapped[columns.Key]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id", index=False)
    item: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    text: orm.Mapped[columns.Secret]
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class TextVersion(columns.Model):
    """Every text that was saved, by its place ("SRM05", "SRM05.b"). Only retention empties one."""

    __tablename__ = "text_versions"
    __table_args__ = (sa.UniqueConstraint("review_id", "place", "revision"),)

    id: orm.Mapped[columns.Key]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id", index=False)
    place: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    revision: orm.Mapped[int]
    text: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class ReviewSubject(columns.Model):
    """One child, parent, report ... whom repeated questions are asked of: its kind, as the
    instrument names it, and the least that tells it from others ("Mother"). Never deleted."""

    __tablename__ = "review_subjects"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    kind: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    label: orm.Mapped[columns.Secret]
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]
    removed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    removed_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )


class Evidence(columns.Model):
    """Where an item's answers were learned. Taken away with `removed_at`, never deleted.

    `protected` marks substance-use treatment evidence (42 CFR Part 2); `interview` is the public
    id of the interview that it points to, if it does.
    """

    __tablename__ = "evidence"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    item: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    kind: orm.Mapped[EvidenceKind] = orm.mapped_column(columns.enum_type(EvidenceKind))
    source: orm.Mapped[EvidenceSource] = orm.mapped_column(columns.enum_type(EvidenceSource))
    detail: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    protected: orm.Mapped[bool] = orm.mapped_column(default=False)
    interview: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.Uuid())
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]
    removed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    removed_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )


class InterviewRow(columns.Model):
    """One person who should be heard, from the first word that is recorded of them.

    `label` is the least that tells one from another ("Mother", "Child A"); the notes stand apart
    from every narrative. `revisions` counts the changes of each field. Never deleted.
    """

    __tablename__ = "interviews"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    role: orm.Mapped[InterviewRole] = orm.mapped_column(columns.enum_type(InterviewRole))
    label: orm.Mapped[columns.Secret]
    outcome: orm.Mapped[Outcome | None] = orm.mapped_column(columns.enum_type(Outcome))
    held_on: orm.Mapped[dt.date | None]
    how: orm.Mapped[How | None] = orm.mapped_column(columns.enum_type(How))
    reason: orm.Mapped[NotHeld | None] = orm.mapped_column(columns.enum_type(NotHeld))
    notes: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    revisions: orm.Mapped[dict[str, int]] = orm.mapped_column(columns.Json)
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]
    removed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    removed_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )


class Presence(columns.Model):
    """Who has a case review open, and where: a person's newest sign of life. Never an event."""

    __tablename__ = "presences"
    __table_args__ = (sa.UniqueConstraint("review_id", "person_id"),)

    id: orm.Mapped[columns.Key]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id", index=False)
    person_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    place: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    at: orm.Mapped[columns.Instant]


class StoredRating(columns.Model):
    """What the rules make of the answers, kept so that measures need not rate again.

    `rating` is null while something is missing; a check can always derive it anew. `overridden` is
    what counts in its place: set by a QA lead, or following from that by rule. `counted` is either.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "code"),
        sa.Index("ix_ratings_code_rating", "code", "rating"),
    )

    id: orm.Mapped[columns.Key]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id", index=False)
    level: orm.Mapped[RatingLevel] = orm.mapped_column(columns.enum_type(RatingLevel))
    component: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    code: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    rating: orm.Mapped[Rating | None] = orm.mapped_column(columns.enum_type(Rating))
    applies: orm.Mapped[bool | None]
    because: orm.Mapped[list[str]] = orm.mapped_column(columns.Json)
    missing: orm.Mapped[list[str]] = orm.mapped_column(columns.Json)
    overridden: orm.Mapped[Rating | None] = orm.mapped_column(
        columns.enum_type(Rating, constraint=False)
    )

    counted: orm.Mapped[Rating | None] = orm.column_property(sa.func.coalesce(overridden, rating))


class QaNote(columns.Model):
    """A question of QA about one question (`rules.asked`) or, where that is empty, about an item;
    where `item` is empty, about the fact that `question` names. `revision` counts its entries.
    """

    __tablename__ = "qa_notes"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    item: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    question: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    resolved_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    resolved_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )
    revision: orm.Mapped[int] = orm.mapped_column(default=1)


class QaEntry(columns.Model):
    """What was said on a QA note, or that it was resolved or reopened. Only retention empties one;
    nothing else is ever changed, by trigger. `client_key` is the page's: the same words under the
    same key were sent twice."""

    __tablename__ = "qa_entries"

    id: orm.Mapped[columns.Key]
    note_id: orm.Mapped[int] = columns.reference("qa_notes.id")
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    kind: orm.Mapped[EntryKind] = orm.mapped_column(columns.enum_type(EntryKind))
    text: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]
    client_key: orm.Mapped[uuid.UUID | None] = orm.mapped_column(sa.Uuid())


class Override(columns.Model):
    """A rating that a QA lead set against the computed one. Withdrawn, never deleted."""

    __tablename__ = "overrides"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    item: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    rating: orm.Mapped[Rating] = orm.mapped_column(columns.enum_type(Rating))
    computed: orm.Mapped[Rating] = orm.mapped_column(columns.enum_type(Rating, constraint=False))
    reason: orm.Mapped[columns.Secret]
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]
    withdrawn_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    withdrawn_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )


class SafetyAlert(columns.Model):
    """A danger to a child, seen in a review. Open until an answer to it is accepted.

    The hotline was called at `hotline_at`, null while it was not; `about_unit` keeps it from the
    unit that it concerns. When it is late was settled when it was raised.
    """

    __tablename__ = "safety_alerts"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    review_id: orm.Mapped[int] = columns.reference("case_reviews.id")
    state: orm.Mapped[AlertState] = orm.mapped_column(columns.enum_type(AlertState), index=True)
    urgency: orm.Mapped[Urgency] = orm.mapped_column(columns.enum_type(Urgency))
    seen: orm.Mapped[columns.Secret]
    child: orm.Mapped[columns.Secret]
    about_unit: orm.Mapped[bool]
    hotline_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    raised_by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    raised_at: orm.Mapped[columns.Instant]
    acknowledge_due_at: orm.Mapped[columns.Instant]
    answer_due_at: orm.Mapped[columns.Instant]

    review: orm.Mapped[CaseReview] = orm.relationship()


class SafetyAlertStep(columns.Model):
    """What happened to a safety alert: an answer or a reason with it. Append-only, by trigger.

    Nobody stands at a step that the clock took.
    """

    __tablename__ = "safety_alert_steps"

    id: orm.Mapped[columns.Key]
    alert_id: orm.Mapped[int] = columns.reference("safety_alerts.id")
    step: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    to_state: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    text: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True, index=False)
    at: orm.Mapped[columns.Instant]
