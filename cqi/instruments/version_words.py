"""What two versions say at the places where they differ, in words, to be read side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cqi.instruments import conditions, definition, inputs, wording
from cqi.instruments.versions import Difference, Differences

_Texts = Mapping[str, str]
_NEW_OR_GONE = ", new", ", gone"


@dataclass(frozen=True)
class Told:
    """One place that differs, with what each version says there; empty where it says nothing."""

    place: str
    old: str
    new: str


def of_item(differences: Differences, code: str) -> tuple[Told, ...]:
    """The places at which an item differs; none where one version does not have it."""

    def texts(instrument: definition.Instrument, written: bool) -> _Texts:
        return dict(_Item(instrument, instrument.item(code), written).texts())

    return _told(differences, differences.items[code], texts)


def of_component(differences: Differences, code: str) -> tuple[Told, ...]:
    """The places at which a component differs."""

    def texts(instrument: definition.Instrument, written: bool) -> _Texts:
        return dict(_component(instrument, instrument.component(code), written))

    return _told(differences, differences.components[code], texts)


def of_fact(differences: Differences, name: str) -> tuple[Told, ...]:
    """The places at which a fact differs."""

    def texts(instrument: definition.Instrument, _written: bool) -> _Texts:
        return dict(_fact(instrument.fact(name)))

    return _told(differences, differences.facts[name], texts)


def _told(
    differences: Differences,
    difference: Difference,
    texts: Callable[[definition.Instrument, bool], _Texts],
) -> tuple[Told, ...]:
    """Conditions are told in words, and as they are written where the words are the same."""
    if not difference.what:
        return ()
    found: list[Told] = []
    plain, written = (
        [texts(instrument, as_written) for instrument in (differences.old, differences.new)]
        for as_written in (False, True)
    )
    for what in difference.what:
        place = what.removesuffix(_NEW_OR_GONE[0]).removesuffix(_NEW_OR_GONE[1])
        sides = (
            Told(what, *(_at(side, place, what) for side in both)) for both in (plain, written)
        )
        found += [told for told in sides if told.old != told.new][:1]
    return tuple(found)


def _at(texts: _Texts, place: str, what: str) -> str:
    """The text of a place; of a question that is new or gone all that there is of it."""
    if place == what:
        return texts.get(place, "")
    return "\n".join(text for name, text in texts.items() if _is_of(name, place))


def _is_of(name: str, place: str) -> bool:
    return name == place or name.startswith(f"{place}, ")


class _Item:
    """The texts of one item by place, under the names that `versions` gives them."""

    def __init__(
        self, instrument: definition.Instrument, item: definition.Item, written: bool
    ) -> None:
        self.instrument, self.item, self.written = instrument, item, written

    def texts(self) -> Iterator[tuple[str, str]]:
        item = self.item
        component = self.instrument.component(item.component)
        yield "title", item.title
        yield "purpose", _lines(item.purpose, f"What good looks like: {item.good_looks_like}")
        yield "component", f"{component.code} {component.title}"
        yield "core", "A core item." if item.core else "Not a core item."
        yield "themes", _listed(item.themes)
        yield "marks to confirm", _lines("The item." if item.confirm else "", _marked(item.ratings))
        yield "when it applies", self._applies()
        yield "parts", _listed(item.parts)
        yield "order of questions", _listed(item.question_ids)
        for question in item.questions:
            yield from self._question(question)
        rows = ((row.rating, self._says(row.when) if row.when else "") for row in item.ratings)
        yield "rating rows", _rows(rows)
        yield "evidence", _evidence(item.evidence)
        yield "prompts", _lines(*item.evidence.prompts)

    def _says(self, condition: definition.Condition) -> str:
        if self.written:
            return _written(condition.quantifier, condition.terms)
        return conditions.says(condition, self.instrument.facts_by_name)

    def _applies(self) -> str:
        applies_when = self.instrument.applies_when(self.item)
        when = _lines(*(f"Applies when {self._says(each)}." for each in applies_when))
        return when or "Applies to every case."

    def _question(self, question: definition.Question) -> Iterator[tuple[str, str]]:
        name, scale = f"question {question.id}", question.scale
        asked_when = question.asked_when
        texts = (question.text, question.guidance, question.counting)
        labels = _labels(scale) if scale else ()
        yield f"{name}, wording", _lines(*texts, question.yes, question.no, question.na, *labels)
        yield name, _lines(*self._answers(question))
        asked = f"Asked when {self._says(asked_when)}." if asked_when else "Always asked."
        yield f"{name}, when it is asked", asked

    def _answers(self, question: definition.Question) -> Iterator[str]:
        """How it is answered, and for whom: all that its rule is but when it is asked."""
        if question.scale:
            yield from _points(question.scale)
        elif question.values:
            words = (definition.ANSWER_WORDS[value] for value in question.values)
            yield f"Answers: {', '.join(words)}."
        else:
            yield f"A number {inputs.limits(question)}."
        if question.for_each:
            kind = self.instrument.subjects_by_kind[question.for_each]
            least = f", at least {kind.at_least}" if kind.at_least else ""
            yield f"Asked of each {kind.kind}{least}."
        if question.reverse:
            yield "Yes is the worse answer."
        if not question.scored:
            yield "Not scored."


def _component(
    instrument: definition.Instrument, component: definition.Component, written: bool
) -> Iterator[tuple[str, str]]:
    rows = instrument.rows_of(component)
    applies_when = component.applies_when
    core = (code for code in component.items if instrument.item(code).core)
    yield "title", _lines(component.title, f"Short: {component.short_title}")
    yield "purpose", component.purpose
    yield "marks to confirm", _lines(_marked(rows))
    yield "order of items", _listed(component.items)
    yield "items", _listed(component.items)
    yield "core items", _listed(core)
    if applies_when:
        says = conditions.says(applies_when, instrument.facts_by_name)
        if written:
            says = _written(applies_when.quantifier, applies_when.terms)
        yield "when it applies", f"Applies when {says}."
    else:
        yield "when it applies", "Applies to every case."
    counts = ((row.rating, _counts(row.when, written) if row.when else "") for row in rows)
    yield "rating rows", _rows(counts)


def _fact(fact: definition.Fact) -> Iterator[tuple[str, str]]:
    choices = [f"{choice.label} ({choice.value})" for choice in fact.choices]
    said = [f"{c.label}: {c.says}; else {c.says_not}." for c in fact.choices]
    yield "answers", _listed(choices or ["Yes", "No"])
    yield "wording", _lines(fact.question, fact.help, fact.yes, fact.no, *said)
    yield "mark to confirm", "Agency to confirm." if fact.confirm else "No mark."


def _rows(rows: Iterable[tuple[definition.Rating, str]]) -> str:
    numbered = enumerate(rows, start=1)
    return _lines(
        *(f"{n}. {rating.label}: {when or 'in all other cases'}." for n, (rating, when) in numbered)
    )


def _counts(condition: definition.CountCondition, written: bool) -> str:
    if written:
        return _written(condition.quantifier, condition.terms)
    return wording.count_condition(condition)


def _written(quantifier: definition.Quantifier, terms: Iterable[object]) -> str:
    return f"{quantifier.value} of {'; '.join(map(str, terms))}"


def _marked(rows: Iterable[definition.RatingRow | definition.ComponentRatingRow]) -> str:
    numbers = [str(number) for number, row in enumerate(rows, start=1) if row.confirm]
    return f"Rating rows {conditions.in_words(numbers)}." if numbers else ""


def _evidence(evidence: definition.Evidence) -> str:
    needed = " and for ".join(rating.noun for rating in evidence.required_for)
    narrative = f"A narrative is needed for {needed}." if needed else "No narrative is needed."
    return _lines(narrative, f"Evidence sources: {evidence.at_least} at least.")


def _points(scale: definition.Scale) -> Iterator[str]:
    """Each point with the words that conditions know it by."""
    for value in scale.values:
        zones = [zone.value for zone in scale.zones if value in scale.points_in(zone.value)]
        words = (
            [*zones, definition.ACCEPTABLE]
            if value in scale.points_in(definition.ACCEPTABLE)
            else zones
        )
        yield f"{value}: {', '.join(words)}."


def _labels(scale: definition.Scale) -> list[str]:
    points = (f"{point.value} {point.label}" for point in scale.points)
    zones = (zone.label for zone in scale.zones)
    return [f"{scale.title}: {_listed(points)}", f"Zones: {_listed(zones)}"]


def _listed(names: Iterable[str]) -> str:
    """Names parted so that one more leaves the words of the others as they are."""
    return " · ".join(names) or "None"


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
