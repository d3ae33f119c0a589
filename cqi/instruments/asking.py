"""Going through the questions of an item: what is asked of whom, what is known, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from cqi.instruments import conditions, definition, inputs

Parts = Mapping[str, definition.Rating | None]


class Ask(NamedTuple):
    """A question, and the subject that it is asked of where it is repeated."""

    question: str
    subject: str | None = None


class LackKind(IntEnum):
    """What sort of thing is missing for a rating, in the order in which it is named."""

    FACT = 1
    SUBJECT = 2
    ANSWER = 3
    PART = 4


class Lack(NamedTuple):
    """A fact, a kind of subjects, an answer (of a subject) or the rating of a part, not there yet.

    What only questions wait for that are not scored keeps no item from being rated.
    """

    kind: LackKind
    name: str
    subject: str | None = None
    scored: bool = True

    def __str__(self) -> str:
        """The name in `missing`: "fact x", "subject parent", "a", "a for mother", "I12A"."""
        if self.kind in (LackKind.FACT, LackKind.SUBJECT):
            return f"{self.kind.name.lower()} {self.name}"
        return f"{self.name} for {self.subject}" if self.subject is not None else self.name


@dataclass
class Walk:
    """What is known after going through the questions of an item in order.

    `values` hold facts, ratings of parts and the answers to scored questions, as conditions read
    them; of a repeated question the one that stands for all. `own` are its answers by subject.
    """

    item: definition.Item
    values: dict[str, str]
    asks: list[Ask] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    own: dict[str, dict[str, str]] = field(default_factory=dict)

    def take_part(self, code: str, rating: definition.Rating | None) -> None:
        """Take the rating of a part in, as a value that rows look at."""
        if rating is None:
            self.lacks.append(Lack(LackKind.PART, code))
        else:
            self.values[code] = rating.value

    def ask(self, question: definition.Question, given: object) -> None:
        """Ask a question once."""
        value = self._answer(question, Ask(question.id), given, self.values)
        if value is not None and question.scored:
            self.values[question.id] = value

    def ask_each(
        self,
        question: definition.Question,
        kind: definition.SubjectKind,
        listed: Iterable[str],
        given: object,
    ) -> None:
        """Ask a question of each subject; the worst answer stands for all once all are known."""
        by_subject = inputs.by_subject(self.item, question, given)
        answers = [self._ask_one(question, subject, by_subject.get(subject)) for subject in listed]
        if len(answers) < kind.at_least and self._may_be_asked(question):
            self.lacks.append(Lack(LackKind.SUBJECT, kind.kind, scored=question.scored))
        elif question.scored and None not in answers:
            self.values[question.id] = question.worst([each for each in answers if each])

    def lack_facts(
        self,
        condition: definition.Condition | None,
        values: conditions.Values,
        *,
        scored: bool = True,
    ) -> None:
        """Note the facts that keep a condition from being decided."""
        unknown = conditions.unknown_names(condition, values)
        facts = (name for name in unknown if name not in self.item.question_ids)
        self.lacks += [Lack(LackKind.FACT, name, scored=scored) for name in facts]

    def _ask_one(self, question: definition.Question, subject: str, given: object) -> str | None:
        own = self.own.setdefault(f"{question.for_each} {subject}", {})
        value = self._answer(question, Ask(question.id, subject), given, {**self.values, **own})
        if value is not None and question.scored:
            own[question.id] = value
        return value

    def _answer(
        self, question: definition.Question, ask: Ask, given: object, values: conditions.Values
    ) -> str | None:
        asked = conditions.evaluate(question.asked_when, values)
        if asked is None:
            self.lack_facts(question.asked_when, values, scored=question.scored)
            return None
        if not asked:
            return question.worst(())
        self.asks.append(ask)
        answer = inputs.answer(self.item, question, given, ask.subject)
        if answer is None:
            self.lacks.append(Lack(LackKind.ANSWER, *ask, scored=question.scored))
        return answer

    def _may_be_asked(self, question: definition.Question) -> bool:
        return conditions.evaluate(question.asked_when, self.values) is not False


def walk(
    instrument: definition.Instrument,
    item: definition.Item,
    known: inputs.Known,
    answers: inputs.ItemAnswers,
    parts: Parts,
) -> Walk:
    """Ask every question of an item; InputError for an answer that is not allowed."""
    walked = Walk(item, dict(known.facts))
    for code in item.parts:
        walked.take_part(code, parts.get(code))
    for question in item.questions:
        given = answers.get(question.id)
        if question.for_each:
            kind = instrument.subjects_by_kind[question.for_each]
            walked.ask_each(question, kind, known.subjects.get(kind.kind, ()), given)
        else:
            walked.ask(question, given)
    return walked
