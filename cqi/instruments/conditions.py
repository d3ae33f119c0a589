"""The condition language: parsed once, evaluated with three values, printed as English.

A condition is true, false, or None: not decided while a fact or an answer is missing. So a
condition that the known facts already decide needs no further fact.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping

from cqi.instruments import definition

_TERM = re.compile(r"\s*([A-Za-z]\w*)\s*(?:(!=|<=|>=|=|<|>)\s*([\w.-]+)\s*)?", re.ASCII)
ORDERING: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
Values = Mapping[str, str]
Facts = Mapping[str, definition.Fact]


def parse(text: str) -> definition.Comparison:
    """One term, `name` or `name operator literal`; ValueError where it is neither."""
    found = _TERM.fullmatch(text)
    if found is None:
        raise ValueError(text)
    name, sign, literal = found.groups()
    if sign is None:
        return definition.Comparison(name, "=", definition.YES, bare=True)
    return definition.Comparison(name, sign, literal)


def holds(term: definition.Comparison, values: Values) -> bool | None:
    """Whether one term holds for the values known; None while its own is not.

    What does not apply is neither more nor less than any number.
    """
    value = values.get(term.name)
    if value is None:
        return None
    if term.operator in ORDERING:
        return value != definition.NA and ORDERING[term.operator](int(value), int(term.literal))
    return (value == term.literal or value in term.points) is (term.operator == "=")


def evaluate(condition: definition.Condition | None, values: Values) -> bool | None:
    """True, false, or None where it is not decided yet; no condition at all is true."""
    if condition is None:
        return True
    results = [holds(term, values) for term in condition.terms]
    decisive = condition.quantifier is definition.Quantifier.ANY
    if decisive in results:
        return decisive
    return None if None in results else not decisive


def unknown_names(condition: definition.Condition | None, values: Values) -> tuple[str, ...]:
    """The names that keep a condition undecided; empty where it is decided."""
    if condition is None or evaluate(condition, values) is not None:
        return ()
    return tuple(dict.fromkeys(term.name for term in condition.terms if term.name not in values))


def deciding(condition: definition.Condition, values: Values) -> tuple[definition.Comparison, ...]:
    """The terms that make a decided condition what it is: those with its own result."""
    result = evaluate(condition, values)
    return tuple(term for term in condition.terms if holds(term, values) is result)


def names(condition: definition.Condition | None) -> tuple[str, ...]:
    """The facts and questions that a condition looks at, each once."""
    return tuple(dict.fromkeys(term.name for term in condition.terms)) if condition else ()


def says(condition: definition.Condition, facts: Facts) -> str:
    """The condition as an English clause: "the case is ... and there was a report ..."."""
    joint = " and " if condition.quantifier is definition.Quantifier.ALL else " or "
    return joint.join(term_says(term, facts) for term in condition.terms)


def says_not(condition: definition.Condition, facts: Facts) -> str:
    """The condition's opposite as an English clause."""
    joint = " or " if condition.quantifier is definition.Quantifier.ALL else " and "
    return joint.join(term_says_not(term, facts) for term in condition.terms)


def says_outcome(condition: definition.Condition, values: Values, facts: Facts) -> str:
    """A decided condition as English: only the terms that decided it, each as it turned out."""
    wording = term_says if evaluate(condition, values) else term_says_not
    return in_words(wording(term, facts) for term in deciding(condition, values))


def term_says(term: definition.Comparison, facts: Facts) -> str:
    """One term as a clause: in the fact's words, or "a is Yes" for an answer."""
    if term.operator == "!=":
        return _negative(term, facts)
    if term.operator == "=":
        return _positive(term, facts)
    return f"{term.name} is {_ORDER_WORDS[term.operator]} {_words(term)}"


def term_says_not(term: definition.Comparison, facts: Facts) -> str:
    """One term's opposite as a clause."""
    if term.operator == "!=":
        return _positive(term, facts)
    if term.operator == "=":
        return _negative(term, facts)
    return f"{term.name} is not {_ORDER_WORDS[term.operator]} {_words(term)}"


def in_words(parts: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    listed = list(dict.fromkeys(parts))
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


_ORDER_WORDS = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
_DOES_NOT_APPLY = (definition.NA, definition.Rating.NOT_APPLICABLE)


def _words(term: definition.Comparison) -> str:
    return term.words or definition.ANSWER_WORDS.get(term.literal, term.literal)


def _positive(term: definition.Comparison, facts: Facts) -> str:
    if term.name in facts:
        return facts[term.name].says(term.literal)
    if term.literal in _DOES_NOT_APPLY:
        return f"{term.name} does not apply"
    return f"{term.name} is {_words(term)}"


def _negative(term: definition.Comparison, facts: Facts) -> str:
    if term.name in facts:
        return facts[term.name].says_not(term.literal)
    if term.literal in _DOES_NOT_APPLY:
        return f"{term.name} applies"
    return f"{term.name} is not {_words(term)}"
