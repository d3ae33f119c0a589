"""Frozen runs: what a figure rests on, kept so that anybody can make it again; and the counts of
rounds, kept so that a page need not count anew."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns


class MeasureRun(columns.Model):
    """The frozen rows of one run. `run_id` is the digest of rows and formula version.

    Append-only, by trigger.
    """

    __tablename__ = "measure_runs"

    id: orm.Mapped[columns.Key]
    run_id: orm.Mapped[str] = orm.mapped_column(sa.String(64), unique=True)
    formula_version: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    round_id: orm.Mapped[int] = columns.reference("rounds.id")
    compare_round_id: orm.Mapped[int | None] = columns.reference("rounds.id", nullable=True)
    frozen: orm.Mapped[dict[str, Any]] = orm.mapped_column(columns.Json)
    created_at: orm.Mapped[columns.Instant]
    created_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)


class PooledRun(columns.Model):
    """A state's run: `name` of the state, and in `runs` the run ids of its regions by their names,
    those that are added up under "runs" and those that stand beside them under "beside".

    Append-only, by trigger.
    """

    __tablename__ = "pooled_runs"

    id: orm.Mapped[columns.Key]
    run_id: orm.Mapped[str] = orm.mapped_column(sa.String(64), unique=True)
    formula_version: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    name: orm.Mapped[str] = orm.mapped_column(sa.String(200))
    runs: orm.Mapped[dict[str, Any]] = orm.mapped_column(columns.Json)
    created_at: orm.Mapped[columns.Instant]
    created_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )


class Publication(columns.Model):
    """The register of publications: what was published about a place, with the digest over its
    files, who approved it and when. Append-only, by trigger. `level` is county, region or state."""

    __tablename__ = "publications"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    level: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    place_id: orm.Mapped[int] = columns.reference("places.id")
    title: orm.Mapped[str] = orm.mapped_column(sa.String(400))
    language: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    approved_at: orm.Mapped[columns.Instant]
    approved_by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    published_at: orm.Mapped[columns.Instant]
    published_by_id: orm.Mapped[int] = columns.reference("people.id", index=False)

    runs: orm.Mapped[list[PublicationRun]] = orm.relationship(order_by="PublicationRun.run_id")


class PublicationRun(columns.Model):
    """A run that a publication rests on: one, or one a region for a state. Append-only, by
    trigger."""

    __tablename__ = "publication_runs"
    __table_args__ = (sa.PrimaryKeyConstraint("publication_id", "run_id"),)

    publication_id: orm.Mapped[int] = columns.reference("publications.id", index=False)
    run_id: orm.Mapped[int] = columns.reference("measure_runs.id")

    run: orm.Mapped[MeasureRun] = orm.relationship()


class Rollup(columns.Model):
    """That a round's counts were kept, and how its stamp stood when they were read: they hold for
    as long as it stands so."""

    __tablename__ = "rollups"

    round_id: orm.Mapped[int] = orm.mapped_column(
        columns.BigInt, sa.ForeignKey("rounds.id"), primary_key=True, autoincrement=False
    )
    stamp: orm.Mapped[int] = orm.mapped_column(columns.BigInt)
    made_at: orm.Mapped[columns.Instant]


class KeptRatings(columns.Model):
    """How many cases of a round's county and kind have a rating. `rating` is what was computed,
    None: not rated; `overridden` what QA set in its place."""

    __tablename__ = "kept_ratings"
    __table_args__ = (sa.Index("ix_kept_ratings_round_code", "round_id", "code"),)

    id: orm.Mapped[columns.Key]
    round_id: orm.Mapped[int] = columns.reference("rounds.id", index=False)
    county_id: orm.Mapped[int] = columns.reference("places.id", index=False)
    case_type: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    code: orm.Mapped[str] = orm.mapped_column(sa.String(20))
    rating: orm.Mapped[str | None] = orm.mapped_column(sa.String(40))
    overridden: orm.Mapped[str | None] = orm.mapped_column(sa.String(40))
    number: orm.Mapped[int]


class KeptReviews(columns.Model):
    """How many case reviews of a round's county and kind count (`why` is None) or do not."""

    __tablename__ = "kept_reviews"

    id: orm.Mapped[columns.Key]
    round_id: orm.Mapped[int] = columns.reference("rounds.id")
    county_id: orm.Mapped[int] = columns.reference("places.id", index=False)
    case_type: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    why: orm.Mapped[str | None] = orm.mapped_column(sa.String(40))
    imported: orm.Mapped[bool]
    number: orm.Mapped[int]
