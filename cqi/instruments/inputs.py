"""Facts, subjects and answers as the rules read them; what is wrong with those not allowed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cqi.instruments import definition, problems
from cqi.instruments.problems import Problem, Rule, Where

FactValues = Mapping[str, str | bool]
Given = str | int | None
ItemAnswers = Mapping[str, Given | Mapping[str, Given]]
Answers = Mapping[str, ItemAnswers]
Subjects = Mapping[str, Collection[str]]
Listed = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Known:
    """The face sheet: facts as conditions read them; subjects as id -> label, by kind."""

    facts: Mapping[str, str]
    subjects: Listed


def known_facts(instrument: definition.Instrument, facts: FactValues) -> dict[str, str]:
    """The facts that have a value, as conditions read them; InputError for one not allowed."""
    known = {
        name: _fact_literal(value)
        for name, value in facts.items()
        if value is not None and value != ""
    }
    for name, value in known.items():
        fact = instrument.facts_by_name.get(name)
        if fact is None or value not in fact.values:
            raise problems.InputError([fact_problem(instrument, name, value)])
    return known


def listed(
    instrument: definition.Instrument, subjects: Subjects | None, answers: Answers
) -> Listed:
    """The subjects by kind, given as ids or as id -> label; None: those that the answers name.

    InputError for a kind that the instrument does not have.
    """
    if subjects is None:
        return _named(instrument, answers) if instrument.subjects else {}
    unknown = [kind for kind in subjects if kind not in instrument.subjects_by_kind]
    if unknown:
        raise problems.InputError(kind_problem(instrument, kind) for kind in unknown)
    return {
        kind: ids if isinstance(ids, Mapping) else {subject: subject for subject in ids}
        for kind, ids in subjects.items()
    }


def answer(
    item: definition.Item, question: definition.Question, given: object, subject: str | None = None
) -> str | None:
    """An answer as conditions read it, None where there is none; InputError for one not allowed."""
    if given is None or given == "":
        return None
    value = str(given) if type(given) is int else given
    if isinstance(value, str) and question.allows(value):
        return value
    raise problems.InputError([answer_problem(item, question.id, given, subject)])


def by_subject(
    item: definition.Item, question: definition.Question, given: object
) -> Mapping[str, object]:
    """The answers to a repeated question, by subject; InputError where they are anything else."""
    if isinstance(given, Mapping):
        return given
    if given is None or given == "":
        return {}
    raise problems.InputError([answer_problem(item, question.id, given)])


def fact_problem(instrument: definition.Instrument, name: str, value: object) -> Problem:
    """What is wrong with a fact that the instrument does not have, or with its value."""
    fact = instrument.facts_by_name.get(name)
    if fact is None:
        message = f'The instrument has no fact "{name}".'
        remedy = problems.did_you_mean(name, instrument.facts_by_name)
    else:
        message = f'"{value}" is not a value of the fact "{name}".'
        remedy = problems.did_you_mean(str(value), fact.values)
    return Where("input", f"facts.{name}").problem(Rule.INPUT, message, remedy)


def kind_problem(instrument: definition.Instrument, kind: str) -> Problem:
    """What is wrong with a kind of subjects that the instrument does not have."""
    message = f'The instrument asks nothing of each "{kind}".'
    remedy = problems.did_you_mean(kind, instrument.subjects_by_kind)
    return Where("input", f"subjects.{kind}").problem(Rule.INPUT, message, remedy)


def subject_problem(
    item: definition.Item, question: definition.Question, subject: str, known: Collection[str]
) -> Problem:
    """What is wrong with an answer of a subject that is not listed."""
    where = Where("input", f"answers.{item.code}.{question.id}.{subject}")
    message = f'No {question.for_each} "{subject}" is listed.'
    return where.problem(Rule.INPUT, message, problems.did_you_mean(subject, known))


def answer_problem(
    item: definition.Item, question_id: str, given: object, subject: str | None = None
) -> Problem:
    """What is wrong with an answer to a question that the item does not have, or with its value."""
    where = Where("input", f"answers.{item.code}.{question_id}")
    if question_id not in item.question_ids:
        message = f'{item.code} has no question "{question_id}".'
        remedy = problems.did_you_mean(question_id, item.question_ids)
        return where.problem(Rule.INPUT, message, remedy)
    question = item.question(question_id)
    if question.for_each and subject is None:
        message = f"This question is asked of each {question.for_each}."
        return where.problem(Rule.INPUT, message, "Give an answer for each, by name.")
    where = where.at(subject) if subject else where
    if question.answer is definition.Answer.COUNT:
        message = f'"{given}" is not a whole number {limits(question)}.'
        return where.problem(Rule.INPUT, message, "Write the number in digits.")
    message = f'"{given}" is not an answer to this question.'
    remedy = problems.did_you_mean(str(given), question.values)
    return where.problem(Rule.INPUT, message, remedy)


def limits(question: definition.Question) -> str:
    """How a count is bounded: "from 0", "from 1 to 9"."""
    if question.most is None:
        return f"from {question.least}"
    return f"from {question.least} to {question.most}"


def _fact_literal(value: str | bool) -> str:
    if isinstance(value, bool):
        return definition.YES if value else definition.NO
    return value


def _named(instrument: definition.Instrument, answers: Answers) -> Listed:
    found: dict[str, dict[str, str]] = {}
    for item in instrument.items:
        given = answers.get(item.code, {})
        for question in item.questions:
            of_each = given.get(question.id) if question.for_each else None
            if isinstance(of_each, Mapping):
                found.setdefault(question.for_each, {}).update(zip(of_each, of_each, strict=True))
    return found
