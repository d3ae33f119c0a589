"""Counties that a region named on a report, and what was said of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.core import errors
from cqi.measures.models import MeasureRun, PublicationRun
from cqi.places.models import Place
from cqi.plans import rules
from cqi.plans.models import PlanCall
from cqi.plans.queries import due


@dataclass(frozen=True)
class Said:
    """That a county was named, or taken back: by whom, when in words, and why."""

    named: bool
    county: str
    by: str
    when: str
    reason: str


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
    query = (
        sa.select(PlanCall, Place.name, Person.name.label("by"))
        .join(Place, Place.id == PlanCall.county_id)
        .join(Person, Person.id == PlanCall.by_id)
        .join(PublicationRun, PublicationRun.publication_id == PlanCall.publication_id)
        .join(MeasureRun, MeasureRun.id == PublicationRun.run_id)
        .where(MeasureRun.round_id == one.round_id)
        .order_by(PlanCall.id)
    )
    return tuple(
        Said(row.named, county, by, today.words(row.at), row.reason)
        for row, county, by in session.execute(query)
    )
