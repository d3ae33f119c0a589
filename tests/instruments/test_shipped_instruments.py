"""Every instrument that is shipped: checked, worked through, and each way to answer it tried."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from cqi.instruments import conditions, definition, documentation, library, rating

PROJECT = Path(__file__).parents[2]
ROOT = PROJECT / "review_instruments"
TINY = Path(__file__).parent / "tiny" / "1.0"
FOLDERS = [
    TINY,
    *(ROOT / each.instrument_id / each.version for each in library.versions(ROOT)),
]
ITEMS = [
    pytest.param(instrument, item, id=f"{instrument.id} {item.code}")
    for instrument in map(library.read, FOLDERS)
    for item in instrument.items
]


def facts_of(
    instrument: definition.Instrument, item: definition.Item
) -> Iterator[dict[str, str | bool]]:
    """All combinations of the facts that an item looks at, each of them also not known."""
    looked_at = [item.applies_when, *(question.asked_when for question in item.questions)]
    looked_at += [row.when for row in item.ratings]
    used = {name for condition in looked_at for name in conditions.names(condition)}
    facts = [fact for fact in instrument.facts if fact.name in used]
    for values in itertools.product(*((*fact.values, None) for fact in facts)):
        known = zip(facts, values, strict=True)
        yield {fact.name: value for fact, value in known if value is not None}


def answers_of(item: definition.Item) -> Iterator[dict[str, str]]:
    """All combinations of the answers to an item, each question also not answered."""
    for values in itertools.product(*((*question.values, None) for question in item.questions)):
        known = zip(item.question_ids, values, strict=True)
        yield {question: value for question, value in known if value is not None}


def may_all_be_na(item: definition.Item) -> bool:
    return all(q.asked_when or definition.NA in q.values for q in item.questions)


@pytest.mark.parametrize(("instrument", "item"), ITEMS)
def test_every_combination_gives_one_rating_or_what_is_missing(
    instrument: definition.Instrument, item: definition.Item
) -> None:
    reached = set()
    for facts in facts_of(instrument, item):
        for answers in answers_of(item):
            rated = rating.rate_item(instrument, item, facts, answers)
            assert (rated.rating is None) is bool(rated.missing)
            assert rated.reason.endswith(".")
            assert bool(rated.because) is (rated.rating is not None)
            reached.add(rated.rating if rated.applies else None)
    expected = {row.rating for row in item.ratings if row.when}
    if may_all_be_na(item):
        expected.add(item.ratings[-1].rating)
    assert expected <= reached


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
