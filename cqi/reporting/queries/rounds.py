"""Rounds that have results, as far as the actor's grants reach."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.places import queries as places
from cqi.places.models import Place
from cqi.reporting.rules import sentences
from cqi.reporting.rules.content import CountyMap
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round, RoundCounty
from cqi.rounds.rules import ROUND_KIND_WORDS


@dataclass(frozen=True)
class Result:
    """A round in the list of results. `open` counts case reviews that are not final yet."""

    public_id: uuid.UUID
    name: str
    kind: str
    place: str
    on_site: str
    final: int
    open: int
    compares_with: str
    region_id: uuid.UUID | None = None


def results(session: orm.Session, actor: Actor) -> list[Result]:
    """The rounds that the actor may see reports of: by place, the newest first."""
    query = (
        sa.select(Round)
        .where(reported(actor))
        .options(orm.joinedload(Round.compares_with))
        .order_by(Round.on_site_from.desc(), Round.name)
    )
    rounds = list(session.scalars(query))
    places, counts = place_names(session, rounds), _counts(session, rounds)
    ids = _region_ids(session, rounds)
    found = (
        replace(
            _result(one, places[one.id], counts.get(one.id, (0, 0))),
            region_id=ids.get(one.region_id),
        )
        for one in rounds
    )
    return sorted(found, key=lambda result: result.place)


def _region_ids(session: orm.Session, rounds: list[Round]) -> dict[int | None, uuid.UUID]:
    """A region's id -> its public one."""
    regions = {one.region_id for one in rounds if one.region_id is not None}
    query = sa.select(Place.id, Place.public_id).where(Place.id.in_(sorted(regions)))
    return {row.id: row.public_id for row in session.execute(query)}


def round_of(session: orm.Session, actor: Actor | None, public_id: uuid.UUID) -> Round:
    """The round of a report; NotFound where there is none within reach. No actor: a command."""
    query = sa.select(Round).where(Round.public_id == public_id)
    if actor is not None:
        query = query.where(reported(actor))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such round")
    return found


def place_names(session: orm.Session, rounds: list[Round]) -> Mapping[int, str]:
    """Round id -> the name of its region, else of its counties."""
    regions = {one.region_id for one in rounds if one.region_id is not None}
    query = sa.select(Place.id, Place.name).where(Place.id.in_(sorted(regions)))
    names = {row.id: row.name for row in session.execute(query)}
    return {
        one.id: names[one.region_id]
        if one.region_id is not None
        else sentences.listing([name for _, name in counties(session, one)])
        for one in rounds
    }


def counties(session: orm.Session, one: Round) -> tuple[tuple[str, str], ...]:
    """(FIPS code, name) of a round's counties, by name."""
    query = (
        sa.select(Place.code, Place.name)
        .join(RoundCounty, RoundCounty.county_id == Place.id)
        .where(RoundCounty.round_id == one.id)
        .order_by(Place.name)
    )
    return tuple((code, name) for code, name in session.execute(query))


def addresses(session: orm.Session, one: Round) -> list[tuple[uuid.UUID, str]]:
    """(public id, name) of a round's counties, by name."""
    query = (
        sa.select(Place.public_id, Place.name)
        .join(RoundCounty, RoundCounty.county_id == Place.id)
        .where(RoundCounty.round_id == one.id)
        .order_by(Place.name)
    )
    return [(public_id, name) for public_id, name in session.execute(query)]


def county_map(session: orm.Session, one: Round, today: dt.date) -> CountyMap:
    """The map that a round's counties were taken by, that of its first day on site, and which of
    them have gone to another region since."""
    ids = sa.select(RoundCounty.county_id).where(RoundCounty.round_id == one.id)
    stays = places.stays(session, session.scalars(ids).all())
    day = one.on_site_from
    then = [each for each in stays if each.from_on <= day < (each.until_on or dt.date.max)]
    moved = [each for each in stays if day < each.from_on <= today]
    return CountyMap(
        on=day if one.region_id is not None else None,
        confirmed=all(each.confirmed for each in then),
        moved=tuple((each.county.name, each.region.name, each.from_on) for each in moved),
    )


def county_of(
    session: orm.Session, actor: Actor, public_id: uuid.UUID, county: uuid.UUID
) -> tuple[Round, str]:
    """A round and the FIPS code of one of its counties; NotFound where the report of that county's
    part is not within reach: whoever reaches the county reads it, or the whole round's report."""
    reach, held = actor.reach(Permission.REPORT_SEE), orm.aliased(RoundCounty)
    query = (
        sa.select(Round, Place.code)
        .join(held, held.round_id == Round.id)
        .join(Place, Place.id == held.county_id)
        .where(
            Round.public_id == public_id,
            Place.public_id == county,
            sa.or_(reported(actor), Place.id.in_(sorted(reach.places))),
        )
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise errors.NotFound("there is no such county in the round")
    return found.Round, found.code


def reaches(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> bool:
    """Whether the actor may read the report of the whole round."""
    query = sa.select(Round.id).where(Round.public_id == public_id, reported(actor))
    return bool(session.scalar(query))


def reported(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `Round`: of a region within reach of reports; one of counties alone only if
    all of them are."""
    reach = actor.reach(Permission.REPORT_SEE)
    if reach.everywhere:
        return sa.true()
    places = sorted(reach.places)
    outside = sa.exists().where(
        RoundCounty.round_id == Round.id, RoundCounty.county_id.not_in(places)
    )
    inside = sa.exists().where(RoundCounty.round_id == Round.id, RoundCounty.county_id.in_(places))
    return sa.or_(
        Round.id.in_(sorted(reach.rounds)),
        Round.region_id.in_(places),
        sa.and_(Round.region_id.is_(None), inside, ~outside),
    )


def _counts(session: orm.Session, rounds: list[Round]) -> dict[int, tuple[int, int]]:
    """Round id -> (final, not final yet) of the case reviews that count."""
    final = sa.func.count().filter(CaseReview.state == ReviewState.FINAL)
    ended = (ReviewState.FINAL, ReviewState.WITHDRAWN)
    still = sa.func.count().filter(CaseReview.state.not_in(ended))
    query = (
        sa.select(CaseReview.round_id, final, still)
        .where(
            CaseReview.round_id.in_([one.id for one in rounds]),
            CaseReview.purpose == ReviewPurpose.SCORED,
            CaseReview.reading == 1,
        )
        .group_by(CaseReview.round_id)
    )
    return {round_id: (done, left) for round_id, done, left in session.execute(query)}


def _result(one: Round, place: str, counts: tuple[int, int]) -> Result:
    return Result(
        public_id=one.public_id,
        name=one.name,
        kind=ROUND_KIND_WORDS[one.kind],
        place=place,
        on_site=sentences.days(one.on_site_from, one.on_site_to),
        final=counts[0],
        open=counts[1],
        compares_with=one.compares_with.name if one.compares_with else "",
    )
