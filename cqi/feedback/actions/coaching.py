"""A coaching note is drafted, shared with its caseworker, and written on by both."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.feedback import queries
from cqi.feedback.models import CoachingEntry, CoachingNote, MemoRelease
from cqi.feedback.policy import coaching as policy
from cqi.feedback.rules.coaching import EntryKind, Wish
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind


@dataclass(frozen=True)
class Drafting:
    """A note as a page sends it: `key` becomes its public id, `expected` is the revision that the
    page showed (0: none yet)."""

    key: uuid.UUID
    wish: Wish
    expected: int = 0


@dataclass(frozen=True)
class Writing:
    """What is written on a shared note; `key` becomes its public id: sent twice, it is one."""

    key: uuid.UUID
    kind: EntryKind
    words: str
    follow_up_on: dt.date | None = None


def draft_coaching(
    session: orm.Session,
    *,
    release: MemoRelease,
    drafting: Drafting,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> CoachingNote:
    """Keep a note that nobody else sees yet. The same one again is itself.

    Raises Forbidden, Blocked (already_shared, no_worker, no_activity, too_long), or Conflict where
    it was changed in another window: nothing is lost then.
    """
    review, wish = release.review, _clean(drafting.wish)
    policy.authorise_coaching(actor, queries.coached_case(review, today))
    row = queries.note_sent(session, drafting.key)
    if row is not None:
        _require_own(row, release, actor)
        queries.hold_note(session, row)
        if _says(row, wish):
            return row
    shared = row is not None and row.shared_at is not None
    people = queries.workers(session, review, actor, today)
    items = queries.activities(queries.content(session, release))
    errors.require(policy.draft_blockers(wish, people, items, shared=shared))
    _require_newest(row, drafting, wish)
    if row is None:
        row = CoachingNote(public_id=drafting.key, review=review, supervisor_id=actor.person_id)
        row.revision = 0
        session.add(row)
    _keep(row, wish, now)
    session.flush()
    _record(session, row, "drafted", actor, now, {"words": events.digest(wish.trying)})
    return row


def _clean(wish: Wish) -> Wish:
    return Wish(wish.worker_id, wish.item, _plain(wish.trying), wish.follow_up_on)


def _require_own(row: CoachingNote, release: MemoRelease, actor: Actor) -> None:
    if (row.review_id, row.supervisor_id) != (release.review_id, actor.person_id):
        raise errors.NotFound("there is no such coaching note")


def _says(row: CoachingNote, wish: Wish) -> bool:
    return Wish(row.worker_id, row.item, row.trying, row.follow_up_on) == wish


def _require_newest(row: CoachingNote | None, drafting: Drafting, wish: Wish) -> None:
    revision = row.revision if row else 0
    if drafting.expected == revision:
        return
    raise errors.Conflict(
        place="coaching",
        saved=_told(Wish(row.worker_id, row.item, row.trying, row.follow_up_on)) if row else "",
        sent=_told(wish),
        revision=revision,
        by_id=row.supervisor_id if row else None,
    )


def _told(wish: Wish) -> str:
    day = wish.follow_up_on.isoformat() if wish.follow_up_on else ""
    told = {"worker": str(wish.worker_id), "item": wish.item, "trying": wish.trying}
    return json.dumps({**told, "follow_up_on": day}, ensure_ascii=False)


def _keep(row: CoachingNote, wish: Wish, now: dt.datetime) -> None:
    assert wish.worker_id is not None  # noqa: S101 - a blocker otherwise
    row.worker_id, row.item, row.trying = wish.worker_id, wish.item, wish.trying
    row.follow_up_on, row.written_at = wish.follow_up_on, now
    row.revision += 1


def share_coaching(
    session: orm.Session, *, note: CoachingNote, actor: Actor, now: dt.datetime, today: dt.date
) -> None:
    """Let the caseworker read it; it stays as it is from now on. Shared already, it stays so.

    Raises NotFound for whoever it is not from, Blocked: no_words, no_day, day_over.
    """
    queries.hold_note(session, note)
    if note.supervisor_id != actor.person_id:
        raise errors.NotFound("there is no such coaching note")
    if note.shared_at is not None:
        return
    wish = Wish(note.worker_id, note.item, note.trying, note.follow_up_on)
    errors.require(policy.sharing_blockers(wish, today))
    note.shared_at = now
    session.flush()
    kind = NoticeKind.COACHING_SHARED
    people = [note.worker_id]
    notices.tell(session, kind, people=people, subject=note.public_id, now=now)
    # whom it is shared with stays between the two: the trail has no id of theirs
    _record(session, note, "shared", actor, now, {"words": events.digest(note.trying)})


def write_on_coaching(
    session: orm.Session,
    *,
    note: CoachingNote,
    writing: Writing,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> CoachingEntry:
    """Add to a shared note, answer it, or say what came of it, which closes it; the other one is
    told. Sent twice under one key it is one.

    Raises NotFound for everybody but those two, Blocked: closed, not_permitted, no_words ...
    """
    queries.hold_note(session, note)
    standing = queries.note_standing(session, note)
    if not policy.sees(actor, standing):
        raise errors.NotFound("there is no such coaching note")
    sent = queries.entry_sent(session, writing.key)
    if sent is not None:
        return _the_same(sent, note, actor)
    words, day = _plain(writing.words), (writing.follow_up_on, today)
    errors.require(policy.entry_blockers(writing.kind, standing, actor, words, day))
    made = CoachingEntry(
        public_id=writing.key,
        note_id=note.id,
        kind=writing.kind,
        words=words,
        follow_up_on=writing.follow_up_on,
        by_id=actor.person_id,
        at=now,
    )
    session.add(made)
    _tell_the_other(session, note, actor, now)
    payload = {"entry": str(made.public_id), "words": events.digest(words)}
    _record(session, note, writing.kind.value, actor, now, payload)
    return made


def _the_same(sent: CoachingEntry, note: CoachingNote, actor: Actor) -> CoachingEntry:
    """A button that was pressed twice; anybody else's is not found."""
    if (sent.note_id, sent.by_id) != (note.id, actor.person_id):
        raise errors.NotFound("there is no such coaching note")
    return sent


def _tell_the_other(
    session: orm.Session, note: CoachingNote, actor: Actor, now: dt.datetime
) -> None:
    subject = note.public_id
    notices.mark_subject_seen(session, subject=subject, actor=actor, now=now)
    others = {note.supervisor_id, note.worker_id} - {actor.person_id}
    kind = NoticeKind.COACHING_WRITTEN
    notices.tell(session, kind, people=others, subject=subject, now=now)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _record(
    session: orm.Session,
    note: CoachingNote,
    what: str,
    actor: Actor,
    now: dt.datetime,
    payload: dict[str, Any],
) -> None:
    """On a stream of its own: digests and ids alone."""
    happening = events.Happening(f"coaching.{what}", actor.person_id, now, "feedback")
    stream = events.Stream("coaching_note", note.public_id)
    events.record(session, stream, happening, {"revision": note.revision, **payload})
