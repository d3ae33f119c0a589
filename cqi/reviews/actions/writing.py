"""What stands, what was sent, and the rows that follow: the inside of `record_answers`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, events
from cqi.instruments import definition
from cqi.reviews import rules
from cqi.reviews.actions.moving import Doing
from cqi.reviews.models import Answer, CaseReview, FactAnswer, Narrative, TextVersion
from cqi.reviews.rules import Change, ChangeKind

_MODELS: Mapping[ChangeKind, Any] = {
    ChangeKind.FACT: FactAnswer,
    ChangeKind.ANSWER: Answer,
    ChangeKind.NARRATIVE: Narrative,
}


@dataclass(frozen=True)
class Row:
    """A saved value."""

    id: int
    value: str
    revision: int
    reason: str = ""


@dataclass(frozen=True)
class Write:
    """A change that will be saved as `revision`; `text` is a new text of it, if it has one."""

    change: Change
    row: Row | None
    revision: int
    text: str | None


@dataclass(frozen=True)
class After:
    """What rating needs once the changes are made: the items to rate, facts and answers."""

    items: tuple[str, ...]
    facts: Mapping[str, str]
    answers: Mapping[str, Mapping[str, str]]


@dataclass
class Before:
    """What stands before the changes, as far as they need it."""

    instrument: definition.Instrument
    rows: dict[str, Row] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)

    def after(self, writes: Iterable[Write]) -> After:
        """Facts and answers with the writes in them; a fact touches all items.

        An answer to a question of a part touches the whole and its other parts as well.
        """
        touched: dict[str, None] = {}
        for change in (write.change for write in writes):
            if change.kind is ChangeKind.FACT:
                self.facts[change.name] = change.value
                touched |= dict.fromkeys(item.code for item in self.instrument.items)
            elif change.kind is ChangeKind.ANSWER:
                self.answers.setdefault(change.item, {})[change.name] = change.value
                touched |= dict.fromkeys(self.instrument.family(change.item))
        return After(tuple(touched), self.facts, self.answers)


@dataclass
class SortedOut:
    """The changes, sorted: to write, standing already, or changed by somebody else first."""

    writes: list[Write] = field(default_factory=list)
    revisions: dict[str, int] = field(default_factory=dict)
    conflicts: tuple[errors.Conflict, ...] = ()


def standing(
    session: orm.Session,
    review: CaseReview,
    instrument: definition.Instrument,
    changes: Sequence[Change],
) -> Before:
    """Load facts, answers of the items that will be rated, and narratives that are sent."""
    before = Before(instrument)
    kinds = {change.kind for change in changes}
    if kinds != {ChangeKind.NARRATIVE}:
        _load_facts(session, review, before)
        answered = {change.item for change in changes if change.kind is ChangeKind.ANSWER}
        items = {code for item in answered for code in instrument.family(item)}
        _load_answers(session, review, before, None if ChangeKind.FACT in kinds else items)
    if ChangeKind.NARRATIVE in kinds:
        items = {change.item for change in changes if change.kind is ChangeKind.NARRATIVE}
        _load_narratives(session, review, before, items)
    return before


def _load_facts(session: orm.Session, review: CaseReview, before: Before) -> None:
    row = FactAnswer
    query = sa.select(row.id, row.name, row.value, row.revision).where(row.review_id == review.id)
    for row_id, name, value, revision in session.execute(query):
        before.facts[name] = value
        before.rows[rules.anchor(None, name)] = Row(row_id, value, revision)


def _load_answers(
    session: orm.Session, review: CaseReview, before: Before, items: set[str] | None
) -> None:
    row = Answer
    columns = (row.id, row.item, row.question, row.value, row.revision, row.reason)
    query = sa.select(*columns).where(row.review_id == review.id)
    if items is not None:
        query = query.where(row.item.in_(sorted(items)))
    for row_id, item, question, value, revision, reason in session.execute(query):
        before.answers.setdefault(item, {})[question] = value
        before.rows[rules.anchor(item, question)] = Row(row_id, value, revision, reason or "")


def _load_narratives(
    session: orm.Session, review: CaseReview, before: Before, items: set[str]
) -> None:
    row = Narrative
    query = sa.select(row.id, row.item, row.text, row.revision)
    query = query.where(row.review_id == review.id, row.item.in_(sorted(items)))
    for row_id, item, text, revision in session.execute(query):
        before.rows[item] = Row(row_id, text, revision)


def sort_out(before: Before, changes: Sequence[Change]) -> SortedOut:
    """Compare what was sent with what stands; of two changes to one place the last counts."""
    found = SortedOut()
    for change in {change.anchor: _tidy(change) for change in changes}.values():
        row = before.rows.get(change.anchor)
        revision = row.revision if row else 0
        if _stands(row, change):
            found.revisions[change.anchor] = revision
        elif change.expected != revision:
            found.conflicts += (_conflict(row, change),)
        else:
            found.revisions[change.anchor] = revision + 1
            found.writes.append(Write(change, row, revision + 1, _new_text(row, change)))
    return found


def _tidy(change: Change) -> Change:
    """Line ends as one character; a reason only beside an NA."""
    reason = change.reason if change.value == definition.NA else None
    if reason is not None:
        reason = _lines(reason).strip()
    value = _lines(change.value) if change.kind is ChangeKind.NARRATIVE else change.value
    return dataclasses.replace(change, value=value, reason=reason)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def _stands(row: Row | None, change: Change) -> bool:
    if row is None:
        return change.value == ""
    return row.value == change.value and change.reason in (None, row.reason)


def _new_text(row: Row | None, change: Change) -> str | None:
    if change.kind is ChangeKind.NARRATIVE:
        return change.value
    return None if change.reason == (row.reason if row else "") else change.reason


def _conflict(row: Row | None, change: Change) -> errors.Conflict:
    saved, sent = row.value if row else "", change.value
    if row and saved == sent and change.reason is not None:
        saved, sent = row.reason, change.reason
    revision = row.revision if row else 0
    return errors.Conflict(place=change.anchor, saved=saved, sent=sent, revision=revision)


def write(session: orm.Session, doing: Doing, writes: Sequence[Write]) -> None:
    """Insert and update, one statement for each kind of row (nulls too, else it is several)."""
    for kind, model in _MODELS.items():
        mine = [each for each in writes if each.change.kind is kind]
        new = [_new(doing, each) for each in mine if each.row is None]
        changed = [_changed(doing, each) for each in mine if each.row is not None]
        if new:
            session.execute(sa.insert(model).execution_options(render_nulls=True), new)
        if changed:
            session.execute(sa.update(model), changed)
    texts = [_version(doing, each) for each in writes if each.text is not None]
    if texts:
        session.execute(sa.insert(TextVersion), texts)


def _saved(doing: Doing, each: Write) -> dict[str, Any]:
    who = {"revision": each.revision, "by_id": doing.actor.person_id, "at": doing.now}
    change = each.change
    if change.kind is ChangeKind.NARRATIVE:
        return {**who, "text": change.value}
    if change.kind is ChangeKind.FACT:
        return {**who, "value": change.value}
    kept = each.row.reason if each.row else ""
    reason = kept if change.reason is None else change.reason
    return {**who, "value": change.value, "reason": reason or None}


def _new(doing: Doing, each: Write) -> dict[str, Any]:
    row = {**_saved(doing, each), "review_id": doing.review.id}
    change = each.change
    if change.kind is ChangeKind.FACT:
        return {**row, "name": change.name}
    if change.kind is ChangeKind.ANSWER:
        return {**row, "item": change.item, "question": change.name}
    return {**row, "item": change.item}


def _changed(doing: Doing, each: Write) -> dict[str, Any]:
    assert each.row is not None  # noqa: S101 - the caller kept the new ones apart
    return {**_saved(doing, each), "id": each.row.id}


def _version(doing: Doing, each: Write) -> dict[str, Any]:
    text = each.text or ""
    return {
        "review_id": doing.review.id,
        "place": each.change.text_place,
        "revision": each.revision,
        "text": text,
        "digest": events.digest(text),
        "by_id": doing.actor.person_id,
        "at": doing.now,
    }
