"""Reports with a life, what analysts write in them, and the files as they were published."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns, encryption
from cqi.measures.models import Publication
from cqi.places.models import Place
from cqi.reporting.rules.reports import Level, ReportState
from cqi.rounds.models import Round


class ReportRow(columns.Model):
    """A report about a place: of a round (its last day on site is the day), or of a state as of a
    day.

    `approved_run` is the digest of the figures that whoever approved it saw; `publication_id` is
    where it stands in the register, once it is published.
    """

    __tablename__ = "reports"
    __table_args__ = (
        sa.CheckConstraint("(round_id is null) = (level = 'state')", name="about"),
        sa.CheckConstraint("(approved_run is null) = (approved_at is null)", name="approved"),
        sa.CheckConstraint(
            "(publication_id is not null) = (state in ('published', 'superseded'))",
            name="published",
        ),
    )

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    level: orm.Mapped[Level] = orm.mapped_column(columns.enum_type(Level))
    place_id: orm.Mapped[int] = columns.reference("places.id")
    round_id: orm.Mapped[int | None] = columns.reference("rounds.id", nullable=True)
    as_of_on: orm.Mapped[columns.Day]
    language: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    due_on: orm.Mapped[columns.Day]
    state: orm.Mapped[ReportState] = orm.mapped_column(columns.enum_type(ReportState))
    state_since: orm.Mapped[columns.Instant]
    approved_run: orm.Mapped[str | None] = orm.mapped_column(sa.String(64))
    approved_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    approved_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )
    publication_id: orm.Mapped[int | None] = columns.reference("publications.id", nullable=True)
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    created_at: orm.Mapped[columns.Instant]
    created_by_id: orm.Mapped[int] = columns.reference("people.id", index=False)

    place: orm.Mapped[Place] = orm.relationship()
    round: orm.Mapped[Round | None] = orm.relationship()
    publication: orm.Mapped[Publication | None] = orm.relationship()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - the library's name and form


class ReportStep(columns.Model):
    """One step of a report, with its reason. Append-only, by trigger."""

    __tablename__ = "report_steps"

    id: orm.Mapped[columns.Key]
    report_id: orm.Mapped[int] = columns.reference("reports.id")
    step: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    reason: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class ReportComment(columns.Model):
    """What somebody said of a report in review; `section` is that of a narrative, or empty for
    the whole. Append-only, by trigger."""

    __tablename__ = "report_comments"

    id: orm.Mapped[columns.Key]
    report_id: orm.Mapped[int] = columns.reference("reports.id")
    section: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    text: orm.Mapped[columns.Secret]
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class ReportNarrative(columns.Model):
    """An analyst's words in one section of a report."""

    __tablename__ = "report_narratives"
    __table_args__ = (sa.UniqueConstraint("report_id", "section"),)

    id: orm.Mapped[columns.Key]
    report_id: orm.Mapped[int] = columns.reference("reports.id", index=False)
    section: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    text: orm.Mapped[columns.Secret]
    revision: orm.Mapped[int] = orm.mapped_column(default=1)
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class NarrativeVersion(columns.Model):
    """Every text that was saved in a section. Its words can be emptied, and nothing else."""

    __tablename__ = "narrative_versions"
    __table_args__ = (sa.UniqueConstraint("report_id", "section", "revision"),)

    id: orm.Mapped[columns.Key]
    report_id: orm.Mapped[int] = columns.reference("reports.id", index=False)
    section: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    revision: orm.Mapped[int]
    text: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    at: orm.Mapped[columns.Instant]


class PublishedFile(columns.Model):
    """A file of a publication, as its very bytes. Append-only, by trigger.

    `ending` is html, pdf, xlsx, csv or json; `digest` is the SHA-256 of the content.
    """

    __tablename__ = "published_files"
    __table_args__ = (sa.UniqueConstraint("publication_id", "ending"),)

    id: orm.Mapped[columns.Key]
    publication_id: orm.Mapped[int] = columns.reference("publications.id", index=False)
    ending: orm.Mapped[str] = orm.mapped_column(sa.String(10))
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    content: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary(), deferred=True)


class Pack(columns.Model):
    """Every county's report as of a day, asked for by somebody and drawn by a job.

    It is for that person alone, and is deleted a day later. `problem` says why it was given up.
    """

    __tablename__ = "packs"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    as_of_on: orm.Mapped[columns.Day]
    asked_by_id: orm.Mapped[int] = columns.reference("people.id")
    asked_at: orm.Mapped[columns.Instant]
    problem: orm.Mapped[str | None] = orm.mapped_column(sa.String(400))


class PackFile(columns.Model):
    """A county's report in a pack: its part in a round as PDF, None until it is drawn. Small
    numbers stand in it, so that it is encrypted."""

    __tablename__ = "pack_files"
    __table_args__ = (sa.UniqueConstraint("pack_id", "county_id"),)

    id: orm.Mapped[columns.Key]
    pack_id: orm.Mapped[int] = columns.reference("packs.id", index=False)
    round_id: orm.Mapped[int] = columns.reference("rounds.id", index=False)
    county_id: orm.Mapped[int] = columns.reference("places.id", index=False)
    content: orm.Mapped[bytes | None] = orm.mapped_column(
        encryption.EncryptedBytes(), deferred=True
    )
