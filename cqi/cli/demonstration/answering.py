"""Finds answers that give an item the rating that is wished for, whatever its questions are.

Pure: it answers what the engine itself still asks for, one question after the other, and goes back
where that ends in another rating.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cqi.instruments import definition, inputs, rating
from cqi.instruments.asking import Ask
from cqi.instruments.definition import NA, NO, YES, Answer, Item, Question, Rating

Wish = Mapping[str, str]
Given = Mapping[Ask, str]
Answers = dict[str, dict[Ask, str]]
Order = Callable[[Item, Ask], Sequence[str]]

_COUNTS = 3  # numbers that are tried for a count


@dataclass(frozen=True)
class Case:
    """The face sheet: facts, and subjects as id -> label by kind."""

    instrument: definition.Instrument
    facts: Mapping[str, str]
    subjects: inputs.Listed

    def rated(self, answers: Mapping[str, Given]) -> dict[str, rating.ItemRating]:
        """The ratings of the items that `answers` names; a whole needs its parts there."""
        given = {code: nested(one) for code, one in answers.items()}
        return rating.rate_items(self.instrument, [*answers], self.facts, given, self.subjects)

    def asks(self, code: str) -> list[tuple[str, Ask]]:
        """What is asked before anything is answered, of an item that applies and of its parts."""
        rated = self.rated({one: {} for one in self.instrument.family(code)})
        return [(one, ask) for one, item in rated.items() if item.applies for ask in item.asks]


def find(case: Case, code: str, wish: Wish, order: Order | None = None) -> Answers | None:
    """Answers of an item and of its parts, by code, that give each the rating that `wish` names.

    An item that does not apply has none; one that `wish` does not name may be rated anyhow. `order`
    gives the values of a question, the one to try first first; without it the answers are good
    ones, but for the first scored question of an item that shall be anything else. None where no
    answers lead there.
    """
    empty: Answers = {one: {} for one in case.instrument.family(code)}
    return next(_ways(case, wish, order or _plain(case, code, wish), empty), None)


def nested(given: Given) -> dict[str, Any]:
    """The answers of one item as the engine takes them: of repeated questions by subject."""
    found: dict[str, Any] = {}
    for (question, subject), value in given.items():
        if subject is None:
            found[question] = value
        else:
            found.setdefault(question, {})[subject] = value
    return found


def better_first(question: Question) -> Sequence[str]:
    """The values of a question from the best to the worst, NA last; of a count the smallest."""
    if question.answer is Answer.COUNT:
        numbers = range(question.least, question.least + _COUNTS)
        return [str(number) for number in numbers if question.allows(str(number))]
    if question.answer is Answer.SCALE:
        return question.values[::-1]
    good, bad = (NO, YES) if question.reverse else (YES, NO)
    return [value for value in (good, bad, NA) if question.allows(value)]


def worse_first(question: Question) -> Sequence[str]:
    """The same from the worst to the best, NA last."""
    values = better_first(question)
    return [*(v for v in values[::-1] if v != NA), *(v for v in values if v == NA)]


def na_first(question: Question) -> Sequence[str]:
    """NA where it is allowed, then from the best to the worst."""
    return sorted(better_first(question), key=lambda value: value != NA)


def _ways(case: Case, wish: Wish, order: Order, answers: Answers) -> Iterator[Answers]:
    """Every complete set of answers with the wished ratings; parts before the whole they make."""
    rated = {code: one for code, one in case.rated(answers).items() if one.applies is not False}
    if not all(_may_be(case.instrument.item(code), one, wish) for code, one in rated.items()):
        return
    waiting = next(
        (code for code in reversed(answers) if code in rated and rated[code].unanswered), ""
    )
    if waiting:
        asks, item = rated[waiting].unanswered, case.instrument.item(waiting)
        for values in itertools.product(*(order(item, ask) for ask in asks)):
            given = answers[waiting] | dict(zip(asks, values, strict=True))
            yield from _ways(case, wish, order, {**answers, waiting: given})
    elif all(one.rating for one in rated.values()):
        yield answers


def _may_be(item: Item, rated: rating.ItemRating, wish: Wish) -> bool:
    """Whether it is rated as wished, or has a row that could still make it so."""
    possible = {rated.rating} if rated.rating else {row.rating for row in item.ratings}
    return item.code not in wish or wish[item.code] in possible


def _plain(case: Case, code: str, wish: Wish) -> Order:
    """Good answers; NA, or one bad answer at first, where another rating than strength is wished.

    What is wished of a whole holds for its parts too, unless they are wished for themselves.
    """
    worse: dict[str, tuple[str, Ask]] = {}
    for one, ask in case.asks(code):
        if case.instrument.item(one).question(ask.question).scored:
            worse.setdefault(one if one in wish else code, (one, ask))

    def order(item: Item, ask: Ask) -> Sequence[str]:
        question = item.question(ask.question)
        named = item.code if item.code in wish else code
        wished = wish.get(named, Rating.STRENGTH)
        if wished == Rating.NOT_APPLICABLE:
            return na_first(question)
        bad = wished != Rating.STRENGTH and worse.get(named) == (item.code, ask)
        return worse_first(question) if bad else better_first(question)

    return order
