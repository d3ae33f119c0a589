"""The secret address under which somebody's own calendar reads their deadlines."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.plans.models import CalendarFeed
from cqi.plans.queries import calendar


def make_feed(session: orm.Session, *, actor: Actor, now: dt.datetime) -> str:
    """A new secret, which is shown once; the one before stops working."""
    secret = secrets.token_urlsafe(32)
    row = calendar.feed(session, actor) or CalendarFeed(person_id=actor.person_id)
    row.digest, row.made_at = calendar.digest(secret), now
    session.add(row)
    _record(session, actor, now, "made")
    return secret


def end_feed(session: orm.Session, *, actor: Actor, now: dt.datetime) -> None:
    """The address stops working. Raises Blocked where there is none."""
    row = calendar.feed(session, actor)
    if row is None:
        errors.require([Blocker("no_feed", "You have no calendar address: there is none to end.")])
    session.delete(row)
    _record(session, actor, now, "ended")


def _record(session: orm.Session, actor: Actor, now: dt.datetime, what: str) -> None:
    session.flush()
    happening = events.Happening(f"plans.calendar_feed_{what}", actor.person_id, now)
    events.record(session, events.Stream("person", actor.public_id), happening, {})
