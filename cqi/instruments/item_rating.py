"""The rating of one item: what applies, what is missing, the first row that matches, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cqi.instruments import asking, conditions, definition, inputs, wording
from cqi.instruments.asking import Ask, Lack, LackKind

NO_PARTS: asking.Parts = {}


@dataclass(frozen=True)
class ItemRating:
    """An item's rating with its reasons, or what is missing for it.

    `because` is near the machine ("b is no"), `reason` is a sentence for a page. `applies` is None
    while a fact that decides it is missing; `asks` then holds the questions that would be asked.
    `confirm` says that the rating came from a row that the agency has to confirm; `decided_by` are
    the names (questions, parts, facts) that made that row hold.
    """

    rating: definition.Rating | None
    because: tuple[str, ...]
    reason: str
    lacks: tuple[Lack, ...]
    applies: bool | None
    asks: tuple[Ask, ...]
    confirm: bool = False
    decided_by: tuple[str, ...] = ()

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """What keeps the item from being rated: "fact report_in_pur", "a", "a for mother"."""
        return tuple(dict.fromkeys(str(lack) for lack in self.lacks if lack.scored))

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The questions that are asked, of one subject at least where they are repeated."""
        return tuple(dict.fromkeys(ask.question for ask in self.asks))

    @cached_property
    def unanswered(self) -> tuple[Ask, ...]:
        """The questions that are asked and not answered, scored or not."""
        answers = (lack for lack in self.lacks if lack.kind is LackKind.ANSWER)
        return tuple(Ask(lack.name, lack.subject) for lack in answers)


@dataclass(frozen=True)
class Standing:
    """Where an item stands, without words: the row that matched, or what is missing.

    `unmet` is the condition by which the item does not apply.
    """

    applies: bool | None
    walk: asking.Walk
    row: definition.RatingRow | None = None
    unmet: definition.Condition | None = None


def rate(
    instrument: definition.Instrument,
    item: definition.Item,
    known: inputs.Known,
    answers: inputs.ItemAnswers,
    parts: asking.Parts = NO_PARTS,
) -> ItemRating:
    """Rate one item from what is known and the answers to its questions; `parts` by code."""
    standing = stand(instrument, item, known, answers, parts)
    if standing.unmet is not None:
        return _not_applicable_by_rule(instrument, standing.unmet, known)
    walk, row = standing.walk, standing.row
    lacks = tuple(sorted(dict.fromkeys(walk.lacks), key=lambda lack: lack.kind))
    if row is None:
        reason = wording.not_rated(instrument, item, known, lacks)
        return ItemRating(None, (), reason, lacks, standing.applies, tuple(walk.asks))
    reason = wording.rated(instrument, item, row, known, walk)
    asks, because, names = tuple(walk.asks), _because(item, row, walk), _decided_by(row, walk)
    return ItemRating(row.rating, because, reason, lacks, True, asks, row.confirm, names)


def stand(
    instrument: definition.Instrument,
    item: definition.Item,
    known: inputs.Known,
    answers: inputs.ItemAnswers,
    parts: asking.Parts = NO_PARTS,
) -> Standing:
    """Find the row of an item; InputError for an answer that is not allowed."""
    applies_when = instrument.applies_when(item)
    for condition in applies_when:
        if conditions.evaluate(condition, known.facts) is False:
            return Standing(False, asking.Walk(item, {}), unmet=condition)
    walk = asking.walk(instrument, item, known, answers, parts)
    if any(conditions.evaluate(each, known.facts) is None for each in applies_when):
        walk.lacks.clear()
        for condition in applies_when:
            walk.lack_facts(condition, known.facts)
        return Standing(None, walk)
    if any(lack.scored for lack in walk.lacks):
        return Standing(True, walk)
    return Standing(True, walk, _row(item, walk))


def _row(item: definition.Item, walk: asking.Walk) -> definition.RatingRow | None:
    """The first row that holds; None, with the facts it lacks noted, where it is not decided."""
    for row in item.ratings:
        result = conditions.evaluate(row.when, walk.values)
        if result is None:
            walk.lack_facts(row.when, walk.values)
            return None
        if result:
            return row
    raise AssertionError(f"{item.code} has no last row")  # the checker refuses such an item


def _not_applicable_by_rule(
    instrument: definition.Instrument, unmet: definition.Condition, known: inputs.Known
) -> ItemRating:
    because = because_of(unmet, known.facts)
    reason = wording.not_applicable_by_rule(instrument, unmet, known.facts)
    return ItemRating(definition.Rating.NOT_APPLICABLE, because, reason, (), False, ())


def _because(
    item: definition.Item, row: definition.RatingRow, walk: asking.Walk
) -> tuple[str, ...]:
    if row.when is not None:
        return because_of(row.when, walk.values)
    known = {ask.question for ask in walk.asks}.union(item.parts)
    return tuple(
        f"{name} is {walk.values[name] if name in known else 'not asked'}"
        for name in (*item.parts, *item.scored_ids)
    )


def _decided_by(row: definition.RatingRow, walk: asking.Walk) -> tuple[str, ...]:
    terms = conditions.deciding(row.when, walk.values) if row.when else ()
    return tuple(dict.fromkeys(term.name for term in terms))


def because_of(condition: definition.Condition, values: Mapping[str, str]) -> tuple[str, ...]:
    """The names that decided a condition, each with its value: "b is no"."""
    terms = conditions.deciding(condition, values)
    return tuple(dict.fromkeys(f"{term.name} is {values[term.name]}" for term in terms))
