"""Answers are found for any rating that an item of any shipped instrument can have."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from cqi.cli.demonstration import answering
from cqi.core import folders
from cqi.instruments import library
from cqi.instruments.asking import Ask
from cqi.instruments.definition import NA, YES, Instrument, Item, Rating

ROOT = folders.data_folder("review_instruments")
INSTRUMENTS = [library.load(ROOT, one.instrument_id, one.version) for one in library.versions(ROOT)]
NEED = Rating.AREA_NEEDING_IMPROVEMENT
ids = pytest.mark.parametrize("pages", INSTRUMENTS, ids=lambda one: one.id)


def case(pages: Instrument, case_type: str = "foster_care", **facts: str) -> answering.Case:
    """Yes to everything but what `facts` says, and two subjects of each kind."""
    known = {fact.name: YES if YES in fact.values else fact.values[-1] for fact in pages.facts}
    known |= {"case_type": case_type, **facts}
    subjects = {kind.kind: {f"{kind.kind} {n}": "" for n in "AB"} for kind in pages.subjects}
    return answering.Case(pages, known, subjects)


def wishes(pages: Instrument) -> Iterator[tuple[answering.Case, Item, Rating]]:
    for kind in ("foster_care", "in_home"):
        one = case(pages, kind)
        for item in pages.wholes:
            for wish in {row.rating for row in item.ratings} if one.asks(item.code) else ():
                yield one, item, wish


@ids
def test_strength_and_need_are_found_for_every_item(pages: Instrument) -> None:
    for one, item, wish in wishes(pages):
        found = answering.find(one, item.code, {item.code: wish})
        if wish is Rating.NOT_APPLICABLE and found is None:
            continue  # a row that is there for safety: no answers lead to it
        assert found is not None, (item.code, wish)
        rated = one.rated(found)
        assert rated[item.code].rating is wish
        assert not any(each.unanswered for each in rated.values() if each.applies)


@ids
def test_good_answers_make_every_item_a_strength(pages: Instrument) -> None:
    for item in pages.wholes:
        found = answering.find(case(pages), item.code, {})
        assert found is not None
        ratings = {one.rating for one in case(pages).rated(found).values() if one.applies}
        assert ratings <= {Rating.STRENGTH}


@ids
def test_a_rating_without_a_row_is_not_found(pages: Instrument) -> None:
    item = next(i for i in pages.wholes if case(pages).asks(i.code))
    wish = {item.code: "substantially_achieved"}
    assert answering.find(case(pages), item.code, wish) is None


@pytest.fixture
def osri() -> Instrument:
    return next(one for one in INSTRUMENTS if one.id == "osri")


def test_what_is_wished_of_a_part_makes_its_whole(osri: Instrument) -> None:
    found = answering.find(case(osri), "I12", {"I12B": NEED})
    assert found is not None
    rated = case(osri).rated(found)
    assert {code: one.rating for code, one in rated.items() if one.rating is NEED} == {
        "I12": NEED,
        "I12B": NEED,
    }
    assert answering.find(case(osri), "I12", {"I12B": NEED, "I12": "strength"}) is None


def test_the_order_decides_which_answers_are_found_first(osri: Instrument) -> None:
    def order(item: Item, ask: Ask) -> list[str]:
        question = item.question(ask.question)
        first = answering.na_first if ask.subject == "parent B" else answering.better_first
        return [*first(question)]

    found = answering.find(case(osri), "I15", {"I15": "strength"}, order)
    assert found is not None
    assert {ask: value for ask, value in found["I15"].items() if ask.question == "a"} == {
        Ask("a", "parent A"): YES,
        Ask("a", "parent B"): NA,
    }


def test_values_stand_from_the_best_to_the_worst(osri: Instrument) -> None:
    reverse = osri.item("I03").question("e")
    assert answering.better_first(reverse) == ["no", "yes", "na"]
    assert answering.worse_first(reverse) == ["yes", "no", "na"]
    assert answering.na_first(reverse) == ["na", "no", "yes"]
    count = osri.item("I04").question("a")
    assert answering.better_first(count) == ["1", "2", "3"]
    assert answering.worse_first(count) == ["3", "2", "1"]


def test_what_does_not_apply_is_not_answered(osri: Instrument) -> None:
    at_home = case(osri, "in_home")
    for item in itertools.chain(osri.items_of("P1"), osri.items_of("P2")):
        assert answering.find(at_home, item.code, {item.code: NEED}) == {item.code: {}}
