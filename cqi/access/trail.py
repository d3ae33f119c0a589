"""The audit trail as an auditor reads it: who did or read what, when, from where and why.

Lines are events with the name of whoever acted. They hold ids, codes, counts and digests, since an
event holds nothing else.
"""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import reading_log
from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.core import errors, events
from cqi.documents import table_files

PAGE = 50


class About(enum.StrEnum):
    """Which events somebody asks for."""

    EVERYTHING = "everything"
    READS = "reads"
    CHANGES = "changes"
    REFUSALS = "refusals"
    ACCESS = "access"  # people, grants, sign-ins


_REFUSALS = ("access.refused", "access.not_found", "access.sign_in_failed")
_PEOPLE = "access.%"
_OF: Mapping[About, sa.ColumnElement[bool]] = {
    About.EVERYTHING: sa.true(),
    About.READS: events.Event.kind.in_(reading_log.KINDS),
    About.CHANGES: sa.and_(
        events.Event.kind.not_in(reading_log.KINDS), events.Event.kind.not_like(_PEOPLE)
    ),
    About.REFUSALS: events.Event.kind.in_(_REFUSALS),
    About.ACCESS: events.Event.kind.like(_PEOPLE),
}


@dataclass(frozen=True)
class Asked:
    """Which part of the trail: of one person (as the one who acts, or whom it is about), of one
    stream by its public id, from an instant until before another."""

    person: uuid.UUID | None = None
    thing: uuid.UUID | None = None
    about: About = About.EVERYTHING
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Line:
    """One event. `who` is empty where a command or the product itself acted."""

    id: int
    at: dt.datetime
    kind: str
    stream_kind: str
    stream_id: uuid.UUID
    sequence: int
    who: str
    person: uuid.UUID | None
    purpose: str
    payload: Mapping[str, Any]
    previous_hash: str
    hash: str


def lines(
    session: orm.Session, actor: Actor, asked: Asked, *, before: int | None = None
) -> list[Line]:
    """The newest lines, at most `PAGE` and one more where there are older ones. `before` is the id
    of the last line of the page before. Raises Forbidden."""
    _require(actor)
    query = _asked(asked).order_by(events.Event.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(events.Event.id < before)
    return [Line(*row) for row in session.execute(query)]


def count(session: orm.Session, actor: Actor, asked: Asked) -> int:
    """How many lines there are. Raises Forbidden."""
    _require(actor)
    counted = sa.select(sa.func.count()).select_from(_asked(asked).subquery())
    return session.scalar(counted) or 0


def all_lines(session: orm.Session, actor: Actor, asked: Asked) -> Iterator[Line]:
    """Every line, oldest first, a few hundred at a time. Raises Forbidden."""
    _require(actor)
    return for_command(session, asked)


def for_command(session: orm.Session, asked: Asked) -> Iterator[Line]:
    """The same for whoever holds the installation's keys."""
    query = _asked(asked).order_by(events.Event.id).execution_options(yield_per=500)
    return (Line(*row) for row in session.execute(query))


def _require(actor: Actor) -> None:
    if not actor.holds(Permission.AUDIT_SEE):
        raise errors.Forbidden("only an auditor reads the audit trail")


def _asked(asked: Asked) -> sa.Select[Any]:
    event = events.Event
    query = (
        sa.select(event.id, event.at, event.kind, event.stream_kind, event.stream_id)
        .add_columns(event.sequence, sa.func.coalesce(Person.name, ""), Person.public_id)
        .add_columns(event.purpose, event.payload, event.previous_hash, event.hash)
        .outerjoin(Person, Person.id == event.actor_id)
        .where(_OF[asked.about])
    )
    if asked.person is not None:
        about = sa.and_(event.stream_kind == "person", event.stream_id == asked.person)
        query = query.where(sa.or_(Person.public_id == asked.person, about))
    if asked.thing is not None:
        query = query.where(event.stream_id == asked.thing)
    if asked.since is not None:
        query = query.where(event.at >= asked.since)
    if asked.until is not None:
        query = query.where(event.at < asked.until)
    return query


@dataclass(frozen=True)
class Standing:
    """How long the trail is, and its newest seal."""

    events: int
    sealed_on: dt.date | None
    seal: str


def standing(session: orm.Session) -> Standing:
    """What the first page of the trail says about it."""
    newest = events.newest_seal(session)
    counted = session.scalar(sa.select(sa.func.count(events.Event.id))) or 0
    return Standing(counted, newest.sealed_on if newest else None, newest.hash if newest else "")


def people_like(session: orm.Session, actor: Actor, words: str, most: int = 20) -> Sequence[Person]:
    """People whose name, e-mail address or staff number holds these words. Raises Forbidden."""
    _require(actor)
    text = f"%{words.strip().lower().replace('%', '').replace('_', '')}%"
    columns = (Person.name, Person.email, Person.staff_id)
    like = sa.or_(*(sa.func.lower(column).like(text) for column in columns))
    return session.scalars(sa.select(Person).where(like).order_by(Person.name).limit(most)).all()


def record_export(
    session: orm.Session, actor: Actor, asked: Asked, *, ending: str, count: int, now: dt.datetime
) -> None:
    """That somebody took a part of the trail with them, on their own stream."""
    _require(actor)
    payload = {
        "about": asked.about.value,
        "person": str(asked.person or ""),
        "thing": str(asked.thing or ""),
        "since": asked.since.isoformat() if asked.since else "",
        "until": asked.until.isoformat() if asked.until else "",
        "ending": ending,
        "lines": count,
    }
    happening = events.Happening("audit.exported", actor.person_id, now)
    events.record(session, events.Stream("person", actor.public_id), happening, payload)


COLUMNS = (
    "id",
    "at",
    "kind",
    "stream_kind",
    "stream_id",
    "sequence",
    "who",
    "person",
    "purpose",
    "payload",
    "previous_hash",
    "hash",
)


def plain(line: Line) -> dict[str, Any]:
    """A line as plain data, for a file: instants in UTC, ids as text, all that was hashed."""
    return {
        **{name: getattr(line, name) for name in COLUMNS},
        "at": line.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "stream_id": str(line.stream_id),
        "person": str(line.person or ""),
        "payload": dict(line.payload),
    }


TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


def file_lines(ending: str, found: Iterable[Line]) -> Iterator[str]:
    """The text of a file whose name ends in one of `TYPES`, a line at a time."""
    rows = map(plain, found)
    if ending == "csv":
        return table_files.csv_lines(COLUMNS, rows)
    return table_files.json_lines(rows)
