"""QA notes of a case review: threads on a question, on an item as a whole, or on a fact."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.core.errors import Blocker
from cqi.reviews import rules
from cqi.reviews.models import CaseReview, QaEntry, QaNote
from cqi.reviews.queries import visibility
from cqi.reviews.rules import EntryKind


@dataclass(frozen=True)
class Entry:
    """What one person said or did on a note."""

    kind: EntryKind
    text: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Note:
    """One thread. `question` as a page names it (`rules.asked`), empty for the item as a whole;
    a fact's name where `item` is empty. `place` says so in words: "SRM05 b", "SRM05", or the
    fact's own; `revision` counts its entries."""

    public_id: uuid.UUID
    item: str
    question: str
    place: str
    resolved: bool
    revision: int
    entries: tuple[Entry, ...]

    @property
    def waits_for_reviewers(self) -> bool:
        """Open, and QA had the last word."""
        return not self.resolved and self.entries[-1].kind is not EntryKind.REPLY

    @property
    def anchor(self) -> str:
        """Its element on a page."""
        return rules.note_anchor(self.public_id)


def notes_of(session: orm.Session, review: CaseReview) -> tuple[Note, ...]:
    """All notes of a case review in the order in which they were opened, in one query."""
    note, entry = QaNote, QaEntry
    query = (
        sa.select(note.public_id, note.item, note.question, note.resolved_at, note.revision)
        .add_columns(entry.kind, entry.text, Person.name, entry.at)
        .join(entry, entry.note_id == note.id)
        .join(Person, Person.id == entry.by_id)
        .where(note.review_id == review.id)
        .order_by(note.id, entry.id)
    )
    facts = visibility.instrument_of(review).facts_by_name
    found: dict[uuid.UUID, Note] = {}
    for public_id, item, question, resolved_at, revision, *said in session.execute(query):
        kind, text, by, at = said
        before = found[public_id].entries if public_id in found else ()
        entries = (*before, Entry(kind, text or "", by, at))
        asked = facts[question].question if not item else ""
        where = (item, question, rules.note_place(item, question, asked))
        found[public_id] = Note(public_id, *where, resolved_at is not None, revision, entries)
    return tuple(found.values())


def open_blockers(notes: Iterable[Note]) -> tuple[Blocker, ...]:
    """Why a case review does not go on: one reason for each note that is open."""
    return tuple(
        Blocker("note_open", f"The QA note on {note.place} is open: resolve it.", note.anchor)
        for note in notes
        if not note.resolved
    )


@dataclass(frozen=True)
class NoteCount:
    """How many notes of a case review are open, and how many of those the reviewers answered."""

    open: int = 0
    answered: int = 0


def counts(session: orm.Session, review_ids: Collection[int]) -> dict[int, NoteCount]:
    """Review id -> its open notes, without reading a word; none where it has none."""
    newest = (
        sa.select(QaEntry.kind)
        .where(QaEntry.note_id == QaNote.id)
        .order_by(QaEntry.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = sa.select(QaNote.review_id, newest).where(
        QaNote.review_id.in_(review_ids), QaNote.resolved_at.is_(None)
    )
    found: dict[int, NoteCount] = {}
    for review_id, kind in session.execute(query):
        before = found.get(review_id, NoteCount())
        answered = before.answered + (kind is EntryKind.REPLY)
        found[review_id] = NoteCount(before.open + 1, answered)
    return found
