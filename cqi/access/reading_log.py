"""That somebody opened case content or a publication: once per person, thing, purpose and hour.

A page that shows answers, narratives or feedback calls `record_read` before it renders, one of a
publication `record_opened`. Most calls do nothing: this process remembers what it has written
down in the current hour.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from typing import NamedTuple

import flask
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import current
from cqi.core import events

KIND = "review.read"
OPENED = "publication.opened"
KINDS = (KIND, OPENED)


class _Key(NamedTuple):
    """Who opened what, and why."""

    actor_id: int
    stream: events.Stream
    kind: str
    purpose: str


class _Hour:
    """What was written down since the hour began, by this process and installation."""

    def __init__(self) -> None:
        self.start: dt.datetime | None = None
        self.seen: set[_Key] = set()
        self.lock = threading.Lock()

    def knows(self, key: _Key, start: dt.datetime) -> bool:
        with self.lock:
            if self.start != start:
                self.start, self.seen = start, set()
            return key in self.seen

    def remember(self, key: _Key) -> None:
        with self.lock:
            self.seen.add(key)


def record_read(review: uuid.UUID, *, purpose: str) -> None:
    """Log that the actor reads a case review's content, in a short transaction of its own.

    `review` is its public id; `purpose` is why: "scoring", "qa", "feedback", "oversight",
    "print", "protected evidence", "reconsideration". In a request that writes, the event goes into
    the request's own transaction instead, and into one of its own afterwards where that was given
    up: a refused form shows the content too.
    """
    _record(events.Stream("review", review), KIND, purpose)


def record_opened(publication: uuid.UUID, *, purpose: str) -> None:
    """The same of a publication; `purpose` is "page", or the ending of the file."""
    _record(events.Stream("publication", publication), OPENED, purpose)


def _record(stream: events.Stream, kind: str, purpose: str) -> None:
    actor_id, now = current.actor().person_id, current.now()
    start = now.replace(minute=0, second=0, microsecond=0)
    key, hour = _Key(actor_id, stream, kind, purpose), _hour()
    if hour.knows(key, start):
        return
    if current.writes():
        _write_down(current.session(), key, start, now)
        flask.after_this_request(lambda response: _see_to_it(response, key, start, now))
        return
    _write_down_alone(key, start, now)


def _see_to_it(
    response: flask.Response, key: _Key, start: dt.datetime, now: dt.datetime
) -> flask.Response:
    if response.status_code >= current.FIRST_ERROR:
        _write_down_alone(key, start, now)
    else:
        _hour().remember(key)
    return response


def _write_down_alone(key: _Key, start: dt.datetime, now: dt.datetime) -> None:
    with current.database().writing() as session:
        _write_down(session, key, start, now)
    _hour().remember(key)


def _hour() -> _Hour:
    found: _Hour = flask.current_app.extensions.setdefault("cqi_reading_hour", _Hour())
    return found


def _write_down(session: orm.Session, key: _Key, start: dt.datetime, now: dt.datetime) -> None:
    events.hold(session, key.stream)  # else two tabs that open at the same moment both write it
    known = sa.select(events.Event.id).where(
        events.Event.stream_kind == key.stream.kind,
        events.Event.stream_id == key.stream.id,
        events.Event.kind == key.kind,
        events.Event.actor_id == key.actor_id,
        events.Event.purpose == key.purpose,
        events.Event.at >= start,
    )
    if session.scalar(known.limit(1)) is None:
        happening = events.Happening(key.kind, key.actor_id, now, key.purpose)
        events.record(session, key.stream, happening, current.whence())
