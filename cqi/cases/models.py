"""Cases and the staff who work them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.rules import CaseType, ConflictKind, Hold, StaffKind
from cqi.core import columns, encryption
from cqi.places.models import Place


class Case(columns.Model):
    """One case, known by its number. The child stands as an initial and a year, encrypted."""

    __tablename__ = "cases"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    case_number: orm.Mapped[str] = orm.mapped_column(sa.String(60), unique=True)
    case_type: orm.Mapped[CaseType] = orm.mapped_column(columns.enum_type(CaseType))
    county_id: orm.Mapped[int] = columns.reference("places.id")
    unit_id: orm.Mapped[int | None] = columns.reference("places.id", nullable=True)
    opened_on: orm.Mapped[dt.date | None]
    closed_on: orm.Mapped[dt.date | None]
    entered_care_on: orm.Mapped[dt.date | None]
    discharged_on: orm.Mapped[dt.date | None]
    child_initial: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    child_birth_year: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    family_id: orm.Mapped[str | None] = orm.mapped_column(sa.String(60), index=True)
    hold: orm.Mapped[Hold | None] = orm.mapped_column(columns.enum_type(Hold))
    imported_at: orm.Mapped[columns.Instant]

    county: orm.Mapped[Place] = orm.relationship(foreign_keys=[county_id])
    staff: orm.Mapped[list[CaseStaff]] = orm.relationship(back_populates="case")


class CaseStaff(columns.Model):
    """Who works or supervises a case: feedback goes to them, conflicts of interest come from it."""

    __tablename__ = "case_staff"
    __table_args__ = (sa.UniqueConstraint("case_id", "kind", "staff_id", "from_on"),)

    id: orm.Mapped[columns.Key]
    case_id: orm.Mapped[int] = columns.reference("cases.id")
    kind: orm.Mapped[StaffKind] = orm.mapped_column(columns.enum_type(StaffKind))
    staff_id: orm.Mapped[str] = orm.mapped_column(sa.String(40), index=True)
    from_on: orm.Mapped[columns.Day]
    until_on: orm.Mapped[dt.date | None]

    case: orm.Mapped[Case] = orm.relationship(back_populates="staff")


class ConflictOfInterest(columns.Model):
    """Somebody who cannot judge a case, or any case of a family, freely. By number, not by row: it
    can be declared before the case is brought in. Withdrawn with a reason, never deleted."""

    __tablename__ = "conflicts_of_interest"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    person_id: orm.Mapped[int] = columns.reference("people.id")
    case_number: orm.Mapped[str] = orm.mapped_column(sa.String(60), index=True)
    family_id: orm.Mapped[str | None] = orm.mapped_column(sa.String(60), index=True)
    kind: orm.Mapped[ConflictKind] = orm.mapped_column(columns.enum_type(ConflictKind))
    note: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
    declared_by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    declared_at: orm.Mapped[columns.Instant]
    withdrawn_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    withdrawn_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )
    withdrawal_reason: orm.Mapped[str | None] = orm.mapped_column(encryption.EncryptedText())
