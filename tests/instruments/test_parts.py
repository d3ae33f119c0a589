"""Parts of an item, components that a fact switches off, and what is marked to be confirmed."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from cqi.instruments import completeness, component_rating, definition, library, rating, wording
from cqi.instruments.definition import Rating

STRENGTH, NEED, NA = definition.ITEM_RATINGS
CARE: dict[str, str | bool] = {"case_type": "foster_care"}


def parts(shapes: definition.Instrument, *ratings: Rating | None) -> rating.ItemRating:
    by_code = dict(zip(("NEDC", "NEDP", "NEDF"), ratings, strict=True))
    return rating.rate_item(shapes, shapes.item("NED"), CARE, {}, parts=by_code)


def test_parts_roll_up_into_their_whole(shapes: definition.Instrument) -> None:
    rated = parts(shapes, STRENGTH, NEED, NEED)
    assert (rated.rating, rated.because) == (
        NEED,
        ("NEDP is area_needing_improvement", "NEDF is area_needing_improvement"),
    )
    assert rated.reason == (
        "NEDP and NEDF are areas needing improvement."
        " One of these makes the item an area needing improvement."
    )
    good = parts(shapes, STRENGTH, NA, STRENGTH)
    assert good.because == ("NEDC is strength", "NEDP is not_applicable", "NEDF is strength")
    assert good.reason == (
        "NEDC and NEDF are strengths; NEDP does not apply."
        " No other rule holds, so the item is a strength."
    )


def test_several_parts_that_do_not_apply_are_named_together(shapes: definition.Instrument) -> None:
    assert parts(shapes, NA, NA, STRENGTH).reason == (
        "NEDC and NEDP do not apply; NEDF is a strength."
        " No other rule holds, so the item is a strength."
    )


def test_a_component_without_core_items_speaks_of_none(shapes: definition.Instrument) -> None:
    rated = rating.rate_components(shapes, {"MOV": NEED, "SIB": STRENGTH})["PER"]
    assert rated.reason == (
        "All 2 items apply: 1 strength, 1 area needing improvement (MOV)."
        " Partially achieved means at most 1 area needing improvement and at least 1 strength."
    )
    two = (
        definition.Count(definition.Counted.STRENGTH, at_least=2),
        definition.Count(definition.Counted.APPLICABLE, at_most=1),
    )
    either = definition.CountCondition(definition.Quantifier.ANY, two)
    assert wording.count_condition(either) == "at least 2 strengths or at most 1 item that applies"


def test_a_whole_waits_for_all_its_parts(shapes: definition.Instrument) -> None:
    rated = parts(shapes, NEED, None, None)
    assert (rated.rating, rated.missing) == (None, ("NEDP", "NEDF"))
    assert rated.reason == "Not rated yet: NEDP and NEDF are not rated."


def test_a_case_rates_parts_first_and_lists_them_behind_their_whole(
    shapes: definition.Instrument,
) -> None:
    answers: dict[str, dict[str, Any]] = {
        "NEDC": {"a": {"one": "yes"}, "b": {"one": "na"}},
        "NEDF": {"a": "yes"},
    }
    case = rating.rate(shapes, CARE, answers)
    assert list(case.items)[4:8] == ["NED", "NEDC", "NEDP", "NEDF"]
    assert case.items["NED"].rating is STRENGTH
    assert [item.code for item in shapes.items_of("WEL")] == [
        "NED", "NEDC", "NEDP", "NEDF", "VIS",
    ]  # fmt: skip
    assert case.components["WEL"].rating is Rating.SUBSTANTIALLY_ACHIEVED
    some = rating.rate_items(shapes, ["NED"], CARE, answers)
    assert some == {"NED": case.items["NED"]}
    both = {"child": ["one", "two"]}
    wider = rating.rate_items(shapes, ["NED", "NEDC"], CARE, answers, both)
    assert wider["NEDC"].missing == ("a for two", "b for two")
    assert (wider["NED"].rating, wider["NED"].missing) == (None, ("NEDC",))


@pytest.mark.parametrize("codes", [["NED", "NEDC", "NEDP", "NEDF"], ["STB"], ["MOV", "STB"], []])
def test_a_case_of_which_some_items_changed_is_rated_as_if_anew(
    shapes: definition.Instrument, codes: list[str]
) -> None:
    subjects = {"child": ["one"], "parent": {"1": "Mother"}}
    answers: dict[str, dict[str, Any]] = {
        "STB": {"a": 2},
        "MOV": {"a": 1, "c": "yes"},
        "NEDC": {"a": {"one": "yes"}, "b": {"one": "na"}},
        "NEDF": {"a": "yes"},
    }
    changed = {
        "STB": {"a": 5, "b": 5},
        "MOV": {"a": 1, "c": "no"},
        "NEDC": {"a": {"one": "no"}, "b": {"one": "na"}},
        "NEDP": {"a": {"1": "no"}, "c": {"1": 0}},
        "NEDF": {"a": "no"},
    }
    facts = {**CARE, "report_in_pur": True, "sibling_in_care": False}
    before = rating.rate(shapes, facts, answers, subjects)
    after = {**answers, **{code: changed[code] for code in codes if code in changed}}
    again = rating.rate_again(shapes, before, after, codes)
    assert again == rating.rate(shapes, facts, after, subjects)
    assert (list(again.items), list(again.components)) == (
        list(before.items),
        list(before.components),
    )
    assert (again == before) is (codes == [])


def test_a_component_that_does_not_apply_stays_off_when_its_items_change(
    shapes: definition.Instrument,
) -> None:
    facts: dict[str, str | bool] = {"case_type": "in_home"}
    before = rating.rate(shapes, facts, {})
    again = rating.rate_again(shapes, before, {"MOV": {"a": 1, "c": "no"}}, ["MOV"])
    assert again.components["PER"] == before.components["PER"]
    assert again.components["PER"].because == ("case_type is in_home",)


def test_what_is_not_named_as_changed_keeps_its_rating(shapes: definition.Instrument) -> None:
    before = rating.rate(shapes, CARE, {"STB": {"a": 2}, "NEDF": {"a": "no"}})
    other = {"STB": {"a": 5, "b": 5}, "NEDF": {"a": "yes"}}
    again = rating.rate_again(shapes, before, other, ["STB"])
    assert (before.items["STB"].rating, again.items["STB"].rating) == (NEED, STRENGTH)
    assert again.items["NEDF"] is before.items["NEDF"]
    assert again.components["STA"].rating is Rating.SUBSTANTIALLY_ACHIEVED
    assert again.components["WEL"] is before.components["WEL"]


def test_a_missing_part_is_no_gap_beside_its_own(shapes: definition.Instrument) -> None:
    case = rating.rate(shapes, {**CARE, "report_in_pur": False, "sibling_in_care": False}, {})
    gaps = completeness.gaps_of(shapes, case, {}, {}, {})
    assert "NED" not in {gap.item for gap in gaps}
    assert ("NEDF", "a") in {gap.place for gap in gaps}


def test_components_count_wholes(shapes: definition.Instrument) -> None:
    assert [item.code for item in shapes.wholes] == [
        code for component in shapes.components for code in component.items
    ]


def test_a_family_is_a_whole_with_its_parts(shapes: definition.Instrument) -> None:
    assert shapes.family("NEDP") == ("NED", "NEDC", "NEDP", "NEDF") == shapes.family("NED")
    assert shapes.family("VIS") == ("VIS",)


def test_a_component_that_does_not_apply_switches_its_items_off(
    shapes: definition.Instrument,
) -> None:
    facts: dict[str, str | bool] = {"case_type": "in_home"}
    case = rating.rate(shapes, facts, {"MOV": {"a": 1}})
    reason = "Not applicable: the case is not a foster care case."
    for told in (case.components["PER"], case.items["MOV"], case.items["SIB"]):
        assert (told.rating, told.reason) == (NA, reason)
        assert (told.because, told.missing) == (("case_type is in_home",), ())
    assert case.items["MOV"].applies is False
    assert "PER" not in {gap.item for gap in completeness.missing(shapes, facts, {}, {}, {})}


def test_without_the_facts_a_component_is_counted(shapes: definition.Instrument) -> None:
    ratings = {"MOV": STRENGTH, "SIB": NA}
    assert rating.rate_components(shapes, ratings)["PER"].rating is Rating.SUBSTANTIALLY_ACHIEVED
    off = rating.rate_components(shapes, ratings, {"case_type": "in_home"})
    assert off["PER"].rating is NA


def test_an_item_waits_for_the_facts_of_its_component_and_its_own(
    shapes: definition.Instrument,
) -> None:
    rated = rating.rate_item(shapes, shapes.item("SIB"), {}, {})
    assert rated.missing == ("fact case_type", "fact sibling_in_care")
    assert (rated.applies, rated.asked) == (None, ("a",))


def test_a_rating_says_whether_its_row_is_to_be_confirmed(shapes: definition.Instrument) -> None:
    tim, facts = shapes.item("TIM"), {"report_in_pur": True}
    assert rating.rate_item(shapes, tim, facts, {"a": 1, "b": 0, "c": "yes"}).confirm
    assert not rating.rate_item(shapes, tim, facts, {"a": 0, "b": 0}).confirm
    ratings = {"MOV": STRENGTH, "SIB": NEED}
    assert rating.rate_components(shapes, ratings)["PER"].confirm
    assert not rating.rate_components(shapes, {**ratings, "SIB": NA})["PER"].confirm


def test_a_part_does_not_apply_where_its_whole_does_not(shapes_folder: Path) -> None:
    whole = shapes_folder / "1.0" / "items" / "ned.toml"
    text = whole.read_text(encoding="utf-8")
    when = 'applies_when = { all = ["report_in_pur"] }\nparts'
    whole.write_text(text.replace("parts", when, 1), encoding="utf-8")
    instrument = library.read(shapes_folder / "1.0")
    case = rating.rate(instrument, {**CARE, "report_in_pur": False}, {})
    reason = "Not applicable: there was no report in the period under review."
    for code in ("NED", "NEDC", "NEDP", "NEDF"):
        assert (case.items[code].rating, case.items[code].reason) == (NA, reason)
    waiting = rating.rate(instrument, {}, {})
    assert waiting.items["NED"].missing == ("fact report_in_pur",)
    assert waiting.items["NEDF"].missing == ("fact report_in_pur", "fact case_type")


@pytest.mark.parametrize(
    ("counted", "of", "limits", "ratings", "holds"),
    [
        ("applicable", None, {"at_least": 2}, (STRENGTH, NEED), True),
        ("applicable", None, {"at_least": 2}, (STRENGTH, NA), False),
        ("applicable", None, {"at_most": 1}, (STRENGTH, NEED), False),
        ("applicable", None, {"at_most": 1}, (NEED, NA), True),
        ("strength", ("MOV",), {"at_least": 1}, (STRENGTH, NEED), True),
        ("strength", ("MOV",), {"at_least": 1}, (NEED, STRENGTH), False),
        ("not_applicable", ("MOV", "SIB"), {"at_least": 2}, (NA, NA), True),
        ("not_applicable", None, {"at_most": 0}, (NA, STRENGTH), False),
    ],
)
def test_a_component_counts_the_ratings_of_its_items(
    shapes: definition.Instrument,
    counted: str,
    of: tuple[str, ...] | None,
    limits: dict[str, int],
    ratings: tuple[Rating, Rating],
    holds: bool,
) -> None:
    count = definition.Count(definition.Counted(counted), of, **limits)
    when = definition.CountCondition(definition.Quantifier.ALL, (count,))
    rows = (
        definition.ComponentRatingRow(Rating.SUBSTANTIALLY_ACHIEVED, when),
        definition.ComponentRatingRow(Rating.NOT_ACHIEVED),
    )
    component = dataclasses.replace(shapes.component("PER"), ratings=rows)
    by_code = dict(zip(("MOV", "SIB"), ratings, strict=True))
    rated = component_rating.rate(shapes, component, by_code)
    assert (rated.rating is Rating.SUBSTANTIALLY_ACHIEVED) is holds
    [because] = rated.because
    whom = f" of {', '.join(of)}" if of else ""
    assert because.startswith(f"{counted}{whom} is ")
