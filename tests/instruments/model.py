"""The rules of docs/instruments.md once more, written as plainly as possible from the tables.

It shares no line with the engine, so that the two can be held against each other. A case of it is
whole or has gaps; for a gap it says what is missing, as the engine's `missing` does.
"""

from __future__ import annotations

import operator
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Table = Mapping[str, Any]
COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
NA, NOT_APPLICABLE = "na", "not_applicable"


class Model:
    """One instrument as its tables: the top one, and those of the items by code."""

    def __init__(self, instrument: Table, items: Mapping[str, Table]) -> None:
        self.instrument, self.items = instrument, items
        self.scales = {scale["id"]: scale for scale in instrument.get("scales", [])}
        self.at_least = {
            each["kind"]: each.get("at_least", 0) for each in instrument.get("subjects", [])
        }

    @classmethod
    def read(cls, folder: Path) -> Model:
        """The model of a version's folder."""
        files = [tomllib.loads(p.read_text("utf-8")) for p in (folder / "items").glob("*.toml")]
        top = tomllib.loads((folder / "instrument.toml").read_text("utf-8"))
        return cls(top, {table["item"]: table for table in files})

    def rate(
        self,
        code: str,
        facts: Table,
        answers: Table,
        subjects: Mapping[str, Any],
        parts: Table,
    ) -> tuple[str | None, set[str]]:
        """The rating of an item, or None and the names of what is missing."""
        item = self.items[code]
        applies = [self.decide(each, item, facts) for each in self.applies_when(item)]
        if False in applies:
            return NOT_APPLICABLE, set()
        if None in applies:
            return None, {
                f"fact {name}"
                for each in self.applies_when(item)
                for name in self.unknown(each, item, facts)
            }
        values, missing = self.answered(item, facts, answers, subjects)
        for part in item.get("parts", []):
            values[part] = parts.get(part)
            missing |= set() if values[part] else {part}
        return (None, missing) if missing else self.by_rows(item, values)

    def by_rows(self, item: Table, values: Table) -> tuple[str | None, set[str]]:
        for row in item["ratings"]:
            holds = self.decide(row.get("when"), item, values)
            if holds is None:
                return None, {f"fact {name}" for name in self.unknown(row["when"], item, values)}
            if holds:
                return row["rating"], set()
        raise AssertionError("no row holds")

    def applies_when(self, item: Table) -> Iterator[Table]:
        wholes = [each for each in self.items.values() if item["item"] in each.get("parts", [])]
        components = [c for c in self.instrument["components"] if c["code"] == item["component"]]
        for each in (*components, *wholes, item):
            if "applies_when" in each:
                yield each["applies_when"]

    def answered(
        self, item: Table, facts: Table, answers: Table, subjects: Mapping[str, Any]
    ) -> tuple[dict[str, Any], set[str]]:
        """What stands for each question, and the names of what is missing."""
        values, missing = dict(facts), set()
        own: dict[tuple[str, str], dict[str, Any]] = {}
        for question in item.get("questions", []):
            if "for_each" in question:
                given, lacking = self.each(item, question, values, answers, subjects, own)
                value = None if None in given else worst(question, given)
            else:
                value, lacking = self.one(item, question, values, answers.get(question["id"]))
            if question.get("scored", True):
                missing |= lacking
                values |= {question["id"]: value} if value is not None else {}
        return values, missing

    def each(
        self,
        item: Table,
        question: Table,
        values: Table,
        answers: Table,
        subjects: Mapping[str, Any],
        own: dict[tuple[str, str], dict[str, Any]],
    ) -> tuple[list[Any], set[str]]:
        """The answers of all subjects; a None more where too few are listed."""
        name, kind = question["id"], question["for_each"]
        given, missing = [], set()
        for subject in subjects.get(kind, []):
            mine = own.setdefault((kind, subject), {})
            answer = answers.get(name, {}).get(subject)
            value, lacks = self.one(item, question, {**values, **mine}, answer)
            missing |= {f"{each} for {subject}" if each == name else each for each in lacks}
            given.append(value)
            mine |= {name: value} if question.get("scored", True) else {}
        too_few = len(given) < self.at_least[kind]
        if too_few and self.decide(question.get("asked_when"), item, values) is not False:
            return [*given, None], {*missing, f"subject {kind}"}
        return given, missing

    def one(self, item: Table, question: Table, values: Table, answer: Any) -> tuple[Any, set[str]]:
        """One answer; what is not asked is na, or 0 where it is a count."""
        when, asked = question.get("asked_when"), True
        if when is not None:
            decided = self.decide(when, item, values)
            if decided is None:
                ids = [each["id"] for each in item["questions"]]
                unknown = self.unknown(when, item, values)
                return None, {f"fact {name}" for name in unknown if name not in ids}
            asked = decided
        if not asked:
            return ("0" if question["answer"] == "count" else NA), set()
        return (None, {question["id"]}) if answer is None else (str(answer), set())

    def decide(self, condition: Table | None, item: Table, values: Table) -> bool | None:
        """Yes, no, or not known yet."""
        if condition is None:
            return True
        [(quantifier, terms)] = condition.items()
        results = [self.holds(term, item, values) for term in terms]
        if quantifier == "all":
            return False if False in results else None if None in results else True
        return True if True in results else None if None in results else False

    def unknown(self, condition: Table, item: Table, values: Table) -> list[str]:
        if self.decide(condition, item, values) is not None:
            return []
        [terms] = condition.values()
        names = [re.findall(r"\w+", term)[0] for term in terms]
        return [name for name in names if values.get(name) is None]

    def holds(self, term: str, item: Table, values: Table) -> bool | None:
        name, sign, literal = [*re.findall(r"[\w-]+|[<>=!]+", term), "=", "yes"][:3]
        value = values.get(name)
        if value is None:
            return None
        if sign in COMPARE:
            return value != NA and bool(COMPARE[sign](int(value), int(literal)))
        return (literal in self.names_of(item, name, value)) is (sign == "=")

    def names_of(self, item: Table, name: str, value: str) -> set[str]:
        """What a value may be called: itself, and on a scale its zone and "acceptable"."""
        found = {value}
        for question in item.get("questions", []):
            if question["id"] == name and "scale" in question and value != NA:
                scale = self.scales[question["scale"]]
                [zone] = [p["zone"] for p in scale["points"] if str(p["value"]) == value]
                [is_good] = [z["acceptable"] for z in scale["zones"] if z["value"] == zone]
                found |= {zone, "acceptable"} if is_good else {zone}
        return found

    def rate_component(self, code: str, ratings: Mapping[str, str]) -> tuple[str, int]:
        """The rating of a component that applies, and the number (from 0) of the row."""
        [component] = [c for c in self.instrument["components"] if c["code"] == code]
        rows = component.get("ratings") or self.instrument["component_ratings"]
        for number, row in enumerate(rows):
            [(quantifier, counts)] = row.get("when", {"all": []}).items()
            holds = [self.counts(count, component, ratings) for count in counts]
            if all(holds) if quantifier == "all" else any(holds):
                return row["rating"], number
        raise AssertionError("no row holds")

    def counts(self, count: Table, component: Table, ratings: Mapping[str, str]) -> bool:
        codes, of = component["items"], count.get("of")
        if of == "core":
            codes = [code for code in codes if self.items[code].get("core")]
        elif of is not None:
            codes = [code for code in codes if code in of]
        wanted = count["count"]
        number = sum(
            ratings[code] != NOT_APPLICABLE if wanted == "applicable" else ratings[code] == wanted
            for code in codes
        )
        if "at_most" in count:
            return number <= count["at_most"]
        return bool(number >= count["at_least"])


def worst(question: Table, given: list[str]) -> str:
    """The answer that stands for all subjects."""
    if question["answer"] == "count":
        return str(sum(int(each) for each in given))
    if question["answer"] == "scale":
        return str(min([int(each) for each in given if each != NA], default=NA))
    for answer in ("yes", "no") if question.get("reverse") else ("no", "yes"):
        if answer in given:
            return answer
    return NA
