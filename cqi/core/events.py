"""The audit chain: every change is an event, chained per stream with a key (HMAC-SHA-256).

A stream is one thing with a life: a review, a round, a plan, a person. Its events are numbered
from 1, each carrying the hash of the one before. The heads of all streams are sealed daily into
one chain of their own. No narrative and no name is ever in an event: ids and digests only.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
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


def record(
    session: orm.Session, stream: Stream, happening: Happening, payload: Mapping[str, Any]
) -> Event:
    """Add the next link to a stream, in the caller's transaction.

    `payload` holds ids, codes, counts and digests, never a name or a narrative.
    """
    secrets: keys.Keys = session.info["keys"]
    head = _locked_head(session, stream)
    event = Event(
        stream_kind=stream.kind,
        stream_id=stream.id,
        sequence=head.sequence + 1,
        kind=happening.kind,
        kind_version=happening.version,
        actor_id=happening.actor_id,
        at=happening.at,
        purpose=happening.purpose,
        payload=dict(payload),
        previous_hash=head.hash,
        key_id=secrets.event_key_id,
    )
    event.hash = link_hash(event, secrets)
    head.sequence, head.hash = event.sequence, event.hash
    session.add(event)
    session.flush()
    return event


def hold(session: orm.Session, stream: Stream) -> None:
    """Keep a stream's other writers waiting from here on, so that what is read of it stays so."""
    _locked_head(session, stream)


def _locked_head(session: orm.Session, stream: Stream) -> EventHead:
    where = (EventHead.stream_kind == stream.kind, EventHead.stream_id == stream.id)
    query = sa.select(EventHead).where(*where).with_for_update()
    head = session.scalar(query)
    if head is None:
        _begin_stream(session, stream)
        head = session.scalars(query).one()
    return head


def _begin_stream(session: orm.Session, stream: Stream) -> None:
    """The head of a new stream; two writers may begin the same one at the same moment."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    head = {"stream_kind": stream.kind, "stream_id": stream.id, "sequence": 0, "hash": _FIRST}
    session.execute(insert(EventHead).values(head).on_conflict_do_nothing())


def link_hash(event: Event, secrets: keys.Keys) -> str:
    """The keyed hash of a link over everything that it says and the link before it."""
    content = [
        event.stream_kind,
        str(event.stream_id),
        event.sequence,
        event.kind,
        event.kind_version,
        event.actor_id,
        event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        event.purpose,
        event.payload,
        event.previous_hash,
        event.key_id,
    ]
    return _keyed(content, secrets.events[event.key_id])


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
    if not hmac.compare_digest(event.hash, link_hash(event, secrets)):
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
