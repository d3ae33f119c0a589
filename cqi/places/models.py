"""Places as a tree: which place belongs to which is dated, because maps change."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns
from cqi.places.rules import PlaceKind


class Place(columns.Model):
    """A state, region, county or unit. `code` is a county's FIPS code, else a short label."""

    __tablename__ = "places"
    __table_args__ = (sa.UniqueConstraint("kind", "code"),)

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    kind: orm.Mapped[PlaceKind] = orm.mapped_column(columns.enum_type(PlaceKind))
    code: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    name: orm.Mapped[str] = orm.mapped_column(sa.String(120))


class PlaceMembership(columns.Model):
    """`place` belongs to `parent` from a date, until a date (not included) where it has one."""

    __tablename__ = "place_memberships"
    __table_args__ = (
        sa.UniqueConstraint("place_id", "from_on"),
        sa.CheckConstraint("until_on is null or until_on > from_on", name="dates"),
    )

    id: orm.Mapped[columns.Key]
    place_id: orm.Mapped[int] = columns.reference("places.id")
    parent_id: orm.Mapped[int] = columns.reference("places.id")
    from_on: orm.Mapped[columns.Day]
    until_on: orm.Mapped[dt.date | None]
    confirmed: orm.Mapped[bool] = orm.mapped_column(default=False)
    source: orm.Mapped[str] = orm.mapped_column(sa.Text())
