"""Telling people of a change, and that they have seen it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import events
from cqi.notices.models import Notice
from cqi.notices.rules import URGENT, NoticeKind


def tell(
    session: orm.Session,
    kind: NoticeKind,
    *,
    people: Iterable[int],
    subject: uuid.UUID,
    now: dt.datetime,
) -> list[int]:
    """Write a notice for each of these people (ids), in the caller's transaction; whom it told.

    The caller's own event names them: a notice is part of the change that it tells of.
    """
    told = sorted(set(people))
    session.add_all(
        Notice(person_id=person_id, kind=kind.value, subject_id=subject, at=now, send_at=now)
        for person_id in told
    )
    return told


def mark_seen(
    session: orm.Session, *, actor: Actor, now: dt.datetime, notice: uuid.UUID | None = None
) -> None:
    """Somebody has seen one of their notices, or all of them."""
    which = Notice.public_id == notice if notice else sa.true()
    _mark(session, actor, now, which)


def mark_subject_seen(
    session: orm.Session,
    *,
    subject: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
    kinds: Collection[NoticeKind] = tuple(NoticeKind),
) -> None:
    """Somebody acted on a thing, and so has seen what they were told of it (of these kinds)."""
    _mark(session, actor, now, sa.and_(Notice.subject_id == subject, Notice.kind.in_(kinds)))


def _mark(
    session: orm.Session, actor: Actor, now: dt.datetime, which: sa.ColumnElement[bool]
) -> None:
    mine = (Notice.person_id == actor.person_id, Notice.seen_at.is_(None), which)
    seen = list(session.scalars(sa.select(Notice).where(*mine).order_by(Notice.id)))
    if not seen:
        return
    for each in seen:
        each.seen_at = now
        if each.tries == 0 and each.kind not in URGENT:
            each.send_at = None  # what was read on screen needs no e-mail
    happening = events.Happening("notices.seen", actor.person_id, now)
    payload = {"notices": [str(each.public_id) for each in seen]}
    events.record(session, events.Stream("person", actor.public_id), happening, payload)
