"""Counts, scales, reverse and unscored questions, and questions repeated for subjects."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from cqi.instruments import (
    asking,
    completeness,
    definition,
    inputs,
    item_rating,
    library,
    problems,
    rating,
)
from cqi.instruments.asking import Ask
from cqi.instruments.completeness import Kind
from cqi.instruments.definition import Rating

STRENGTH, NEED, NA = definition.ITEM_RATINGS
CARE: dict[str, str | bool] = {"case_type": "foster_care"}


def rate(
    shapes: definition.Instrument,
    code: str,
    answers: dict[str, Any],
    facts: dict[str, str | bool] | None = None,
    subjects: dict[str, Any] | None = None,
) -> rating.ItemRating:
    known = {**CARE, "report_in_pur": True, "sibling_in_care": True, **(facts or {})}
    return rating.rate_item(shapes, shapes.item(code), known, answers, subjects)


@pytest.mark.parametrize(
    ("answers", "expected", "because"),
    [
        ({"a": 0, "b": 0}, STRENGTH, ("a is 0", "b is 0")),
        ({"a": "0", "b": "0"}, STRENGTH, ("a is 0", "b is 0")),
        ({"a": 10, "b": 0, "c": "yes"}, STRENGTH, ("c is yes",)),
        ({"a": 0, "b": 9, "c": "no"}, NEED, ("a is 0", "b is 9", "c is no")),
    ],
)
def test_a_count_is_compared_as_a_number(
    shapes: definition.Instrument,
    answers: dict[str, Any],
    expected: Rating,
    because: tuple[str, ...],
) -> None:
    rated = rate(shapes, "TIM", answers)
    assert (rated.rating, rated.because) == (expected, because)


def test_a_count_of_zero_is_an_answer(shapes: definition.Instrument) -> None:
    assert rate(shapes, "TIM", {"a": 0}).missing == ("b",)


@pytest.mark.parametrize("given", [0, 10, -1, "x", "1.5", "01", True, "1" * 5000, ["1"]])
def test_a_count_beyond_its_limits_is_refused(shapes: definition.Instrument, given: object) -> None:
    with pytest.raises(problems.InputError, match="not a whole number from 1 to 9"):
        rate(shapes, "MOV", {"a": given, "c": "yes"})


def test_a_count_without_a_most_ends_at_the_largest(shapes: definition.Instrument) -> None:
    assert rate(shapes, "TIM", {"a": 999_999, "b": 0, "c": "no"}).rating is NEED
    with pytest.raises(problems.InputError, match=r"not a whole number from 0\. "):
        rate(shapes, "TIM", {"a": 1_000_000})


def test_a_question_may_be_asked_because_of_a_count(shapes: definition.Instrument) -> None:
    assert rate(shapes, "MOV", {"a": 1, "c": "yes"}).asked == ("a", "c")
    assert rate(shapes, "MOV", {"a": 2, "c": "yes"}).missing == ("b",)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"a": 2}, NEED),
        ({"a": 3, "b": 2}, NEED),
        ({"a": 3, "b": 3}, NEED),
        ({"a": 4, "b": 4}, STRENGTH),
        ({"a": 5, "b": 3}, STRENGTH),
        ({"a": "6", "b": "6"}, STRENGTH),
    ],
)
def test_a_scale_is_compared_by_point_and_by_zone(
    shapes: definition.Instrument, answers: dict[str, Any], expected: Rating
) -> None:
    assert rate(shapes, "STB", answers).rating is expected


def test_a_question_may_be_asked_because_of_a_zone(shapes_folder: Path) -> None:
    path = shapes_folder / "1.0" / "items" / "stb.toml"
    text = path.read_text(encoding="utf-8")
    assert 'asked_when = { all = ["a >= 3"] }' in text
    path.write_text(text.replace("a >= 3", "a = refine"), encoding="utf-8")
    zoned = library.read(shapes_folder / "1.0")
    assert [rate(zoned, "STB", {"a": point}).missing for point in (2, 3, 4, 5)] == [
        (), ("b",), ("b",), (),
    ]  # fmt: skip


def test_a_scale_says_its_points_in_words(shapes: definition.Instrument) -> None:
    rated = rate(shapes, "STB", {"a": 4, "b": 3})
    assert rated.reason == (
        "a is 4 (Fair); b is 3 (Marginal)."
        " No other rule holds, so the item is an area needing improvement."
    )
    poor = rate(shapes, "STB", {"a": 2})
    assert poor.reason == "a is 2 (Poor). One of these makes the item an area needing improvement."


def test_a_point_that_the_scale_does_not_have_is_refused(shapes: definition.Instrument) -> None:
    for given in (0, 7, "improve", "na"):
        with pytest.raises(problems.InputError, match=r"Possible here: 1, 2, 3, 4, 5, 6"):
            rate(shapes, "STB", {"a": given})


def test_what_is_not_asked_on_a_scale_is_neither_high_nor_low(
    shapes: definition.Instrument,
) -> None:
    rated = rate(shapes, "STB", {"a": 1})
    assert (rated.rating, rated.asked, rated.because) == (NEED, ("a",), ("a is 1",))


def test_a_question_that_is_not_scored_never_waits_nor_counts(
    shapes: definition.Instrument,
) -> None:
    rated = rate(shapes, "RSK", {"a": "no", "d": "no"})
    assert (rated.rating, rated.missing) == (NEED, ())
    assert rated.asked == ("a", "d", "e")
    assert rated.unanswered == (Ask("e"),)
    assert rated.reason == "a is No. That makes the item an area needing improvement."
    answered = rate(shapes, "RSK", {"a": "no", "d": "no", "e": "yes"})
    assert (answered.unanswered, answered.because) == ((), ("a is no",))


def test_a_fact_that_only_an_unscored_question_needs_keeps_no_rating(
    shapes: definition.Instrument,
) -> None:
    answers = {"RSK": {"a": "no", "d": "no"}}
    case = rating.rate(shapes, {}, answers)
    assert case.items["RSK"].rating is NEED
    gaps = completeness.gaps_of(shapes, case, answers, {}, {})
    [gap] = [gap for gap in gaps if gap.name == "sibling_in_care"]
    assert gap.message.endswith("needed for RSK and SIB.")


def test_subjects_that_only_an_unscored_question_needs_keep_no_rating(
    shapes: definition.Instrument,
) -> None:
    asked = definition.Question(
        "f", "", definition.Answer.YES_NO, "", for_each="child", scored=False
    )
    rsk = shapes.item("RSK")
    item = dataclasses.replace(rsk, questions=(*rsk.questions, asked))
    rated = rating.rate_item(shapes, item, CARE, {"a": "no", "d": "no"}, {"child": []})
    assert (rated.rating, rated.missing) == (NEED, ())


def test_an_answer_to_an_unscored_question_is_still_checked(
    shapes: definition.Instrument,
) -> None:
    with pytest.raises(problems.InputError, match="not an answer to this question"):
        rate(shapes, "RSK", {"a": "no", "d": "no", "e": "perhaps"})


def test_an_unscored_question_is_missing_for_submission(shapes: definition.Instrument) -> None:
    facts = {**CARE, "report_in_pur": False, "sibling_in_care": True}
    answers = {"RSK": {"a": "no", "d": "no"}}
    case = rating.rate(shapes, facts, answers)
    gaps = completeness.gaps_of(shapes, case, answers, {}, {})
    [gap] = [gap for gap in gaps if gap.item == "RSK"]
    assert (gap.kind, gap.name, gap.message) == (
        Kind.ANSWER,
        "e",
        "RSK: question e is not answered.",
    )


BOTH = {"parent": ["mother", "father"]}


def test_a_repeated_question_is_asked_of_each_subject_by_its_own_answers(
    shapes: definition.Instrument,
) -> None:
    answers = {"a": {"mother": "yes", "father": "no"}, "b": {"mother": "yes"}, "c": {"mother": 0}}
    rated = rate(shapes, "NEDP", answers, subjects=BOTH)
    assert rated.asks == (
        Ask("a", "mother"),
        Ask("a", "father"),
        Ask("b", "mother"),
        Ask("c", "mother"),
        Ask("c", "father"),
    )
    assert rated.asked == ("a", "b", "c")
    assert (rated.rating, rated.missing) == (None, ("c for father",))
    assert rated.unanswered == (Ask("c", "father"),)


@pytest.mark.parametrize(
    ("a", "b", "c", "expected", "because"),
    [
        (("yes", "yes"), ("yes", "yes"), (0, 0), STRENGTH, ("a is yes",)),
        (("yes", "no"), ("yes", None), (0, 0), NEED, ("a is no",)),
        (("yes", "yes"), ("na", "no"), (0, 0), NEED, ("b is no",)),
        (("yes", "yes"), ("na", "yes"), (1, 1), STRENGTH, ("a is yes",)),
        (("yes", "yes"), ("na", "na"), (2, 1), NEED, ("c is 3",)),
    ],
)
def test_the_worst_answer_stands_for_all_and_counts_add_up(
    shapes: definition.Instrument,
    a: tuple[str, str],
    b: tuple[str | None, str | None],
    c: tuple[int, int],
    expected: Rating,
    because: tuple[str, ...],
) -> None:
    both = BOTH["parent"]
    answers = {
        name: dict(zip(both, values, strict=True))
        for name, values in (("a", a), ("b", b), ("c", c))
    }
    rated = rate(shapes, "NEDP", answers, subjects=BOTH)
    assert (rated.rating, rated.because, rated.missing) == (expected, because, ())


@pytest.mark.parametrize(
    ("reports", "expected"),
    [(("no", "no"), STRENGTH), (("no", "yes"), NEED), (("yes", "yes"), NEED)],
)
def test_yes_is_the_worse_answer_to_a_reversed_question(
    shapes: definition.Instrument, reports: tuple[str, str], expected: Rating
) -> None:
    answers = {"a": dict(zip(("first", "second"), reports, strict=True))}
    assert rate(shapes, "VIS", answers).rating is expected


@pytest.mark.parametrize(
    ("answer", "reverse", "answers", "expected"),
    [
        ("yes_no_na", False, ("yes", "na"), "yes"),
        ("yes_no_na", False, ("na", "na"), "na"),
        ("yes_no_na", True, ("no", "na"), "no"),
        ("yes_no_na", True, (), "na"),
        ("count", False, (), "0"),
        ("count", False, ("2", "0", "10"), "12"),
        ("scale", False, ("10", "9"), "9"),
        ("scale", False, ("na", "4"), "4"),
        ("scale", False, ("na",), "na"),
    ],
)
def test_what_stands_for_all(
    answer: str, reverse: bool, answers: tuple[str, ...], expected: str
) -> None:
    kind = definition.Answer(answer)
    question = definition.Question("a", "", kind, "", reverse=reverse, for_each="parent")
    assert question.worst(answers) == expected


def test_the_lowest_point_stands_for_all(shapes: definition.Instrument) -> None:
    answers = {"b": {"mother": 6, "father": 2}}
    rated = rate(shapes, "VIS", answers)
    assert (rated.rating, rated.because) == (NEED, ("b is 2",))


def test_without_subjects_a_repeated_question_is_not_asked(shapes: definition.Instrument) -> None:
    rated = rate(shapes, "NEDP", {}, subjects={"parent": []})
    assert (rated.rating, rated.asks) == (NA, ())
    assert rated.because == ("a is not asked", "b is not asked", "c is not asked")
    assert rated.reason == (
        "Not applicable: a is not asked, because no parent is listed; b is not asked, because no"
        " parent is listed; c is not asked, because no parent is listed."
    )


def test_a_rating_waits_until_a_subject_is_listed_where_one_must_be(
    shapes: definition.Instrument,
) -> None:
    rated = rate(shapes, "NEDC", {})
    assert (rated.rating, rated.missing) == (None, ("subject child",))
    assert rated.reason == "Not rated yet: no child is listed."
    listed = rate(shapes, "NEDC", {}, subjects={"child": {"7": "Child A"}})
    assert listed.missing == ("a for 7", "b for 7")
    assert listed.reason == "Not rated yet: a for Child A and b for Child A are not answered."


def test_subjects_are_those_that_the_answers_name_unless_they_are_listed(
    shapes: definition.Instrument,
) -> None:
    answers: dict[str, dict[str, Any]] = {
        "NEDP": {"a": {"mother": "no"}, "c": {"mother": 0}},
        "VIS": {"b": {"father": None}},
    }
    named = rating.rate(shapes, CARE, answers)
    assert named.items["NEDP"].missing == ("a for father", "c for father")
    assert named.known.subjects == {"parent": {"mother": "mother", "father": "father"}}
    listed = rating.rate(shapes, CARE, answers, {"parent": ["mother"]})
    assert listed.items["NEDP"].rating is NEED
    assert listed.items["VIS"].missing == ("b for mother",)


def test_only_repeated_questions_name_subjects(shapes: definition.Instrument) -> None:
    answers = {"NEDF": {"a": {"mother": "yes"}}, "NEDP": {"a": {"father": "yes"}}}
    assert inputs.listed(shapes, None, answers) == {"parent": {"father": "father"}}


def test_an_answer_of_a_subject_that_is_not_listed_does_not_count(
    shapes: definition.Instrument,
) -> None:
    answers = {"a": {"mother": "yes", "aunt": "no"}, "b": {"mother": "na"}, "c": {"mother": 0}}
    rated = rate(shapes, "NEDP", answers, subjects={"parent": ["mother"]})
    assert rated.rating is STRENGTH


def test_what_is_no_answer_by_subject_is_refused(shapes: definition.Instrument) -> None:
    with pytest.raises(problems.InputError, match="asked of each parent"):
        rate(shapes, "NEDP", {"a": "yes"}, subjects=BOTH)
    with pytest.raises(problems.InputError, match=r"answers\.NEDP\.c\.mother.*from 0 to 12"):
        rate(shapes, "NEDP", {"a": {"mother": "no"}, "c": {"mother": 13}})
    with pytest.raises(problems.InputError, match="not an answer to this question"):
        rate(shapes, "NEDF", {"a": {"mother": "yes"}})


def test_an_unknown_kind_of_subjects_is_refused(shapes: definition.Instrument) -> None:
    with pytest.raises(problems.InputError, match='Did you mean "parent"'):
        rating.rate(shapes, {}, {}, {"parents": []})


def test_gaps_of_repeated_questions_name_the_subject(shapes: definition.Instrument) -> None:
    answers: dict[str, dict[str, Any]] = {
        "NEDP": {"a": {"1": "yes", "2": "yes"}, "b": {"1": "na", "2": "na"}, "c": {"1": 0}}
    }
    subjects = {"parent": {"1": "Mother", "2": "Father"}, "child": {}}
    case = rating.rate(shapes, {**CARE, "report_in_pur": False}, answers, subjects)
    reasons = {"NEDP": {"b": {"1": "Nothing is needed.", "2": " "}}}
    gaps = completeness.gaps_of(shapes, case, answers, {}, {}, reasons)
    assert [
        (gap.kind, gap.name, gap.subject, gap.message) for gap in gaps if gap.item == "NEDP"
    ] == [
        (Kind.ANSWER, "c", "2", "NEDP: question c for Father is not answered."),
        (Kind.NA_REASON, "b", "2", "NEDP: question b for Father is NA and has no reason yet."),
    ]
    [child] = [gap for gap in gaps if gap.kind is Kind.SUBJECT]
    assert (child.place, child.message) == (
        (None, "child"),
        "Face sheet: no child is listed; needed for NEDC.",
    )


def test_answers_that_are_not_scored_are_no_values(shapes: definition.Instrument) -> None:
    known = inputs.Known({"sibling_in_care": "yes"}, {})
    answers: dict[str, Any] = {"a": "no", "e": "yes"}
    walk = asking.walk(shapes, shapes.item("RSK"), known, answers, {})
    assert walk.values == {"sibling_in_care": "yes", "a": "no"}
    assert [str(lack) for lack in walk.lacks] == ["d"]


def test_where_an_item_stands_is_said_without_words(shapes: definition.Instrument) -> None:
    item, answers = shapes.item("MOV"), {"a": 1, "c": "yes"}
    off = item_rating.stand(shapes, item, inputs.Known({"case_type": "in_home"}, {}), answers)
    assert (off.applies, off.row, off.unmet) == (
        False,
        None,
        shapes.component("PER").applies_when,
    )
    rated = item_rating.stand(shapes, item, inputs.Known({"case_type": "foster_care"}, {}), answers)
    assert (rated.applies, rated.row, rated.unmet) == (True, item.ratings[0], None)
    unknown = item_rating.stand(shapes, item, inputs.Known({}, {}), answers)
    assert (unknown.applies, unknown.row) == (None, None)


def test_a_missing_fact_of_a_row_leaves_an_item_applicable(tiny: definition.Instrument) -> None:
    rated = rating.rate_item(tiny, tiny.item("PLN01"), {}, {"a": "no", "b": "na"})
    assert (rated.applies, rated.missing) == (True, ("fact case_type",))
