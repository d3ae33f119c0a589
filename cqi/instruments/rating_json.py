"""The JSON of `cqi instruments rate`: facts, subjects and answers in, ratings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cqi.instruments import definition, inputs, problems, rating
from cqi.instruments.problems import Problem, Rule, Where

_KEYS = ("facts", "answers", "subjects")


@dataclass(frozen=True)
class CaseInput:
    """Facts by name (bool for yes or no), answers by item code and question id, subjects by kind.

    The answer to a repeated question is a mapping, subject -> answer. No subjects at all stand for
    those that the answers name.
    """

    facts: inputs.FactValues
    answers: inputs.Answers
    subjects: inputs.Subjects | None = None


def as_json(instrument: definition.Instrument, case: rating.CaseRating) -> dict[str, Any]:
    """The ratings of a case, ready for json.dumps."""
    return {
        "instrument": instrument.id,
        "version": instrument.version,
        "digest": instrument.digest,
        "items": {code: _one_as_json(item) for code, item in case.items.items()},
        "components": {code: _one_as_json(one) for code, one in case.components.items()},
    }


def from_json(instrument: definition.Instrument, payload: object) -> CaseInput:
    """Read what a case is rated from; InputError lists everything that is wrong."""
    if not isinstance(payload, dict):
        raise problems.InputError([_kind(_TOP, 'an object with "facts" and "answers"')])
    found = list(_problems(instrument, payload))
    if found:
        raise problems.InputError(found)
    facts, answers = payload.get("facts", {}), payload.get("answers", {})
    return CaseInput(
        {name: value for name, value in facts.items() if value is not None},
        {code: {q: a for q, a in by.items() if a is not None} for code, by in answers.items()},
        payload.get("subjects"),
    )


def _one_as_json(one: rating.ItemRating | rating.ComponentRating) -> dict[str, Any]:
    told = {
        "rating": one.rating.value if one.rating else None,
        "because": list(one.because),
        "missing": list(one.missing),
    }
    return {**told, "confirm": True} if one.confirm else told


_TOP = Where("input")


def _kind(where: Where, wanted: str) -> Problem:
    return where.problem(Rule.INPUT, f"This must be {wanted}.")


def _problems(instrument: definition.Instrument, payload: dict[str, Any]) -> Iterator[Problem]:
    for key in payload:
        if key not in _KEYS:
            remedy = problems.did_you_mean(key, _KEYS)
            yield _TOP.at(key).problem(Rule.INPUT, f'"{key}" is not part of the input.', remedy)
    yield from _facts(instrument, payload.get("facts", {}))
    subjects = payload.get("subjects")
    if subjects is not None:
        wrong = list(_subjects(instrument, subjects))
        yield from wrong
        subjects = None if wrong else subjects
    yield from _answers(instrument, payload.get("answers", {}), subjects)


def _facts(instrument: definition.Instrument, facts: object) -> Iterator[Problem]:
    if not isinstance(facts, dict):
        yield _kind(_TOP.at("facts"), "an object of fact names and values")
        return
    for name, value in facts.items():
        yield from _fact(instrument, name, value)


def _fact(instrument: definition.Instrument, name: str, value: object) -> Iterator[Problem]:
    fact = instrument.facts_by_name.get(name)
    if fact is None:
        yield inputs.fact_problem(instrument, name, value)
    elif fact.answer is definition.Answer.YES_NO:
        if not (value is None or isinstance(value, bool) or value in fact.values):
            yield _kind(_TOP.at(f"facts.{name}"), "true, false or null")
    elif not (value is None or (isinstance(value, str) and value in fact.values)):
        yield inputs.fact_problem(instrument, name, value)


def _subjects(instrument: definition.Instrument, subjects: object) -> Iterator[Problem]:
    where = _TOP.at("subjects")
    if not isinstance(subjects, dict):
        yield _kind(where, "an object of kinds and lists of names")
        return
    for kind, names in subjects.items():
        if kind not in instrument.subjects_by_kind:
            yield inputs.kind_problem(instrument, kind)
        elif not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            yield _kind(where.at(kind), "a list of names")


def _answers(
    instrument: definition.Instrument, answers: object, subjects: inputs.Subjects | None
) -> Iterator[Problem]:
    where = _TOP.at("answers")
    if not isinstance(answers, dict):
        yield _kind(where, "an object of item codes")
        return
    for code, by_question in answers.items():
        if code not in instrument.items_by_code:
            message = f'The instrument has no item "{code}".'
            remedy = problems.did_you_mean(code, instrument.items_by_code)
            yield where.at(code).problem(Rule.INPUT, message, remedy)
        elif not isinstance(by_question, dict):
            yield _kind(where.at(code), "an object of question ids and answers")
        else:
            for question_id, given in by_question.items():
                yield from _answer(instrument.item(code), question_id, given, subjects)


def _answer(
    item: definition.Item, question_id: str, given: object, subjects: inputs.Subjects | None
) -> Iterator[Problem]:
    if question_id not in item.question_ids:
        yield inputs.answer_problem(item, question_id, given)
        return
    question = item.question(question_id)
    if not question.for_each:
        yield from _value(item, question, given, None)
    elif isinstance(given, Mapping):
        known = given if subjects is None else subjects.get(question.for_each, ())
        for subject, value in given.items():
            if subject in known:
                yield from _value(item, question, value, subject)
            else:
                yield inputs.subject_problem(item, question, subject, known)
    elif given is not None:
        yield inputs.answer_problem(item, question_id, given)


def _value(
    item: definition.Item, question: definition.Question, given: object, subject: str | None
) -> Iterator[Problem]:
    try:
        inputs.answer(item, question, given, subject)
    except problems.InputError as error:
        yield from error.problems
