"""Measures that are declared in data: what is counted of what, which way is better, the target.

A case gives each of them a numerator and a denominator, both frozen with its ratings. Where a case
counts once at most, the share has Wilson's interval; where it counts several things (interviews,
ratings) those are not independent of each other, and the share has none.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cqi.core import errors, intervals
from cqi.instruments.definition import NO, YES
from cqi.measures.rules import findings
from cqi.measures.rules.frozen import FrozenRound


class Kind(enum.StrEnum):
    """What a declared measure counts."""

    INTERVIEWS = "interviews"
    RETURNS = "returns"
    OVERRIDES = "overrides"
    QUESTION = "question"


class Direction(enum.StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


ONE_A_CASE = frozenset({Kind.RETURNS, Kind.QUESTION})
_WORDS = ("id", "title", "numerator", "denominator", "excluded")
_OF_A_QUESTION = ("instrument", "item", "question", "answer")
_KNOWN = {"kind", "direction", "target", "source", *_WORDS, *_OF_A_QUESTION}


@dataclass(frozen=True)
class Declared:
    """One measure; `target` is a percentage with its `source`. The last four are a question's."""

    id: str
    kind: Kind
    title: str
    numerator: str
    denominator: str
    excluded: str
    direction: Direction
    target: int | None = None
    source: str = ""
    instrument: str = ""
    item: str = ""
    question: str = ""
    answer: str = ""

    def asked_in(self, one: FrozenRound) -> bool:
        """Whether a round can have it: a question stands in one instrument alone."""
        return self.kind is not Kind.QUESTION or self.instrument == one.instrument


@dataclass(frozen=True)
class DeclaredRow:
    """A declared measure in one round: `cases` have something in its denominator."""

    measure: Declared
    achieved: int
    applicable: int
    cases: int
    limits: findings.Limits

    @property
    def counts_only(self) -> bool:
        """Whether there are too few cases for a share."""
        return self.cases < max(self.limits.smallest_n, 1)

    @property
    def rate(self) -> Fraction | None:
        """The exact share; None where only counts may be shown."""
        return None if self.counts_only else Fraction(self.achieved, self.applicable)

    @property
    def interval(self) -> intervals.Interval | None:
        """Wilson's, where a case counts once at most."""
        if self.counts_only or self.measure.kind not in ONE_A_CASE:
            return None
        return intervals.wilson(self.achieved, self.applicable)

    @property
    def meets(self) -> bool | None:
        """Whether the share reaches the target; None without one, or where only counts stand."""
        if self.rate is None or self.measure.target is None:
            return None
        target = Fraction(self.measure.target, 100)
        higher = self.measure.direction is Direction.HIGHER
        return self.rate >= target if higher else self.rate <= target


@dataclass(frozen=True)
class Counted:
    """What a run froze of a measure, whatever is declared today."""

    id: str
    achieved: int
    applicable: int
    cases: int


def counted(one: FrozenRound) -> tuple[Counted, ...]:
    """Every measure that a round's frozen cases have something of, by its id."""
    pairs = [(id_, *pair) for case in one.cases for id_, pair in case.process.items()]
    return tuple(
        Counted(
            id_,
            sum(k for other, k, _ in pairs if other == id_),
            sum(n for other, _, n in pairs if other == id_),
            sum(other == id_ for other, _, _ in pairs),
        )
        for id_ in sorted({id_ for id_, _, _ in pairs})
    )


def rows(
    declared: tuple[Declared, ...], one: FrozenRound, limits: findings.Limits
) -> tuple[DeclaredRow, ...]:
    """Each measure that a round can have, from its frozen cases."""
    there, found = {row.id: row for row in counted(one)}, []
    for measure in declared:
        if not measure.asked_in(one):
            continue
        row = there.get(measure.id, Counted(measure.id, 0, 0, 0))
        found.append(DeclaredRow(measure, row.achieved, row.applicable, row.cases, limits))
    return tuple(found)


def parse(raw: Mapping[str, Any], file: str) -> tuple[Declared, ...]:
    """The measures that a TOML file declares. Raises BadInput with every problem and its remedy."""
    listed = raw.get("measures")
    listed = listed if isinstance(listed, list) else []
    problems = [] if listed else ["there are no measures; add [[measures]] with an id"]
    ids = [str(one.get("id")) for one in listed if isinstance(one, dict)]
    problems += [f"{id_} stands twice" for id_ in sorted({i for i in ids if ids.count(i) > 1})]
    for number, one in enumerate(listed, 1):
        if not isinstance(one, dict):
            problems.append(f"measure {number} is {one!r}; write [[measures]] and its texts")
            continue
        place = one.get("id") or f"measure {number}"
        problems += [f"{place}: {problem}" for problem in _problems(one)]
    if problems:
        raise errors.BadInput("\n".join(f"{file}: {problem}" for problem in problems))
    return tuple(_declared(one) for one in listed)


def _declared(one: Mapping[str, Any]) -> Declared:
    typed = {"kind": Kind(one["kind"]), "direction": Direction(one["direction"])}
    return Declared(**{**one, **typed})


def _problems(one: Mapping[str, Any]) -> Iterator[str]:
    for name, kinds in (("kind", Kind), ("direction", Direction)):
        if one.get(name) not in list(kinds):
            yield f"{name} is {one.get(name)!r}; give one of {', '.join(kinds)}"
    needed = (*_WORDS, *(_OF_A_QUESTION if one.get("kind") == Kind.QUESTION else ()))
    for name in needed:
        if not isinstance(one.get(name), str) or not one[name].strip():
            yield f"{name} is missing; give it a text"
    if one.get("kind") == Kind.QUESTION and one.get("answer") not in (YES, NO):
        yield f"answer is {one.get('answer')!r}; give {YES} or {NO}"
    target = one.get("target")
    if target is not None and (type(target) is not int or not 0 <= target <= 100):
        yield f"target is {target!r}; give a whole number from 0 to 100, in percent"
    if (target is None) != (not one.get("source")):
        yield "a target needs its source, and a source its target"
    yield from (f"{name} is not known; take it out" for name in sorted(one.keys() - _KNOWN))
