"""What a report is about: a region's round, a county's part in one, or the state as of a day."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.reporting.models import ReportRow
from cqi.reporting.queries import records, states
from cqi.reporting.rules.reports import OPEN, Level
from cqi.rounds.models import Round


@dataclass(frozen=True)
class Subject:
    """A report's level, place and day: the last on site of its `round`, None for a state's."""

    level: Level
    place_id: int
    day: dt.date
    round: Round | None = None


def of_region(round_: Round) -> Subject:
    """A region's report is of a whole round. Raises Blocked where that is of counties alone."""
    if round_.region_id is None:
        message = "This round is of counties alone: a region's report needs a round of a region."
        raise errors.Blocked([Blocker("no_region", message)])
    return Subject(Level.REGION, round_.region_id, round_.on_site_to, round_)


def of_county(session: orm.Session, round_: Round, code: str) -> Subject:
    """A county's report is of its part in a round."""
    county = places.place(session, PlaceKind.COUNTY, code)
    return Subject(Level.COUNTY, county.id, round_.on_site_to, round_)


def of_state(session: orm.Session, as_of: dt.date) -> Subject:
    """The state's report is as of a day. Raises Blocked where nothing is final by then."""
    if not states.rounds(session, as_of):
        message = f"No region has a round with final case reviews by {as_of}: take a later day."
        raise errors.Blocked([Blocker("no_rounds", message)])
    state = places.of_kind(session, PlaceKind.STATE)[0]
    return Subject(Level.STATE, state.id, as_of)


def of(row: ReportRow) -> Subject:
    """What a report that was begun is about."""
    return Subject(row.level, row.place_id, row.as_of_on, row.round)


def open_for(session: orm.Session, subject: Subject) -> ReportRow | None:
    """The report that is being worked on about this, if there is one: a state has one at a time."""
    return session.scalars(_open(subject)).first()


def working_on(session: orm.Session, actor: Actor, subject: Subject) -> uuid.UUID | None:
    """Its id, where the actor may see it."""
    found = session.scalars(_open(subject).where(records.visible(actor))).first()
    return found.public_id if found else None


def _open(subject: Subject) -> sa.Select[Any]:
    row = ReportRow
    about = (row.level == subject.level, row.place_id == subject.place_id)
    query = sa.select(row).where(*about, row.state.in_(OPEN))
    return query if subject.round is None else query.where(row.round_id == subject.round.id)
