"""An instrument as a form to fill in on paper: for training, and for people who read on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cqi.documents import model
from cqi.instruments import conditions, definition, inputs, wording
from cqi.ui import dates

_SUBJECTS = 6  # places for each kind of subjects, and at each question that is repeated for them
_NARRATIVE_LINES, _SOURCES = 5, 4
_CASE = ("Case number", "County", "Period from", "Period to", "Reviewers", "Date")
_HOW = (
    "Fill in the face sheet first. Its facts say which items apply to the case.",
    "Then go item by item. Tick one box for each question, and write down why.",
    "Under “How it is rated” tick the first line that holds.",
    "A question that is not asked counts as NA. Where you tick NA, write the reason beside it.",
)
_COLOPHON = (
    "Write no names but a child’s first name and initial. A form that is filled in is a"
    " confidential record: keep it, and destroy it, as the agency’s rules for case records say."
)


def document(
    instrument: definition.Instrument, published_on: dt.date | None = None
) -> model.Document:
    """The whole form: the face sheet, then a page for each component and for each of its items."""
    return model.Document(
        title=instrument.title,
        subtitle="Blank form for reading and training",
        kind="report",
        facts=tuple(_facts(instrument, published_on)),
        facts_heading="What this form is",
        sections=tuple(_Form(instrument).sections()),
        preface=(model.Heading("How to use it"), model.Bullets(_HOW)),
        running_head=(f"{instrument.title} {instrument.version}", "Blank form"),
        footer_mark="CONFIDENTIAL",
        footer_text=f"once it is filled in · digest {instrument.digest[:12]}",
        language=instrument.language,
        series="Case review instrument",
        colophon=_COLOPHON,
        compact=True,
    )


def _facts(instrument: definition.Instrument, published_on: dt.date | None) -> Iterator[model.Fact]:
    parts = len(instrument.items) - len(instrument.wholes)
    holds = [
        _several(len(instrument.components), "component"),
        _several(len(instrument.wholes), "item"),
        *([_several(parts, "part") + " of items"] if parts else []),
    ]
    state = f"published {dates.full_day(published_on)}" if published_on else "a draft"
    yield model.Fact("Version", f"{instrument.version}, {state}")
    yield model.Fact("Holds", ", ".join(holds))
    yield model.Fact("Digest", instrument.digest)
    yield model.Fact("Source", instrument.source)


def _several(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


class _Form:
    """The sections of one instrument's form."""

    def __init__(self, instrument: definition.Instrument) -> None:
        self.instrument = instrument
        self.to_confirm = wording.to_confirm(instrument)

    def sections(self) -> Iterator[model.Section]:
        """The face sheet, then component by component its page and its items."""
        facts = tuple(self._facts_of_case())
        yield model.Section("face-sheet", "Facts of the case", "Face sheet", facts)
        if self.instrument.subjects:
            yield self._subjects()
        for component in self.instrument.components:
            yield self._component(component)
            for item in self.instrument.items_of(component.code):
                yield self._item(component, item)

    def _facts_of_case(self) -> Iterator[model.Block]:
        yield model.Blanks(tuple(model.Blank(label) for label in _CASE), columns=2)
        facts = enumerate(self.instrument.facts, start=1)
        yield model.SideHeads(tuple(self._fact(number, fact) for number, fact in facts))

    def _fact(self, number: int, fact: definition.Fact) -> model.SideHead:
        blocks: list[model.Block] = [model.Text((model.Span(fact.question),))]
        if fact.help:
            blocks.append(model.Text(fact.help, "small"))
        blocks.append(_choose(tuple(choice.label for choice in fact.choices) or ("Yes", "No")))
        note = wording.sentence(self.to_confirm) if fact.confirm else ""
        return model.SideHead(str(number), tuple(blocks), note=note)

    def _subjects(self) -> model.Section:
        title = "Whom questions are repeated for"
        lead = model.Lead("Some questions are asked of each of these. Give each a number here.")
        heads = model.SideHeads(tuple(map(self._kind, self.instrument.subjects)))
        return model.Section("subjects", title, "Face sheet", (lead, heads), contents=title)

    def _kind(self, kind: definition.SubjectKind) -> model.SideHead:
        note = f"At least {kind.at_least}." if kind.at_least else ""
        blocks = (model.Text(kind.help, "small"), _of_each(kind))
        return model.SideHead(kind.plural, blocks, note=note)

    def _component(self, component: definition.Component) -> model.Section:
        """What the component is about, its items' ratings, and its own."""
        lead: list[model.Block] = [model.Lead(component.purpose)]
        if component.applies_when:
            off = f"No item applies unless {self._says(component.applies_when)}."
            lead.append(model.Text(off, "note"))
        heads = (self._ratings(component), self._component_rules(component))
        return model.Section(
            component.code.lower(),
            component.title,
            f"Component {component.code}",
            (*lead, model.SideHeads(heads)),
            contents=component.title,
        )

    def _ratings(self, component: definition.Component) -> model.SideHead:
        items = [self.instrument.item(code) for code in component.items]
        choices = ("Strength", "ANI", "NA")
        rated = tuple(model.Blank(f"{item.code} {item.title}", choices) for item in items)
        note = "Fill in when each item is rated. ANI: area needing improvement."
        return model.SideHead("Ratings of its items", (model.Blanks(rated),), note=note)

    def _component_rules(self, component: definition.Component) -> model.SideHead:
        rows = self.instrument.rows_of(component)
        return _rules([self._row(row, wording.count_condition) for row in rows])

    def _item(self, component: definition.Component, item: definition.Item) -> model.Section:
        """One item: when it applies, its questions, its rating, and what must be written."""
        good = (model.Span("What good looks like. "), item.good_looks_like)
        heads = [self._question(question) for question in item.questions]
        return model.Section(
            item.code.lower(),
            item.title,
            " · ".join((item.code, component.short_title, *self._marks(item))),
            (
                model.Lead(item.purpose),
                model.Text(good, "small"),
                model.Text(self._applies(item), "note"),
                model.SideHeads((*heads, self._item_rules(item))),
                *_beside(item),
            ),
            contents=f"{item.code} {item.title}",
            part=True,
        )

    def _marks(self, item: definition.Item) -> Iterator[str]:
        whole = self.instrument.whole_of(item.code)
        if whole:
            yield f"part of {whole.code}"
        if item.core:
            yield "core item"
        if item.confirm:
            yield self.to_confirm

    def _applies(self, item: definition.Item) -> str:
        when = [self._says(condition) for condition in self.instrument.applies_when(item)]
        return f"Applies when {' and '.join(when)}." if when else "Applies to every case."

    def _item_rules(self, item: definition.Item) -> model.SideHead:
        facts = self.instrument.facts_by_name
        applies_when = self.instrument.applies_when(item)
        off = " or ".join(conditions.says_not(condition, facts) for condition in applies_when)
        first = [_tick(definition.Rating.NOT_APPLICABLE, off)] if off else []
        return _rules([*first, *(self._row(row, self._says) for row in item.ratings)])

    def _row(
        self,
        row: definition.RatingRow | definition.ComponentRatingRow,
        says: Callable[[Any], str],
    ) -> model.Words:
        confirm = f" ({self.to_confirm})" if row.confirm else ""
        return _tick(row.rating, f"{says(row.when) if row.when else 'in all other cases'}{confirm}")

    def _says(self, condition: definition.Condition) -> str:
        return conditions.says(condition, self.instrument.facts_by_name)

    def _question(self, question: definition.Question) -> model.SideHead:
        blocks = (
            model.Text((model.Span(question.text),)),
            model.Text(question.guidance, "note"),
            *self._answers(question),
        )
        return model.SideHead(question.id, blocks, note=" ".join(self._notes(question)))

    def _notes(self, question: definition.Question) -> Iterator[str]:
        if question.asked_when:
            yield f"Asked when {self._says(question.asked_when)}."
        if question.for_each:
            yield f"For each {self.instrument.subjects_by_kind[question.for_each].label.lower()}."
        if question.reverse:
            yield "Yes is the worse answer."
        if not question.scored:
            yield "Not scored."

    def _answers(self, question: definition.Question) -> Iterator[model.Block]:
        """A box before what makes each answer right; of each subject, boxes in a row."""
        told = [_lead(text) for text in (question.yes, question.no, question.na) if text]
        if told and not question.for_each:
            yield model.Ticks(tuple(told))
            return
        for words in (*told, *([question.counting] if question.counting else [])):
            yield model.Text(words, "small")
        labels = tuple(question.words(value) for value in question.values)
        if question.for_each:
            yield _of_each(self.instrument.subjects_by_kind[question.for_each], labels)
        elif labels:
            yield _choose(labels)
        else:
            yield model.Blanks((model.Blank(f"A number {inputs.limits(question)}"),), columns=2)


def _of_each(kind: definition.SubjectKind, choices: tuple[str, ...] = ()) -> model.Blanks:
    """A place for each subject; points of a scale need the whole width."""
    numbers = range(1, _SUBJECTS + 1)
    blanks = tuple(model.Blank(f"{kind.label} {number}", choices) for number in numbers)
    return model.Blanks(blanks, columns=1 if len(choices) > 3 else 2)


def _beside(item: definition.Item) -> Iterator[model.Block]:
    """What is written down beside the answers, on one page, which says of which item it is."""
    evidence, heads = item.evidence, list[model.SideHead]()
    if evidence.required_for or evidence.prompts:
        needed = " and for ".join(rating.noun for rating in evidence.required_for)
        note = f"A narrative is needed for {needed}." if needed else ""
        blocks = (model.Bullets(evidence.prompts), _lines(_NARRATIVE_LINES))
        heads.append(model.SideHead(f"{item.code}: why so", blocks, note=note))
    if evidence.at_least:
        note = f"At least {evidence.at_least}: the record, or an interview and with whom."
        heads.append(model.SideHead("Where learned", (_lines(_SOURCES, columns=2),), note=note))
    if heads:
        yield model.SideHeads(tuple(heads), together=True)


def _rules(entries: Sequence[model.Words]) -> model.SideHead:
    ticks = model.Ticks(tuple(entries))
    return model.SideHead("How it is rated", (ticks,), note="Tick the first line that holds.")


def _tick(rating: definition.Rating, when: str) -> model.Words:
    return (model.Span(rating.label), f": {when}")


def _lead(text: str) -> model.Words:
    """ "Yes if ...", its first word strong."""
    first, blank, rest = text.partition(" ")
    return (model.Span(first), f"{blank}{rest}")


def _choose(labels: tuple[str, ...]) -> model.Blanks:
    return model.Blanks((model.Blank(choices=labels),))


def _lines(number: int, columns: int = 1) -> model.Blanks:
    return model.Blanks((model.Blank(),) * number, columns)
