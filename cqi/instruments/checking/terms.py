"""Second pass, terms: does each speak of something there is, and of a value that it can have?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cqi.instruments import conditions, definition, problems
from cqi.instruments.checking import reach
from cqi.instruments.problems import Problem, Rule, Where

_Span = tuple[int, int]


@dataclass(frozen=True)
class Scope:
    """What a condition may speak of: the facts, and these questions and parts of an item."""

    instrument: definition.Instrument
    item: definition.Item | None = None
    questions: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Meaning:
    """What a name may be compared with: words, and numbers in these spans (none: no order)."""

    values: tuple[str, ...]
    spans: tuple[_Span, ...] = ()
    may_be_bare: bool = False


def problems_of(
    condition: definition.Condition | None, scope: Scope, where: Where
) -> Iterator[Problem]:
    """Everything that is wrong with the terms of a condition."""
    for term in condition.terms if condition else ():
        meaning = _meaning(term.name, scope)
        if meaning is None:
            yield _unknown(term, scope, where)
        elif meaning.values or meaning.spans:  # else a scale or limits told of elsewhere
            yield from _comparison(term, meaning, where)


def _meaning(name: str, scope: Scope) -> _Meaning | None:
    fact = scope.instrument.facts_by_name.get(name)
    if fact is not None:
        return _Meaning(fact.values, may_be_bare=fact.answer is definition.Answer.YES_NO)
    if name in scope.parts:
        return _Meaning(reach.ratings_of_part(scope.instrument, name))
    if scope.item is None or name not in scope.questions:
        return None
    question = scope.item.question(name)
    return _of_question(scope.instrument, question) if question.scored else None


def _of_question(instrument: definition.Instrument, question: definition.Question) -> _Meaning:
    kind = instrument.subjects_by_kind.get(question.for_each)
    may_not_be_asked = bool(question.asked_when or (kind and not kind.at_least))
    if question.answer is definition.Answer.COUNT:
        most = question.most
        if most is None or question.for_each:  # counts of several subjects add up
            most = definition.LARGEST_COUNT
        spans = ((question.least, most), *(((0, 0),) if may_not_be_asked else ()))
        return _Meaning((), spans if question.least <= most else ())
    values = question.values
    if may_not_be_asked and values and definition.NA not in values:
        values = (*values, definition.NA)
    if question.scale is None or not values:
        return _Meaning(values)
    numbers = [point.value for point in question.scale.points]
    words = (*(zone.value for zone in question.scale.zones), definition.ACCEPTABLE)
    named = (word for word in words if question.scale.points_in(word))
    return _Meaning((*values, *named), ((min(numbers), max(numbers)),))


def _unknown(term: definition.Comparison, scope: Scope, where: Where) -> Problem:
    item, name = scope.item, term.name
    if item and name in item.question_ids and not item.question(name).scored:
        message = f'"{term}": the question {name} is not scored, so that no rule may look at it.'
        return where.problem(Rule.UNSCORED_NAMED, message, "Name another, or remove scored.")
    if item and name in (*item.question_ids, *item.parts):
        what = f"the part {name} is not rated" if name in item.parts else None
        what = what or f"the question {name} is not answered"
        remedy = "asked_when may use facts and earlier questions, applies_when only facts."
        message = f'"{term}": {what} yet at this place.'
        return where.problem(Rule.QUESTION_TOO_LATE, message, remedy)
    if name in scope.instrument.items_by_code:
        message = f'"{term}": {name} is an item, but no part of this one.'
        remedy = problems.did_you_mean(name, scope.parts) or "Rows name only the item's own parts."
        return where.problem(Rule.NOT_ITS_PART, message, remedy)
    message = f'"{term}": there is no fact or question "{name}".'
    options = (*scope.instrument.facts_by_name, *scope.questions, *scope.parts)
    return where.problem(Rule.UNKNOWN_NAME, message, problems.did_you_mean(name, options))


def _comparison(term: definition.Comparison, meaning: _Meaning, where: Where) -> Iterator[Problem]:
    if term.bare:
        if not meaning.may_be_bare:
            message = f'"{term}" alone stands only for a fact that is yes or no.'
            example = f"= {meaning.values[0]}" if meaning.values else "> 0"
            remedy = f'Write "{term.name} {example}".'
            yield where.problem(Rule.BARE_NAME, message, remedy)
    elif term.operator in conditions.ORDERING or not meaning.values:
        yield from _number(term, meaning, where)
    elif term.literal not in meaning.values:
        message = f'"{term}": {term.name} is never "{term.literal}".'
        remedy = problems.did_you_mean(term.literal, meaning.values)
        yield where.problem(Rule.UNKNOWN_VALUE, message, remedy)


def _number(term: definition.Comparison, meaning: _Meaning, where: Where) -> Iterator[Problem]:
    if not meaning.spans:
        message = f'"{term}": {term.name} is not a number.'
        yield where.problem(Rule.NOT_A_NUMBER, message, "Use = or !=.")
    elif not definition.is_whole(term.literal):
        message = f'"{term}": {term.name} is a number, "{term.literal}" is no whole number.'
        remedy = f"Write a number {_in_words(meaning.spans)}."
        if meaning.values:
            remedy += " A zone stands after = or !=."
        yield where.problem(Rule.NUMBER_WANTED, message, remedy)
    elif not _possible(term, meaning.spans):
        message = f'"{term}" never holds: {term.name} is {_in_words(meaning.spans)}.'
        remedy = "Write another number, or take the term out."
        yield where.problem(Rule.OUT_OF_RANGE, message, remedy)


def _possible(term: definition.Comparison, spans: tuple[_Span, ...]) -> bool:
    """Whether a number in the spans is on the side of the literal that the term asks for."""
    number, compare = int(term.literal), conditions.ORDERING.get(term.operator)
    if compare is None:
        return any(least <= number <= most for least, most in spans)
    return any(compare(end, number) for span in spans for end in span)


def _in_words(spans: tuple[_Span, ...]) -> str:
    """ "from 1 to 9", "from 0", "0 or from 1 to 9"."""
    parts = []
    for least, most in sorted(set(spans)):
        if most == definition.LARGEST_COUNT:
            parts.append(f"from {least}")
        else:
            parts.append(f"{least}" if least == most else f"from {least} to {most}")
    return " or ".join(parts)
