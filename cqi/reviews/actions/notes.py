"""QA notes: opened by QA, answered by the reviewers, resolved and reopened by QA."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.reviews import policy, queries, rules
from cqi.reviews.actions import allowed, moving
from cqi.reviews.actions.moving import Doing
from cqi.reviews.models import CaseReview, QaEntry, QaNote
from cqi.reviews.rules import EntryKind


@dataclass(frozen=True)
class NoteReply:
    """What is added to a thread. `key` is the page's: sent twice under it, it is one entry."""

    note_id: uuid.UUID
    text: str
    key: uuid.UUID | None = None


def open_note(
    session: orm.Session, *, review: CaseReview, new: rules.NewNote, actor: Actor, now: dt.datetime
) -> uuid.UUID:
    """Ask something about a question, an item or a fact. Returns the note's public id.

    Raises Forbidden (not a QA lead who may check this review), Blocked, or BadInput for an item,
    question or fact that the instrument does not have, and for a text that is empty or too long.
    """
    doing = Doing(review, actor, now)
    moving.require(policy.check_blockers(queries.standing(session, review, lock=True), actor))
    _require_place(review, new)
    text = _words(new.text, needed=True)
    before = _sent_before(session, review, new.key, text)
    if before is not None:
        return before
    note = QaNote(review_id=review.id, item=new.item, question=new.question)
    session.add(note)
    session.flush()
    _add(session, doing, note, EntryKind.OPENED, text, new.key)
    return note.public_id


def answer_note(
    session: orm.Session,
    *,
    review: CaseReview,
    reply: NoteReply,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Add to a thread: a reviewer's reply, or a remark of QA. It changes nothing else.

    Raises NotFound, Forbidden (neither reviewer nor QA), Blocked, BadInput as `open_note`.
    """
    doing = Doing(review, actor, now)
    standing = queries.standing(session, review, lock=True)
    reviews_it = actor.person_id in standing.reviewers
    check = policy.reply_blockers if reviews_it else policy.note_blockers
    moving.require(check(standing, actor))
    note, text = _found(session, review, reply.note_id), _words(reply.text, needed=True)
    if _sent_before(session, review, reply.key, text):
        return
    note.revision += 1
    kind = EntryKind.REPLY if reviews_it else EntryKind.REMARK
    _add(session, doing, note, kind, text, reply.key)


def resolve_note(
    session: orm.Session,
    *,
    review: CaseReview,
    seen: rules.NoteSeen,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Settle a note. Raises NotFound, Forbidden, or Blocked: wrong_state, overtaken where somebody
    wrote since the page was made, resolved already."""
    doing = Doing(review, actor, now)
    note = _seen(session, doing, seen)
    if note is None:
        return
    if note.resolved_at is not None:
        raise errors.Blocked([Blocker("resolved", "This QA note is resolved already.")])
    note.resolved_at, note.resolved_by_id = now, actor.person_id
    _add(session, doing, note, EntryKind.RESOLVED, _words(seen.text), seen.key)


def reopen_note(
    session: orm.Session,
    *,
    review: CaseReview,
    seen: rules.NoteSeen,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Open a resolved note again. Errors as for `resolve_note`; not_resolved where it is open."""
    doing = Doing(review, actor, now)
    note = _seen(session, doing, seen)
    if note is None:
        return
    if note.resolved_at is None:
        raise errors.Blocked([Blocker("not_resolved", "This QA note is open already.")])
    note.resolved_at = note.resolved_by_id = None
    _add(session, doing, note, EntryKind.REOPENED, _words(seen.text), seen.key)


def _require_place(review: CaseReview, new: rules.NewNote) -> None:
    instrument = queries.instrument_of(review)
    if not new.item:
        allowed.require_fact(instrument, new.question)
        return
    allowed.require_items(instrument, [new.item])
    question, _ = rules.ask(new.question)
    if question and question not in instrument.item(new.item).question_ids:
        raise errors.BadInput(f"{new.item} has no question {question}.")


def _words(text: str, *, needed: bool = False) -> str:
    words = text.replace("\r\n", "\n").strip()
    if needed and not words:
        raise errors.BadInput("Write what the note should say.")
    if len(words) > rules.LONGEST_NOTE:
        raise errors.BadInput(f"A QA note has at most {rules.LONGEST_NOTE} characters.")
    return words


def _found(session: orm.Session, review: CaseReview, note_id: uuid.UUID) -> QaNote:
    query = sa.select(QaNote).where(QaNote.review_id == review.id, QaNote.public_id == note_id)
    note = session.scalar(query)
    if note is None:
        raise errors.NotFound("there is no such QA note")
    return note


def _sent_before(
    session: orm.Session, review: CaseReview, key: uuid.UUID | None, text: str
) -> uuid.UUID | None:
    """The note on which these words stand already under this key: a button was pressed twice.

    Other words under the same key are new: a browser brings back a page with its old key.
    """
    if key is None:
        return None
    query = (
        sa.select(QaNote.public_id, QaEntry.text)
        .join(QaEntry, QaEntry.note_id == QaNote.id)
        .where(QaEntry.review_id == review.id, QaEntry.client_key == key)
    )
    same = (note for note, words in session.execute(query) if (words or "") == text)
    return next(same, None)


def _seen(session: orm.Session, doing: Doing, seen: rules.NoteSeen) -> QaNote | None:
    """The note, as the page showed it: nobody resolves words that they have not read. None where
    this was done already, by the same press."""
    standing = queries.standing(session, doing.review, lock=True)
    moving.require(policy.note_blockers(standing, doing.actor))
    note = _found(session, doing.review, seen.note_id)
    if _sent_before(session, doing.review, seen.key, _words(seen.text)):
        return None
    if note.revision != seen.revision:
        message = "Somebody wrote on this QA note meanwhile: read it first."
        raise errors.Blocked([Blocker("overtaken", message, rules.note_anchor(note.public_id))])
    note.revision += 1
    return note


def _add(
    session: orm.Session,
    doing: Doing,
    note: QaNote,
    kind: EntryKind,
    text: str,
    key: uuid.UUID | None,
) -> None:
    entry = QaEntry(
        note_id=note.id,
        review_id=note.review_id,
        kind=kind,
        text=text or None,
        by_id=doing.actor.person_id,
        at=doing.now,
        client_key=key,
    )
    session.add(entry)
    payload: dict[str, Any] = {"note": str(note.public_id), **_place(note)}
    if text:
        payload["text"] = events.digest(text)
    moving.record(session, doing, f"review.note_{kind.value}", payload)


def _place(note: QaNote) -> dict[str, str]:
    if not note.item:
        return {"fact": note.question}
    question = {"question": note.question} if note.question else {}
    return {"item": note.item, **question}
