"""The federal instrument's rating rules, written down once more from the public record.

Nothing here is made from the definition: every answer that it asks for is given, and what it makes
of them must be what the record says.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from cqi.instruments import component_rating, definition, inputs, library, rating
from cqi.instruments.definition import Rating

ROOT = Path(__file__).parents[2] / "review_instruments"
S, ANI, NA = Rating.STRENGTH, Rating.AREA_NEEDING_IMPROVEMENT, Rating.NOT_APPLICABLE
FULL, PARTLY, NOT = (
    Rating.SUBSTANTIALLY_ACHIEVED,
    Rating.PARTIALLY_ACHIEVED,
    Rating.NOT_ACHIEVED,
)
SUBJECTS = {"report": ["report"], "child": ["child"], "parent": ["parent"]}
Values = Mapping[str, inputs.Given]


@pytest.fixture(scope="module")
def osri() -> definition.Instrument:
    return library.load(ROOT, "osri", "1.0")


def good(values: Values, *questions: str) -> bool:
    """Yes or NA to each."""
    return all(values[question] in ("yes", "na") for question in questions)


def by_default(values: Values, *questions: str) -> Rating:
    if not good(values, *questions):
        return ANI
    return S if any(values[question] == "yes" for question in questions) else NA


def item_1(v: Values) -> Rating:
    return S if (v["a"], v["b"]) == (0, 0) or v["c"] == "yes" else ANI


def item_2(v: Values) -> Rating:
    return S if (v["a"], v["b"]) in (("yes", "na"), ("no", "yes")) else ANI


def item_3(v: Values) -> Rating:
    safe = all(v[question] in ("no", "na") for question in "def")
    return S if good(v, "a", "b", "c") and safe else ANI


def item_4(v: Values) -> Rating:
    planned = v["a"] == 1 or v["b"] == "yes"
    return S if planned and v["c"] == "yes" else ANI


def item_5(v: Values) -> Rating:
    court = (v["d"], v["e"], v["f"], v["g"])
    fine = court[:2] == ("no", "no") or v["f"] == "yes" or court[2:] == ("no", "yes")
    return S if good(v, "a2", "b", "c") and fine else ANI


def item_6(v: Values) -> Rating:
    return S if "yes" in (v["b"], v["c"]) else ANI


def item_7(v: Values) -> Rating:
    return S if "yes" in (v["a"], v["b"]) else ANI


def item_9(v: Values) -> Rating:
    if v["a"] == "na":
        return NA
    return S if v["a"] == "yes" and good(v, "c", "d") else ANI


def item_10(v: Values) -> Rating:
    return S if (v["a1"], v["a2"]) == ("yes", "yes") or good(v, "b", "c") else ANI


def assessed_and_served(v: Values) -> Rating:
    return S if v["a"] == "yes" and good(v, "b") else NA if v["a"] == v["b"] == "na" else ANI


def both(v: Values) -> Rating:
    return S if (v["a"], v["b"]) == ("yes", "yes") else ANI


ITEMS: Mapping[str, Callable[[Values], Rating]] = {
    "I01": item_1,
    "I02": item_2,
    "I03": item_3,
    "I04": item_4,
    "I05": item_5,
    "I06": item_6,
    "I07": item_7,
    "I08": lambda v: by_default(v, "a", "b", "c", "d"),
    "I09": item_9,
    "I10": item_10,
    "I11": lambda v: by_default(v, "a"),
    "I12A": assessed_and_served,
    "I12B": lambda v: by_default(v, "a", "b"),
    "I12C": assessed_and_served,
    "I13": lambda v: by_default(v, "a", "b"),
    "I14": both,
    "I15": lambda v: by_default(v, "a", "b"),
    "I16": assessed_and_served,
    "I17": lambda v: by_default(v, "a1", "a2", "b1", "b2", "b3"),
    "I18": lambda v: by_default(v, "a", "b", "c"),
}
NEVER_NA = {"I03", "I04", "I06", "I12", "I12A", "I14"}  # in a foster care case


def ends(
    instrument: definition.Instrument,
    item: definition.Item,
    facts: inputs.FactValues,
    answers: inputs.ItemAnswers,
) -> Iterator[tuple[inputs.ItemAnswers, rating.ItemRating]]:
    """Give every possible answer to what is missing, until the item is rated."""
    rated = rating.rate_item(instrument, item, facts, answers, SUBJECTS)
    if rated.rating is not None:
        yield answers, rated
        return
    name = rated.missing[0]
    if name.startswith("fact "):
        name = name.removeprefix("fact ")
        for value in instrument.fact(name).values:
            yield from ends(instrument, item, {**facts, name: value}, answers)
        return
    question, _, subject = name.partition(" for ")
    for answer in possible(item.question(question)):
        given = {subject: answer} if subject else answer
        yield from ends(instrument, item, facts, {**answers, question: given})


def possible(question: definition.Question) -> tuple[inputs.Given, ...]:
    if question.answer is definition.Answer.COUNT:
        return tuple(range(question.least, question.least + 3))
    return ("yes", "no", "na") if question.answer is definition.Answer.YES_NO_NA else ("yes", "no")


def plain(item: definition.Item, answers: inputs.ItemAnswers) -> Values:
    """The answers without their one subject; NA to what was not asked."""
    values: dict[str, inputs.Given] = {}
    for question in item.question_ids:
        given = answers.get(question, "na")
        if isinstance(given, Mapping):
            [given] = given.values()
        values[question] = given
    return values


@pytest.mark.parametrize("code", ITEMS)
def test_every_answer_is_rated_as_the_record_says(osri: definition.Instrument, code: str) -> None:
    item = osri.item(code)
    reached = set()
    for answers, rated in ends(osri, item, {"case_type": "foster_care"}, {}):
        wanted = ITEMS[code](plain(item, answers)) if rated.applies else NA
        assert rated.rating is wanted, (answers, rated.reason)
        reached.add(rated.rating)
    assert reached == ({S, ANI} if code in NEVER_NA else {S, ANI, NA})


def test_items_4_to_11_and_12c_are_for_foster_care_alone(osri: definition.Instrument) -> None:
    switched_off = set()
    for item in osri.items:
        for case_type in ("in_home", "in_home_alternative_response"):
            rated = rating.rate_item(osri, item, {"case_type": case_type}, {}, SUBJECTS)
            if rated.applies is False:
                switched_off.add(item.code)
    assert switched_off == {*(f"I{number:02}" for number in range(4, 12)), "I12C"}


def test_the_whole_of_item_12_needs_improvement_where_a_part_does(
    osri: definition.Instrument,
) -> None:
    item = osri.item("I12")
    for ratings in itertools.product((S, ANI, NA), repeat=3):
        parts = dict(zip(item.parts, ratings, strict=True))
        rated = rating.rate_item(osri, item, {}, {}, SUBJECTS, parts)
        assert rated.rating is (ANI if ANI in ratings else S)


def one(r: list[Rating]) -> Rating:
    return {S: FULL, ANI: NOT, NA: NA}[r[0]]


def all_or_some(r: list[Rating]) -> Rating:
    if S in r:
        return PARTLY if ANI in r else FULL
    return NOT if ANI in r else NA


def permanency_2(r: list[Rating]) -> Rating:
    if S in r:
        return FULL if r.count(ANI) <= 1 else PARTLY
    return NOT if ANI in r else NA


def well_being_1(r: list[Rating]) -> Rating:
    if r[0] is S and r[1:].count(ANI) <= 1:
        return FULL
    return PARTLY if S in r else NOT


OUTCOMES: Mapping[str, Callable[[list[Rating]], Rating]] = {
    "S1": one,
    "S2": all_or_some,
    "P1": all_or_some,
    "P2": permanency_2,
    "WB1": well_being_1,
    "WB2": one,
    "WB3": all_or_some,
}


@pytest.mark.parametrize("code", OUTCOMES)
def test_every_mix_of_ratings_makes_the_outcome_of_the_record(
    osri: definition.Instrument, code: str
) -> None:
    component = osri.component(code)
    possible_ratings = [(S, ANI) if item in NEVER_NA else (S, ANI, NA) for item in component.items]
    for ratings in itertools.product(*possible_ratings):
        rated = component_rating.rate(
            osri, component, dict(zip(component.items, ratings, strict=True))
        )
        assert rated.rating is OUTCOMES[code](list(ratings)), ratings


def test_what_the_record_does_not_settle_is_marked(osri: definition.Instrument) -> None:
    assert osri.confirm_with == "the federal instrument"
    marked = {item.code for item in osri.items if item.confirm}
    assert marked == {"I13", "I14", "I15", "I16", "I17", "I18"}
    rows = {
        (item.code, n) for item in osri.items for n, row in enumerate(item.ratings) if row.confirm
    }
    assert rows == {("I02", 1), ("I06", 0)}
    outcomes = {c.code: [row.confirm for row in c.ratings] for c in osri.components}
    assert {code for code, rows in outcomes.items() if all(rows)} == {"WB1", "WB2", "WB3"}
    assert outcomes["P1"] == [True, True, True, False, False, False, False]
    assert not any(mark for code in ("S1", "S2", "P2") for mark in outcomes[code])
