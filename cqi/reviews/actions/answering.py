"""The one action that records facts, answers and narratives, one or many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.core import errors, events
from cqi.instruments.component_rating import ComponentRating
from cqi.instruments.item_rating import ItemRating
from cqi.reviews import queries
from cqi.reviews.actions import allowed, moving, rating, writing
from cqi.reviews.actions.moving import Doing
from cqi.reviews.models import CaseReview
from cqi.reviews.queries import known
from cqi.reviews.rules import Change, ChangeKind


@dataclass(frozen=True)
class Saved:
    """What `record_answers` did.

    `revisions` by anchor ("SRM05-b", "SRM05", "fact-case_type") of everything that was sent and
    now stands; `items` and `components` are the new ratings of what was touched, `before` those
    of all items until now; `conflicts` are the values that somebody else changed first: they were
    not saved, all others were.
    """

    revisions: Mapping[str, int]
    items: Mapping[str, ItemRating]
    components: Mapping[str, ComponentRating]
    known: known.Known
    before: Mapping[str, ItemRating]
    conflicts: tuple[errors.Conflict, ...] = ()


def record_answers(
    session: orm.Session,
    *,
    review: CaseReview,
    changes: Sequence[Change],
    actor: Actor,
    now: dt.datetime,
) -> Saved:
    """Save changes and re-rate what they touch, with one event.

    A change to what already stands is no change and no conflict. A value that somebody else
    changed first comes back in `conflicts` with both texts. The first save starts the review.
    Raises Forbidden (not an assigned reviewer), Blocked (not_open, conflict of interest), or
    BadInput for a name or value that the instrument does not have.
    """
    instrument = queries.instrument_of(review)
    doing = Doing(review, actor, now)
    moving.require_scoring(session, doing)
    head = events.hold(session, moving.stream(review))
    before = known.known(session, review, head)
    ratings = before.assessment.rating.items
    allowed.require(instrument, changes, before.beside.subjects)
    sorted_out = writing.sort_out(before.rows, changes)
    conflicts = tuple(
        writing.conflict(session, review, before.rows.get(change.place), change)
        for change in sorted_out.conflicts
    )
    if not sorted_out.writes:
        return Saved(sorted_out.revisions, {}, {}, before, ratings, conflicts)
    writing.write(session, doing, sorted_out.writes)
    items = sorted_out.items(instrument)
    after = known.changed(before, instrument, sorted_out.rows, items)
    rated = rating.touched(instrument, after.assessment.rating, items)
    rating.store(session, review, instrument, rated)
    head = _record(session, doing, sorted_out.writes, rated, head)
    known.remember(session, head, after)
    return Saved(sorted_out.revisions, rated.items, rated.components, after, ratings, conflicts)


def _record(
    session: orm.Session,
    doing: Doing,
    writes: Sequence[writing.Write],
    rated: rating.Rated,
    head: events.Head,
) -> events.Head:
    payload: dict[str, Any] = {}
    for write in writes:
        _describe(payload, write)
    if rated.items:
        payload["ratings"] = rated.in_event
    moving.start_if_new(session, doing, payload)
    return moving.record(session, doing, "review.answered", payload, head)


def _describe(payload: dict[str, Any], write: writing.Write) -> None:
    """Codes as they are, texts as digests."""
    change = write.change
    if change.kind is ChangeKind.FACT:
        payload.setdefault("facts", {})[change.name] = change.value
        return
    if change.kind is ChangeKind.ANSWER:
        payload.setdefault("answers", {})[change.text_place] = change.value
    if write.text is not None:
        payload.setdefault("texts", {})[change.text_place] = events.digest(write.text)
