"""Second pass, names: forms, reserved words, doubles, and how files and lists hang together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from cqi.instruments import definition, loading, problems
from cqi.instruments.problems import Problem, Rule, Where

SMALL = re.compile(r"[a-z][a-z0-9_]*", re.ASCII), "small letters, digits and _, a letter first"
_CODE = re.compile(r"[A-Z][A-Z0-9]*", re.ASCII), "capital letters and digits, a letter first"
VERSION = re.compile(r"\d+(\.\d+)*", re.ASCII), "numbers joined by dots, for example 1.0"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?", re.ASCII), "a language code, for example en"
RESERVED = (definition.YES, definition.NO, definition.NA, "all", "any", "core")
_Form = tuple[re.Pattern[str], str]


def form(
    value: str, wanted: _Form, where: Where, reserved: Collection[str] = RESERVED
) -> Iterator[Problem]:
    """Whether a name is written as names of its sort are, and is no word of the language."""
    pattern, words = wanted
    if not pattern.fullmatch(value):
        message = f'"{value}" is not written as it must be.'
        yield where.problem(Rule.NAME_FORM, message, f"Use {words}.")
    elif value in reserved:
        message = f'"{value}" is a word of the condition language.'
        yield where.problem(Rule.RESERVED_NAME, message, "Choose another name.")


def doubles(values: Iterable[str], where: Where, what: str) -> Iterator[Problem]:
    """Names that stand more than once where each must be its own."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            message = f'The {what} "{value}" stands here twice.'
            yield where.problem(Rule.DUPLICATE, message, "Rename or remove one.")
        seen.add(value)


def instrument_problems(
    instrument: definition.Instrument, raw: loading.RawDefinition
) -> Iterator[Problem]:
    """Names in instrument.toml."""
    top = Where(loading.INSTRUMENT_FILE)
    yield from _folder(instrument, raw, top)
    yield from form(instrument.id, SMALL, top.at("id"))
    yield from form(instrument.version, VERSION, top.at("version"))
    yield from form(instrument.language, _LANGUAGE, top.at("language"))
    yield from doubles((fact.name for fact in instrument.facts), top.at("facts"), "fact")
    for fact in instrument.facts:
        yield from _fact(fact, top.at(f"facts[{fact.name}]"))
    codes = [component.code for component in instrument.components]
    yield from doubles(codes, top.at("components"), "component")
    for code in codes:
        yield from form(code, _CODE, top.at(f"components[{code}].code"))
    listed = [code for component in instrument.components for code in component.items]
    yield from doubles(listed, top.at("components"), "item")


def _folder(
    instrument: definition.Instrument, raw: loading.RawDefinition, top: Where
) -> Iterator[Problem]:
    folder = raw.folder.resolve()
    pairs = (
        ("id", instrument.id, folder.parent.name),
        ("version", instrument.version, folder.name),
    )
    for key, value, name in pairs:
        if value != name:
            message = f'The {key} is "{value}", but the folder is "{name}".'
            yield top.at(key).problem(Rule.FOLDER_DIFFERS, message, "Make them the same.")


def _fact(fact: definition.Fact, where: Where) -> Iterator[Problem]:
    yield from form(fact.name, SMALL, where.at("name"))
    for choice in fact.choices:
        yield from form(choice.value, SMALL, where.at(f"choices[{choice.value}]"))
    yield from doubles((c.value for c in fact.choices), where.at("choices"), "value")
    is_choice = fact.answer is definition.Answer.CHOICE
    if is_choice and len(fact.choices) < 2:
        message = "A fact of the kind choice has at least two choices."
        yield where.problem(Rule.FACT_CHOICES, message, "Add choices = [ ... ].")
    if not is_choice and fact.choices:
        message = "Only a fact of the kind choice has choices."
        yield where.problem(Rule.FACT_CHOICES, message, 'Remove them, or write answer = "choice".')
    yield from _phrases(fact, is_choice, where)


def _phrases(fact: definition.Fact, is_choice: bool, where: Where) -> Iterator[Problem]:
    if not is_choice and not (fact.yes and fact.no):
        message = "A fact of the kind yes_no has the words for yes and for no."
        remedy = 'Add yes = "there was ..." and no = "there was no ...": reasons are made of them.'
        yield where.problem(Rule.FACT_PHRASES, message, remedy)
    if is_choice and (fact.yes or fact.no):
        message = "A fact of the kind choice has its words in the choices (says, says_not)."
        yield where.problem(Rule.FACT_PHRASES, message, "Remove yes and no.")


def listing_problems(
    instrument: definition.Instrument,
    files: list[tuple[str, definition.Item]],
    broken: set[str],
) -> Iterator[Problem]:
    """Whether items and the components' lists agree.

    `broken` are codes of items that could not be read, and of what these name as parts.
    """
    yield from _without_file(instrument, {item.code for _, item in files} | broken)
    seen: dict[str, str] = {}
    components = {component.code: component for component in instrument.components}
    for file, item in files:
        top = Where(file)
        yield from form(item.code, _CODE, top.at("item"))
        if item.code in seen:
            message = f"{seen[item.code]} is {item.code} already."
            yield top.at("item").problem(Rule.DUPLICATE, message, "Give one of them its own code.")
        seen.setdefault(item.code, file)
        is_part = instrument.whole_of(item.code) is not None or item.code in broken
        yield from _placed(item, components, top, is_part=is_part)


def _without_file(instrument: definition.Instrument, codes: set[str]) -> Iterator[Problem]:
    for component in instrument.components:
        where = Where(loading.INSTRUMENT_FILE).at(f"components[{component.code}].items")
        for code in component.items:
            if code not in codes:
                message = f'There is no item file with item = "{code}".'
                unlisted = codes - {c for each in instrument.components for c in each.items}
                remedy = (
                    problems.did_you_mean(code, unlisted) or "Write it or take it off the list."
                )
                yield where.problem(Rule.ITEM_WITHOUT_FILE, message, remedy)


def _placed(
    item: definition.Item,
    components: dict[str, definition.Component],
    top: Where,
    *,
    is_part: bool,
) -> Iterator[Problem]:
    component = components.get(item.component)
    if component is None:
        message = f'There is no component "{item.component}".'
        remedy = problems.did_you_mean(item.component, components)
        yield top.at("component").problem(Rule.UNKNOWN_COMPONENT, message, remedy)
    elif item.code not in component.items and not is_part:
        message = f"The component {item.component} does not list {item.code}."
        remedy = f"Add it to items of {item.component} in {loading.INSTRUMENT_FILE}."
        yield top.at("item").problem(Rule.ITEM_NOT_LISTED, message, remedy)


def question_problems(
    instrument: definition.Instrument, item: definition.Item, top: Where
) -> Iterator[Problem]:
    """Names and texts of an item's questions and themes."""
    yield from doubles(item.question_ids, top.at("questions"), "question")
    for theme in item.themes:
        yield from form(theme, SMALL, top.at("themes"))
    for question in item.questions:
        where = top.at(f"questions[{question.id}]")
        yield from form(question.id, SMALL, where.at("id"))
        if question.id in instrument.facts_by_name:
            message = f'"{question.id}" is the name of a fact too.'
            yield where.at("id").problem(Rule.NAME_CLASH, message, "Rename the question.")
        yield from _na_text(question, where)


def _na_text(question: definition.Question, where: Where) -> Iterator[Problem]:
    allows_na = question.answer is definition.Answer.YES_NO_NA
    if allows_na and not question.na:
        message = "The answer NA is allowed, but nothing says when it is right."
        yield where.problem(Rule.NA_TEXT, message, 'Add na = "NA if ...".')
    if not allows_na and question.na:
        message = "There is a text for NA, but NA is not an answer here."
        yield where.problem(Rule.NA_TEXT, message, 'Write answer = "yes_no_na", or remove na.')
