"""The facts, subjects and answers of a worked case, ready to stand on the pages.

A worked case of a whole gives the ratings of its parts, which are computed: of each part a worked
case is taken that ends in that rating and does not contradict what is taken already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cqi.instruments import definition, inputs, worked_cases

Outcomes = Mapping[str, tuple[worked_cases.Outcome, ...]]


@dataclass(frozen=True)
class Filling:
    """Facts by name; names of subjects by kind; answers by item code and question, of a repeated
    question by the subject's name; the parts that no worked case fits."""

    facts: Mapping[str, str]
    subjects: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, inputs.ItemAnswers]
    left: tuple[str, ...] = field(default=())


def of(
    instrument: definition.Instrument, outcome: worked_cases.Outcome, outcomes: Outcomes
) -> Filling:
    """What one worked case fills in. Of one that cannot be rated, nothing."""
    filled = _of_one(instrument, outcome)
    for code in instrument.item(outcome.case.item).parts:
        wanted = outcome.case.answers.get(code)
        ends_so = (
            one for one in outcomes.get(code, ()) if one.passes and one.case.rating == wanted
        )
        fitting = (_joined(filled, _of_one(instrument, one)) for one in ends_so)
        left = Filling(filled.facts, filled.subjects, filled.answers, (*filled.left, code))
        filled = next((one for one in fitting if one), left)
    return filled


def _of_one(instrument: definition.Instrument, outcome: worked_cases.Outcome) -> Filling:
    given, code = outcome.given, outcome.case.item
    if given is None:
        return Filling({}, {}, {})
    listed = inputs.listed(instrument, given.subjects, given.answers)
    asked = {question.for_each for question in instrument.item(code).questions} - {""}
    return Filling(
        inputs.known_facts(instrument, given.facts),
        {kind: tuple(listed.get(kind, ())) for kind in sorted({*asked, *listed})},
        {code: given.answers.get(code, {})},
    )


def _joined(one: Filling, other: Filling) -> Filling | None:
    """Both together; None where they contradict each other."""
    facts, subjects = {**one.facts, **other.facts}, {**one.subjects, **other.subjects}
    if facts != {**other.facts, **one.facts} or subjects != {**other.subjects, **one.subjects}:
        return None
    return Filling(facts, subjects, {**one.answers, **other.answers}, one.left)
