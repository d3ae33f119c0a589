"""What is asked and how it may be answered: facts, questions, scales, subjects."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from cqi.instruments.definition.language import Condition

YES, NO, NA = "yes", "no", "na"
ACCEPTABLE = "acceptable"
ANSWER_WORDS = {YES: "Yes", NO: "No", NA: "NA"}
LARGEST_COUNT = 999_999
_WHOLE = re.compile(r"0|[1-9]\d{0,5}", re.ASCII)


def is_whole(text: str) -> bool:
    """Whether a text is a whole number as answers and conditions write it, up to the largest."""
    return _WHOLE.fullmatch(text) is not None


class Answer(StrEnum):
    """How a fact (yes_no, choice) or a question (all but choice) is answered."""

    YES_NO = "yes_no"
    YES_NO_NA = "yes_no_na"
    CHOICE = "choice"
    COUNT = "count"
    SCALE = "scale"


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
class Zone:
    """A stretch of a scale's points, and whether a point in it is acceptable."""

    value: str
    label: str
    acceptable: bool


@dataclass(frozen=True)
class Point:
    """One point of a scale, and the zone that it lies in."""

    value: int
    label: str
    zone: str


@dataclass(frozen=True)
class Scale:
    """Points in rising order, the lowest the worst, and their zones."""

    id: str
    title: str
    points: tuple[Point, ...]
    zones: tuple[Zone, ...]

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The points as answers and conditions write them."""
        return tuple(str(point.value) for point in self.points)

    def points_in(self, literal: str) -> frozenset[str]:
        """The points that a zone, or "acceptable", stands for; none for any other word."""
        zones = {
            zone.value
            for zone in self.zones
            if zone.value == literal or (literal == ACCEPTABLE and zone.acceptable)
        }
        return frozenset(str(point.value) for point in self.points if point.zone in zones)

    def words(self, literal: str) -> str:
        """A literal in English: "4 (Fair)", "in the zone Improve", "acceptable"."""
        found = {zone.value: f"in the zone {zone.label}" for zone in self.zones}
        found |= {str(point.value): f"{point.value} ({point.label})" for point in self.points}
        return found.get(literal, literal)


@dataclass(frozen=True)
class SubjectKind:
    """Whom or what a question is repeated for; a rating waits until `at_least` are listed."""

    kind: str
    label: str
    plural: str
    help: str
    at_least: int = 0


@dataclass(frozen=True)
class Question:
    """One question of an item, with what makes each answer right.

    `for_each` names the kind of subject that it is repeated for; `reverse` says that yes is the
    worse answer; one that is not `scored` is asked, but no rating looks at it.
    """

    id: str
    text: str
    answer: Answer
    guidance: str
    yes: str = ""
    no: str = ""
    na: str = ""
    counting: str = ""
    least: int = 0
    most: int | None = None
    scale: Scale | None = None
    reverse: bool = False
    scored: bool = True
    for_each: str = ""
    asked_when: Condition | None = None

    @cached_property
    def values(self) -> tuple[str, ...]:
        """The answers that a reviewer may choose from; none for a count, which is written."""
        if self.answer is Answer.COUNT:
            return ()
        if self.scale is not None:
            return self.scale.values
        return (YES, NO, NA) if self.answer is Answer.YES_NO_NA else (YES, NO)

    def allows(self, value: str) -> bool:
        """Whether a reviewer may give this answer."""
        if self.answer is not Answer.COUNT:
            return value in self.values
        most = LARGEST_COUNT if self.most is None else self.most
        return is_whole(value) and self.least <= int(value) <= most

    def worst(self, answers: Collection[str]) -> str:
        """The answer that stands for all subjects; with none, that of a question not asked."""
        if self.answer is Answer.COUNT:
            return str(sum(int(answer) for answer in answers))
        if self.answer is Answer.SCALE:
            points = [int(answer) for answer in answers if answer != NA]
            return str(min(points)) if points else NA
        worse = (YES, NO) if self.reverse else (NO, YES)
        return next((answer for answer in worse if answer in answers), NA)

    def words(self, value: str) -> str:
        """An answer in words: "Yes", "4 (Fair)", "2"."""
        return self.scale.words(value) if self.scale else ANSWER_WORDS.get(value, value)
