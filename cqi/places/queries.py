"""Which place lies where, on a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors
from cqi.places.models import Place, PlaceMembership
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
    )


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
