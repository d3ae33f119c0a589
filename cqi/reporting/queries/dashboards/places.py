"""The regions and counties whose figures somebody may see, and the rounds that looked at them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.places import queries as place_queries
from cqi.places.models import Place as Place
from cqi.places.rules import PlaceKind
from cqi.reporting.queries import rounds
from cqi.reporting.rules import sentences
from cqi.reporting.rules.dashboards import RoundWords
from cqi.rounds.models import Round, RoundCounty
from cqi.rounds.rules import ROUND_KIND_WORDS

_NEWEST_FIRST = (Round.on_site_from.desc(), Round.name)


def _within(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `Place`: those within reach of reports."""
    reach = actor.reach(Permission.REPORT_SEE)
    return sa.true() if reach.everywhere else Place.id.in_(sorted(reach.places))


def regions(session: orm.Session, actor: Actor) -> list[Place]:
    """The regions within reach, by name."""
    query = sa.select(Place).where(Place.kind == PlaceKind.REGION, _within(actor))
    return list(session.scalars(query.order_by(Place.name)))


def region(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Place:
    """A region within reach. Raises NotFound."""
    return _one(session, actor, PlaceKind.REGION, public_id)


def county(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Place:
    """A county within reach. Raises NotFound."""
    return _one(session, actor, PlaceKind.COUNTY, public_id)


def _one(session: orm.Session, actor: Actor, kind: PlaceKind, public_id: uuid.UUID) -> Place:
    query = sa.select(Place).where(Place.kind == kind, Place.public_id == public_id, _within(actor))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such place")
    return found


def region_above(session: orm.Session, actor: Actor, one: Place, on: dt.date) -> Place | None:
    """The region that a county lies in on a day, where that is within reach."""
    above = place_queries.above(session, [one.id], on)
    query = sa.select(Place).where(
        Place.id.in_(above), Place.kind == PlaceKind.REGION, _within(actor)
    )
    return session.scalar(query)


def rounds_of_regions(session: orm.Session, actor: Actor, places: list[Place]) -> list[Round]:
    """The rounds of regions, the newest first."""
    ids = [one.id for one in places]
    return _rounds(session, Round.region_id.in_(ids), rounds.reported(actor))


def rounds_of_county(session: orm.Session, one: Place) -> list[Round]:
    """The rounds that looked at a county, the newest first: its own counts are for whoever may
    see the county."""
    there = sa.select(RoundCounty.round_id).where(RoundCounty.county_id == one.id)
    return _rounds(session, Round.id.in_(there))


def _rounds(session: orm.Session, *where: sa.ColumnElement[bool]) -> list[Round]:
    query = sa.select(Round).where(*where).options(orm.joinedload(Round.compares_with))
    return list(session.scalars(query.order_by(*_NEWEST_FIRST)))


def counties(
    session: orm.Session, actor: Actor, one: Round, others: Collection[str] = ()
) -> dict[str, tuple[str, str]]:
    """FIPS code -> (name, public id or "" where it is not within reach) of a round's counties, by
    name; `others` are counties where its cases have gone since."""
    own = sa.select(RoundCounty.county_id).where(RoundCounty.round_id == one.id)
    query = (
        sa.select(Place.code, Place.name, Place.public_id, _within(actor))
        .where(Place.kind == PlaceKind.COUNTY)
        .where(sa.or_(Place.id.in_(own), Place.code.in_(sorted(others))))
        .order_by(Place.name)
    )
    return {
        code: (name, str(public_id) if reached else "")
        for code, name, public_id, reached in session.execute(query)
    }


def words(one: Round) -> RoundWords:
    """A round as pages name it."""
    return RoundWords(
        public_id=str(one.public_id),
        title=_title(one),
        name=one.name,
        on_site=sentences.days(one.on_site_from, one.on_site_to),
        items=tuple(one.items or ()),
        compares_with=_title(one.compares_with) if one.compares_with else "",
    )


def _title(one: Round) -> str:
    return f"{ROUND_KIND_WORDS[one.kind]} {one.on_site_to.year}"
