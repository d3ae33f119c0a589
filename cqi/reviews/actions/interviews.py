"""Recording interviews, one field at a time, and listing who else is heard."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events, identifiers
from cqi.reviews import queries
from cqi.reviews.actions import moving
from cqi.reviews.actions.moving import Doing
from cqi.reviews.models import CaseReview, InterviewRow, TextVersion
from cqi.reviews.queries import interviews as reads
from cqi.reviews.queries import known
from cqi.reviews.rules import interviews
from cqi.reviews.rules.interviews import Interview, InterviewChange, InterviewRole

_TYPES: dict[str, Any] = {
    "outcome": interviews.Outcome,
    "held_on": dt.date.fromisoformat,
    "how": interviews.How,
    "reason": interviews.NotHeld,
}


@dataclass
class Recorded:
    """What was saved: revisions by place, and the values that somebody else changed first."""

    known: known.Known
    revisions: dict[str, int] = field(default_factory=dict)
    conflicts: list[errors.Conflict] = field(default_factory=list)

    @property
    def people(self) -> dict[uuid.UUID, Interview]:
        """Everybody on the list, by id."""
        content = known.content_of(self.known.rows, self.known.beside)
        return {one.id: one for one in content.people}


def record_interviews(
    session: orm.Session,
    *,
    review: CaseReview,
    changes: Sequence[InterviewChange],
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> Recorded:
    """Save fields of interviews, with one event.

    Whom the case asks for gets a row with the first change. A value that somebody else changed
    first comes back in `conflicts`; the others are saved. Errors as for `record_answers`; NotFound
    for an interview that is not there; BadInput for a value that a field cannot have, and for a
    day that is still to come.
    """
    _require_past(changes, today)
    doing = Doing(review, actor, now)
    moving.require_scoring(session, doing)
    head = events.hold(session, moving.stream(review))
    found = Recorded(known.known(session, review, head))
    rows = rows_of(session, doing, found.people, {change.interview for change in changes})
    written = [each for each in changes if _write(doing, rows[each.interview], each, found)]
    if written:
        keep(session, [rows[each.interview] for each in written])
        session.add_all(_versions(doing, rows, written))
        found.known = _heard(doing, found.known, [rows[each.interview] for each in written])
        head = _record(session, doing, "review.interviews_recorded", _said(rows, written))
        known.remember(session, head, found.known)
    return found


def _require_past(changes: Sequence[InterviewChange], today: dt.date) -> None:
    for change in changes:
        if change.name == "held_on" and (held_on := _value(change)) and held_on > today:
            raise errors.BadInput(f"{held_on} is still to come: no interview was held then")


def add_interview(
    session: orm.Session,
    *,
    review: CaseReview,
    role: InterviewRole,
    label: str,
    actor: Actor,
    now: dt.datetime,
) -> uuid.UUID:
    """List somebody whom the case does not ask for by itself. Returns the interview's id.

    Raises BadInput for a label that is empty or too long; else as for `record_answers`.
    """
    doing = Doing(review, actor, now)
    moving.require_scoring(session, doing)
    head = events.hold(session, moving.stream(review))
    before = known.known(session, review, head)
    one = Interview(identifiers.uuid7(), role, _label(label))
    row = _new_row(doing, one)
    session.add_all((row, _version(doing, row, "label")))
    said = {str(one.id): {"role": role.value, "label": events.digest(one.label)}}
    head = _record(session, doing, "review.interview_added", said)
    known.remember(session, head, _heard(doing, before, [row]))
    return one.id


def remove_interview(
    session: orm.Session,
    *,
    review: CaseReview,
    interview_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Take off somebody whom the case does not ask for; what was recorded stays on record, and
    stands again once the case asks for them.

    Raises NotFound, or Blocked (asked_for) for somebody whom the case asks for: those are not held
    for a reason. Else as for `record_answers`.
    """
    doing = Doing(review, actor, now)
    moving.require_scoring(session, doing)
    head = events.hold(session, moving.stream(review))
    before = known.known(session, review, head)
    people = Recorded(before).people
    one = people.get(interview_id)
    if one is None:
        raise errors.NotFound("this person is not on the list any more")
    if one.proposed:
        message = f"{one.label} should be heard in this case: give the reason instead."
        raise errors.Blocked([errors.Blocker("asked_for", message)])
    row = rows_of(session, doing, people, {interview_id})[interview_id]
    row.removed_at, row.removed_by_id = now, actor.person_id
    said = {str(interview_id): {"role": row.role.value}}
    head = _record(session, doing, "review.interview_removed", said)
    known.remember(session, head, _heard(doing, before, [row]))


def rows_of(
    session: orm.Session,
    doing: Doing,
    people: Mapping[uuid.UUID, Interview],
    wanted: Collection[uuid.UUID],
) -> dict[uuid.UUID, InterviewRow]:
    """The rows of people on the list; where the case asks for them and none is there, a new one,
    which is to be kept (`keep`) once there is something to record.

    Raises NotFound for somebody who is not on the list.
    """
    if not people.keys() >= set(wanted):
        raise errors.NotFound("this person is not on the list any more")
    standing = sa.select(InterviewRow).where(
        InterviewRow.review_id == doing.review.id, InterviewRow.public_id.in_(wanted)
    )
    rows = {row.public_id: row for row in session.scalars(standing)}
    new = (one for one in people.values() if one.id in wanted and one.id not in rows)
    return rows | {one.id: _new_row(doing, one) for one in new}


def keep(session: orm.Session, rows: Collection[InterviewRow]) -> None:
    """Save rows of people; whoever was taken off the list is on it again."""
    for row in rows:
        row.removed_at = row.removed_by_id = None
    session.add_all(rows)


def _new_row(doing: Doing, one: Interview) -> InterviewRow:
    return InterviewRow(
        public_id=one.id,
        review_id=doing.review.id,
        role=one.role,
        label=one.label,
        revisions={},
        by_id=doing.actor.person_id,
        at=doing.now,
    )


def _write(doing: Doing, row: InterviewRow, change: InterviewChange, found: Recorded) -> bool:
    """Change one field of the row; False where it stands already or somebody else was first."""
    name, value = change.name, _value(change)
    standing = getattr(row, name)
    revision = row.revisions.get(name, 0)
    if value == standing:
        found.revisions[change.place] = revision
        return False
    if change.expected != revision:
        found.conflicts.append(
            errors.Conflict(
                place=change.place,
                saved=str(standing or ""),
                sent=change.value,
                revision=revision,
                by_id=row.by_id,
            )
        )
        return False
    setattr(row, name, value)
    row.revisions = {**row.revisions, name: revision + 1}
    row.by_id, row.at = doing.actor.person_id, doing.now
    found.revisions[change.place] = revision + 1
    return True


def _value(change: InterviewChange) -> Any:
    """What was sent as its column has it. Raises BadInput."""
    if change.name not in interviews.FIELDS:
        raise errors.BadInput(f"an interview has no “{change.name}”")
    text = change.value.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    if change.name == "label":
        return _label(text)
    if change.name == interviews.NOTES or not text:
        return text or None
    try:
        return _TYPES[change.name](text)
    except ValueError as error:
        raise errors.BadInput(f"“{text}” cannot be the {change.name} of an interview") from error


def _label(text: str) -> str:
    if not 0 < len(text.strip()) <= interviews.LONGEST_LABEL:
        limit = interviews.LONGEST_LABEL
        raise errors.BadInput(f"Write who it is in 1 to {limit} characters.")
    return text.strip()


def _versions(
    doing: Doing, rows: Mapping[uuid.UUID, InterviewRow], written: Sequence[InterviewChange]
) -> Iterator[TextVersion]:
    for change in written:
        if change.name in interviews.TEXTS:
            yield _version(doing, rows[change.interview], change.name)


def _version(doing: Doing, row: InterviewRow, name: str) -> TextVersion:
    """A text as it stands now; revision 0 is a label that came with its row."""
    text = getattr(row, name) or ""
    return TextVersion(
        review_id=doing.review.id,
        place=interviews.place(row.public_id, name),
        revision=row.revisions.get(name, 0),
        text=text,
        digest=events.digest(text),
        by_id=doing.actor.person_id,
        at=doing.now,
    )


def _said(
    rows: Mapping[uuid.UUID, InterviewRow], written: Sequence[InterviewChange]
) -> dict[str, dict[str, str]]:
    """Codes as they are, texts as digests, by interview."""
    said: dict[str, dict[str, str]] = {}
    for change in written:
        row, name = rows[change.interview], change.name
        value = str(getattr(row, name) or "")
        one = said.setdefault(str(row.public_id), {"role": row.role.value})
        one[name] = events.digest(value) if name in interviews.TEXTS else value
    return said


def _record(
    session: orm.Session, doing: Doing, kind: str, said: dict[str, dict[str, str]]
) -> events.Head:
    payload: dict[str, Any] = {"interviews": said}
    moving.start_if_new(session, doing, payload)
    return moving.record(session, doing, kind, payload)


def _heard(doing: Doing, before: known.Known, rows: Iterable[InterviewRow]) -> known.Known:
    """What the case review comes to now: remembered, so that the next answer reads nothing anew."""
    pages = queries.instrument_of(doing.review)
    return known.heard(before, pages, [reads.interview_of(row) for row in rows])
