"""What became of each item, component and fact from one version of an instrument to another.

A measure compares two versions only where the rule is the same: `comparable` says where.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cqi.instruments import conditions, definition


class Change(StrEnum):
    """What became of one thing; reworded means that only texts and marks differ."""

    SAME = "same"
    REWORDED = "reworded"
    CHANGED_RULE = "changed_rule"
    NEW = "new"
    GONE = "gone"

    @property
    def label(self) -> str:
        """The change in words: "changed rule"."""
        return self.value.replace("_", " ")


@dataclass(frozen=True)
class Difference:
    """What became of one item, component or fact; `what` names the places that differ."""

    change: Change
    what: tuple[str, ...] = ()

    @property
    def keeps_its_rule(self) -> bool:
        """Whether it is there in both versions and decided alike."""
        return self.change in (Change.SAME, Change.REWORDED)


@dataclass(frozen=True)
class Differences:
    """Two versions side by side, by code or name; the new version's order, then what is gone."""

    old: definition.Instrument
    new: definition.Instrument
    items: Mapping[str, Difference]
    components: Mapping[str, Difference]
    facts: Mapping[str, Difference]

    def comparable(self, code: str) -> bool:
        """Whether ratings of an item or a component mean the same in both versions.

        All that a rating rests on keeps its rule: facts, parts, the items of a component.
        """
        difference = self.items.get(code) or self.components.get(code)
        if difference is None or not difference.keeps_its_rule:
            return False
        if code in self.components:
            return all(map(self.comparable, self.new.component(code).items))
        facts = (name for name in _names(self.new, self.new.item(code)) if name in self.facts)
        return all(self.facts[name].keeps_its_rule for name in facts) and all(
            map(self.comparable, self.new.item(code).parts)
        )

    def same_rule(self) -> frozenset[str]:
        """The codes of items and components whose ratings mean the same in both versions."""
        return frozenset(filter(self.comparable, (*self.items, *self.components)))

    def counts(self) -> Mapping[Change, int]:
        """How many items are the same, reworded, ...; only those that there are."""
        counted = Counter(difference.change for difference in self.items.values())
        return {change: counted[change] for change in Change if counted[change]}


def compare(old: definition.Instrument, new: definition.Instrument) -> Differences:
    """Compare two versions of an instrument, or any two instruments."""
    return Differences(
        old,
        new,
        items=_differences(
            {code: dict(_item(old, item)) for code, item in old.items_by_code.items()},
            {code: dict(_item(new, item)) for code, item in new.items_by_code.items()},
        ),
        components=_differences(
            {code: dict(_component(old, each)) for code, each in old.components_by_code.items()},
            {code: dict(_component(new, each)) for code, each in new.components_by_code.items()},
        ),
        facts=_differences(
            {name: dict(_fact(fact)) for name, fact in old.facts_by_name.items()},
            {name: dict(_fact(fact)) for name, fact in new.facts_by_name.items()},
        ),
    )


def as_json(differences: Differences) -> dict[str, Any]:
    """The comparison, ready for json.dumps."""
    told = {
        "items": differences.items,
        "components": differences.components,
        "facts": differences.facts,
    }
    return {
        "instrument": differences.new.id,
        "old": differences.old.version,
        "new": differences.new.version,
        **{
            name: {
                code: {"change": each.change.value, "what": list(each.what)}
                | ({} if name == "facts" else {"comparable": differences.comparable(code)})
                for code, each in found.items()
            }
            for name, found in told.items()
        },
    }


@dataclass(frozen=True)
class _Aspect:
    """One thing that is compared: part of the rule, or a text or mark beside it."""

    value: object
    is_rule: bool


_Aspects = Mapping[str, _Aspect]


def _rule(value: object) -> _Aspect:
    return _Aspect(value, is_rule=True)


def _text(*value: object) -> _Aspect:
    return _Aspect(value, is_rule=False)


def _differences(old: Mapping[str, _Aspects], new: Mapping[str, _Aspects]) -> dict[str, Difference]:
    return {name: _difference(old.get(name), new.get(name)) for name in {**new, **old}}


def _difference(old: _Aspects | None, new: _Aspects | None) -> Difference:
    if old is None or new is None:
        return Difference(Change.NEW if old is None else Change.GONE)
    differing = [name for name in {**new, **old} if old.get(name) != new.get(name)]
    if not differing:
        return Difference(Change.SAME)
    is_rule = any(each[name].is_rule for name in differing for each in (old, new) if name in each)
    told = (_told(name, old, new) for name in differing)
    what = tuple(words for words in told if words and not (is_rule and words in _ORDERS))
    return Difference(Change.CHANGED_RULE if is_rule else Change.REWORDED, what)


_ORDERS = ("order of questions", "order of items")  # where there are others, no news


def _told(name: str, old: _Aspects, new: _Aspects) -> str:
    """An aspect that differs in words; of a question that is new or gone only that."""
    question, _, aspect = name.partition(", ")
    if question in old and question in new:
        return name
    state = "new" if question in new else "gone"
    return "" if aspect else f"{question}, {state}"


def _item(
    instrument: definition.Instrument, item: definition.Item
) -> Iterator[tuple[str, _Aspect]]:
    yield "title", _text(item.title)
    yield "purpose", _text(item.purpose, item.good_looks_like)
    yield "component", _text(item.component)
    yield "core", _text(item.core)
    yield "themes", _text(item.themes)
    yield "marks to confirm", _text(item.confirm, [row.confirm for row in item.ratings])
    yield "when it applies", _rule([_condition(each) for each in instrument.applies_when(item)])
    yield "parts", _rule(set(item.parts))
    yield "order of questions", _text(item.question_ids)
    for question in item.questions:
        yield from _question(instrument, question)
    yield "rating rows", _rule([(row.rating, _condition(row.when)) for row in item.ratings])
    yield "evidence", _rule((set(item.evidence.required_for), item.evidence.at_least))
    yield "prompts", _text(item.evidence.prompts)


def _question(
    instrument: definition.Instrument, question: definition.Question
) -> Iterator[tuple[str, _Aspect]]:
    name = f"question {question.id}"
    kind = instrument.subjects_by_kind.get(question.for_each)
    limits = (question.least, question.most)
    repeated = (question.for_each, kind.at_least if kind else 0, question.reverse)
    scale = question.scale
    points = [_point(scale, value) for value in question.values] if scale else []
    yield name, _rule((question.answer, limits, repeated, question.scored, points))
    yield f"{name}, when it is asked", _rule(_condition(question.asked_when))
    texts = (question.text, question.guidance, question.counting)
    answers = (question.yes, question.no, question.na)
    yield f"{name}, wording", _text(texts, answers, _labels(scale) if scale else None)


def _labels(scale: definition.Scale) -> object:
    return scale.title, [p.label for p in scale.points], [z.label for z in scale.zones]


def _point(scale: definition.Scale, value: str) -> tuple[str, set[str]]:
    """A point with the words that conditions know it by."""
    words = (*(zone.value for zone in scale.zones), definition.ACCEPTABLE)
    return value, {word for word in words if value in scale.points_in(word)}


def _component(
    instrument: definition.Instrument, component: definition.Component
) -> Iterator[tuple[str, _Aspect]]:
    rows = instrument.rows_of(component)
    counted = {count.of for row in rows if row.when for count in row.when.terms}
    core = {code for code in component.items if instrument.item(code).core}
    yield "title", _text(component.title, component.short_title)
    yield "purpose", _text(component.purpose)
    yield "marks to confirm", _text([row.confirm for row in rows])
    yield "order of items", _text(component.items)
    yield "items", _rule(set(component.items))
    yield "core items", _rule(core if "core" in counted else None)
    yield "when it applies", _rule(_condition(component.applies_when))
    yield "rating rows", _rule([(row.rating, _counts(row.when)) for row in rows])


def _fact(fact: definition.Fact) -> Iterator[tuple[str, _Aspect]]:
    labels = [(choice.label, choice.says, choice.says_not) for choice in fact.choices]
    yield "answers", _rule((fact.answer, set(fact.values)))
    yield "wording", _text(fact.question, fact.help, fact.yes, fact.no, labels)
    yield "mark to confirm", _text(fact.confirm)


def _condition(condition: definition.Condition | None) -> object:
    """What a condition says, however its terms are written and ordered."""
    if condition is None:
        return None
    terms = {(term.name, term.operator, term.literal) for term in condition.terms}
    return _joined(condition.quantifier, terms)


def _counts(condition: definition.CountCondition | None) -> object:
    if condition is None:
        return None
    terms = {
        (
            count.counted,
            frozenset(of) if isinstance(of := count.of, tuple) else of,
            count.at_most,
            count.at_least,
        )
        for count in condition.terms
    }
    return _joined(condition.quantifier, terms)


def _joined(quantifier: definition.Quantifier, terms: set[Any]) -> object:
    """Under one term, all and any say the same."""
    return (None if len(terms) == 1 else quantifier), terms


def _names(instrument: definition.Instrument, item: definition.Item) -> Iterator[str]:
    """All names that the conditions of an item look at."""
    looked_at = [*instrument.applies_when(item), *(q.asked_when for q in item.questions)]
    looked_at += [row.when for row in item.ratings]
    for condition in looked_at:
        yield from conditions.names(condition)
