"""How every mix of item ratings ends, component by component, as a page for a person. Generated.

To write it anew:
python -m cqi.instruments.truth_tables review_instruments docs/instruments osri 1.0
"""

from __future__ import annotations

import itertools
import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from cqi.instruments import component_rating, conditions, definition, library, wording
from cqi.instruments.checking import reach

Group = tuple[str, ...]
Mix = tuple[definition.Rating, ...]
_SHORT = {
    definition.Rating.STRENGTH: "S",
    definition.Rating.AREA_NEEDING_IMPROVEMENT: "ANI",
    definition.Rating.NOT_APPLICABLE: "NA",
}
_HEAD = """\
Generated from the definition; do not edit.

S strength, ANI area needing improvement, NA not applicable. Items that the rules cannot tell apart
share a column; "ways" says for how many ways of rating them one by one a line stands. The rule is
the number of the first row that holds. \\* agency to confirm{confirm_with}.
"""


def markdown(instrument: definition.Instrument) -> str:
    """The page as Markdown; the same definition always gives the same text."""
    return "\n".join(_lines(instrument)) + "\n"


def file_name(instrument: definition.Instrument) -> str:
    """The name of the page in docs/instruments."""
    return f"{instrument.id}-{instrument.version}-truth-tables.md"


def _lines(instrument: definition.Instrument) -> Iterator[str]:
    against = f" against {instrument.confirm_with}" if instrument.confirm_with else ""
    yield f"# {instrument.title} {instrument.version}: truth tables"
    yield ""
    yield _HEAD.format(confirm_with=against)
    for component in instrument.components:
        yield from _component(instrument, component)
    yield from _items(instrument)


def _component(instrument: definition.Instrument, component: definition.Component) -> Iterator[str]:
    yield f"## {component.code}, {component.title}"
    yield ""
    if component.applies_when is not None:
        off = conditions.says_not(component.applies_when, instrument.facts_by_name)
        yield f"Not applicable, with every item, where {off}. Else:"
        yield ""
    for number, row in enumerate(instrument.rows_of(component), start=1):
        when = wording.count_condition(row.when) if row.when else "in all other cases"
        yield f"{number}. {row.rating.label}{_mark(row.confirm)}: {when}"
    yield ""
    yield from _table(instrument, component)
    yield ""


def _table(instrument: definition.Instrument, component: definition.Component) -> Iterator[str]:
    rows, groups = instrument.rows_of(component), _groups(instrument, component)
    heads = [", ".join(codes) for codes in groups]
    yield _line([*heads, "outcome", "rule", "ways"])
    yield _line(["---"] * (len(heads) + 3))
    for mixes in itertools.product(*(_mixes(instrument, codes) for codes in groups)):
        codes, ratings = itertools.chain(*groups), itertools.chain(*mixes)
        rated = dict(zip(codes, ratings, strict=True))
        row = component_rating.matching_row(instrument, component, rated)
        outcome = f"{row.rating.label}{_mark(row.confirm)}"
        ways = math.prod(_ways(mix) for mix in mixes)
        yield _line([*map(_cell, mixes), outcome, str(rows.index(row) + 1), str(ways)])


def _groups(instrument: definition.Instrument, component: definition.Component) -> list[Group]:
    """Items that the rows cannot tell apart: the same counts look at them, the same ratings."""
    counts = [
        count for row in instrument.rows_of(component) if row.when for count in row.when.terms
    ]
    looked_at = [component_rating.counted_items(instrument, component, count) for count in counts]
    groups: dict[tuple[object, ...], list[str]] = {}
    for code in component.items:
        seen_by = tuple(code in codes for codes in looked_at)
        groups.setdefault((seen_by, reach.ratings_of(instrument.item(code))), []).append(code)
    return [tuple(codes) for codes in groups.values()]


def _mixes(instrument: definition.Instrument, codes: Group) -> Iterator[Mix]:
    possible = reach.ratings_of(instrument.item(codes[0]))
    return itertools.combinations_with_replacement(possible, len(codes))


def _ways(mix: Mix) -> int:
    each = (math.factorial(number) for number in Counter(mix).values())
    return math.factorial(len(mix)) // math.prod(each)


def _cell(mix: Mix) -> str:
    if len(mix) == 1:
        return _SHORT[mix[0]]
    return ", ".join(f"{number} {_SHORT[rating]}" for rating, number in Counter(mix).items())


def _items(instrument: definition.Instrument) -> Iterator[str]:
    yield "## How items are rated"
    yield ""
    yield _line(["item", "rule", "rating", "when"])
    yield _line(["---"] * 4)
    for item in instrument.items:
        code = f"**{item.code}**{_mark(item.confirm)}"
        if item.applies_when is not None:
            off = conditions.says_not(item.applies_when, instrument.facts_by_name)
            yield _line([code, "", "NA", off])
        for number, row in enumerate(item.ratings, start=1):
            says = conditions.says(row.when, instrument.facts_by_name) if row.when else "else"
            yield _line([code, str(number), f"{_SHORT[row.rating]}{_mark(row.confirm)}", says])


def _mark(confirm: bool) -> str:
    return "\\*" if confirm else ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    root, docs, *name = sys.argv[1:]
    loaded = library.load(Path(root), *name)
    Path(docs, file_name(loaded)).write_text(markdown(loaded), encoding="utf-8", newline="\n")
