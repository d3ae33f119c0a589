"""What is said of counts and of components, in all its forms."""

from __future__ import annotations

import dataclasses

import pytest

from cqi.instruments import conditions, definition, rating, wording
from cqi.instruments.definition import Counted, Rating

STRENGTH, NEED, NA = definition.ITEM_RATINGS
GOOD = "Substantially achieved means no area needing improvement."
ONE, BOTH = "Its one item applies", "All 2 items apply"
TWO = "2 areas needing improvement (TIM and RSK)"
SOME = "Partially achieved means at least 1 strength."
PART = "Partially achieved would take at least 1 strength."
FULL = (
    "Substantially achieved means at most 1 area needing improvement and none among the core items."
)
WOULD = FULL.replace("means", "would take")


@pytest.mark.parametrize(
    ("counted", "of", "limits", "words"),
    [
        (Counted.STRENGTH, None, {"at_least": 1}, "at least 1 strength"),
        (Counted.STRENGTH, None, {"at_least": 2}, "at least 2 strengths"),
        (Counted.STRENGTH, None, {"at_most": 0}, "no strength"),
        (Counted.STRENGTH, "core", {"at_most": 0}, "no strength among the core items"),
        (Counted.STRENGTH, ("A", "B"), {"at_most": 1}, "at most 1 strength among A and B"),
        (Counted.STRENGTH, ("A",), {"at_least": 1}, "A is a strength"),
        (Counted.STRENGTH, ("A",), {"at_most": 0}, "A is not a strength"),
        (Counted.STRENGTH, ("A",), {"at_most": 1}, "at most 1 strength among A"),
        (Counted.AREA_NEEDING_IMPROVEMENT, ("A",), {"at_least": 1},
         "A is an area needing improvement"),
        (Counted.AREA_NEEDING_IMPROVEMENT, ("A",), {"at_most": 0},
         "A is not an area needing improvement"),
        (Counted.AREA_NEEDING_IMPROVEMENT, None, {"at_most": 2},
         "at most 2 areas needing improvement"),
        (Counted.NOT_APPLICABLE, ("A",), {"at_least": 1}, "A does not apply"),
        (Counted.NOT_APPLICABLE, ("A",), {"at_most": 0}, "A applies"),
        (Counted.NOT_APPLICABLE, None, {"at_least": 1}, "at least 1 item that does not apply"),
        (Counted.NOT_APPLICABLE, None, {"at_least": 2}, "at least 2 items that do not apply"),
        (Counted.APPLICABLE, ("A",), {"at_least": 1}, "A applies"),
        (Counted.APPLICABLE, ("A",), {"at_most": 0}, "A does not apply"),
        (Counted.APPLICABLE, None, {"at_most": 1}, "at most 1 item that applies"),
        (Counted.APPLICABLE, None, {"at_least": 2}, "at least 2 items that apply"),
    ],
)  # fmt: skip
def test_a_count_in_words(
    counted: Counted, of: str | tuple[str, ...] | None, limits: dict[str, int], words: str
) -> None:
    assert wording.count_phrase(definition.Count(counted, of, **limits)) == words


@pytest.mark.parametrize(
    ("code", "ratings", "reason"),
    [
        ("STA", (STRENGTH,), f"{ONE}: 1 strength, no area needing improvement. {GOOD}"),
        ("STA", (NEED,),
         f"{ONE}: no strength, 1 area needing improvement (STB). {PART}"),
        ("STA", (NA,), "Its one item does not apply."),
        ("PER", (NA, NA), "None of the 2 items applies."),
        ("PER", (STRENGTH, NA),
         f"1 of 2 items applies: 1 strength, no area needing improvement. {GOOD}"),
        ("PER", (STRENGTH, STRENGTH),
         f"All 2 items apply: 2 strengths, no area needing improvement. {GOOD}"),
        ("SAF", (NEED, NEED),
         f"{BOTH}: no strength, {TWO}, 1 of them a core item. {PART}"),
        ("SAF", (STRENGTH, NEED),
         f"{BOTH}: 1 strength, 1 area needing improvement (RSK), no core item. {SOME}"),
    ],
)  # fmt: skip
def test_a_component_in_words(
    shapes: definition.Instrument, code: str, ratings: tuple[Rating, ...], reason: str
) -> None:
    codes = shapes.component(code).items
    rated = rating.rate_components(shapes, dict(zip(codes, ratings, strict=True)))[code]
    assert rated.reason == reason


@pytest.mark.parametrize(
    ("core", "needs", "note"),
    [
        (("SAF01", "SAF02"), (NEED, NEED, STRENGTH), "(SAF01 and SAF02), 2 of them core items"),
        (("SAF01",), (NEED, NEED, STRENGTH), "(SAF01 and SAF02), 1 of them a core item"),
        (("SAF03",), (NEED, NEED, STRENGTH), "(SAF01 and SAF02), no core item"),
    ],
)
def test_it_is_said_how_many_of_the_needs_are_core(
    tiny: definition.Instrument, core: tuple[str, ...], needs: tuple[Rating, ...], note: str
) -> None:
    items = tuple(dataclasses.replace(item, core=item.code in core) for item in tiny.items)
    marked = dataclasses.replace(tiny, items=items)
    codes = ("SAF01", "SAF02", "SAF03")
    rated = rating.rate_components(marked, dict(zip(codes, needs, strict=True)))["SAF"]
    assert rated.reason == (
        f"All 3 items apply: 1 strength, 2 areas needing improvement {note}. {WOULD}"
    )


def test_a_question_that_no_subject_is_asked_is_said_so(shapes: definition.Instrument) -> None:
    rows = (definition.RatingRow(STRENGTH),)
    item = dataclasses.replace(shapes.item("NEDP"), ratings=rows)
    answers = {"a": {"1": "no"}, "c": {"1": 0}}
    rated = rating.rate_item(shapes, item, {}, answers, {"parent": {"1": "Mother"}})
    assert rated.reason == (
        "a is No; c is 0; b is asked of no parent. No other rule holds, so the item is a strength."
    )


def test_the_last_of_two_rows_says_what_the_first_would_take(tiny: definition.Instrument) -> None:
    rows = (tiny.component("PLN").ratings[1], tiny.component("PLN").ratings[0])
    two = (rows[0], dataclasses.replace(rows[1], when=None))
    component = dataclasses.replace(tiny.component("PLN"), ratings=two)
    instrument = dataclasses.replace(tiny, components=(tiny.component("SAF"), component))
    assert rating.rate_components(instrument, {"PLN01": NEED})["PLN"].reason == (
        "Its one item applies: no strength, 1 area needing improvement (PLN01)."
        " Substantially achieved would take at least 1 strength."
    )


def test_a_row_behind_which_none_stands_says_no_rule(tiny: definition.Instrument) -> None:
    rows = (definition.ComponentRatingRow(Rating.PARTIALLY_ACHIEVED),)
    alone = dataclasses.replace(tiny.component("PLN"), ratings=rows)
    rows_alone = dataclasses.replace(tiny, components=(tiny.component("SAF"), alone))
    rated = rating.rate_components(rows_alone, {"PLN01": STRENGTH})["PLN"]
    assert rated.reason == "Its one item applies: 1 strength, no area needing improvement."


def test_what_waits_is_said_in_the_singular_and_in_the_plural() -> None:
    assert wording.component_not_rated(("A",)) == "Not rated yet: A is not rated."
    assert (
        wording.component_not_rated(("A", "B", "C")) == "Not rated yet: A, B and C are not rated."
    )
    child = definition.SubjectKind("child_at_home", "Child", "Children", "", 1)
    assert wording.not_listed(child) == "no child at home is listed"
    two = dataclasses.replace(child, at_least=2)
    assert wording.not_listed(two) == "fewer than 2 children are listed"


def test_one_of_several_comparisons_is_not_said_to_be_one_answer(
    shapes: definition.Instrument,
) -> None:
    terms = tuple(conditions.parse(text) for text in ("a > 0", "b > 0"))
    when = definition.Condition(definition.Quantifier.ANY, terms)
    rows = (definition.RatingRow(NEED, when), definition.RatingRow(STRENGTH))
    item = dataclasses.replace(shapes.item("TIM"), ratings=rows)
    rated = rating.rate_item(shapes, item, {"report_in_pur": True}, {"a": 1, "b": 0, "c": "yes"})
    assert rated.reason == "a is 1. That makes the item an area needing improvement."
