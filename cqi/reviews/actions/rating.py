"""Keeping the stored ratings of a case review in step with its answers."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from cqi.core import columns
from cqi.instruments import definition
from cqi.instruments.component_rating import ComponentRating
from cqi.instruments.item_rating import ItemRating
from cqi.instruments.rating import CaseRating
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.rules import RatingLevel


@dataclass(frozen=True)
class Rated:
    """New ratings of the items that were touched, and of their components."""

    items: Mapping[str, ItemRating]
    components: Mapping[str, ComponentRating]

    @property
    def in_event(self) -> dict[str, str | None]:
        """Code -> rating, as an event names them."""
        both: dict[str, ItemRating | ComponentRating] = {**self.items, **self.components}
        return {code: one.rating.value if one.rating else None for code, one in both.items()}


def touched(instrument: definition.Instrument, case: CaseRating, codes: Collection[str]) -> Rated:
    """The ratings of these items and of the components that hold them."""
    return Rated(
        {code: case.items[code] for code in codes},
        {
            component.code: case.components[component.code]
            for component in instrument.components
            if any(code in codes for code in component.items)
        },
    )


def store(
    session: orm.Session, review: CaseReview, instrument: definition.Instrument, rated: Rated
) -> None:
    """Store ratings: those of items, then those of components."""
    of_items = [
        _row(review, RatingLevel.ITEM, instrument.item(code).component, code, item)
        for code, item in rated.items.items()
    ]
    of_components = [
        _row(review, RatingLevel.COMPONENT, code, code, component)
        for code, component in rated.components.items()
    ]
    connection = session.connection()
    if of_items or of_components:
        connection.execute(_upsert(connection.dialect.name), [*of_items, *of_components])


def _row(
    review: CaseReview,
    level: RatingLevel,
    component: str,
    code: str,
    rated: ItemRating | ComponentRating,
) -> dict[str, Any]:
    return {
        "review_id": review.id,
        "level": level,
        "component": component,
        "code": code,
        "rating": rated.rating,
        "applies": rated.applies if isinstance(rated, ItemRating) else None,
        "because": list(rated.because),
        "missing": list(rated.missing),
    }


@functools.cache
def _upsert(dialect: str) -> Any:
    changes = ("rating", "applies", "because", "missing")
    return columns.upsert(StoredRating, ("review_id", "code"), changes, dialect)
