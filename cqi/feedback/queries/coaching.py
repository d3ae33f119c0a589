"""Coaching notes: of their supervisor and, once shared, of their caseworker. Else: not found."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.cases.models import Case
from cqi.cases.rules import StaffKind
from cqi.core import database, errors
from cqi.feedback import policy, rules
from cqi.feedback.models import CoachingEntry, CoachingNote
from cqi.feedback.policy.coaching import NoteStanding
from cqi.feedback.queries import memos, readers
from cqi.feedback.rules import clocks as clock_rules
from cqi.feedback.rules.clocks import Clocks, Due
from cqi.feedback.rules.coaching import EntryKind
from cqi.reviews import queries as reviews
from cqi.reviews.models import CaseReview


@dataclass(frozen=True)
class Entry:
    """What was written on a note after it was shared; `by` is a name."""

    kind: EntryKind
    by: str
    at: dt.datetime
    words: str
    follow_up_on: dt.date | None


@dataclass(frozen=True)
class NoteSheet:
    """A coaching note with all that was written on it, in order. `mine`: its reader supervises;
    `due` is the newest follow-up day, none while a draft has none."""

    public_id: uuid.UUID
    review: uuid.UUID
    case_number: str
    item: str
    activity: str
    trying: str
    due: Due | None
    supervisor: str
    worker: str
    mine: bool
    written_at: dt.datetime
    shared_at: dt.datetime | None
    entries: tuple[Entry, ...]
    standing: NoteStanding

    @property
    def open(self) -> bool:
        """Shared, and nobody wrote yet what came of it."""
        return self.standing.shared and not self.standing.closed

    @property
    def other(self) -> str:
        """Who else sees it."""
        return self.worker if self.mine else self.supervisor


def note(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> CoachingNote:
    """A note that is the actor's. Raises NotFound."""
    found = session.scalar(_notes(actor).where(CoachingNote.public_id == public_id))
    if found is None:
        raise errors.NotFound("there is no such coaching note")
    return found


def notes(session: orm.Session, actor: Actor, clocks: Clocks) -> list[NoteSheet]:
    """Every note of the actor's: what is to be followed up first on top, drafts without a day
    last."""
    found = sheets(session, actor, session.scalars(_notes(actor)), clocks)
    return sorted(found, key=lambda each: (each.due.on if each.due else dt.date.max, each.item))


def notes_on(
    session: orm.Session, actor: Actor, review: CaseReview, clocks: Clocks
) -> list[NoteSheet]:
    """Those of one review, the oldest first."""
    query = _notes(actor).where(CoachingNote.review_id == review.id)
    return sheets(session, actor, session.scalars(query.order_by(CoachingNote.id)), clocks)


def draft_note(
    session: orm.Session, actor: Actor, review: CaseReview, public_id: uuid.UUID | None = None
) -> CoachingNote | None:
    """The actor's draft on a review: a certain one, or the newest."""
    which = CoachingNote.public_id == public_id if public_id else sa.true()
    query = _notes(actor).where(
        CoachingNote.review_id == review.id,
        CoachingNote.supervisor_id == actor.person_id,
        CoachingNote.shared_at.is_(None),
        which,
    )
    return session.scalar(query.order_by(CoachingNote.id.desc()).limit(1))


def _notes(actor: Actor) -> sa.Select[CoachingNote]:
    shared = sa.and_(CoachingNote.worker_id == actor.person_id, CoachingNote.shared_at.is_not(None))
    return (
        sa.select(CoachingNote)
        .join(CaseReview, CaseReview.id == CoachingNote.review_id)
        .join(Case, Case.id == CaseReview.case_id)
        .options(orm.contains_eager(CoachingNote.review).contains_eager(CaseReview.case))
        .where(sa.or_(CoachingNote.supervisor_id == actor.person_id, shared))
    )


def coached_case(review: CaseReview, today: dt.date) -> policy.CaseFacts:
    """What the policy asks about a case that somebody coaches from: its staff are supervisors."""
    return memos.case_facts(review, today, (StaffKind.SUPERVISOR,))


def workers(
    session: orm.Session, review: CaseReview, actor: Actor, today: dt.date
) -> dict[int, str]:
    """Person id -> name of the case's caseworkers who are active people, by name."""
    found = readers.readers(session, review, today)
    ids = {one for one, kind in found.items() if kind is StaffKind.CASEWORKER}
    names = access.people_names(session, ids - {actor.person_id})
    return dict(sorted(names.items(), key=lambda one: one[1]))


def activities(memo: rules.Memo | None) -> dict[str, str]:
    """Item code -> "SRM03 Caseworker visits" of a memo, needs first."""
    points = (*memo.needs, *memo.all_strengths) if memo else ()
    return {point.code: f"{point.code} {point.title}" for point in points}


def hold_note(session: orm.Session, found: CoachingNote) -> None:
    """For an action: nobody else changes the note beside it, and it is as it stands now."""
    if not database.alone(session):
        session.refresh(found, with_for_update=True)


def note_sent(session: orm.Session, key: uuid.UUID) -> CoachingNote | None:
    """The note that a page has sent under its key, whoever's it is: for an action alone."""
    return session.scalar(sa.select(CoachingNote).where(CoachingNote.public_id == key))


def entry_sent(session: orm.Session, key: uuid.UUID) -> CoachingEntry | None:
    """The same of what was written on a note."""
    return session.scalar(sa.select(CoachingEntry).where(CoachingEntry.public_id == key))


def note_standing(session: orm.Session, found: CoachingNote) -> NoteStanding:
    """How far a note is."""
    outcome = sa.select(CoachingEntry.id).where(
        CoachingEntry.note_id == found.id, CoachingEntry.kind == EntryKind.OUTCOME
    )
    closed = session.scalar(outcome.limit(1)) is not None
    return NoteStanding(found.supervisor_id, found.worker_id, found.shared_at is not None, closed)


def sheets(
    session: orm.Session, actor: Actor, found: Iterable[CoachingNote], clocks: Clocks
) -> list[NoteSheet]:
    """Notes that were found for the actor, with names and entries, in their order."""
    listed = list(found)
    entries = _entries(session, [one.id for one in listed])
    names = access.people_names(
        session, {who for one in listed for who in (one.supervisor_id, one.worker_id)}
    )
    return [_sheet(one, actor, clocks, entries.get(one.id, ()), names) for one in listed]


def _entries(session: orm.Session, ids: Sequence[int]) -> dict[int, list[CoachingEntry]]:
    query = sa.select(CoachingEntry).where(CoachingEntry.note_id.in_(ids))
    by_note: dict[int, list[CoachingEntry]] = {}
    for one in session.scalars(query.order_by(CoachingEntry.id)):
        by_note.setdefault(one.note_id, []).append(one)
    return by_note


def _sheet(
    one: CoachingNote,
    actor: Actor,
    clocks: Clocks,
    entries: Sequence[CoachingEntry],
    names: Mapping[int, str],
) -> NoteSheet:
    days = [one.follow_up_on, *(each.follow_up_on for each in entries)]
    follow_up = next((day for day in reversed(days) if day), None)
    closed = any(each.kind is EntryKind.OUTCOME for each in entries)
    item = reviews.pinned(one.review, None).item(one.item)
    return NoteSheet(
        public_id=one.public_id,
        review=one.review.public_id,
        case_number=one.review.case.case_number,
        item=one.item,
        activity=item.title,
        trying=one.trying,
        due=clock_rules.due_on(follow_up, clocks.calendar) if follow_up else None,
        supervisor=names[one.supervisor_id],
        worker=names[one.worker_id],
        mine=one.supervisor_id == actor.person_id,
        written_at=one.written_at,
        shared_at=one.shared_at,
        entries=tuple(
            Entry(each.kind, names[each.by_id], each.at, each.words or "", each.follow_up_on)
            for each in entries
        ),
        standing=NoteStanding(one.supervisor_id, one.worker_id, one.shared_at is not None, closed),
    )
