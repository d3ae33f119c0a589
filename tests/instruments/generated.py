"""Definitions and cases at random, for properties that hold of every instrument.

A definition is drawn as the tables that its files would hold; rows that nothing reaches and terms
that make no sense are taken out as the checker asks, so that most of what is drawn is accepted.
"""

from __future__ import annotations

import copy
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from cqi.instruments import definition, loading
from cqi.instruments.checking import checker
from cqi.instruments.problems import Problem, Rule
from tests.instruments import model

Table = dict[str, Any]
FOLDER = Path("generated/1.0")
RATINGS = [rating.value for rating in definition.ITEM_RATINGS]
COMPONENT_RATINGS = [rating.value for rating in definition.COMPONENT_RATINGS]
KINDS = ("parent", "child")
FACTS = [
    {"name": "flag", "answer": "yes_no", "question": "Flag?", "yes": "it flies", "no": "it hangs"},
    {
        "name": "sort",
        "answer": "choice",
        "question": "Sort?",
        "choices": [
            {"value": each, "label": each, "says": f"it is {each}", "says_not": f"no {each}"}
            for each in ("one", "two", "three")
        ],
    },
]
SCALE = {
    "id": "line",
    "title": "Line",
    "points": [
        {"value": 1, "label": "Low", "zone": "bad"},
        {"value": 3, "label": "Middle", "zone": "good"},
        {"value": 4, "label": "High", "zone": "good"},
    ],
    "zones": [
        {"value": "bad", "label": "Bad", "acceptable": False},
        {"value": "good", "label": "Good", "acceptable": True},
    ],
}


@dataclass(frozen=True)
class Drawn:
    """The tables of a definition."""

    instrument: Table
    items: list[Table]

    def raw(self, order: list[int] | None = None) -> loading.RawDefinition:
        """The tables as files, in some order."""
        files = [loading.RawFile(f"items/{n}.toml", item) for n, item in enumerate(self.items)]
        ordered = tuple(files[n] for n in order) if order else tuple(files)
        top = loading.RawFile(loading.INSTRUMENT_FILE, self.instrument)
        return loading.RawDefinition(FOLDER, top, ordered, ())

    def check(self) -> checker.Checked:
        return checker.check(self.raw())

    def model(self) -> model.Model:
        return model.Model(self.instrument, {item["item"]: item for item in self.items})


@dataclass
class Case:
    """What is known of a case; parts are rated from their own answers."""

    facts: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """A definition as it comes, right or not."""
    made = _Maker(draw)
    items = [made.item(f"A{number}", "A") for number in range(1, draw(st.integers(1, 3)) + 1)]
    components = [made.component("A", [item["item"] for item in items])]
    if draw(st.booleans()):
        parts = [made.item(f"P{number}", "B") for number in range(1, draw(st.integers(1, 3)) + 1)]
        items += [*parts, made.item("B1", "B", [part["item"] for part in parts])]
        components.append(made.component("B", ["B1"]))
    instrument = {
        "id": "generated",
        "version": "1.0",
        "title": "Generated",
        "language": "en",
        "source": "Chance.",
        "facts": FACTS,
        "subjects": [
            {
                "kind": kind,
                "label": kind.title(),
                "plural": f"{kind}s",
                "help": "List them.",
                "at_least": draw(st.integers(0, 1)),
            }
            for kind in KINDS
        ],
        "scales": [SCALE],
        "components": components,
        "component_ratings": [{"rating": "partially_achieved"}],
    }
    return Drawn(instrument, items)


@st.composite
def accepted(draw: st.DrawFn) -> tuple[Drawn, definition.Instrument]:
    """A definition that the checker accepts, and the instrument that it makes of it."""
    found = mended(draw(drawn()))
    instrument = found.check().instrument
    assert instrument is not None
    return found, instrument


def mended(drawn_: Drawn) -> Drawn:
    """The definition without the rows and conditions that the checker refuses."""
    made = copy.deepcopy(drawn_)
    for _ in range(20):
        found = made.check().problems
        if not found:
            return made
        for problem in reversed(found):
            _take_out(made, problem)
    raise AssertionError([str(problem) for problem in found])


def _take_out(made: Drawn, problem: Problem) -> None:
    number = re.fullmatch(r"items/(\d+)\.toml", problem.file)
    table = made.items[int(number[1])] if number else made.instrument
    place = re.sub(r"^components\[(\w+)\]\.", "", problem.place)
    if not number:
        [table] = [c for c in table["components"] if f"[{c['code']}]" in problem.place]
    if row := re.match(r"ratings\[(\d+)\]", place):
        rows = table["ratings"]
        if int(row[1]) < len(rows):  # not the last, which moved up when another was taken out
            del rows[int(row[1]) - 1]
    elif asked := re.match(r"questions\[(\w+)\]\.asked_when", place):
        [question] = [q for q in table["questions"] if q["id"] == asked[1]]
        question.pop("asked_when", None)
    else:
        raise AssertionError(str(problem))


class _Maker:
    """Draws the parts of a definition."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def one(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def item(self, code: str, component: str, parts: list[str] | None = None) -> Table:
        questions: list[Table] = []
        for name in "abc"[: self.draw(st.integers(0 if parts else 1, 3))]:
            questions.append(self.question(name, questions))
        table = {
            "item": code,
            "component": component,
            "title": code,
            "purpose": "Chance.",
            "good_looks_like": "Chance.",
            "core": self.draw(st.booleans()),
            "ratings": self.rows(RATINGS, questions, parts or []),
            "evidence": {"narrative": {"required_for": []}, "sources": {"at_least": 0}},
        }
        table |= {"questions": questions} if questions else {}
        table |= {"parts": parts} if parts else {}
        return self.maybe(table, "applies_when", [], [])

    def question(self, name: str, earlier: list[Table]) -> Table:
        answer = self.one("yes_no", "yes_no_na", "count", "scale")
        table: Table = {"id": name, "text": "?", "answer": answer, "guidance": "Look."}
        if answer == "count":
            least = self.draw(st.integers(0, 2))
            table |= {"counting": "Each.", "least": least}
            table |= {"most": least + self.draw(st.integers(0, 3))} if self.one(True, False) else {}
        elif answer == "scale":
            table |= {"scale": "line"}
        else:
            table |= {"yes": "Yes.", "no": "No.", "reverse": self.one(False, True)}
            table |= {"na": "NA."} if answer == "yes_no_na" else {}
        kind = self.one(None, None, *KINDS)
        table |= {"for_each": kind} if kind else {}
        table |= {"scored": False} if self.one(False, False, False, True) else {}
        return self.maybe(table, "asked_when", earlier, [])

    def maybe(self, table: Table, key: str, questions: list[Table], parts: list[str]) -> Table:
        return {**table, key: self.condition(questions, parts)} if self.one(0, 0, 1) else table

    def condition(self, questions: list[Table], parts: list[str]) -> Table:
        number = self.draw(st.integers(1, 3))
        return {self.one("all", "any"): [self.term(questions, parts) for _ in range(number)]}

    def term(self, questions: list[Table], parts: list[str]) -> str:
        scored = [question for question in questions if question.get("scored", True)]
        name = self.one("flag", "sort", *([q["id"] for q in scored] * 3), *(parts * 3))
        same = self.one("=", "=", "!=")
        if name == "flag":
            return str(self.one("flag", f"flag {same} no"))
        if name == "sort":
            return f"sort {same} {self.one('one', 'two', 'three')}"
        if name in parts:
            return f"{name} {same} {self.one(*RATINGS)}"
        [question] = [q for q in scored if q["id"] == name]
        if question["answer"] in ("yes_no", "yes_no_na"):
            return f"{name} {same} {self.one('yes', 'no', 'no', 'na')}"
        sign = self.one("=", "!=", "<", "<=", ">", ">=")
        if question["answer"] == "count":
            return f"{name} {sign} {self.draw(st.integers(0, 6))}"
        if sign in ("=", "!="):
            return f"{name} {sign} {self.one('1', '3', '4', 'bad', 'good', 'acceptable', 'na')}"
        return f"{name} {sign} {self.one(1, 3, 4)}"

    def rows(self, ratings: list[str], questions: list[Table], parts: list[str]) -> list[Table]:
        number = self.draw(st.integers(0, 3))
        rows = [
            {"rating": self.one(*ratings), "when": self.condition(questions, parts)}
            for _ in range(number)
        ]
        rows = [{**row, "confirm": True} if self.one(0, 0, 1) else row for row in rows]
        return [*rows, {"rating": self.one(*ratings)}]

    def component(self, code: str, items: list[str]) -> Table:
        table = {"code": code, "title": code, "short_title": code, "purpose": "?", "items": items}
        rows = [
            {
                "rating": self.one(*COMPONENT_RATINGS),
                "when": {self.one("all", "any"): [self.count(items) for _ in range(number)]},
            }
            for number in self.draw(st.lists(st.integers(1, 2), max_size=3))
        ]
        last = {"rating": self.one(*COMPONENT_RATINGS)}
        return self.maybe({**table, "ratings": [*rows, last]}, "applies_when", [], [])

    def count(self, items: list[str]) -> Table:
        of = self.one(None, "core", items[:1])
        table = {"count": self.one(*(each.value for each in definition.Counted))}
        table |= {"of": of} if of else {}
        return {**table, self.one("at_most", "at_least"): self.draw(st.integers(0, 3))}


def a_case(rng: random.Random, instrument: definition.Instrument, known: float) -> Case:
    """A case of which each thing is known with this chance."""
    case = Case()
    for fact in instrument.facts:
        if rng.random() < known:
            case.facts[fact.name] = rng.choice(fact.values)
    case.subjects = {kind: ["x", "y", "z"][: rng.choice((0, 1, 1, 2, 3))] for kind in KINDS}
    for item in instrument.items:
        given = {}
        for question in item.questions:
            if not question.for_each:
                given[question.id] = _answer(rng, question, known)
            else:
                listed = case.subjects[question.for_each]
                given[question.id] = {each: _answer(rng, question, known) for each in listed}
        case.answers[item.code] = given
    return case


def _answer(rng: random.Random, question: definition.Question, known: float) -> str | None:
    if rng.random() >= known:
        return None
    if question.answer is definition.Answer.COUNT:
        most = question.least + 4 if question.most is None else question.most
        return str(rng.randint(question.least, most))
    return rng.choice(question.values)


def unreachable(problems: tuple[Problem, ...]) -> list[tuple[int, int]]:
    """The rows (number of the item, number of the row from 0) that the checker calls so."""
    return [
        (int(re.findall(r"\d+", problem.file)[0]), int(re.findall(r"\d+", problem.place)[0]) - 1)
        for problem in problems
        if problem.rule is Rule.UNREACHABLE_ROW and problem.file.startswith("items/")
    ]
