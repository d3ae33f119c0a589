"""Second pass, rules: do conditions speak of what there is, and do rating rows cover everything?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cqi.instruments import conditions, definition, loading, problems
from cqi.instruments.checking import reach
from cqi.instruments.problems import Problem, Rule, Where


@dataclass(frozen=True)
class _Scope:
    """What a condition of an item may speak of: the facts, and these of the item's questions."""

    instrument: definition.Instrument
    item: definition.Item
    questions: tuple[str, ...]


def item_problems(
    instrument: definition.Instrument, item: definition.Item, top: Where
) -> Iterator[Problem]:
    """Conditions and rating rows of one item."""
    found = [*_item_conditions(instrument, item, top), *last_row(item.ratings, top.at("ratings"))]
    yield from found
    if not found:
        yield from _unreachable(instrument, item, top.at("ratings"))


def _item_conditions(
    instrument: definition.Instrument, item: definition.Item, top: Where
) -> Iterator[Problem]:
    facts_only = _Scope(instrument, item, ())
    yield from _condition(item.applies_when, facts_only, top.at("applies_when"))
    for position, question in enumerate(item.questions):
        earlier = _Scope(instrument, item, item.question_ids[:position])
        where = top.at(f"questions[{question.id}]").at("asked_when")
        yield from _condition(question.asked_when, earlier, where)
    everything = _Scope(instrument, item, item.question_ids)
    for number, row in enumerate(item.ratings, start=1):
        yield from _condition(row.when, everything, top.at(f"ratings[{number}].when"))


def _condition(
    condition: definition.Condition | None, scope: _Scope, where: Where
) -> Iterator[Problem]:
    for term in condition.terms if condition else ():
        yield from _term(term, scope, where)


def _term(term: definition.Comparison, scope: _Scope, where: Where) -> Iterator[Problem]:
    fact = scope.instrument.facts_by_name.get(term.name)
    if fact is not None:
        bare_is_wrong = fact.answer is definition.Answer.CHOICE
        yield from _value(term, fact.values, bare_is_wrong, where)
    elif term.name in scope.questions:
        yield from _value(term, _question_values(scope.item, term.name), True, where)
    elif term.name in scope.item.question_ids:
        message = f'"{term}": the question {term.name} is not answered yet at this place.'
        remedy = "asked_when may use facts and earlier questions, applies_when only facts."
        yield where.problem(Rule.QUESTION_TOO_LATE, message, remedy)
    else:
        message = f'"{term}": there is no fact or question "{term.name}".'
        options = (*scope.instrument.facts_by_name, *scope.questions)
        remedy = problems.did_you_mean(term.name, options)
        yield where.problem(Rule.UNKNOWN_NAME, message, remedy)


def _question_values(item: definition.Item, name: str) -> tuple[str, ...]:
    question = item.question(name)
    if question.asked_when is None or definition.NA in question.values:
        return question.values
    return (*question.values, definition.NA)


def _value(
    term: definition.Comparison, values: Sequence[str], bare_is_wrong: bool, where: Where
) -> Iterator[Problem]:
    if term.bare:
        if bare_is_wrong:
            message = f'"{term}" alone stands only for a fact that is yes or no.'
            yield where.problem(Rule.BARE_NAME, message, f'Write "{term.name} = {values[0]}".')
    elif term.operator in conditions.ORDERING:
        message = f'"{term}": {term.name} is not a number.'
        yield where.problem(Rule.NOT_A_NUMBER, message, "Use = or !=.")
    elif term.literal not in values:
        message = f'"{term}": {term.name} is never "{term.literal}".'
        remedy = problems.did_you_mean(term.literal, values)
        yield where.problem(Rule.UNKNOWN_VALUE, message, remedy)


def last_row(
    rows: Sequence[definition.RatingRow | definition.ComponentRatingRow], where: Where
) -> Iterator[Problem]:
    """Exactly one row has no condition, and it is the last: so every case gets one rating."""
    for number, row in enumerate(rows, start=1):
        if row.when is None and number < len(rows):
            message = f"Row {number} has no condition, so that no row after it can match."
            remedy = "Move it to the end, or give it a when."
            yield where.at(f"[{number}]").problem(Rule.LAST_ROW, message, remedy)
    if rows[-1].when is not None:
        message = "The last row has a condition, so that some answers would have no rating."
        yield where.at(f"[{len(rows)}]").problem(
            Rule.LAST_ROW, message, "Add a last row with a rating and no when."
        )


def _unreachable(
    instrument: definition.Instrument, item: definition.Item, where: Where
) -> Iterator[Problem]:
    for number in reach.unreachable_item_rows(instrument, item):
        message = "No answers lead to this row: an earlier row always matches, or none can."
        remedy = "Change its condition, move it up, or remove it."
        yield where.at(f"[{number}]").problem(Rule.UNREACHABLE_ROW, message, remedy)


def component_problems(instrument: definition.Instrument) -> Iterator[Problem]:
    """Rating rows of the components; only for an instrument whose items are all there."""
    top = Where(loading.INSTRUMENT_FILE)
    shared = top.at("component_ratings")
    found = list(_rows(instrument, instrument.component_ratings, shared, None))
    for component in instrument.components:
        where = top.at(f"components[{component.code}]")
        found += _rows(instrument, component.ratings, where.at("ratings"), component)
        if not instrument.rows_of(component):
            message = "There are no rating rows for this component."
            remedy = "Add [[component_ratings]] for all, or ratings of its own."
            found.append(where.problem(Rule.COMPONENT_WITHOUT_RATINGS, message, remedy))
    yield from found
    if not found:
        yield from _unreachable_component_rows(instrument, top)


def _rows(
    instrument: definition.Instrument,
    rows: Sequence[definition.ComponentRatingRow],
    where: Where,
    component: definition.Component | None,
) -> Iterator[Problem]:
    if not rows:
        return
    known = component.items if component else [item.code for item in instrument.items]
    for number, row in enumerate(rows, start=1):
        for count in row.when.terms if row.when else ():
            for code in count.of if isinstance(count.of, tuple) else ():
                if code not in known:
                    message = f'"{code}" is not an item that is rated here.'
                    remedy = problems.did_you_mean(code, known)
                    place = where.at(f"[{number}]").at("when")
                    yield place.problem(Rule.UNKNOWN_ITEM, message, remedy)
    yield from last_row(rows, where)


def _unreachable_component_rows(instrument: definition.Instrument, top: Where) -> Iterator[Problem]:
    message = "No ratings of items lead to this row."
    remedy = "Change its condition, move it up, or remove it."
    sharing = [component for component in instrument.components if not component.ratings]
    for number in reach.unreachable_component_rows(instrument, sharing):
        where = top.at(f"component_ratings[{number}]")
        yield where.problem(Rule.UNREACHABLE_ROW, message, remedy)
    for component in instrument.components:
        if component.ratings:
            for number in reach.unreachable_component_rows(instrument, [component]):
                where = top.at(f"components[{component.code}].ratings[{number}]")
                yield where.problem(Rule.UNREACHABLE_ROW, message, remedy)
