"""Items, components and the instrument that holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cqi.instruments.definition.language import ComponentRatingRow, Condition, RatingRow
from cqi.instruments.definition.questions import Fact, Question, Scale, SubjectKind
from cqi.instruments.definition.ratings import Rating


@dataclass(frozen=True)
class Evidence:
    """What must be written down beside the answers before a case review can be submitted."""

    required_for: tuple[Rating, ...]
    prompts: tuple[str, ...]
    at_least: int


@dataclass(frozen=True)
class Item:
    """One item of a component: questions, rating rows, and when it applies (None: always).

    `parts` are the codes of items that roll up into this one: its rows name their ratings.
    """

    code: str
    component: str
    title: str
    purpose: str
    good_looks_like: str
    questions: tuple[Question, ...]
    ratings: tuple[RatingRow, ...]
    evidence: Evidence
    core: bool = False
    themes: tuple[str, ...] = ()
    applies_when: Condition | None = None
    parts: tuple[str, ...] = ()
    confirm: bool = False

    def question(self, question_id: str) -> Question:
        """The question of this id; KeyError where there is none."""
        return self._questions[question_id]

    @cached_property
    def question_ids(self) -> tuple[str, ...]:
        """The ids of the questions, in order."""
        return tuple(question.id for question in self.questions)

    @cached_property
    def dependent_ids(self) -> frozenset[str]:
        """The ids of the questions that an earlier answer of the item decides on."""
        return frozenset(
            question.id
            for question in self.questions
            if question.asked_when
            and any(term.name in self.question_ids for term in question.asked_when.terms)
        )

    @cached_property
    def scored_ids(self) -> tuple[str, ...]:
        """The ids of the questions that the rating looks at."""
        return tuple(question.id for question in self.questions if question.scored)

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}


@dataclass(frozen=True)
class Component:
    """A component; `items` are codes in order, without parts; `ratings` its own rows, if any."""

    code: str
    title: str
    short_title: str
    purpose: str
    items: tuple[str, ...]
    ratings: tuple[ComponentRatingRow, ...] = ()
    applies_when: Condition | None = None


@dataclass(frozen=True)
class Instrument:
    """One version of a review instrument. `items` stand in the order of the components.

    Parts of an item stand behind it. `confirm_with` names whom an agency asks about what is marked
    to be confirmed. One that is not `whole` holds some items only: its components are not rated.
    """

    id: str
    version: str
    title: str
    language: str
    source: str
    facts: tuple[Fact, ...]
    components: tuple[Component, ...]
    items: tuple[Item, ...]
    component_ratings: tuple[ComponentRatingRow, ...]
    digest: str
    confirm_with: str = ""
    subjects: tuple[SubjectKind, ...] = ()
    scales: tuple[Scale, ...] = ()
    whole: bool = True

    def item(self, code: str) -> Item:
        """The item of this code; KeyError where there is none."""
        return self.items_by_code[code]

    def component(self, code: str) -> Component:
        """The component of this code; KeyError where there is none."""
        return self.components_by_code[code]

    def fact(self, name: str) -> Fact:
        """The fact of this name; KeyError where there is none."""
        return self.facts_by_name[name]

    def items_of(self, component_code: str) -> tuple[Item, ...]:
        """The items of a component, in its order, each before its parts."""
        return tuple(item for item in self.items if item.component == component_code)

    def rows_of(self, component: Component) -> tuple[ComponentRatingRow, ...]:
        """The rating rows that hold for a component: its own, else the instrument's."""
        return component.ratings or self.component_ratings

    def whole_of(self, code: str) -> Item | None:
        """The item that this one is a part of."""
        return self._wholes.get(code)

    def family(self, code: str) -> tuple[str, ...]:
        """The codes of the items that are rated together: a whole and its parts, or one alone."""
        whole = self.whole_of(code) or self.item(code)
        return (whole.code, *whole.parts)

    def applies_when(self, item: Item) -> tuple[Condition, ...]:
        """All that must hold for an item to apply: of its component, its whole, its own."""
        return self._applies_when[item.code]

    @cached_property
    def wholes(self) -> tuple[Item, ...]:
        """The items that components count: all but parts."""
        return tuple(item for item in self.items if item.code not in self._wholes)

    @cached_property
    def facts_by_name(self) -> dict[str, Fact]:
        """All facts by name."""
        return {fact.name: fact for fact in self.facts}

    @cached_property
    def items_by_code(self) -> dict[str, Item]:
        """All items by code."""
        return {item.code: item for item in self.items}

    @cached_property
    def components_by_code(self) -> dict[str, Component]:
        """All components by code."""
        return {component.code: component for component in self.components}

    @cached_property
    def subjects_by_kind(self) -> dict[str, SubjectKind]:
        """The kinds of subjects that questions are repeated for."""
        return {subject.kind: subject for subject in self.subjects}

    @cached_property
    def _wholes(self) -> dict[str, Item]:
        return {part: item for item in self.items for part in item.parts}

    @cached_property
    def _applies_when(self) -> dict[str, tuple[Condition, ...]]:
        return {item.code: tuple(self._conditions(item)) for item in self.items}

    def _conditions(self, item: Item) -> Iterator[Condition]:
        component, whole = self.components_by_code.get(item.component), self.whole_of(item.code)
        for each in (component, whole, item):
            if each is not None and each.applies_when is not None:
                yield each.applies_when
