"""Packs of every county's report: asked for by a person, drawn by a job, deleted a day later."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.core import errors, events, faults, identifiers
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.core.errors import Blocker
from cqi.measures import actions as measures
from cqi.reporting.models import Pack, PackFile
from cqi.reporting.queries import packs, region, states
from cqi.rounds.models import RoundCounty

_TRIES = 3  # of a round that fails, before its pack is given up
_logger = logging.getLogger(__name__)
_GIVEN_UP = (
    "A report could not be drawn. Ask for a new pack; if that fails too, tell an administrator."
)


def ask(session: orm.Session, *, as_of: dt.date, actor: Actor, now: dt.datetime) -> Pack:
    """Ask for a pack as of a day; where one of the actor's is being drawn already, it is that.

    Raises Forbidden, Blocked where no county has a round by then.
    """
    packs.authorise(actor)
    going_on = [one.row for one in packs.packs(session, actor) if one.going_on]
    if going_on:
        return going_on[0]
    counties = _counties(session, as_of)
    if not counties:
        message = "No region has a round with final case reviews by this day: take a later one."
        raise errors.Blocked([Blocker("no_rounds", message, "as_of")])
    made = Pack(
        public_id=identifiers.uuid7(), as_of_on=as_of, asked_by_id=actor.person_id, asked_at=now
    )
    session.add(made)
    session.flush()
    session.add_all(
        PackFile(pack_id=made.id, round_id=round_id, county_id=county_id)
        for county_id, round_id in counties.items()
    )
    session.flush()
    happening = events.Happening("pack.asked", actor.person_id, now)
    content = {"as_of": as_of.isoformat(), "reports": len(counties)}
    events.record(session, events.Stream("pack", made.public_id), happening, content)
    return made


def _counties(session: orm.Session, as_of: dt.date) -> dict[int, int]:
    """County -> its newest round, of all that are in a region's newest round."""
    newest = sorted(states.newest(session, as_of), key=lambda one: one.on_site_to)
    ids = [one.id for one in newest]
    query = sa.select(RoundCounty.round_id, RoundCounty.county_id)
    rows = session.execute(query.where(RoundCounty.round_id.in_(ids))).all()
    rows = sorted(rows, key=lambda row: ids.index(row.round_id))
    return {row.county_id: row.round_id for row in rows}


def draw(data: Database, clock: Clock) -> int:
    """Draw what packs still lack, each report in a transaction of its own, so that it goes on where
    it was stopped; how many were drawn."""
    number = 0
    tries: Counter[int] = Counter()
    while (wanted := _next(data)) is not None:
        try:
            number += _draw_round(data, clock, wanted)
        except Exception as error:
            tries[wanted.pack_id] += 1
            _logger.error("pack %s was not drawn\n%s", wanted.pack_id, faults.told(error))
            if tries[wanted.pack_id] < _TRIES:
                continue
            with data.writing() as session:
                session.get_one(Pack, wanted.pack_id).problem = _GIVEN_UP
    return number


def _next(data: Database) -> packs.Wanted | None:
    with data.reading() as session:
        return packs.next_wanted(session)


def _draw_round(data: Database, clock: Clock, wanted: packs.Wanted) -> int:
    today = clock.today()
    with data.writing() as session:
        drawer = packs.Drawer(today, bool(access.demonstration_people(session, today)))
        asked = region.asked_of(session, drawer.asked(session, wanted))
        measures.freeze_run(session, asked, actor=None, now=clock.now())
        reports = drawer.read(session, wanted)
    for file_id, code in wanted.files:
        content = packs.drawn(reports[code])
        with data.writing() as session:
            change = sa.update(PackFile).where(PackFile.id == file_id).values(content=content)
            session.execute(change)
    return len(wanted.files)


def forget(session: orm.Session, *, now: dt.datetime) -> int:
    """Delete the packs whose day is over; how many."""
    ids = packs.old(session, now)
    session.execute(sa.delete(PackFile).where(PackFile.pack_id.in_(ids)))
    session.execute(sa.delete(Pack).where(Pack.id.in_(ids)))
    return len(ids)
