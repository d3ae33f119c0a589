from __future__ import annotations

import pytest

from cqi.instruments import definition, problems, rating
from cqi.instruments.definition import Rating

STRENGTH, NEED, NA = definition.ITEM_RATINGS


def rate(
    tiny: definition.Instrument,
    code: str,
    facts: dict[str, str | bool],
    answers: dict[str, str],
) -> rating.ItemRating:
    return rating.rate_item(tiny, tiny.item(code), facts, answers)


def test_one_no_makes_an_area_needing_improvement_and_says_why(
    tiny: definition.Instrument,
) -> None:
    rated = rate(tiny, "SAF02", {"household_changed": True}, {"a": "yes", "b": "no", "c": "yes"})
    assert rated.rating is NEED
    assert (rated.because, rated.decided_by) == (("b is no",), ("b",))
    assert rated.reason == "b is No. One No makes the item an area needing improvement."


def test_several_answers_are_named_together(tiny: definition.Instrument) -> None:
    rated = rate(tiny, "SAF02", {"household_changed": True}, {"a": "yes", "b": "yes", "c": "na"})
    assert rated.rating is STRENGTH
    assert rated.because == ("a is yes", "b is yes")
    assert rated.decided_by == ("a", "b")
    assert rated.reason == "a and b are Yes; c does not apply."


def test_a_question_that_is_not_asked_counts_as_na(tiny: definition.Instrument) -> None:
    rated = rate(tiny, "SAF02", {"household_changed": False}, {"a": "yes", "b": "no", "c": "yes"})
    assert rated.rating is STRENGTH
    assert rated.asked == ("a", "c")
    assert rated.reason == "a and c are Yes; b does not apply."


def test_a_question_may_depend_on_an_earlier_answer(tiny: definition.Instrument) -> None:
    rated = rate(tiny, "SAF02", {"household_changed": False}, {"a": "no"})
    assert (rated.rating, rated.asked, rated.missing) == (NEED, ("a",), ())


def test_while_the_earlier_answer_is_missing_only_it_is_missing(
    tiny: definition.Instrument,
) -> None:
    rated = rate(tiny, "SAF02", {"household_changed": False}, {})
    assert (rated.rating, rated.missing) == (None, ("a",))
    assert rated.reason == "Not rated yet: a is not answered."


def test_an_item_is_not_rated_before_all_is_answered_even_after_a_no(
    tiny: definition.Instrument,
) -> None:
    rated = rate(tiny, "SAF02", {}, {"a": "yes", "c": "no"})
    assert (rated.rating, rated.missing) == (None, ("fact household_changed",))
    assert "the face sheet has no answer to “Did the household change?”" in rated.reason


def test_an_item_that_does_not_apply_needs_no_answers(tiny: definition.Instrument) -> None:
    rated = rate(tiny, "SAF01", {"report_in_pur": False}, {"a": "no"})
    assert (rated.rating, rated.applies, rated.asked) == (NA, False, ())
    assert rated.because == ("report_in_pur is no",)
    assert rated.reason == "Not applicable: there was no report in the period under review."


def test_a_false_fact_decides_though_another_is_missing(tiny: definition.Instrument) -> None:
    rated = rate(tiny, "SAF03", {"case_type": "in_home"}, {})
    assert (rated.rating, rated.missing) == (NA, ())
    assert rated.reason == "Not applicable: the case is not a foster care case."


def test_an_empty_fact_is_one_that_is_not_known(tiny: definition.Instrument) -> None:
    waiting = rate(tiny, "SAF02", {"household_changed": ""}, {"a": "yes"})
    assert waiting.reason == (
        "Not rated yet: the face sheet has no answer to “Did the household change?”;"
        " c is not answered."
    )


def test_an_item_whose_applicability_is_unknown_names_the_fact_alone(
    tiny: definition.Instrument,
) -> None:
    rated = rate(tiny, "SAF01", {}, {})
    assert (rated.rating, rated.applies, rated.missing) == (None, None, ("fact report_in_pur",))


def test_when_all_answers_are_na_the_item_is_na(tiny: definition.Instrument) -> None:
    facts: dict[str, str | bool] = {"case_type": "foster_care", "school_age": True}
    rated = rate(tiny, "SAF03", facts, {"a": "na"})
    assert (rated.rating, rated.applies, rated.because) == (NA, True, ("a is na",))
    assert rated.reason == "Not applicable: a does not apply."


def test_a_row_may_look_at_facts_and_misses_them_only_when_it_comes_to_them(
    tiny: definition.Instrument,
) -> None:
    assert rate(tiny, "PLN01", {}, {"a": "yes", "b": "yes"}).rating is STRENGTH
    assert rate(tiny, "PLN01", {}, {"a": "no", "b": "na"}).missing == ("fact case_type",)
    at_home = rate(tiny, "PLN01", {"case_type": "in_home"}, {"a": "no", "b": "na"})
    assert at_home.rating is NA
    in_care = rate(tiny, "PLN01", {"case_type": "foster_care"}, {"a": "no", "b": "na"})
    assert in_care.decided_by == ()
    assert in_care.reason == (
        "a is No; b does not apply. No other rule holds,"
        " so the item is an area needing improvement."
    )


def test_facts_and_answers_that_are_not_allowed_are_refused(tiny: definition.Instrument) -> None:
    with pytest.raises(problems.InputError, match='Did you mean "report_in_pur"'):
        rate(tiny, "SAF01", {"report_in_pru": True}, {})
    with pytest.raises(problems.InputError, match=r"not an answer to this question.*yes"):
        rate(tiny, "SAF01", {"report_in_pur": True}, {"a": "yess"})


def component(tiny: definition.Instrument, *ratings: Rating | None) -> rating.ComponentRating:
    codes = ("SAF01", "SAF02", "SAF03", "PLN01")
    by_code = dict(zip(codes, (*ratings, NA), strict=True))
    return rating.rate_components(tiny, by_code)["SAF"]


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ((NA, NA, NA), Rating.NOT_APPLICABLE),
        ((NA, NEED, NA), Rating.NOT_ACHIEVED),
        ((STRENGTH, NEED, NA), Rating.SUBSTANTIALLY_ACHIEVED),
        ((NEED, STRENGTH, STRENGTH), Rating.PARTIALLY_ACHIEVED),
        ((STRENGTH, NEED, NEED), Rating.PARTIALLY_ACHIEVED),
        ((STRENGTH, None, NA), None),
    ],
)
def test_a_component_is_rated_by_the_first_row_that_matches(
    tiny: definition.Instrument, ratings: tuple[Rating | None, ...], expected: Rating | None
) -> None:
    assert component(tiny, *ratings).rating is expected


def test_a_component_says_what_was_counted_and_by_which_rule(tiny: definition.Instrument) -> None:
    rated = component(tiny, STRENGTH, NEED, NA)
    assert rated.reason == (
        "2 of 3 items apply: 1 strength, 1 area needing improvement (SAF02), no core item."
        " Substantially achieved means at most 1 area needing improvement"
        " and none among the core items."
    )
    assert "area_needing_improvement of core is 0" in rated.because


def test_a_component_in_the_last_row_says_what_the_row_before_would_take(
    tiny: definition.Instrument,
) -> None:
    rated = component(tiny, NEED, STRENGTH, STRENGTH)
    assert rated.reason == (
        "All 3 items apply: 2 strengths, 1 area needing improvement (SAF01), a core item."
        " Substantially achieved would take at most 1 area needing improvement"
        " and none among the core items."
    )


def test_a_component_that_is_not_rated_names_its_items(tiny: definition.Instrument) -> None:
    rated = component(tiny, STRENGTH, None, None)
    assert rated.missing == ("SAF02", "SAF03")
    assert rated.because == ()
    assert rated.reason == "Not rated yet: SAF02 and SAF03 are not rated."


def test_a_component_may_have_rows_of_its_own(tiny: definition.Instrument) -> None:
    rated = rating.rate_components(tiny, {"PLN01": NEED})["PLN"]
    assert rated.rating is Rating.NOT_ACHIEVED
    assert rated.because == ("area_needing_improvement of PLN01 is 1", "strength is 0")


def test_a_case_has_all_items_and_components_in_order(tiny: definition.Instrument) -> None:
    case = rating.rate(tiny, {}, {})
    assert list(case.items) == ["SAF01", "SAF02", "SAF03", "PLN01"]
    assert list(case.components) == ["SAF", "PLN"]
