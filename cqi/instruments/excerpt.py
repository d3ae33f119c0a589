"""An instrument of which a round asks some items only."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator

from cqi.instruments import conditions, definition

_ALWAYS = frozenset({"case_type"})  # facts that every case has
_made: dict[tuple[str, tuple[str, ...]], definition.Instrument] = {}


def of(instrument: definition.Instrument, codes: Collection[str]) -> definition.Instrument:
    """These items, each with its whole and parts, and what they need of the face sheet.

    Its components are not rated. Made once for each version and choice; KeyError for a code that
    is no item.
    """
    key = (instrument.digest, tuple(codes))
    if key not in _made:
        _made[key] = _of(instrument, codes)
    return _made[key]


def _of(instrument: definition.Instrument, codes: Collection[str]) -> definition.Instrument:
    wanted = {part for code in codes for part in instrument.family(code)}
    items = tuple(item for item in instrument.items if item.code in wanted)
    components = tuple(
        dataclasses.replace(each, items=tuple(code for code in each.items if code in wanted))
        for each in instrument.components
        if wanted.intersection(each.items)
    )
    named = _ALWAYS.union(*(_names(instrument, item) for item in items))
    kinds = {question.for_each for item in items for question in item.questions}
    return dataclasses.replace(
        instrument,
        items=items,
        components=components,
        facts=tuple(fact for fact in instrument.facts if fact.name in named),
        subjects=tuple(each for each in instrument.subjects if each.kind in kinds),
        whole=False,
    )


def _names(instrument: definition.Instrument, item: definition.Item) -> Iterator[str]:
    """What the item's conditions look at: facts, and answers that no fact is called like."""
    asked = (question.asked_when for question in item.questions)
    rows = (row.when for row in item.ratings)
    for condition in (*instrument.applies_when(item), *asked, *rows):
        yield from conditions.names(condition)
