"""An instrument as a page that a person reads through: items, questions, facts. Generated.

To write it anew: python -m cqi.instruments.documentation review_instruments docs/instruments
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from cqi.instruments import conditions, definition, library, wording

_HEAD = ["| item | questions | facts that decide whether it applies |", "|---|---|---|"]


def markdown(instrument: definition.Instrument) -> str:
    """The page as Markdown; the same definition always gives the same text."""
    return "\n".join(_lines(instrument)) + "\n"


def file_name(instrument: definition.Instrument) -> str:
    """The name of the page in docs/instruments."""
    return f"{instrument.id}-{instrument.version}.md"


def write(root: Path, docs: Path) -> list[Path]:
    """Write the pages of all versions below `root` into the folder `docs`."""
    docs.mkdir(parents=True, exist_ok=True)
    written = []
    for version in library.versions(root):
        instrument = library.load(root, version.instrument_id, version.version)
        path = docs / file_name(instrument)
        path.write_text(markdown(instrument), encoding="utf-8", newline="\n")
        written.append(path)
    return written


def _lines(instrument: definition.Instrument) -> Iterator[str]:
    yield f"# {instrument.title} {instrument.version}"
    yield ""
    yield "Generated from the definition; do not edit."
    yield ""
    yield instrument.source
    yield ""
    yield '"or NA": the reviewer may answer NA, with a reason. "when ...": asked only then.'
    for component in instrument.components:
        yield from _component(instrument, component)
    yield from _rules(instrument)
    yield from _facts(instrument)


def _component(instrument: definition.Instrument, component: definition.Component) -> Iterator[str]:
    items = instrument.items_of(component.code)
    yield ""
    yield f"## {component.code}, {component.title} ({len(items)})"
    yield ""
    yield component.purpose
    yield ""
    yield from _HEAD
    for item in items:
        yield _row(item)


def _row(item: definition.Item) -> str:
    title = f"**{item.code}** {item.title}{' (core)' if item.core else ''}"
    questions = "<br>".join(_question(question) for question in item.questions)
    cells = (title, questions, _terms(item.applies_when) if item.applies_when else "always")
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _question(question: definition.Question) -> str:
    notes = ["or NA"] if definition.NA in question.values else []
    notes += [f"when {_terms(question.asked_when)}"] if question.asked_when else []
    note = f" ({'; '.join(notes)})" if notes else ""
    return f"{question.id}. {question.text}{note}"


def _terms(condition: definition.Condition) -> str:
    joint = " and " if condition.quantifier is definition.Quantifier.ALL else " or "
    return joint.join(f"`{term}`" for term in condition.terms)


def _rules(instrument: definition.Instrument) -> Iterator[str]:
    yield ""
    yield "## How a component is rated"
    yield ""
    yield "When every item that applies is rated, the first line that holds:"
    yield ""
    yield from _rule_lines(instrument.component_ratings)
    for component in instrument.components:
        if component.ratings:
            yield ""
            yield f"For {component.code} alone:"
            yield ""
            yield from _rule_lines(component.ratings)


def _rule_lines(rows: tuple[definition.ComponentRatingRow, ...]) -> Iterator[str]:
    for number, row in enumerate(rows, start=1):
        when = wording.count_condition(row.when) if row.when else "in all other cases"
        yield f"{number}. {row.rating.label}: {when}"


def _facts(instrument: definition.Instrument) -> Iterator[str]:
    yield ""
    yield f"## Facts of the face sheet ({len(instrument.facts)})"
    yield ""
    yield "| fact | question | answers | items that use it |"
    yield "|---|---|---|---|"
    for fact in instrument.facts:
        answers = "; ".join(choice.label for choice in fact.choices) or "Yes; No"
        note = " *(agency to confirm)*" if fact.confirm else ""
        used = ", ".join(_users(instrument, fact)) or "none"
        cells = (f"`{fact.name}`", f"{fact.question}{note}", answers, used)
        yield f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _users(instrument: definition.Instrument, fact: definition.Fact) -> Iterator[str]:
    for item in instrument.items:
        looked_at = [item.applies_when, *(q.asked_when for q in item.questions)]
        looked_at += [row.when for row in item.ratings]
        if any(fact.name in conditions.names(condition) for condition in looked_at):
            yield item.code


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
