"""The condition language and the rating rows that are written in it, as frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cqi.instruments.definition.ratings import Rating


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
    """`name operator literal`; a bare name stands for `name = yes`.

    A literal that stands for points of a scale (a zone, "acceptable") has them in `points`;
    `words` say the literal in English where its bare form would not.
    """

    name: str
    operator: str
    literal: str
    bare: bool = False
    points: frozenset[str] = frozenset()
    words: str = ""

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
    confirm: bool = False


@dataclass(frozen=True)
class ComponentRatingRow:
    """One row of a component's rating rules; the row without a condition is the last."""

    rating: Rating
    when: CountCondition | None = None
    confirm: bool = False
