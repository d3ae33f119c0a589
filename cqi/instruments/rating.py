"""Rating a case: every item, then every component. Also the JSON of `cqi instruments rate`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cqi.instruments import component_rating, definition, item_rating, problems
from cqi.instruments.component_rating import ComponentRating
from cqi.instruments.item_rating import FactValues, ItemAnswers, ItemRating

Answers = Mapping[str, ItemAnswers]
__all__ = ["CaseInput", "CaseRating", "ComponentRating", "ItemAnswers", "ItemRating"]


@dataclass(frozen=True)
class CaseRating:
    """The ratings of one case, by item code and by component code, in the instrument's order."""

    items: Mapping[str, ItemRating]
    components: Mapping[str, ComponentRating]


@dataclass(frozen=True)
class CaseInput:
    """Facts by name (bool for yes or no) and answers by item code and question id."""

    facts: Mapping[str, str | bool]
    answers: Mapping[str, Mapping[str, str]]


def rate(instrument: definition.Instrument, facts: FactValues, answers: Answers) -> CaseRating:
    """Rate all items and components; InputError for a value that the instrument does not allow."""
    known = item_rating.known_facts(instrument, facts)
    items = {
        item.code: item_rating.rate(instrument, item, known, answers.get(item.code, {}))
        for item in instrument.items
    }
    ratings = {code: item.rating for code, item in items.items()}
    return CaseRating(items, rate_components(instrument, ratings))


def rate_item(
    instrument: definition.Instrument,
    item: definition.Item,
    facts: FactValues,
    item_answers: ItemAnswers,
) -> ItemRating:
    """Rate one item; InputError for a value that the instrument does not allow."""
    known = item_rating.known_facts(instrument, facts)
    return item_rating.rate(instrument, item, known, item_answers)


def rate_again(
    instrument: definition.Instrument,
    before: CaseRating,
    facts: FactValues,
    answers: Answers,
    changed: Collection[str],
) -> CaseRating:
    """Rate a case whose answers changed on some items only (codes); facts are as they were.

    The others keep their rating, and so do components that hold none of them.
    """
    known = item_rating.known_facts(instrument, facts)
    items = dict(before.items)
    for code in changed:
        items[code] = item_rating.rate(
            instrument, instrument.item(code), known, answers.get(code, {})
        )
    ratings = {code: item.rating for code, item in items.items()}
    components = dict(before.components)
    for component in instrument.components:
        if any(code in changed for code in component.items):
            components[component.code] = component_rating.rate(instrument, component, ratings)
    return CaseRating(items, components)


def rate_components(
    instrument: definition.Instrument, ratings: Mapping[str, definition.Rating | None]
) -> dict[str, ComponentRating]:
    """Rate all components from item ratings by code: computed, overridden or imported ones."""
    return {
        component.code: component_rating.rate(instrument, component, ratings)
        for component in instrument.components
    }


def as_json(instrument: definition.Instrument, case: CaseRating) -> dict[str, Any]:
    """The output of `cqi instruments rate`, ready for json.dumps."""
    return {
        "instrument": instrument.id,
        "version": instrument.version,
        "digest": instrument.digest,
        "items": {code: _one_as_json(item) for code, item in case.items.items()},
        "components": {code: _one_as_json(one) for code, one in case.components.items()},
    }


def from_json(instrument: definition.Instrument, payload: object) -> CaseInput:
    """Read the input of `cqi instruments rate`; InputError lists everything that is wrong."""
    top = problems.Where("input")
    if not isinstance(payload, dict):
        raise problems.InputError([_kind(top, 'an object with "facts" and "answers"')])
    found = [
        top.at(key).problem(
            problems.Rule.INPUT,
            f'"{key}" is not part of the input.',
            problems.did_you_mean(key, ["facts", "answers"]),
        )
        for key in payload
        if key not in ("facts", "answers")
    ]
    facts, answers = payload.get("facts", {}), payload.get("answers", {})
    found += _facts_problems(instrument, facts, top.at("facts"))
    found += _answers_problems(instrument, answers, top.at("answers"))
    if found:
        raise problems.InputError(found)
    return CaseInput(
        {name: value for name, value in facts.items() if value is not None},
        {code: {q: a for q, a in by.items() if a is not None} for code, by in answers.items()},
    )


def _one_as_json(one: ItemRating | ComponentRating) -> dict[str, Any]:
    return {
        "rating": one.rating.value if one.rating else None,
        "because": list(one.because),
        "missing": list(one.missing),
    }


def _kind(where: problems.Where, wanted: str) -> problems.Problem:
    return where.problem(problems.Rule.INPUT, f"This must be {wanted}.")


def _facts_problems(
    instrument: definition.Instrument, facts: object, where: problems.Where
) -> list[problems.Problem]:
    if not isinstance(facts, dict):
        return [_kind(where, "an object of fact names and values")]
    return [
        problem
        for name, value in facts.items()
        for problem in _fact_problems(instrument, name, value, where.at(name))
    ]


def _fact_problems(
    instrument: definition.Instrument, name: str, value: object, where: problems.Where
) -> list[problems.Problem]:
    fact = instrument.facts_by_name.get(name)
    if fact is None:
        return [item_rating.fact_problem(instrument, name, value)]
    if value is None:
        return []
    if fact.answer is definition.Answer.YES_NO:
        good = isinstance(value, bool) or value in fact.values
        return [] if good else [_kind(where, "true, false or null")]
    good = isinstance(value, str) and value in fact.values
    return [] if good else [item_rating.fact_problem(instrument, name, value)]


def _answers_problems(
    instrument: definition.Instrument, answers: object, where: problems.Where
) -> list[problems.Problem]:
    if not isinstance(answers, dict):
        return [_kind(where, "an object of item codes")]
    found: list[problems.Problem] = []
    codes = [item.code for item in instrument.items]
    for code, by_question in answers.items():
        if code not in codes:
            message = f'The instrument has no item "{code}".'
            remedy = problems.did_you_mean(code, codes)
            found.append(where.at(code).problem(problems.Rule.INPUT, message, remedy))
        elif not isinstance(by_question, dict):
            found.append(_kind(where.at(code), "an object of question ids and answers"))
        else:
            found += _item_problems(instrument.item(code), by_question)
    return found


def _item_problems(item: definition.Item, answers: dict[str, object]) -> list[problems.Problem]:
    return [
        item_rating.answer_problem(item, question_id, answer)
        for question_id, answer in answers.items()
        if question_id not in item.question_ids
        or (answer is not None and answer not in item.question(question_id).values)
    ]
