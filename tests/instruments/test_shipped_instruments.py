"""Every instrument that is shipped: checked, worked through, and each way to answer it tried.

The ratings are held against a second, plain reading of the rules (model.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from cqi.instruments import (
    component_rating,
    definition,
    documentation,
    inputs,
    item_rating,
    library,
    rating,
)
from cqi.instruments.asking import Lack, LackKind
from cqi.instruments.checking import reach
from tests.instruments import model

PROJECT = Path(__file__).parents[2]
ROOT = PROJECT / "review_instruments"
HERE = Path(__file__).parent
FOLDERS = [
    *(HERE / each / "1.0" for each in ("tiny", "shapes")),
    *(ROOT / each.instrument_id / each.version for each in library.versions(ROOT)),
]
LOADED = [(library.read(folder), model.Model.read(folder)) for folder in FOLDERS]
ITEMS = [
    pytest.param(instrument, plain, item, id=f"{instrument.id} {item.code}")
    for instrument, plain in LOADED
    for item in instrument.items
]
COMPONENTS = [
    pytest.param(instrument, plain, component, id=f"{instrument.id} {component.code}")
    for instrument, plain in LOADED
    for component in instrument.components
]
MOST_COMPONENT_CASES = 5_000  # beyond it, only combinations that counts can tell apart


class Tried:
    """All ways to answer an item, found by giving what it still asks for, or leaving it out.

    Up to two things are left out of each case: no rule tells two from more.
    """

    def __init__(self, instrument: definition.Instrument, item: definition.Item) -> None:
        self.instrument, self.item = instrument, item
        rows = [row.when for row in item.ratings] + [q.asked_when for q in item.questions]
        self.terms = [term for when in rows if when for term in when.terms]

    def cases(self) -> Iterator[tuple[inputs.Known, dict[str, Any], dict[str, Any]]]:
        """What is known, answers, and ratings of parts."""
        kinds = sorted({q.for_each for q in self.item.questions if q.for_each})
        for sizes in itertools.product(range(3), repeat=len(kinds)):
            names = {kind: "xy"[:size] for kind, size in zip(kinds, sizes, strict=True)}
            listed = {kind: dict(zip(each, each, strict=True)) for kind, each in names.items()}
            yield from self._cases(inputs.Known({}, listed), {}, {}, frozenset())

    def _cases(
        self,
        known: inputs.Known,
        answers: dict[str, Any],
        parts: dict[str, Any],
        left_out: frozenset[str],
    ) -> Iterator[tuple[inputs.Known, dict[str, Any], dict[str, Any]]]:
        yield known, answers, parts
        rated = item_rating.rate(self.instrument, self.item, known, answers, parts)
        lack = next((lack for lack in rated.lacks if str(lack) not in left_out), None)
        if lack is None or lack.kind is LackKind.SUBJECT:
            return
        for value in self._values(lack):
            if lack.kind is LackKind.FACT:
                more = inputs.Known({**known.facts, lack.name: value}, known.subjects)
                yield from self._cases(more, answers, parts, left_out)
            elif lack.kind is LackKind.PART:
                yield from self._cases(known, answers, {**parts, lack.name: value}, left_out)
            else:
                given = value
                if lack.subject:
                    given = {**answers.get(lack.name, {}), lack.subject: value}
                yield from self._cases(known, {**answers, lack.name: given}, parts, left_out)
        if len(left_out) < 2:
            yield from self._cases(known, answers, parts, left_out | {str(lack)})

    def _values(self, lack: Lack) -> Sequence[Any]:
        if lack.kind is LackKind.FACT:
            return self.instrument.fact(lack.name).values
        if lack.kind is LackKind.PART:
            return reach.ratings_of_part(self.instrument, lack.name)
        question = self.item.question(lack.name)
        if question.answer is not definition.Answer.COUNT:
            return question.values
        said = [int(term.literal) for term in self.terms if term.name == question.id]
        numbers = {0, 1, 2, *said, *(number + 1 for number in said)}
        return [str(number) for number in sorted(numbers) if question.allows(str(number))]


@pytest.mark.parametrize(("instrument", "plain", "item"), ITEMS)
def test_every_way_to_answer_gives_the_one_right_rating_or_what_is_missing(
    instrument: definition.Instrument, plain: model.Model, item: definition.Item
) -> None:
    reached = set()
    for known, answers, parts in Tried(instrument, item).cases():
        rated = item_rating.rate(instrument, item, known, answers, parts)
        expected = plain.rate(item.code, known.facts, answers, known.subjects, parts)
        assert (rated.rating, set(rated.missing)) == expected, (known, answers, parts)
        assert (rated.rating is None) is bool(rated.missing)
        assert bool(rated.because) is (rated.rating is not None)
        assert rated.reason.endswith(".")
        reached.add(item_rating.stand(instrument, item, known, answers, parts).row)
    assert [row for row in item.ratings if row.when and row not in reached] == []


@pytest.mark.parametrize(("instrument", "plain", "component"), COMPONENTS)
def test_all_ratings_of_its_items_give_a_component_the_one_right_rating(
    instrument: definition.Instrument, plain: model.Model, component: definition.Component
) -> None:
    rows = instrument.rows_of(component)
    reached = set()
    for ratings in item_ratings_of(instrument, component):
        expected, number = plain.rate_component(component.code, ratings)
        rated = component_rating.rate(instrument, component, ratings)
        assert (rated.rating, rated.missing) == (expected, ())
        assert rated.reason.endswith(".")
        reached.add(number)
    own = {number for number, row in enumerate(rows) if row.when}
    assert own <= reached or not component.ratings


def item_ratings_of(
    instrument: definition.Instrument, component: definition.Component
) -> Iterator[dict[str, definition.Rating]]:
    """All combinations of ratings that the items can have, or those that make a difference."""
    possible = [reach.ratings_of(instrument.item(code)) for code in component.items]
    if 3 ** len(possible) > MOST_COMPONENT_CASES:
        yield from reach.component_ratings(instrument, component)
        return
    for ratings in itertools.product(*possible):
        yield dict(zip(component.items, ratings, strict=True))


@pytest.mark.parametrize("instrument", [each for each, _ in LOADED], ids=lambda i: i.id)
def test_every_shared_row_is_reached_by_a_component(instrument: definition.Instrument) -> None:
    sharing = [each for each in instrument.components if not each.ratings]
    assert reach.unreachable_component_rows(instrument, sharing) == []


@pytest.mark.parametrize("instrument", [each for each, _ in LOADED], ids=lambda i: i.id)
def test_a_component_waits_for_each_of_its_items(instrument: definition.Instrument) -> None:
    for component in instrument.components:
        ratings = dict.fromkeys(component.items, definition.Rating.STRENGTH)
        for code in component.items:
            rated = rating.rate_components(instrument, {**ratings, code: None})[component.code]
            assert (rated.rating, rated.missing) == (None, (code,))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_worked_cases_crosswalks_and_digests_hold(folder: Path) -> None:
    assert [str(problem) for problem in library.check(folder)] == []


@pytest.mark.parametrize("version", library.versions(ROOT), ids=lambda v: v.instrument_id)
def test_the_page_in_docs_says_what_the_definition_says(version: library.Version) -> None:
    instrument = library.load(ROOT, version.instrument_id, version.version)
    page = PROJECT / "docs" / "instruments" / documentation.file_name(instrument)
    hint = "python -m cqi.instruments.documentation review_instruments docs/instruments"
    assert page.exists(), hint
    assert page.read_text(encoding="utf-8") == documentation.markdown(instrument), hint


def test_published_versions_are_as_they_were_published() -> None:
    assert library.verify(ROOT) == ()


def test_the_practice_model_has_its_six_components_and_48_items() -> None:
    described = library.describe(library.load(ROOT, "mississippi_practice_model", "1.0"))
    numbers = {each["code"]: len(each["items"]) for each in described["components"]}
    assert numbers == {"MAS": 9, "SRM": 9, "INV": 6, "SNA": 7, "PCR": 10, "ICP": 7}
    items = [item for each in described["components"] for item in each["items"]]
    core = [item["code"] for item in items if item["core"]]
    assert core == [f"SRM0{number}" for number in (1, 2, 4, 5, 6, 7, 8, 9)]
    visits = [item["code"] for item in items if "caseworker_visits" in item["themes"]]
    assert visits == ["MAS03", "SRM03", "INV03", "SNA03", "PCR03", "ICP03"]
