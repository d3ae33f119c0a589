"""A published report of the cast's region on a round with cases, as the register keeps it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import identifiers
from cqi.instruments.definition import Rating
from cqi.measures import actions as measures
from cqi.measures import queries
from cqi.measures.models import MeasureRun, Publication, PublicationRun
from cqi.places.models import Place
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.measures import stored
from tests.measures.stored import Review

S, ANI = Rating.STRENGTH, Rating.AREA_NEEDING_IMPROVEMENT


def rate(
    session: orm.Session, of: Round, county: Place, achieved: dict[str, int], count: int
) -> None:
    """So many final reviews; of each item, as many strengths as are asked for."""
    for number in range(count):
        ratings = {code: S if number < good else ANI for code, good in achieved.items()}
        wanted = Review(f"{of.id}-{county.id}-{number:03}", ratings)
        stored.review(session, of, county, wanted)


def publish(
    session: orm.Session, cast: Cast, of: Round, *, at: dt.datetime = build.NOW
) -> Publication:
    """The region's report on a round, published at an instant."""
    found = session.get_one(Round, of.id)
    run = measures.freeze_run(session, queries.asked_of(found), actor=None, now=at)
    return register(session, cast.region.id, run, cast.cqi_director.id, at)


def register(
    session: orm.Session, place_id: int, run: MeasureRun, by: int, at: dt.datetime = build.NOW
) -> Publication:
    """The line of a region's report in the register."""
    row = Publication(
        public_id=identifiers.uuid7(),
        level="region",
        place_id=place_id,
        title=f"Region report, {session.get_one(Place, place_id).name}",
        language="en",
        digest="0" * 64,
        approved_at=at,
        approved_by_id=by,
        published_at=at,
        published_by_id=by,
    )
    session.add(row)
    session.flush()
    session.add(PublicationRun(publication_id=row.id, run_id=run.id))
    session.flush()
    return row


def notices(session: orm.Session, kind: str) -> list[int]:
    """Ids of the people who have a notice of a kind, in order."""
    query = sa.text("select person_id from notices where kind = :kind order by person_id")
    return list(session.scalars(query, {"kind": kind}))
