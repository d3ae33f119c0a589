"""What was sent against what stands, and the rows that follow: the inside of `record_answers`."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import columns, errors, events
from cqi.instruments import definition
from cqi.reviews import queries
from cqi.reviews.actions.moving import Doing
from cqi.reviews.models import Answer, CaseReview, FactAnswer, Narrative, TextVersion
from cqi.reviews.queries import known
from cqi.reviews.rules import Change, ChangeKind


@dataclass(frozen=True)
class Write:
    """A change that will be saved as `row`; `text` is a new text of it, if it has one."""

    change: Change
    row: known.Row
    text: str | None


@dataclass
class SortedOut:
    """The changes, sorted: to write, standing already, or changed by somebody else first."""

    writes: list[Write] = field(default_factory=list)
    revisions: dict[str, int] = field(default_factory=dict)
    conflicts: list[Change] = field(default_factory=list)

    @property
    def rows(self) -> dict[known.Place, known.Row]:
        """What will stand at the places that are written."""
        return {write.change.place: write.row for write in self.writes}

    def items(self, instrument: definition.Instrument) -> tuple[str, ...]:
        """The items to rate again: a fact touches all, an answer also the whole of a part and its
        other parts, a narrative none."""
        kinds = {write.change.kind for write in self.writes}
        if ChangeKind.FACT in kinds:
            return tuple(item.code for item in instrument.items)
        answers = (w.change.item for w in self.writes if w.change.kind is ChangeKind.ANSWER)
        return tuple(dict.fromkeys(code for item in answers for code in instrument.family(item)))


def sort_out(rows: Mapping[known.Place, known.Row], changes: Sequence[Change]) -> SortedOut:
    """Compare what was sent with what stands; of two changes to one place the last counts."""
    found = SortedOut()
    for change in {change.place: _tidy(change) for change in changes}.values():
        row = rows.get(change.place, _NOTHING)
        if _stands(row, change):
            found.revisions[change.anchor] = row.revision
        elif change.expected != row.revision:
            found.conflicts.append(change)
        else:
            found.revisions[change.anchor] = row.revision + 1
            found.writes.append(Write(change, _row(row, change), _new_text(row, change)))
    return found


_NOTHING = known.Row("", 0)


def _tidy(change: Change) -> Change:
    """Line ends as one character; a reason only beside an NA."""
    reason = change.reason if change.value == definition.NA else None
    if reason is not None:
        reason = _lines(reason).strip()
    value = _lines(change.value) if change.kind is ChangeKind.NARRATIVE else change.value
    return dataclasses.replace(change, value=value, reason=reason)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def _stands(row: known.Row, change: Change) -> bool:
    return row.value == _value(change) and change.reason in (None, row.reason)


def _value(change: Change) -> str:
    is_text = change.kind is ChangeKind.NARRATIVE
    return known.digest(change.value) if is_text else change.value


def _row(before: known.Row, change: Change) -> known.Row:
    reason = before.reason if change.reason is None else change.reason
    return known.Row(_value(change), before.revision + 1, reason)


def _new_text(row: known.Row, change: Change) -> str | None:
    if change.kind is ChangeKind.NARRATIVE:
        return change.value
    return None if change.reason in (None, row.reason) else change.reason


def conflict(
    session: orm.Session, review: CaseReview, row: known.Row | None, change: Change
) -> errors.Conflict:
    """What stands, whose it is, and what was sent, where something else was saved first."""
    row = row or _NOTHING
    saved, sent = row.value, change.value
    if change.kind is ChangeKind.NARRATIVE:
        text = sa.select(Narrative.text).where(
            Narrative.review_id == review.id, Narrative.item == change.item
        )
        saved = session.scalar(text) or ""
    elif saved == sent and change.reason is not None:
        saved, sent = row.reason, change.reason
    return errors.Conflict(
        place=change.anchor,
        saved=saved,
        sent=sent,
        revision=row.revision,
        by_id=queries.saved_by(session, review, change.place),
    )


def write(session: orm.Session, doing: Doing, writes: Sequence[Write]) -> None:
    """Insert and update: one statement for each kind of row, and one for new texts."""
    connection = session.connection()
    for kind in ChangeKind:
        mine = [_saved(doing, each) for each in writes if each.change.kind is kind]
        if mine:
            connection.execute(_upsert(kind, connection.dialect.name), mine)
    texts = [_version(doing, each) for each in writes if each.text is not None]
    if texts:
        connection.execute(_ADD_TEXT, texts)


_KEYS: Mapping[ChangeKind, tuple[Any, tuple[Any, ...]]] = {
    ChangeKind.FACT: (FactAnswer, ("review_id", "name")),
    ChangeKind.ANSWER: (
        Answer,
        ("review_id", "item", "question", sa.text("coalesce(subject, '')")),
    ),
    ChangeKind.NARRATIVE: (Narrative, ("review_id", "item")),
}
_texts: Any = TextVersion.__table__
_ADD_TEXT = sa.insert(_texts).inline()


@functools.cache
def _upsert(kind: ChangeKind, dialect: str) -> Any:
    model, key = _KEYS[kind]
    return columns.upsert(
        model, key, ("value", "text", "reason", "revision", "by_id", "at"), dialect
    )


def _saved(doing: Doing, each: Write) -> dict[str, Any]:
    change, row = each.change, each.row
    saved = {
        "review_id": doing.review.id,
        "revision": row.revision,
        "by_id": doing.actor.person_id,
        "at": doing.now,
    }
    if change.kind is ChangeKind.FACT:
        return {**saved, "name": change.name, "value": row.value}
    if change.kind is ChangeKind.NARRATIVE:
        return {**saved, "item": change.item, "text": change.value}
    question, subject = change.ask
    place = {"item": change.item, "question": question, "subject": subject}
    return {**saved, **place, "value": row.value, "reason": row.reason or None}


def _version(doing: Doing, each: Write) -> dict[str, Any]:
    text = each.text or ""
    return {
        "review_id": doing.review.id,
        "place": each.change.text_place,
        "revision": each.row.revision,
        "text": text,
        "digest": events.digest(text),
        "by_id": doing.actor.person_id,
        "at": doing.now,
    }
