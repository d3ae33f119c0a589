"""Who changed what on a case review, when, from what to what.

Read from its chain of events, which names codes and values, and from the saved texts that the
digests in it stand for. Sources of evidence are rows that stay on record: they are read as such.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.core import events
from cqi.reviews.models import (
    CaseReview,
    Evidence,
    InterviewRow,
    Override,
    ReviewSubject,
    TextVersion,
)
from cqi.reviews.queries import sheets
from cqi.reviews.rules import interviews
from cqi.reviews.workflow import Step

_KINDS = (
    "review.answered",
    "review.subjects_added",
    "review.subject_renamed",
    "review.subject_removed",
    "review.rating_overridden",
    "review.override_withdrawn",
    f"review.{Step.RETURN_TO_REVIEWERS.value}",  # both may withdraw overrides
    f"review.{Step.REOPEN.value}",
)
_ADDED, _REMOVED = "review.interview_added", "review.interview_removed"
_INTERVIEWS = ("review.interviews_recorded", _ADDED, _REMOVED)
PAUSE = dt.timedelta(minutes=15)
_Texts = Mapping[tuple[str, str], str | None]  # by place and digest
_Payload = Mapping[str, Any]


class What(enum.StrEnum):
    """What kind of value was changed."""

    FACT = "fact"
    ANSWER = "answer"
    REASON = "reason"
    NARRATIVE = "narrative"
    RATING = "rating"
    OVERRIDE = "override"
    INTERVIEW = "interview"
    LISTED = "listed"
    NOTES = "notes"


_WRITTEN = (What.REASON, What.NARRATIVE, What.NOTES)  # saved while they are written
_Value = tuple[What, str, str | None]


@dataclass(frozen=True)
class Changed:
    """One value that somebody changed, between two moments where it was written in one sitting.

    `name` is a fact, a question (`rules.asked`), an interview's id and field ("0193... held_on"),
    or "" for what is of the whole item; a text is None where retention has emptied it, "" where
    nothing stood. `override` is the id of the one that it came with.
    """

    what: What
    name: str
    before: str | None
    after: str | None
    by: str
    since: dt.datetime
    at: dt.datetime
    override: str = ""


def changes(session: orm.Session, review: CaseReview, item: str = "") -> list[Changed]:
    """What was changed of an item, or on the face sheet, newest first."""
    place = TextVersion.place
    here = sa.or_(place == item, place.startswith(f"{item}.", autoescape=True))
    texts = _texts(session, review, here) if item else {}
    return _changes(session, review, _KINDS, lambda _kind, said: _values(said, item, texts))


def interview_changes(session: orm.Session, review: CaseReview) -> list[Changed]:
    """What was changed of the interviews, newest first."""
    texts = _texts(session, review, TextVersion.place.startswith(f"{What.INTERVIEW}-"))
    return _changes(session, review, _INTERVIEWS, lambda kind, said: _heard(kind, said, texts))


def _changes(
    session: orm.Session,
    review: CaseReview,
    kinds: Iterable[str],
    values: Callable[[str, _Payload], Iterable[_Value]],
) -> list[Changed]:
    one = events.Event
    query = (
        sa.select(one.at, one.kind, one.payload, Person.name)
        .outerjoin(Person, Person.id == one.actor_id)
        .where(one.stream_kind == "review", one.stream_id == review.public_id)
        .where(one.kind.in_(kinds))
        .order_by(one.sequence)
    )
    stands: dict[tuple[What, str], str | None] = {}
    found = []
    for at, kind, payload, by in session.execute(query):
        for what, name, value in values(kind, payload):
            before = stands.get((what, name), "")
            if value != before or value is None:
                override = payload.get("override", "")
                found.append(Changed(what, name, before, value, by or "", at, at, override))
            stands[what, name] = value
    return list(reversed(_in_sittings(found)))


def subject_labels(session: orm.Session, review: CaseReview) -> dict[str, str]:
    """Label by public id of everybody who was ever on the face sheet."""
    query = sa.select(ReviewSubject.public_id, ReviewSubject.label)
    rows = session.execute(query.where(ReviewSubject.review_id == review.id))
    return {str(public_id): label for public_id, label in rows}


def interviewed(session: orm.Session, review: CaseReview) -> dict[str, str]:
    """What everybody is called who was ever on the list of interviews, by id."""
    query = sa.select(InterviewRow.public_id, InterviewRow.label)
    rows = session.execute(query.where(InterviewRow.review_id == review.id))
    return {str(public_id): label for public_id, label in rows}


def override_reasons(session: orm.Session, review: CaseReview) -> dict[str, str]:
    """Why ratings were set otherwise, by the override's id; those that were withdrawn too."""
    query = sa.select(Override.public_id, Override.reason)
    rows = session.execute(query.where(Override.review_id == review.id))
    return {str(public_id): reason for public_id, reason in rows}


@dataclass(frozen=True)
class Moved:
    """A source of evidence that somebody named, or took away."""

    source: sheets.Source
    added: bool
    by: str
    at: dt.datetime


def sources_moved(session: orm.Session, review: CaseReview, item: str) -> Iterator[Moved]:
    """What was named as evidence of an item, and what of it was taken away."""
    one, taker = Evidence, orm.aliased(Person)
    query = (
        sa.select(one, Person.name, taker.name)
        .join(Person, Person.id == one.by_id)
        .outerjoin(taker, taker.id == one.removed_by_id)
        .where(one.review_id == review.id, one.item == item)
        .order_by(one.id)
    )
    for row, by, removed_by in session.execute(query):
        source = _source(row, by)
        yield Moved(source, True, by, row.at)
        if row.removed_at is not None:
            yield Moved(source, False, removed_by or "", row.removed_at)


def _source(row: Evidence, by: str) -> sheets.Source:
    what = (row.public_id, row.item, row.kind, row.source)
    return sheets.Source(*what, row.detail or "", row.protected, by, row.at, row.interview)


def _texts(session: orm.Session, review: CaseReview, here: sa.ColumnElement[bool]) -> _Texts:
    one = TextVersion
    query = sa.select(one.place, one.digest, one.text).where(one.review_id == review.id, here)
    return {(place, digest): text for place, digest, text in session.execute(query)}


def _values(payload: _Payload, item: str, texts: _Texts) -> Iterator[_Value]:
    """What an event says of the item, or of the face sheet."""
    if not item:
        for name, value in payload.get("facts", {}).items():
            yield What.FACT, name, value
        return
    for name, value in _of_item(payload.get("answers", {}), item):
        yield What.ANSWER, name, value
    for name, digest in _of_item(payload.get("texts", {}), item):
        place = f"{item}.{name}" if name else item
        yield What.REASON if name else What.NARRATIVE, name, texts.get((place, digest))
    if item in payload.get("ratings", {}):
        yield What.RATING, "", payload["ratings"][item] or ""
    if "override" in payload and payload["item"] == item:
        yield What.OVERRIDE, "", payload.get("rating", "")
    if item in payload.get("overrides_withdrawn", ()):
        yield What.OVERRIDE, "", ""


def _heard(kind: str, payload: _Payload, texts: _Texts) -> Iterator[_Value]:
    """What an event says of interviews; their texts stand in it as digests."""
    for key, fields in payload["interviews"].items():
        if kind != _INTERVIEWS[0]:
            yield What.LISTED, key, "yes" if kind == _ADDED else ""
        for name, value in fields.items():
            if name == "role":
                continue
            what = What.NOTES if name == interviews.NOTES else What.INTERVIEW
            place = interviews.place(uuid.UUID(key), name)
            is_text = name in interviews.TEXTS
            yield what, f"{key} {name}", texts.get((place, value)) if is_text else value


def _of_item(places: Mapping[str, str], item: str) -> Iterator[tuple[str, str]]:
    for place, value in places.items():
        code, _, name = place.partition(".")
        if code == item:
            yield name, value


def _in_sittings(found: Iterable[Changed]) -> list[Changed]:
    """A text that is saved while it is written is one change as long as nobody rests or comes
    between; every version stays among the saved texts."""
    kept: list[Changed] = []
    last: dict[tuple[What, str], int] = {}
    for change in found:
        key = change.what, change.name
        before = kept[last[key]] if key in last else None
        if before and change.what in _WRITTEN and _goes_on(before, change):
            together = dataclasses.replace(change, before=before.before, since=before.since)
            kept[last[key]] = together
        else:
            last[key] = len(kept)
            kept.append(change)
    return sorted(kept, key=lambda change: change.at)


def _goes_on(before: Changed, change: Changed) -> bool:
    return before.by == change.by and change.at - before.at <= PAUSE
