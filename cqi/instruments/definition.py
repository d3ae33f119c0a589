"""An instrument as frozen dataclasses: what reviewers score, and by which rules it is rated."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

YES, NO, NA = "yes", "no", "na"


class Rating(StrEnum):
    """Ratings of items (the first three) and of components (the last four)."""

    STRENGTH = "strength"
    AREA_NEEDING_IMPROVEMENT = "area_needing_improvement"
    NOT_APPLICABLE = "not_applicable"
    SUBSTANTIALLY_ACHIEVED = "substantially_achieved"
    PARTIALLY_ACHIEVED = "partially_achieved"
    NOT_ACHIEVED = "not_achieved"

    @property
    def label(self) -> str:
        """The rating in words for a page: "Area needing improvement"."""
        return self.value.replace("_", " ").capitalize()


ITEM_RATINGS = (Rating.STRENGTH, Rating.AREA_NEEDING_IMPROVEMENT, Rating.NOT_APPLICABLE)
COMPONENT_RATINGS = (
    Rating.SUBSTANTIALLY_ACHIEVED,
    Rating.PARTIALLY_ACHIEVED,
    Rating.NOT_ACHIEVED,
    Rating.NOT_APPLICABLE,
)


class Answer(StrEnum):
    """How a fact or a question is answered. Counts and repeated questions come later."""

    YES_NO = "yes_no"
    YES_NO_NA = "yes_no_na"
    CHOICE = "choice"


class Quantifier(StrEnum):
    """Whether all terms of a condition must hold, or any."""

    ALL = "all"
    ANY = "any"


class Counted(StrEnum):
    """What a component's rating row may count among the ratings of its items."""

    STRENGTH = "strength"
    AREA_NEEDING_IMPROVEMENT = "area_needing_improvement"
    NOT_APPLICABLE = "not_applicable"
    APPLICABLE = "applicable"


@dataclass(frozen=True)
class Comparison:
    """`name operator literal`; a bare name stands for `name = yes`."""

    name: str
    operator: str
    literal: str
    bare: bool = False

    def __str__(self) -> str:
        return self.name if self.bare else f"{self.name} {self.operator} {self.literal}"


@dataclass(frozen=True)
class Condition:
    """Comparisons of facts and answers under `all` or `any`."""

    quantifier: Quantifier
    terms: tuple[Comparison, ...]


@dataclass(frozen=True)
class Count:
    """How many items have a rating, within limits. `of` is "core", item codes, or None for all."""

    counted: Counted
    of: str | tuple[str, ...] | None = None
    at_most: int | None = None
    at_least: int | None = None


@dataclass(frozen=True)
class CountCondition:
    """Counts under `all` or `any`; the conditions of a component's rating rows."""

    quantifier: Quantifier
    terms: tuple[Count, ...]


@dataclass(frozen=True)
class RatingRow:
    """One row of an item's rating rules; the row without a condition is the last."""

    rating: Rating
    when: Condition | None = None


@dataclass(frozen=True)
class ComponentRatingRow:
    """One row of a component's rating rules; the row without a condition is the last."""

    rating: Rating
    when: CountCondition | None = None


@dataclass(frozen=True)
class Choice:
    """One value of a choice fact, with the words for it and for its opposite."""

    value: str
    label: str
    says: str
    says_not: str


@dataclass(frozen=True)
class Fact:
    """A question of the face sheet, asked once a case. `yes` and `no` are the words in reasons."""

    name: str
    answer: Answer
    question: str
    help: str = ""
    choices: tuple[Choice, ...] = ()
    yes: str = ""
    no: str = ""
    confirm: bool = False

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The values that this fact can have, as conditions write them."""
        if self.answer is Answer.CHOICE:
            return tuple(choice.value for choice in self.choices)
        return (YES, NO)

    def says(self, value: str) -> str:
        """The fact with this value as a clause: "there was a report in the period"."""
        if self.answer is not Answer.CHOICE:
            return self.yes if value == YES else self.no
        return next((c.says for c in self.choices if c.value == value), f"{self.name} is {value}")

    def says_not(self, value: str) -> str:
        """The opposite clause: "there was no report in the period"."""
        if self.answer is not Answer.CHOICE:
            return self.no if value == YES else self.yes
        plain = f"{self.name} is not {value}"
        return next((c.says_not for c in self.choices if c.value == value), plain)


@dataclass(frozen=True)
class Question:
    """One question of an item, with what makes a yes, a no and (where allowed) an NA."""

    id: str
    text: str
    answer: Answer
    guidance: str
    yes: str
    no: str
    na: str = ""
    asked_when: Condition | None = None

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The answers that a reviewer may give."""
        return (YES, NO, NA) if self.answer is Answer.YES_NO_NA else (YES, NO)


@dataclass(frozen=True)
class Evidence:
    """What must be written down beside the answers before a case review can be submitted."""

    required_for: tuple[Rating, ...]
    prompts: tuple[str, ...]
    at_least: int


@dataclass(frozen=True)
class Item:
    """One item of a component: questions, rating rows, and when it applies (None: always)."""

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

    def question(self, question_id: str) -> Question:
        """The question of this id; KeyError where there is none."""
        return self._questions[question_id]

    @cached_property
    def question_ids(self) -> tuple[str, ...]:
        """The ids of the questions, in order."""
        return tuple(question.id for question in self.questions)

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}


@dataclass(frozen=True)
class Component:
    """A component; `items` are codes in order, `ratings` are its own rows, if it has any."""

    code: str
    title: str
    short_title: str
    purpose: str
    items: tuple[str, ...]
    ratings: tuple[ComponentRatingRow, ...] = ()


@dataclass(frozen=True)
class Instrument:
    """One version of a review instrument. `items` stand in the order of the components."""

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

    def item(self, code: str) -> Item:
        """The item of this code; KeyError where there is none."""
        return self._items[code]

    def component(self, code: str) -> Component:
        """The component of this code; KeyError where there is none."""
        return self._components[code]

    def fact(self, name: str) -> Fact:
        """The fact of this name; KeyError where there is none."""
        return self.facts_by_name[name]

    def items_of(self, component_code: str) -> tuple[Item, ...]:
        """The items of a component, in its order."""
        return tuple(self._items[code] for code in self.component(component_code).items)

    def rows_of(self, component: Component) -> tuple[ComponentRatingRow, ...]:
        """The rating rows that hold for a component: its own, else the instrument's."""
        return component.ratings or self.component_ratings

    @cached_property
    def facts_by_name(self) -> dict[str, Fact]:
        """All facts by name."""
        return {fact.name: fact for fact in self.facts}

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}

    @cached_property
    def _components(self) -> dict[str, Component]:
        return {component.code: component for component in self.components}
