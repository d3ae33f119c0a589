"""The audit chain: every change is an event, chained per stream with a key (HMAC-SHA-256).

A stream is one thing with a life: a review, a round, a plan, a person. Its events are numbered
from 1, each carrying the hash of the one before. The heads of all streams are sealed daily into
one chain of their own. No narrative and no name is ever in an event: ids and digests only.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from cqi.core import columns, keys

_FIRST = "0" * 64


@dataclass(frozen=True)
class Stream:
    """What an event is about: "review", "round", "plan", "person" ... and its public id."""

    kind: str
    id: uuid.UUID


INSTALLATION = Stream("installation", uuid.uuid5(uuid.NAMESPACE_URL, "cqi:installation"))


@dataclass(frozen=True)
class Happening:
    """What happened: `kind` such as "review.answered", who, when, and why it was done."""

    kind: str
    actor_id: int | None
    at: dt.datetime
    purpose: str = ""
    version: int = 1


class Event(columns.Model):
    """One link. Append-only, by trigger."""

    __tablename__ = "events"
    __table_args__ = (sa.UniqueConstraint("stream_kind", "stream_id", "sequence"),)

    id: orm.Mapped[columns.Key]
    stream_kind: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    stream_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.Uuid())
    sequence: orm.Mapped[int]
    kind: orm.Mapped[str] = orm.mapped_column(sa.String(80), index=True)
    kind_version: orm.Mapped[int]
    actor_id: orm.Mapped[int | None] = orm.mapped_column(columns.BigInt, index=True)
    at: orm.Mapped[columns.Instant]
    purpose: orm.Mapped[str] = orm.mapped_column(sa.String(80))
    payload: orm.Mapped[dict[str, Any]] = orm.mapped_column(columns.Json)
    previous_hash: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    hash: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    key_id: orm.Mapped[str] = orm.mapped_column(sa.String(12))


class EventHead(columns.Model):
    """The newest link of each stream: the row that writers to one stream queue on."""

    __tablename__ = "event_heads"
    __table_args__ = (sa.PrimaryKeyConstraint("stream_kind", "stream_id"),)

    stream_kind: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    stream_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.Uuid())
    sequence: orm.Mapped[int]
    hash: orm.Mapped[str] = orm.mapped_column(sa.String(64))


class EventSeal(columns.Model):
    """One day's digest over the heads of all streams, chained. Append-only, by trigger."""

    __tablename__ = "event_seals"

    id: orm.Mapped[columns.Key]
    sealed_on: orm.Mapped[columns.Day] = orm.mapped_column(unique=True)
    sealed_at: orm.Mapped[columns.Instant]
    last_event_id: orm.Mapped[int] = orm.mapped_column(columns.BigInt)
    heads: orm.Mapped[int]
    heads_digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    previous_hash: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    hash: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    key_id: orm.Mapped[str] = orm.mapped_column(sa.String(12))


@dataclass(frozen=True)
class Head:
    """The newest link of a stream: its number and its hash."""

    sequence: int = 0
    hash: str = _FIRST


def record(
    session: orm.Session,
    stream: Stream,
    happening: Happening,
    payload: Mapping[str, Any],
    head: Head | None = None,
) -> Head:
    """Flush, then add the next link to a stream, in the caller's transaction; its new head.

    `payload` holds ids, codes, counts and digests, never a name or a narrative. `head` is what
    `hold` said in this transaction, for callers that hold the stream already.
    """
    session.flush()
    secrets: keys.Keys = session.info["keys"]
    link = _link(stream, happening, payload, head or hold(session, stream), secrets)
    after = Head(link["sequence"], link["hash"])
    connection = session.connection()
    connection.execute(_ADD_LINK, link)
    connection.execute(_MOVE_HEAD, {**_place(stream), "to": after.sequence, "hash_to": after.hash})
    return after


def _link(
    stream: Stream,
    happening: Happening,
    payload: Mapping[str, Any],
    before: Head,
    secrets: keys.Keys,
) -> dict[str, Any]:
    """The link that follows on `before`."""
    link = {
        "stream_kind": stream.kind,
        "stream_id": stream.id,
        "sequence": before.sequence + 1,
        "kind": happening.kind,
        "kind_version": happening.version,
        "actor_id": happening.actor_id,
        "at": happening.at,
        "purpose": happening.purpose,
        "payload": dict(payload),
        "previous_hash": before.hash,
        "key_id": secrets.event_key_id,
    }
    return {**link, "hash": _link_hash(link, secrets)}


def begin(
    session: orm.Session,
    kind: str,
    happening: Happening,
    payloads: Mapping[uuid.UUID, Mapping[str, Any]],
) -> None:
    """Flush, then write the first link of many streams of a kind, each with its payload, at once.

    They are new: where one has a link already, the database refuses it.
    """
    if not payloads:
        return
    session.flush()
    secrets: keys.Keys = session.info["keys"]
    links = [
        _link(Stream(kind, id_), happening, payload, Head(), secrets)
        for id_, payload in payloads.items()
    ]
    connection = session.connection()
    connection.execute(_ADD_LINK, links)
    names = ("stream_kind", "stream_id", "sequence", "hash")
    connection.execute(sa.insert(_heads), [{name: link[name] for name in names} for link in links])


def hold(session: orm.Session, stream: Stream) -> Head:
    """Keep a stream's other writers waiting from here on, so that what is read of it stays so."""
    connection = session.connection()
    found = connection.execute(_HELD_HEAD, _place(stream)).one_or_none()
    if found is None:
        connection.execute(_begin_stream(connection.dialect.name), _place(stream))
        found = connection.execute(_HELD_HEAD, _place(stream)).one()
    return Head(*found)


def _place(stream: Stream) -> dict[str, Any]:
    return {"in_kind": stream.kind, "in_id": stream.id}


# Made once: building a statement anew costs more than running it, and every change records.
_heads: Any = EventHead.__table__
_links: Any = Event.__table__
_HERE = (
    _heads.c.stream_kind == sa.bindparam("in_kind"),
    _heads.c.stream_id == sa.bindparam("in_id"),
)
_HELD_HEAD = sa.select(_heads.c.sequence, _heads.c.hash).where(*_HERE).with_for_update()
_ADD_LINK = sa.insert(_links).inline()
_MOVE_HEAD = (
    sa.update(_heads)
    .where(*_HERE)
    .values(sequence=sa.bindparam("to"), hash=sa.bindparam("hash_to"))
)


@functools.cache
def _begin_stream(dialect: str) -> Any:
    """The head of a new stream; two writers may begin the same one at the same moment."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    place: dict[str, Any] = {
        "stream_kind": sa.bindparam("in_kind"),
        "stream_id": sa.bindparam("in_id"),
    }
    first = Head()
    return (
        insert(_heads)
        .values(**place, sequence=first.sequence, hash=first.hash)
        .on_conflict_do_nothing()
    )


def _link_hash(link: Mapping[str, Any], secrets: keys.Keys) -> str:
    """The keyed hash of a link over everything that it says and the link before it."""
    content = [
        link["stream_kind"],
        str(link["stream_id"]),
        link["sequence"],
        link["kind"],
        link["kind_version"],
        link["actor_id"],
        link["at"].astimezone(dt.UTC).isoformat(timespec="microseconds"),
        link["purpose"],
        link["payload"],
        link["previous_hash"],
        link["key_id"],
    ]
    return _keyed(content, secrets.events[link["key_id"]])


def digest(text: str) -> str:
    """SHA-256 of a text, to stand for it in an event."""
    return hashlib.sha256(text.encode()).hexdigest()


def _keyed(content: Any, key: bytes) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _heads_digest(session: orm.Session, last_event_id: int) -> tuple[int, str]:
    """Count and digest of every stream's head as it stood at `last_event_id`."""
    newest = (
        sa.select(sa.func.max(Event.id))
        .where(Event.id <= last_event_id)
        .group_by(Event.stream_kind, Event.stream_id)
    )
    query = sa.select(Event.stream_kind, Event.stream_id, Event.hash).where(Event.id.in_(newest))
    lines = sorted(f"{kind}|{id_}|{hash_}\n" for kind, id_, hash_ in session.execute(query))
    return len(lines), digest("".join(lines))


def newest_seal(session: orm.Session) -> EventSeal | None:
    """The last link of the chain of seals, or None before the first."""
    return session.scalar(sa.select(EventSeal).order_by(EventSeal.id.desc()).limit(1))


def seal(session: orm.Session, *, today: dt.date, now: dt.datetime) -> EventSeal | None:
    """Seal the heads of all streams, once a day. Returns None when today is sealed already."""
    last = newest_seal(session)
    if last is not None and last.sealed_on >= today:
        return None
    secrets: keys.Keys = session.info["keys"]
    last_event_id = session.scalar(sa.select(sa.func.max(Event.id))) or 0
    heads, heads_digest = _heads_digest(session, last_event_id)
    new = EventSeal(
        sealed_on=today,
        sealed_at=now,
        last_event_id=last_event_id,
        heads=heads,
        heads_digest=heads_digest,
        previous_hash=last.hash if last else _FIRST,
        key_id=secrets.event_key_id,
    )
    new.hash = _seal_hash(new, secrets)
    session.add(new)
    session.flush()
    return new


def said(one: EventSeal) -> dict[str, Any]:
    """A seal as plain data, to be kept outside; all but its hash is hashed, in this order."""
    return {
        "sealed_on": one.sealed_on.isoformat(),
        "sealed_at": one.sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "last_event_id": one.last_event_id,
        "heads": one.heads,
        "heads_digest": one.heads_digest,
        "previous_hash": one.previous_hash,
        "key_id": one.key_id,
        "hash": one.hash,
    }


def stands(session: orm.Session, kept: Mapping[str, Any]) -> bool:
    """True when a seal that was kept outside is one of the chain's, in every field."""
    found = session.scalar(sa.select(EventSeal).where(EventSeal.hash == str(kept.get("hash"))))
    return found is not None and said(found) == dict(kept)


def _seal_hash(one: EventSeal, secrets: keys.Keys) -> str:
    content = [value for name, value in said(one).items() if name != "hash"]
    return _keyed(content, secrets.events[one.key_id])


def written_with_older_keys(session: orm.Session, *, since: Iterable[str]) -> dt.datetime | None:
    """When somebody last wrote with another than the newest key, after the newest event of these
    kinds: a process that was not started again since."""
    secrets: keys.Keys = session.info["keys"]
    newest = sa.select(sa.func.max(Event.id)).where(Event.kind.in_(list(since)))
    later = Event.id > sa.func.coalesce(newest.scalar_subquery(), 0)
    query = sa.select(sa.func.max(Event.at)).where(later, Event.key_id != secrets.event_key_id)
    return session.scalar(query)


@dataclass(frozen=True)
class Verification:
    """What a walk over the chain found. `problem` is empty when all holds."""

    events: int
    streams: int
    seals: int
    problem: str = ""


def verify(session: orm.Session) -> Verification:
    """Walk every stream and every seal; stop at the first thing that does not hold."""
    secrets: keys.Keys = session.info["keys"]
    counted, heads, problem = _walk_streams(session, secrets)
    seals = 0
    if not problem:
        problem = _compare_heads(session, heads)
    if not problem:
        seals, problem = _walk_seals(session, secrets)
    return Verification(counted, len(heads), seals, problem)


_Heads = dict[tuple[str, uuid.UUID], tuple[int, str]]


def _walk_streams(session: orm.Session, secrets: keys.Keys) -> tuple[int, _Heads, str]:
    heads: _Heads = {}
    counted = 0
    order = (Event.stream_kind, Event.stream_id, Event.sequence)
    query = sa.select(Event).order_by(*order).execution_options(yield_per=500)
    for event in session.scalars(query):
        where = (event.stream_kind, event.stream_id)
        sequence, previous = heads.get(where, (0, _FIRST))
        wrong = _wrong(event, sequence + 1, previous, secrets)
        if wrong:
            place = f"{event.stream_kind} {event.stream_id} number {event.sequence}"
            return counted, heads, f"event {event.id} ({place}): {wrong}"
        heads[where] = (event.sequence, event.hash)
        counted += 1
    return counted, heads, ""


def _wrong(event: Event, sequence: int, previous: str, secrets: keys.Keys) -> str:
    if event.sequence != sequence:
        return f"number {sequence} of this stream is missing"
    if event.previous_hash != previous:
        return "it does not follow from the event before it"
    if event.key_id not in secrets.events:
        return f"its key {event.key_id} is not in the key file"
    if not hmac.compare_digest(event.hash, _link_hash(vars(event), secrets)):
        return "its content was changed after it was written"
    return ""


def _compare_heads(session: orm.Session, heads: _Heads) -> str:
    for head in session.scalars(sa.select(EventHead)):
        found = heads.get((head.stream_kind, head.stream_id))
        if found != (head.sequence, head.hash):
            return f"stream {head.stream_kind} {head.stream_id}: its newest events are missing"
    stored = session.scalar(sa.select(sa.func.count()).select_from(EventHead))
    return "" if stored == len(heads) else "a stream has events but no head"


def _walk_seals(session: orm.Session, secrets: keys.Keys) -> tuple[int, str]:
    previous, count = _FIRST, 0
    for one in session.scalars(sa.select(EventSeal).order_by(EventSeal.id)):
        if one.previous_hash != previous or one.hash != _seal_hash(one, secrets):
            return count, f"the seal of {one.sealed_on} was changed after it was made"
        if (one.heads, one.heads_digest) != _heads_digest(session, one.last_event_id):
            return count, f"events from before the seal of {one.sealed_on} were removed or changed"
        previous, count = one.hash, count + 1
    return count, ""
