"""Counties that a region named on a report, and what was said of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.measures.models import MeasureRun, PublicationRun
from cqi.places.models import Place
from cqi.plans import rules
from cqi.plans.models import PlanCall
from cqi.plans.queries import due
from cqi.rounds.models import Round


@dataclass(frozen=True)
class Said:
    """That a county was named, or taken back: by whom, when in words, and why; `on` is a round."""

    named: bool
    county: str
    by: str
    when: str
    reason: str
    on: str


def named(session: orm.Session, one: due.Reported, place: uuid.UUID) -> tuple[int, str]:
    """(id, name) of a county that is named on a report. Raises NotFound."""
    ids = [call.county_id for call in one.calls]
    query = sa.select(Place.id, Place.name).where(Place.public_id == place, Place.id.in_(ids))
    found = session.execute(query).one_or_none()
    if found is None:
        raise errors.NotFound("this county is not named on such a report")
    return found.id, found.name


def said_of_counties(
    session: orm.Session, one: due.Reported, today: rules.Today
) -> tuple[Said, ...]:
    """Each naming on a report and each that was taken back, in their order."""
    return tuple(said for _, said in _said(session, today, Round.id == one.round_id))


def spared(session: orm.Session, actor: Actor, today: rules.Today) -> tuple[Said, ...]:
    """Counties within the actor's reach that were taken back in the last weeks and not named anew,
    the newest first."""
    reach = actor.reach(Permission.PLAN_SEE)
    mine = sa.true() if reach.everywhere else PlanCall.county_id.in_(reach.places)
    since = dt.datetime.combine(today.day - _SHOWN, dt.time(), today.zone)
    newest: dict[tuple[int, int], Said] = {}
    for key, said in reversed(list(_said(session, today, mine, PlanCall.at >= since))):
        newest.setdefault(key, said)
    return tuple(said for said in newest.values() if not said.named)


_SHOWN = dt.timedelta(weeks=6)


def _said(
    session: orm.Session, today: rules.Today, *where: sa.ColumnElement[bool]
) -> Iterator[tuple[tuple[int, int], Said]]:
    """((round, county), what was said of it), in their order."""
    query = (
        sa.select(PlanCall, Place.name, Person.name.label("by"), Round.id, Round.name.label("on"))
        .join(Place, Place.id == PlanCall.county_id)
        .join(Person, Person.id == PlanCall.by_id)
        .join(PublicationRun, PublicationRun.publication_id == PlanCall.publication_id)
        .join(MeasureRun, MeasureRun.id == PublicationRun.run_id)
        .join(Round, Round.id == MeasureRun.round_id)
        .where(*where)
        .order_by(PlanCall.id)
    )
    for row, county, by, round_id, on in session.execute(query):
        key = round_id, row.county_id
        yield key, Said(row.named, county, by, today.words(row.at), row.reason, on)
