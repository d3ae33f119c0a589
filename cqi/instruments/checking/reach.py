"""Which rating rows can match at all, found by trying.

A row without a condition is never reported: it is the safety net, and an item whose questions all
must be answered never falls into it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cqi.instruments import component_rating, conditions, definition

# Enough for eight questions and two facts; beyond it a row that was not met is not reported.
_TRIES = 50_000
_APPLICABLE = (definition.Rating.STRENGTH, definition.Rating.AREA_NEEDING_IMPROVEMENT)


def unreachable_item_rows(instrument: definition.Instrument, item: definition.Item) -> list[int]:
    """The numbers (from 1) of an item's rows that no facts and answers lead to."""
    open_rows = {number for number, row in enumerate(item.ratings, start=1) if row.when}
    tried = 0
    for values in _item_values(instrument, item):
        tried += 1
        open_rows.discard(_matching(item, values))
        if not open_rows or tried == _TRIES:
            break
    return [] if tried == _TRIES else sorted(open_rows)


def _matching(item: definition.Item, values: Mapping[str, str]) -> int:
    rows = enumerate(item.ratings, start=1)
    return next(number for number, row in rows if conditions.evaluate(row.when, values))


def _item_values(
    instrument: definition.Instrument, item: definition.Item
) -> Iterator[dict[str, str]]:
    """All facts and answers an item can have; the same answer to all first: that ends soonest."""
    facts = [instrument.fact(name) for name in _facts_used(instrument, item)]
    for chosen in itertools.product(*(fact.values for fact in facts)):
        known = {fact.name: value for fact, value in zip(facts, chosen, strict=True)}
        if conditions.evaluate(item.applies_when, known):
            for answers in _answers(item):
                yield _with_answers(item, known, answers)


def _answers(item: definition.Item) -> Iterator[Sequence[str]]:
    for answer in (definition.YES, definition.NO):
        yield [answer] * len(item.questions)
    yield from itertools.product(*(question.values for question in item.questions))


def _with_answers(
    item: definition.Item, known: Mapping[str, str], answers: Sequence[str]
) -> dict[str, str]:
    values = dict(known)
    for question, answer in zip(item.questions, answers, strict=True):
        asked = conditions.evaluate(question.asked_when, values)
        values[question.id] = answer if asked else definition.NA
    return values


def _facts_used(instrument: definition.Instrument, item: definition.Item) -> list[str]:
    looked_at = [item.applies_when, *(question.asked_when for question in item.questions)]
    looked_at += [row.when for row in item.ratings]
    used = {name for condition in looked_at for name in conditions.names(condition)}
    return [name for name in instrument.facts_by_name if name in used]


def unreachable_component_rows(
    instrument: definition.Instrument, components: Iterable[definition.Component]
) -> list[int]:
    """The numbers (from 1) of the rows that these components share and none of them can reach."""
    open_rows: set[int] | None = None
    for component in components:
        rows = instrument.rows_of(component)
        missed = _missed_rows(instrument, component, rows)
        open_rows = missed if open_rows is None else open_rows & missed
    return sorted(open_rows or ())


def _missed_rows(
    instrument: definition.Instrument,
    component: definition.Component,
    rows: Sequence[definition.ComponentRatingRow],
) -> set[int]:
    missed = {number for number, row in enumerate(rows, start=1) if row.when}
    tries = _component_ratings(instrument, component, rows)
    for ratings in itertools.islice(tries, _TRIES):
        row = component_rating.matching_row(instrument, component, ratings)
        missed.discard(next(n for n, each in enumerate(rows, start=1) if each is row))
        if not missed:
            break
    return missed


def _component_ratings(
    instrument: definition.Instrument,
    component: definition.Component,
    rows: Sequence[definition.ComponentRatingRow],
) -> Iterator[dict[str, definition.Rating]]:
    """Ratings of the items, as far as counts can tell them apart: only how many of a sort."""
    counts = [count for row in rows if row.when for count in row.when.terms]
    looked_at = [component_rating.counted_items(instrument, component, c) for c in counts]
    groups: dict[tuple[bool, ...], list[str]] = {}
    for code in component.items:
        groups.setdefault(tuple(code in codes for codes in looked_at), []).append(code)
    for mix in itertools.product(*(_mixes(codes) for codes in groups.values())):
        yield {code: rating for part in mix for code, rating in part}


def _mixes(codes: Sequence[str]) -> list[list[tuple[str, definition.Rating]]]:
    size = len(codes)
    return [
        list(zip(codes, _mix(strengths, needs, size), strict=True))
        for strengths in range(size + 1)
        for needs in range(size + 1 - strengths)
    ]


def _mix(strengths: int, needs: int, size: int) -> list[definition.Rating]:
    strength, need = _APPLICABLE
    rest = size - strengths - needs
    return [strength] * strengths + [need] * needs + [definition.Rating.NOT_APPLICABLE] * rest
