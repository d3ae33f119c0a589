"""Second pass, parts: items that roll up into another, and that no component counts."""

from __future__ import annotations

from collections.abc import Iterator

from cqi.instruments import definition, problems
from cqi.instruments.problems import Problem, Rule, Where


def problems_of(
    instrument: definition.Instrument, item: definition.Item, top: Where, broken: set[str]
) -> Iterator[Problem]:
    """What is wrong with the parts of an item; `broken` are codes of unreadable items."""
    items = instrument.items_by_code
    for position, code in enumerate(item.parts, start=1):
        where = top.at("parts").at(f"[{position}]")
        part = items.get(code)
        if code in item.parts[: position - 1]:
            message = f"{code} stands here twice."
            yield where.problem(Rule.DUPLICATE, message, "Remove one.")
        elif part is not None:
            yield from _of_part(instrument, item, part, where)
        elif code not in broken:
            message = f'There is no item file with item = "{code}".'
            remedy = problems.did_you_mean(code, _free(instrument)) or "Write it."
            yield where.problem(Rule.UNKNOWN_PART, message, remedy)


def _free(instrument: definition.Instrument) -> set[str]:
    """The items that no component lists and no whole names."""
    listed = {code for each in instrument.components for code in each.items}
    return {item.code for item in instrument.wholes} - listed


def _of_part(
    instrument: definition.Instrument,
    item: definition.Item,
    part: definition.Item,
    where: Where,
) -> Iterator[Problem]:
    component = instrument.components_by_code.get(item.component)
    if component and part.code in component.items:
        message = f"{part.code} is a part, but the component {component.code} lists it."
        remedy = f"List only {item.code}: a component counts wholes."
        yield where.problem(Rule.PART_LISTED, message, remedy)
    elif part.parts:
        message = f"{part.code} has parts of its own, and parts do not nest."
        yield where.problem(Rule.PART_NESTS, message, f"Make its parts parts of {item.code}.")
    elif part.component != item.component:
        message = f"{part.code} is of the component {part.component}, {item.code} is not."
        remedy = f'Write component = "{item.component}" in its file.'
        yield where.problem(Rule.PART_COMPONENT, message, remedy)
    elif (other := instrument.whole_of(part.code)) and other.code != item.code:
        message = f"{part.code} is a part of {other.code} too."
        yield where.problem(Rule.DUPLICATE, message, "Leave it with one of them.")
