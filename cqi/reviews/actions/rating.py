"""Keeping the stored ratings of a case review in step with its answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.instruments import component_rating, definition, inputs
from cqi.instruments import rating as rules
from cqi.instruments.component_rating import ComponentRating
from cqi.instruments.item_rating import ItemRating
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import RatingLevel

_Told = tuple[definition.Rating | None, bool | None, list[str], list[str]]


@dataclass(frozen=True)
class Rated:
    """New ratings of the items that were touched, and of their components."""

    items: Mapping[str, ItemRating]
    components: Mapping[str, ComponentRating]


def rate(
    instrument: definition.Instrument,
    codes: Collection[str],
    facts: Mapping[str, str],
    answers: Mapping[str, Mapping[str, str]],
) -> dict[str, ItemRating]:
    """Rate some items; `answers` hold those of their parts too."""
    return rules.rate_items(instrument, codes, facts, answers)


def store(
    session: orm.Session,
    review: CaseReview,
    instrument: definition.Instrument,
    items: Mapping[str, ItemRating],
    facts: Mapping[str, str],
) -> Rated:
    """Store the ratings of these items and their components, as far as they differ."""
    touched = [c for c in instrument.components if any(code in items for code in c.items)]
    stored = _stored(session, review, [component.code for component in touched])
    known = {code: told[0] for code, (_, told) in stored.items()}
    known |= {code: item.rating for code, item in items.items()}
    stated = inputs.known_facts(instrument, facts)
    components = {
        each.code: component_rating.rate(instrument, each, known, stated) for each in touched
    }
    writes = _Writes(review, stored)
    for code, item in items.items():
        writes.add(RatingLevel.ITEM, instrument.item(code).component, code, _told(item))
    for code, component in components.items():
        writes.add(RatingLevel.COMPONENT, code, code, _told(component))
    writes.execute(session)
    return Rated(items, components)


def _stored(
    session: orm.Session, review: CaseReview, components: list[str]
) -> dict[str, tuple[int, _Told]]:
    row = StoredRating
    query = sa.select(row.id, row.code, row.rating, row.applies, row.because, row.missing)
    found = session.execute(query.where(row.review_id == review.id, row.component.in_(components)))
    return {code: (row_id, tuple(told)) for row_id, code, *told in found}  # type: ignore[misc]  # rows unpack untyped


def _told(rated: ItemRating | ComponentRating) -> _Told:
    applies = rated.applies if isinstance(rated, ItemRating) else None
    return rated.rating, applies, list(rated.because), list(rated.missing)


class _Writes:
    """Rows to insert and to update, kept apart so that each kind is one statement."""

    def __init__(self, review: CaseReview, stored: Mapping[str, tuple[int, _Told]]) -> None:
        self.review, self.stored = review, stored
        self.new: list[dict[str, Any]] = []
        self.changed: list[dict[str, Any]] = []

    def add(self, level: RatingLevel, component: str, code: str, told: _Told) -> None:
        """Take a rating in, unless it stands so already."""
        row_id, before = self.stored.get(code, (None, None))
        if told == before:
            return
        row = dict(zip(("rating", "applies", "because", "missing"), told, strict=True))
        if row_id is not None:
            self.changed.append({"id": row_id, **row})
            return
        place = {"review_id": self.review.id, "component": component, "code": code}
        self.new.append({**place, "level": level, **row})

    def execute(self, session: orm.Session) -> None:
        """Write what differs."""
        if self.new:
            session.execute(sa.insert(StoredRating).execution_options(render_nulls=True), self.new)
        if self.changed:
            session.execute(sa.update(StoredRating), self.changed)
