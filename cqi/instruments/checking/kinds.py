"""Kinds of values in a definition file. A kind takes a value and its place and yields problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cqi.instruments import conditions, definition, problems
from cqi.instruments.problems import Problem, Rule, Where

Kind = Callable[[Any, Where], Iterator[Problem]]
_NAMING_KEYS = ("id", "name", "code", "kind", "value", "ours")


@dataclass(frozen=True)
class Key:
    """What a table's key holds, and whether it must be there."""

    kind: Kind
    required: bool = True


Shape = Mapping[str, Key]


def text(value: Any, where: Where) -> Iterator[Problem]:
    """A text that is not empty."""
    if not isinstance(value, str):
        yield where.problem(Rule.WRONG_KIND, "This must be a text.", "Put it in quotes.")
    elif not value.strip():
        yield where.problem(Rule.EMPTY, "This is empty.", "Write it, or leave an optional key out.")


def flag(value: Any, where: Where) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        message = "This must be true or false."
        yield where.problem(Rule.WRONG_KIND, message, "Write it without quotes.")


def number(value: Any, where: Where) -> Iterator[Problem]:
    """A whole number from 0 up to the largest count."""
    if isinstance(value, bool) or not isinstance(value, int):
        message = "This must be a whole number."
        yield where.problem(Rule.WRONG_KIND, message, "Write it without quotes.")
    elif value < 0:
        yield where.problem(Rule.NEGATIVE_NUMBER, f"{value} is below 0.", "Write 0 or more.")
    elif value > definition.LARGEST_COUNT:
        message, remedy = f"{value} is too large.", f"Write at most {definition.LARGEST_COUNT}."
        yield where.problem(Rule.LARGE_NUMBER, message, remedy)


def one_of(*options: StrEnum | str) -> Kind:
    """One of a closed list of texts."""

    def check(value: Any, where: Where) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield from text(value, where)
        elif value not in options:
            remedy = problems.did_you_mean(value, options)
            yield where.problem(Rule.NOT_IN_LIST, f'"{value}" is not possible here.', remedy)

    return check


def table(shape: Shape) -> Kind:
    """A table with exactly the keys of its shape."""

    def check(value: Any, where: Where) -> Iterator[Problem]:
        if not isinstance(value, dict):
            message = "This must be a table."
            yield where.problem(Rule.WRONG_KIND, message, f"Its keys: {', '.join(shape)}.")
            return
        yield from _unknown_keys(value, shape, where)
        for name, key in shape.items():
            if name in value:
                yield from key.kind(value[name], where.at(name))
            elif key.required:
                message = f'The key "{name}" is missing.'
                yield where.problem(Rule.MISSING_KEY, message, f"Add {name} = ...")

    return check


def shaped_by(key: str, shapes: Mapping[str, Shape]) -> Kind:
    """A table whose other keys depend on the value of one; any of them where that is wrong."""
    choice = {key: Key(one_of(*shapes))}
    whole = {value: {**choice, **shape} for value, shape in shapes.items()}
    shared = {
        name: Key(
            each.kind, all(name in shape and shape[name].required for shape in whole.values())
        )
        for shape in whole.values()
        for name, each in shape.items()
    }

    def check(value: Any, where: Where) -> Iterator[Problem]:
        chosen = value.get(key) if isinstance(value, dict) else None
        shape = whole.get(chosen, shared) if isinstance(chosen, str) else shared
        misplaced = [name for name in shared if name not in shape and name in value]
        for name in misplaced:
            message = f'The key "{name}" does not go with {key} = "{chosen}".'
            yield where.problem(Rule.UNKNOWN_KEY, message, f"Remove it, or change {key}.")
        kept = {k: v for k, v in value.items() if k not in misplaced} if misplaced else value
        yield from table(shape)(kept, where)

    return check


def _unknown_keys(value: dict[str, Any], shape: Shape, where: Where) -> Iterator[Problem]:
    for name in value:
        if name not in shape:
            remedy = problems.did_you_mean(name, shape)
            yield where.problem(Rule.UNKNOWN_KEY, f'The key "{name}" is not known here.', remedy)


def listed(kind: Kind, *, may_be_empty: bool = False) -> Kind:
    """A list whose elements are all of one kind."""

    def check(value: Any, where: Where) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield where.problem(Rule.WRONG_KIND, "This must be a list.", "Put it in [ ].")
        elif not value and not may_be_empty:
            yield where.problem(Rule.EMPTY, "The list is empty.", "Name at least one.")
        else:
            for position, element in enumerate(value, start=1):
                yield from kind(element, where.at(element_step(element, position)))

    return check


def element_step(element: Any, position: int) -> str:
    """The place of a list's element: by its name where it has one, else by its number from 1."""
    if isinstance(element, dict):
        for key in _NAMING_KEYS:
            if isinstance(element.get(key), str):
                return f"[{element[key]}]"
    return f"[{position}]"


def free_table(value: Any, where: Where) -> Iterator[Problem]:
    """A table whose keys are names from elsewhere."""
    if not isinstance(value, dict):
        yield where.problem(Rule.WRONG_KIND, "This must be a table.", "Write { name = value }.")


def condition(value: Any, where: Where) -> Iterator[Problem]:
    """A condition over facts and answers."""
    yield from _terms(_comparison, value, where)


def count_condition(value: Any, where: Where) -> Iterator[Problem]:
    """A condition over the ratings of a component's items."""
    yield from _terms(_count, value, where)


def _terms(term: Kind, value: Any, where: Where) -> Iterator[Problem]:
    """One key, `all` or `any`, over a list of terms."""
    quantifiers = [quantifier.value for quantifier in definition.Quantifier]
    if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in quantifiers:
        message = "A condition has exactly one key, all or any."
        remedy = 'For example { any = ["a = no", "b = no"] }.'
        yield where.problem(Rule.CONDITION_SHAPE, message, remedy)
        return
    [(quantifier, terms)] = value.items()
    yield from listed(term)(terms, where.at(quantifier))


def _comparison(value: Any, where: Where) -> Iterator[Problem]:
    if isinstance(value, dict):
        message = "Counting stands only in the rating rows of a component."
        remedy = 'Write facts and answers here, for example "a = no".'
        yield where.problem(Rule.CONDITION_COUNTS, message, remedy)
        return
    wrong = list(text(value, where))
    yield from wrong
    if not wrong:
        yield from _comparison_text(value, where)


def _comparison_text(value: str, where: Where) -> Iterator[Problem]:
    try:
        conditions.parse(value)
    except ValueError:
        message = f'"{value}" is not a condition.'
        remedy = (
            'Write "name" or "name = value"; also != < <= > >=. No and, or, not: use more rows.'
        )
        yield where.problem(Rule.CONDITION_TEXT, message, remedy)


def _of(value: Any, where: Where) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from one_of("core")(value, where)
    else:
        yield from listed(text)(value, where)


_COUNT: Shape = {
    "count": Key(one_of(*definition.Counted)),
    "of": Key(_of, required=False),
    "at_most": Key(number, required=False),
    "at_least": Key(number, required=False),
}


def _count(value: Any, where: Where) -> Iterator[Problem]:
    if isinstance(value, str):
        message = f'"{value}": a component is rated from the ratings of its items alone.'
        remedy = 'Write for example { count = "strength", at_least = 1 }.'
        yield where.problem(Rule.CONDITION_COUNTS, message, remedy)
        return
    yield from table(_COUNT)(value, where)
    if isinstance(value, dict) and ("at_most" in value) is ("at_least" in value):
        message = "A count has either at_most or at_least."
        remedy = "For both limits write two counts under all."
        yield where.problem(Rule.COUNT_LIMIT, message, remedy)
