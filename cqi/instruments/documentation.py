"""An instrument as a page that a person reads through: items, questions, facts. Generated.

To write it anew: python -m cqi.instruments.documentation review_instruments docs/instruments
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from cqi.instruments import conditions, definition, library, wording

_Marked = definition.Fact | definition.Item | definition.RatingRow | definition.ComponentRatingRow
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
    yield from _item_rules(instrument)
    yield from _component_rules(instrument)
    yield from _facts(instrument)
    yield from _subjects(instrument)
    yield from _scales(instrument)


def _component(instrument: definition.Instrument, component: definition.Component) -> Iterator[str]:
    yield ""
    yield f"## {component.code}, {component.title} ({len(component.items)})"
    yield ""
    yield component.purpose
    if component.applies_when:
        yield ""
        yield f"Applies when {_terms(component.applies_when)}."
    yield ""
    yield from _HEAD
    for item in instrument.items_of(component.code):
        yield _row(instrument, item)


def _row(instrument: definition.Instrument, item: definition.Item) -> str:
    whole = instrument.whole_of(item.code)
    notes = [f" (part of {whole.code})"] if whole else []
    notes += [" (core)"] if item.core else []
    title = f"**{item.code}** {item.title}{''.join(notes)}{_to_confirm(instrument, item)}"
    asked = [_question(instrument, question) for question in item.questions]
    asked += [f"Rated from {conditions.in_words(item.parts)}."] if item.parts else []
    when = _terms(item.applies_when) if item.applies_when else "always"
    return _table_row(title, "<br>".join(asked), when)


def _question(instrument: definition.Instrument, question: definition.Question) -> str:
    notes = list(wording.question_notes(instrument, question))
    notes += [f"when {_terms(question.asked_when)}"] if question.asked_when else []
    note = f" ({'; '.join(notes)})" if notes else ""
    return f"{question.id}. {question.text}{note}"


def _terms(condition: definition.Condition) -> str:
    joint = " and " if condition.quantifier is definition.Quantifier.ALL else " or "
    return joint.join(f"`{term}`" for term in condition.terms)


def _item_rules(instrument: definition.Instrument) -> Iterator[str]:
    yield ""
    yield "## How an item is rated"
    yield ""
    yield "When every question that is asked is answered, the first line that holds:"
    alike: dict[tuple[str, ...], list[str]] = {}
    for item in instrument.items:
        lines = tuple(_numbered(_item_line(instrument, row) for row in item.ratings))
        alike.setdefault(lines, []).append(item.code)
    for lines, codes in alike.items():
        yield ""
        yield f"{', '.join(codes)}:"
        yield ""
        yield from lines


def _item_line(instrument: definition.Instrument, row: definition.RatingRow) -> str:
    when = conditions.says(row.when, instrument.facts_by_name) if row.when else _OTHERWISE
    return f"{row.rating.label}: {when}{_to_confirm(instrument, row)}"


_OTHERWISE = "in all other cases"


def _component_rules(instrument: definition.Instrument) -> Iterator[str]:
    yield ""
    yield "## How a component is rated"
    yield ""
    yield "When every item that applies is rated, the first line that holds:"
    if instrument.component_ratings:
        yield ""
        yield from _component_lines(instrument, instrument.component_ratings)
    for component in instrument.components:
        if component.ratings:
            yield ""
            yield f"For {component.code} alone:"
            yield ""
            yield from _component_lines(instrument, component.ratings)


def _component_lines(
    instrument: definition.Instrument, rows: Iterable[definition.ComponentRatingRow]
) -> Iterator[str]:
    said = (wording.count_condition(row.when) if row.when else _OTHERWISE for row in rows)
    yield from _numbered(
        f"{row.rating.label}: {when}{_to_confirm(instrument, row)}"
        for row, when in zip(rows, said, strict=True)
    )


def _numbered(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        yield f"{number}. {line}"


def _facts(instrument: definition.Instrument) -> Iterator[str]:
    yield ""
    yield f"## Facts of the face sheet ({len(instrument.facts)})"
    yield ""
    yield "| fact | question | answers | items that use it |"
    yield "|---|---|---|---|"
    for fact in instrument.facts:
        answers = "; ".join(choice.label for choice in fact.choices) or "Yes; No"
        used = ", ".join(_users(instrument, fact)) or "none"
        question = f"{fact.question}{_to_confirm(instrument, fact)}"
        yield _table_row(f"`{fact.name}`", question, answers, used)


def _users(instrument: definition.Instrument, fact: definition.Fact) -> Iterator[str]:
    for item in instrument.items:
        looked_at = [*instrument.applies_when(item), *(q.asked_when for q in item.questions)]
        looked_at += [row.when for row in item.ratings]
        if any(fact.name in conditions.names(condition) for condition in looked_at):
            yield item.code


def _subjects(instrument: definition.Instrument) -> Iterator[str]:
    if not instrument.subjects:
        return
    yield ""
    yield f"## Whom questions are repeated for ({len(instrument.subjects)})"
    yield ""
    yield "| subjects | whom or what to list | at least |"
    yield "|---|---|---|"
    for kind in instrument.subjects:
        yield _table_row(kind.plural, kind.help, str(kind.at_least))


def _scales(instrument: definition.Instrument) -> Iterator[str]:
    for scale in instrument.scales:
        yield ""
        yield f"## Scale: {scale.title}"
        yield ""
        yield "| point | zone | acceptable |"
        yield "|---|---|---|"
        zones = {zone.value: zone for zone in scale.zones}
        for point in scale.points:
            zone = zones[point.zone]
            acceptable = "yes" if zone.acceptable else "no"
            yield _table_row(scale.words(str(point.value)), zone.label, acceptable)


def _to_confirm(instrument: definition.Instrument, marked: _Marked) -> str:
    return f" *({wording.to_confirm(instrument)})*" if marked.confirm else ""


def _table_row(*cells: str) -> str:
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
