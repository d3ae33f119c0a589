"""The rating of one component from the ratings of its items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cqi.instruments import conditions, definition, item_rating, wording

CORE = "core"


@dataclass(frozen=True)
class ComponentRating:
    """A component's rating with its reasons, or the codes of the items that are not rated yet.

    `confirm` says that the rating came from a row that the agency has to confirm.
    """

    rating: definition.Rating | None
    because: tuple[str, ...]
    reason: str
    missing: tuple[str, ...]
    confirm: bool = False


def rate(
    instrument: definition.Instrument,
    component: definition.Component,
    ratings: Mapping[str, definition.Rating | None],
    facts: Mapping[str, str] | None = None,
) -> ComponentRating:
    """Rate a component; `ratings` by item code may come from answers, overrides or an import.

    `facts`, as conditions read them, decide whether it applies at all.
    """
    if not instrument.whole:
        return ComponentRating(None, (), wording.NOT_WHOLE, ())
    when = component.applies_when
    if when is not None and conditions.evaluate(when, facts or {}) is False:
        return _not_applicable_by_rule(instrument, when, facts or {})
    rated: dict[str, definition.Rating] = {}
    for code in component.items:
        rating = ratings.get(code)
        if rating is not None:
            rated[code] = rating
    missing = tuple(code for code in component.items if code not in rated)
    if missing:
        return ComponentRating(None, (), wording.component_not_rated(missing), missing)
    row = matching_row(instrument, component, rated)
    reason = wording.component_rated(instrument, component, row, rated)
    because = _because(instrument, component, rated)
    return ComponentRating(row.rating, because, reason, (), row.confirm)


def _not_applicable_by_rule(
    instrument: definition.Instrument, when: definition.Condition, facts: Mapping[str, str]
) -> ComponentRating:
    because = item_rating.because_of(when, facts)
    reason = wording.not_applicable_by_rule(instrument, when, facts)
    return ComponentRating(definition.Rating.NOT_APPLICABLE, because, reason, ())


def matching_row(
    instrument: definition.Instrument,
    component: definition.Component,
    ratings: Mapping[str, definition.Rating],
) -> definition.ComponentRatingRow:
    """The first row that holds for a component whose items are all rated."""
    for row in instrument.rows_of(component):
        if row.when is None or _holds(instrument, component, row.when, ratings):
            return row
    raise AssertionError(f"{component.code} has no last row")  # the checker refuses it


def counted_items(
    instrument: definition.Instrument, component: definition.Component, count: definition.Count
) -> tuple[str, ...]:
    """The codes of the items of a component that a count looks at."""
    if count.of is None:
        return component.items
    if count.of == CORE:
        return tuple(code for code in component.items if instrument.item(code).core)
    return tuple(code for code in component.items if code in count.of)


def _holds(
    instrument: definition.Instrument,
    component: definition.Component,
    condition: definition.CountCondition,
    ratings: Mapping[str, definition.Rating],
) -> bool:
    results = (
        _within(count, _number(instrument, component, count, ratings)) for count in condition.terms
    )
    return all(results) if condition.quantifier is definition.Quantifier.ALL else any(results)


def _within(count: definition.Count, number: int) -> bool:
    if count.at_most is not None and number > count.at_most:
        return False
    return count.at_least is None or number >= count.at_least


def _number(
    instrument: definition.Instrument,
    component: definition.Component,
    count: definition.Count,
    ratings: Mapping[str, definition.Rating],
) -> int:
    looked_at = [ratings[code] for code in counted_items(instrument, component, count)]
    if count.counted is definition.Counted.APPLICABLE:
        return sum(1 for r in looked_at if r is not definition.Rating.NOT_APPLICABLE)
    return sum(1 for r in looked_at if r.value == count.counted.value)


def _because(
    instrument: definition.Instrument,
    component: definition.Component,
    ratings: Mapping[str, definition.Rating],
) -> tuple[str, ...]:
    """Every number that the rules look at: "area_needing_improvement of core is 0"."""
    found: dict[str, None] = {}
    for row in instrument.rows_of(component):
        for count in row.when.terms if row.when else ():
            of = (
                ""
                if count.of is None
                else f" of {count.of if isinstance(count.of, str) else ', '.join(count.of)}"
            )
            number = _number(instrument, component, count, ratings)
            found[f"{count.counted.value}{of} is {number}"] = None
    return tuple(found)
