"""Which rating rows can match at all, found by answering what the engine itself still asks for.

A row without a condition is never reported: it is the safety net, and an item whose questions all
must be answered never falls into it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cqi.instruments import component_rating, conditions, definition, inputs, item_rating
from cqi.instruments.asking import Lack, LackKind

_TRIES = 20_000  # beyond it a row that was not met is not reported
_SUBJECTS_MORE = 3  # tried beyond the least: the worst answers may come from different subjects


def ratings_of(item: definition.Item) -> tuple[definition.Rating, ...]:
    """The ratings that an item can have while its component, or its whole, applies."""
    found = {row.rating for row in item.ratings}
    if item.applies_when is not None:
        found.add(definition.Rating.NOT_APPLICABLE)
    return tuple(rating for rating in definition.ITEM_RATINGS if rating in found)


def ratings_of_part(instrument: definition.Instrument, code: str) -> tuple[definition.Rating, ...]:
    """The ratings that a part can have; all where its file is missing or broken."""
    item = instrument.items_by_code.get(code)
    return ratings_of(item) if item else definition.ITEM_RATINGS


def unreachable_item_rows(instrument: definition.Instrument, item: definition.Item) -> list[int]:
    """The numbers (from 1) of an item's rows that no facts and answers lead to."""
    return [
        number
        for number, row in enumerate(item.ratings, start=1)
        if row.when and not _Search(instrument, item, item.ratings[:number]).succeeds()
    ]


@dataclass(frozen=True)
class _Case:
    """Facts, answers and ratings of parts, as far as the search has chosen them."""

    known: inputs.Known
    answers: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, definition.Rating] = field(default_factory=dict)

    def with_(self, lack: Lack, value: Any) -> _Case:
        """The case with one thing more that was lacking."""
        if lack.kind is LackKind.FACT:
            facts = {**self.known.facts, lack.name: value}
            return replace(self, known=replace(self.known, facts=facts))
        if lack.kind is LackKind.PART:
            return replace(self, parts={**self.parts, lack.name: value})
        if lack.subject is not None:
            value = {**self.answers.get(lack.name, {}), lack.subject: value}
        return replace(self, answers={**self.answers, lack.name: value})


class _Search:
    """A search for a case that ends in the last of these rows."""

    def __init__(
        self,
        instrument: definition.Instrument,
        item: definition.Item,
        rows: Sequence[definition.RatingRow],
    ) -> None:
        self.instrument, self.item = instrument, _without_most(item)
        self.earlier, self.wanted = rows[:-1], rows[-1]
        self.tries = _TRIES
        looked_at = [row.when for row in rows] + [each.asked_when for each in item.questions]
        self.terms = [term for when in looked_at if when for term in when.terms]
        self.named = {term.name for term in self.terms}
        self.first = {*conditions.names(self.wanted.when)}

    def succeeds(self) -> bool:
        """Whether there is such a case, or too many were tried to say."""
        return any(self._leads(_Case(inputs.Known({}, listed))) for listed in self._listings())

    def _leads(self, case: _Case) -> bool:
        self.tries -= 1
        if self.tries < 0:
            return True
        standing = item_rating.stand(
            self.instrument, self.item, case.known, case.answers, case.parts
        )
        if standing.row is not None:
            return standing.row is self.wanted
        if standing.unmet is not None or self._is_shut(standing.walk.values):
            return False
        lack = self._next(standing.walk.lacks)
        return any(self._leads(case.with_(lack, value)) for value in self._choices(lack))

    def _is_shut(self, values: conditions.Values) -> bool:
        """Whether nothing that may still become known leads to the wanted row."""
        if conditions.evaluate(self.wanted.when, values) is False:
            return True
        return any(conditions.evaluate(row.when, values) for row in self.earlier)

    def _next(self, lacks: Sequence[Lack]) -> Lack:
        """What to choose next: what the wanted row looks at, so that a dead end shows early."""
        scored = [lack for lack in lacks if lack.scored]
        return next((lack for lack in scored if lack.name in self.first), scored[0])

    def _choices(self, lack: Lack) -> Sequence[Any]:
        if lack.kind is LackKind.FACT:
            return self.instrument.fact(lack.name).values
        if lack.kind is LackKind.PART:
            return ratings_of_part(self.instrument, lack.name)
        question = self.item.question(lack.name)
        choices = question.values or self._numbers(question)
        return choices if lack.name in self.named else choices[:1]

    def _numbers(self, question: definition.Question) -> list[str]:
        """The counts that conditions can tell apart: their literals and the neighbours."""
        most = definition.LARGEST_COUNT if question.most is None else question.most
        said = [int(term.literal) for term in self.terms if term.name == question.id]
        near = {number + step for number in said for step in (-1, 0, 1)}
        found = {n for n in near | {0, 1, 2} if question.least <= n <= most}
        return [str(number) for number in sorted(found | {question.least})]

    def _listings(self) -> Iterator[inputs.Listed]:
        """Subjects to try: as few as may be, and so many that their answers can differ."""
        kinds = {question.for_each for question in self.item.questions if question.for_each}
        for sizes in itertools.product(*(self._sizes(kind) for kind in sorted(kinds))):
            yield {
                kind: {str(number): str(number) for number in range(size)}
                for kind, size in zip(sorted(kinds), sizes, strict=True)
            }

    def _sizes(self, kind: str) -> Sequence[int]:
        least = self.instrument.subjects_by_kind[kind].at_least
        return range(least, least + _SUBJECTS_MORE + 1)


def _without_most(item: definition.Item) -> definition.Item:
    """The item with no upper limit to repeated counts: several subjects may reach any together."""
    freed = (replace(each, most=None) if each.for_each else each for each in item.questions)
    return replace(item, questions=tuple(freed))


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
    for tried, ratings in enumerate(component_ratings(instrument, component)):
        row = component_rating.matching_row(instrument, component, ratings)
        missed.discard(next(n for n, each in enumerate(rows, start=1) if each is row))
        if not missed or tried == _TRIES:
            return set()
    return missed


def component_ratings(
    instrument: definition.Instrument, component: definition.Component
) -> Iterator[dict[str, definition.Rating]]:
    """Ratings that the items can have, as far as counts tell them apart: how many of a sort."""
    rows = instrument.rows_of(component)
    counts = [count for row in rows if row.when for count in row.when.terms]
    looked_at = [component_rating.counted_items(instrument, component, c) for c in counts]
    groups: dict[tuple[Any, ...], list[str]] = {}
    for code in component.items:
        possible = ratings_of(instrument.item(code))
        groups.setdefault((possible, *(code in codes for codes in looked_at)), []).append(code)
    mixes = (_mixes(codes, possible) for (possible, *_), codes in groups.items())
    for mix in itertools.product(*mixes):
        yield {code: rating for part in mix for code, rating in part}


def _mixes(
    codes: Sequence[str], possible: Sequence[definition.Rating]
) -> list[list[tuple[str, definition.Rating]]]:
    mixes = itertools.combinations_with_replacement(possible, len(codes))
    return [list(zip(codes, mix, strict=True)) for mix in mixes]
