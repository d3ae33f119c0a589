"""Who changed what on a case review, when, from what to what.

Read from its chain of events, which names codes and values, and from the saved texts that the
digests in it stand for.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.core import events
from cqi.reviews.models import CaseReview, ReviewSubject, TextVersion
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
PAUSE = dt.timedelta(minutes=15)
_Texts = Mapping[tuple[str, str], str | None]  # by place and digest


class What(enum.StrEnum):
    """What kind of value was changed."""

    FACT = "fact"
    ANSWER = "answer"
    REASON = "reason"
    NARRATIVE = "narrative"
    RATING = "rating"
    OVERRIDE = "override"


@dataclass(frozen=True)
class Changed:
    """One value that somebody changed, between two moments where it was written in one sitting.

    `name` is a fact, a question (`rules.asked`), or "" for what is of the whole item; a text is
    None where retention has emptied it, "" where nothing stood.
    """

    what: What
    name: str
    before: str | None
    after: str | None
    by: str
    since: dt.datetime
    at: dt.datetime


def changes(session: orm.Session, review: CaseReview, item: str = "") -> list[Changed]:
    """What was changed of an item, or on the face sheet, newest first."""
    texts = _texts(session, review, item) if item else {}
    query = (
        sa.select(events.Event.at, events.Event.payload, Person.name)
        .outerjoin(Person, Person.id == events.Event.actor_id)
        .where(events.Event.stream_kind == "review", events.Event.stream_id == review.public_id)
        .where(events.Event.kind.in_(_KINDS))
        .order_by(events.Event.sequence)
    )
    stands: dict[tuple[What, str], str | None] = {}
    found = []
    for at, payload, by in session.execute(query):
        for what, name, value in _values(payload, item, texts):
            before = stands.get((what, name), "")
            if value != before or value is None:
                found.append(Changed(what, name, before, value, by or "", at, at))
            stands[what, name] = value
    return list(reversed(_in_sittings(found)))


def subject_labels(session: orm.Session, review: CaseReview) -> dict[str, str]:
    """Label by public id of everybody who was ever on the face sheet."""
    query = sa.select(ReviewSubject.public_id, ReviewSubject.label)
    rows = session.execute(query.where(ReviewSubject.review_id == review.id))
    return {str(public_id): label for public_id, label in rows}


def _texts(session: orm.Session, review: CaseReview, item: str) -> _Texts:
    one = TextVersion
    here = sa.or_(one.place == item, one.place.startswith(f"{item}.", autoescape=True))
    query = sa.select(one.place, one.digest, one.text).where(one.review_id == review.id, here)
    return {(place, digest): text for place, digest, text in session.execute(query)}


def _values(
    payload: Mapping[str, Any], item: str, texts: _Texts
) -> Iterator[tuple[What, str, str | None]]:
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
        if before and change.what in (What.REASON, What.NARRATIVE) and _goes_on(before, change):
            together = dataclasses.replace(change, before=before.before, since=before.since)
            kept[last[key]] = together
        else:
            last[key] = len(kept)
            kept.append(change)
    return sorted(kept, key=lambda change: change.at)


def _goes_on(before: Changed, change: Changed) -> bool:
    return before.by == change.by and change.at - before.at <= PAUSE
