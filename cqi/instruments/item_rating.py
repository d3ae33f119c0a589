"""The rating of one item: what applies, what is missing, the first row that matches, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cqi.instruments import conditions, definition, problems, wording

FactValues = Mapping[str, str | bool]
ItemAnswers = Mapping[str, str]


@dataclass(frozen=True)
class ItemRating:
    """An item's rating with its reasons, or what is missing for it.

    `because` is near the machine ("b is no"), `reason` is a sentence for a page. `missing` names
    facts ("fact report_in_pur") and questions ("a"). `applies` is None while a fact that decides it
    is missing; `asked` then holds the questions that would be asked.
    """

    rating: definition.Rating | None
    because: tuple[str, ...]
    reason: str
    missing: tuple[str, ...]
    applies: bool | None
    asked: tuple[str, ...]


@dataclass
class _Walk:
    """What is known after going through the questions of an item in order."""

    values: dict[str, str]
    asked: list[str] = field(default_factory=list)
    missing_facts: list[str] = field(default_factory=list)
    missing_answers: list[str] = field(default_factory=list)

    @property
    def missing(self) -> tuple[str, ...]:
        facts = (f"fact {name}" for name in dict.fromkeys(self.missing_facts))
        return (*facts, *self.missing_answers)


def known_facts(instrument: definition.Instrument, facts: FactValues) -> dict[str, str]:
    """The facts that have a value, as conditions read them; InputError for one not allowed."""
    known = {
        name: _as_literal(value)
        for name, value in facts.items()
        if value is not None and value != ""
    }
    for name, value in known.items():
        fact = instrument.facts_by_name.get(name)
        if fact is None or value not in fact.values:
            raise problems.InputError([fact_problem(instrument, name, value)])
    return known


def fact_problem(instrument: definition.Instrument, name: str, value: object) -> problems.Problem:
    """What is wrong with a fact that the instrument does not have, or with its value."""
    where = problems.Where("input", f"facts.{name}")
    fact = instrument.facts_by_name.get(name)
    if fact is None:
        message = f'The instrument has no fact "{name}".'
        remedy = problems.did_you_mean(name, instrument.facts_by_name)
    else:
        message = f'"{value}" is not a value of the fact "{name}".'
        remedy = problems.did_you_mean(str(value), fact.values)
    return where.problem(problems.Rule.INPUT, message, remedy)


def rate(
    instrument: definition.Instrument,
    item: definition.Item,
    known: Mapping[str, str],
    answers: ItemAnswers,
) -> ItemRating:
    """Rate one item from facts that `known_facts` has read and the answers to its questions."""
    applies = conditions.evaluate(item.applies_when, known)
    if applies is False:
        return _not_applicable_by_rule(instrument, item, known)
    walk = _walk(item, known, answers)
    if applies is None:
        walk.missing_facts = list(conditions.unknown_names(item.applies_when, known))
        walk.missing_answers = []
    if walk.missing:
        return _not_rated(instrument, walk, applies)
    return _rated(instrument, item, walk)


def _as_literal(value: str | bool) -> str:
    if isinstance(value, bool):
        return definition.YES if value else definition.NO
    return value


def _not_applicable_by_rule(
    instrument: definition.Instrument, item: definition.Item, known: Mapping[str, str]
) -> ItemRating:
    assert item.applies_when is not None  # noqa: S101  only a condition can be false
    because = _because(item.applies_when, known)
    reason = wording.not_applicable_by_rule(instrument, item.applies_when, known)
    return ItemRating(definition.Rating.NOT_APPLICABLE, because, reason, (), False, ())


def _walk(item: definition.Item, known: Mapping[str, str], answers: ItemAnswers) -> _Walk:
    walk = _Walk(dict(known))
    for question in item.questions:
        is_asked = conditions.evaluate(question.asked_when, walk.values)
        if is_asked is None:
            unknown = conditions.unknown_names(question.asked_when, walk.values)
            walk.missing_facts += [name for name in unknown if name not in item.question_ids]
        elif is_asked:
            walk.asked.append(question.id)
            _take(walk, item, question, answers.get(question.id))
        else:
            walk.values[question.id] = definition.NA
    return walk


def _take(
    walk: _Walk, item: definition.Item, question: definition.Question, answer: str | None
) -> None:
    if not answer:
        walk.missing_answers.append(question.id)
    elif answer in question.values:
        walk.values[question.id] = answer
    else:
        raise problems.InputError([answer_problem(item, question.id, answer)])


def answer_problem(item: definition.Item, question_id: str, answer: object) -> problems.Problem:
    """What is wrong with an answer to a question that the item does not have, or with its value."""
    where = problems.Where("input", f"answers.{item.code}.{question_id}")
    if question_id not in item.question_ids:
        message = f'{item.code} has no question "{question_id}".'
        remedy = problems.did_you_mean(question_id, item.question_ids)
    else:
        message = f'"{answer}" is not an answer to this question.'
        remedy = problems.did_you_mean(str(answer), item.question(question_id).values)
    return where.problem(problems.Rule.INPUT, message, remedy)


def _not_rated(instrument: definition.Instrument, walk: _Walk, applies: bool | None) -> ItemRating:
    reason = wording.not_rated(instrument, tuple(walk.missing_facts), tuple(walk.missing_answers))
    return ItemRating(None, (), reason, walk.missing, applies, tuple(walk.asked))


def _rated(instrument: definition.Instrument, item: definition.Item, walk: _Walk) -> ItemRating:
    for row in item.ratings:
        result = conditions.evaluate(row.when, walk.values)
        if result is None:
            walk.missing_facts += conditions.unknown_names(row.when, walk.values)
            return _not_rated(instrument, walk, True)
        if result:
            return _by_row(instrument, item, row, walk)
    raise AssertionError(f"{item.code} has no last row")  # the checker refuses such an item


def _by_row(
    instrument: definition.Instrument,
    item: definition.Item,
    row: definition.RatingRow,
    walk: _Walk,
) -> ItemRating:
    asked = tuple(walk.asked)
    if row.when is None:
        because = tuple(
            f"{q} is {walk.values[q]}" if q in asked else f"{q} is not asked"
            for q in item.question_ids
        )
    else:
        because = _because(row.when, walk.values)
    reason = wording.rated(instrument, item, row, walk.values, asked)
    return ItemRating(row.rating, because, reason, (), True, asked)


def _because(condition: definition.Condition, values: Mapping[str, str]) -> tuple[str, ...]:
    terms = conditions.deciding(condition, values)
    return tuple(dict.fromkeys(f"{term.name} is {values[term.name]}" for term in terms))
