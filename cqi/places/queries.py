"""Which place lies where, on a date."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors
from cqi.places.models import Place as Place
from cqi.places.models import PlaceMembership
from cqi.places.rules import PlaceKind


@dataclass(frozen=True)
class Node:
    """A place with what lies below it on a date. `confirmed` is about its place in the tree."""

    id: int
    kind: PlaceKind
    code: str
    name: str
    confirmed: bool
    source: str
    since: dt.date | None
    below: tuple[Node, ...]
    public_id: uuid.UUID


def _on(day: dt.date) -> sa.ColumnElement[bool]:
    until = PlaceMembership.until_on
    return sa.and_(PlaceMembership.from_on <= day, sa.or_(until.is_(None), until > day))


def below(
    session: orm.Session | sa.Connection, place_ids: Iterable[int], on: dt.date
) -> frozenset[int]:
    """These places and everything below them on a date."""
    start = sa.select(Place.id).where(Place.id.in_(list(place_ids))).cte("below", recursive=True)
    step = (
        sa.select(PlaceMembership.place_id)
        .join(start, PlaceMembership.parent_id == start.c.id)
        .where(_on(on))
    )
    return frozenset(session.scalars(sa.select(start.union(step).c.id)))


def above(session: orm.Session, place_ids: Iterable[int], on: dt.date) -> frozenset[int]:
    """These places and everything above them on a date."""
    start = sa.select(Place.id).where(Place.id.in_(list(place_ids))).cte("above", recursive=True)
    step = (
        sa.select(PlaceMembership.parent_id)
        .join(start, PlaceMembership.place_id == start.c.id)
        .where(_on(on))
    )
    return frozenset(session.scalars(sa.select(start.union(step).c.id)))


def parents(session: orm.Session, on: dt.date) -> dict[int, int]:
    """Place id -> the id of the place that it belongs to on a date."""
    query = sa.select(PlaceMembership.place_id, PlaceMembership.parent_id).where(_on(on))
    return dict(session.execute(query).all())


def tree(session: orm.Session, on: dt.date) -> tuple[Node, ...]:
    """The places as they belong together on a date: those that belong to nothing, by name."""
    belongs = {
        row.place_id: row for row in session.scalars(sa.select(PlaceMembership).where(_on(on)))
    }
    children: dict[int | None, list[Place]] = {}
    for place in session.scalars(sa.select(Place).order_by(Place.name)):
        row = belongs.get(place.id)
        children.setdefault(row.parent_id if row else None, []).append(place)
    return tuple(_node(place, children, belongs) for place in children.get(None, []))


def _node(
    place: Place, children: dict[int | None, list[Place]], belongs: dict[int, PlaceMembership]
) -> Node:
    row = belongs.get(place.id)
    return Node(
        place.id,
        place.kind,
        place.code,
        place.name,
        confirmed=row.confirmed if row else True,
        source=row.source if row else "",
        since=row.from_on if row else None,
        below=tuple(_node(child, children, belongs) for child in children.get(place.id, [])),
        public_id=place.public_id,
    )


@dataclass(frozen=True)
class Stay:
    """A county's time in a region: from a day, until a day (not included) where it has one."""

    county: Place
    region: Place
    from_on: dt.date
    until_on: dt.date | None
    confirmed: bool
    source: str


def stays(session: orm.Session, county_ids: Iterable[int] | None = None) -> list[Stay]:
    """Where counties were, are and will be, by county and the newest first; None: all of them."""
    county, region = orm.aliased(Place), orm.aliased(Place)
    query = (
        sa.select(PlaceMembership, county, region)
        .join(county, county.id == PlaceMembership.place_id)
        .join(region, region.id == PlaceMembership.parent_id)
        .where(county.kind == PlaceKind.COUNTY)
        .order_by(county.name, PlaceMembership.from_on.desc())
    )
    if county_ids is not None:
        query = query.where(county.id.in_(list(county_ids)))
    return [
        Stay(of, there, row.from_on, row.until_on, row.confirmed, row.source)
        for row, of, there in session.execute(query)
    ]


def moves(session: orm.Session) -> list[tuple[Stay, Stay]]:
    """(before, after) of every county that goes from one region to another, the newest first."""
    all_stays = stays(session)
    found = [
        (before, after)
        for after, before in itertools.pairwise(all_stays)
        if before.county.id == after.county.id
    ]
    return sorted(found, key=lambda move: move[1].from_on, reverse=True)


def open_membership(session: orm.Session, county: Place) -> PlaceMembership | None:
    """Where a county last is put, without an end."""
    query = sa.select(PlaceMembership).where(
        PlaceMembership.place_id == county.id, PlaceMembership.until_on.is_(None)
    )
    return session.scalar(query)


def membership_until(session: orm.Session, county: Place, day: dt.date) -> PlaceMembership | None:
    """Where a county is until a day (not included)."""
    query = sa.select(PlaceMembership).where(
        PlaceMembership.place_id == county.id, PlaceMembership.until_on == day
    )
    return session.scalar(query)


def county(session: orm.Session, public_id: uuid.UUID) -> Place:
    """A county. Raises NotFound."""
    query = sa.select(Place).where(Place.public_id == public_id, Place.kind == PlaceKind.COUNTY)
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such county")
    return found


def place(session: orm.Session, kind: PlaceKind, code_or_name: str) -> Place:
    """A place by its code, else by its name. Raises NotFound."""
    wanted = code_or_name.strip()
    for column in (Place.code, Place.name):
        found = session.scalar(sa.select(Place).where(Place.kind == kind, column == wanted))
        if found is not None:
            return found
    raise errors.NotFound(f"there is no {kind} {wanted}: see the places page for names and codes")


def exists(session: orm.Session, kind: PlaceKind, code: str) -> bool:
    """True when a place of this kind has the code."""
    found = sa.select(Place.id).where(Place.kind == kind, Place.code == code)
    return session.scalar(found) is not None


def of_kind(session: orm.Session, kind: PlaceKind) -> list[Place]:
    """All places of a kind, by name."""
    return list(session.scalars(sa.select(Place).where(Place.kind == kind).order_by(Place.name)))


def names(session: orm.Session, place_ids: Iterable[int]) -> dict[int, str]:
    """Place id -> name."""
    query = sa.select(Place.id, Place.name).where(Place.id.in_(list(place_ids)))
    return dict(session.execute(query).all())
