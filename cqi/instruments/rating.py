"""Rating a case: every item, then every component."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from cqi.instruments import component_rating, definition, inputs, item_rating
from cqi.instruments.component_rating import ComponentRating
from cqi.instruments.inputs import Answers, FactValues, ItemAnswers, Subjects
from cqi.instruments.item_rating import ItemRating

__all__ = ["Answers", "CaseRating", "ComponentRating", "ItemAnswers", "ItemRating"]


@dataclass(frozen=True)
class CaseRating:
    """The ratings of one case, by item code and by component code, in the instrument's order.

    `known` are the facts and subjects that they rest on.
    """

    items: Mapping[str, ItemRating]
    components: Mapping[str, ComponentRating]
    known: inputs.Known


def rate(
    instrument: definition.Instrument,
    facts: FactValues,
    answers: Answers,
    subjects: Subjects | None = None,
) -> CaseRating:
    """Rate all items and components; InputError for a value that the instrument does not allow.

    `subjects` are ids by kind, or id -> label; without them those that the answers name.
    """
    known = _known(instrument, facts, answers, subjects)
    rated = _rate_items(instrument, instrument.items, known, answers)
    items = {item.code: rated[item.code] for item in instrument.items}
    ratings = {code: item.rating for code, item in items.items()}
    components = _rate_components(instrument, ratings, known.facts)
    return CaseRating(items, components, known)


def rate_items(
    instrument: definition.Instrument,
    codes: Collection[str],
    facts: FactValues,
    answers: Answers,
    subjects: Subjects | None = None,
) -> dict[str, ItemRating]:
    """Rate some items; `answers` hold theirs and those of their parts."""
    known = _known(instrument, facts, answers, subjects)
    wanted = {part for code in codes for part in (code, *instrument.item(code).parts)}
    items = [item for item in instrument.items if item.code in wanted]
    rated = _rate_items(instrument, items, known, answers)
    return {code: rated[code] for code in codes}


def rate_item(
    instrument: definition.Instrument,
    item: definition.Item,
    facts: FactValues,
    item_answers: ItemAnswers,
    subjects: Subjects | None = None,
    parts: Mapping[str, definition.Rating | None] = item_rating.NO_PARTS,
) -> ItemRating:
    """Rate one item; `parts` are the ratings of its parts. InputError as for `rate`."""
    known = _known(instrument, facts, {item.code: item_answers}, subjects)
    return item_rating.rate(instrument, item, known, item_answers, parts)


def rate_again(
    instrument: definition.Instrument,
    before: CaseRating,
    answers: Answers,
    changed: Collection[str],
) -> CaseRating:
    """Rate a case whose answers changed on some items only (codes, a part with its whole).

    Facts and subjects are as they were. The other items keep their rating, and so do components
    that hold none of the changed ones.
    """
    some = [instrument.item(code) for code in changed]
    items = {**before.items, **_rate_items(instrument, some, before.known, answers)}
    ratings = {code: item.rating for code, item in items.items()}
    components = dict(before.components)
    for component in instrument.components:
        if any(code in changed for code in component.items):
            rated = component_rating.rate(instrument, component, ratings, before.known.facts)
            components[component.code] = rated
    return CaseRating(items, components, before.known)


def rate_with(
    instrument: definition.Instrument,
    case: CaseRating,
    answers: Answers,
    given: Mapping[str, definition.Rating],
) -> CaseRating:
    """The same case with some ratings set by QA, by code of items that have no parts.

    What is rated from ratings follows by its own rule: a whole from its parts, a component from
    its items. An item that is set keeps the words of its computed rating.
    """
    items = dict(case.items)
    for code, set_to in given.items():
        items[code] = dataclasses.replace(items[code], rating=set_to)
    for item in instrument.items:
        if any(part in given for part in item.parts):
            parts = {part: items[part].rating for part in item.parts}
            own = answers.get(item.code, {})
            items[item.code] = item_rating.rate(instrument, item, case.known, own, parts)
    ratings = {code: item.rating for code, item in items.items()}
    components = _rate_components(instrument, ratings, case.known.facts)
    return CaseRating(items, components, case.known)


def rate_wholes(
    instrument: definition.Instrument,
    ratings: Mapping[str, definition.Rating | None],
    facts: FactValues | None = None,
) -> dict[str, definition.Rating]:
    """The items that follow from the ratings of their parts alone, by code: each whole whose parts
    are all in `ratings`, that asks no question itself and that the facts do not leave open."""
    known = inputs.Known(inputs.known_facts(instrument, facts or {}), {})
    found: dict[str, definition.Rating] = {}
    for item in instrument.items:
        parts = {code: ratings.get(code) for code in item.parts}
        if parts and not item.questions and None not in parts.values():
            whole = item_rating.rate(instrument, item, known, {}, parts).rating
            if whole is not None:
                found[item.code] = whole
    return found


def rate_components(
    instrument: definition.Instrument,
    ratings: Mapping[str, definition.Rating | None],
    facts: FactValues | None = None,
) -> dict[str, ComponentRating]:
    """Rate all components from item ratings by code: computed, overridden or imported ones.

    `facts` switch off a component that does not apply; without them every one is counted.
    """
    return _rate_components(instrument, ratings, inputs.known_facts(instrument, facts or {}))


def _known(
    instrument: definition.Instrument,
    facts: FactValues,
    answers: Answers,
    subjects: Subjects | None,
) -> inputs.Known:
    listed = inputs.listed(instrument, subjects, answers)
    return inputs.Known(inputs.known_facts(instrument, facts), listed)


def _rate_items(
    instrument: definition.Instrument,
    items: Iterable[definition.Item],
    known: inputs.Known,
    answers: Answers,
) -> dict[str, ItemRating]:
    """Rate items, parts before the wholes whose rows look at them."""
    rated: dict[str, ItemRating] = {}
    for item in sorted(items, key=lambda item: bool(item.parts)):
        parts = {code: rated[code].rating for code in item.parts}
        given = answers.get(item.code, {})
        rated[item.code] = item_rating.rate(instrument, item, known, given, parts)
    return rated


def _rate_components(
    instrument: definition.Instrument,
    ratings: Mapping[str, definition.Rating | None],
    facts: Mapping[str, str],
) -> dict[str, ComponentRating]:
    return {
        component.code: component_rating.rate(instrument, component, ratings, facts)
        for component in instrument.components
    }
