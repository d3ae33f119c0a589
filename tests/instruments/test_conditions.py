from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqi.instruments import conditions, definition

NAMES = ["one", "two", "three", "four"]
VALUES = ["yes", "no", "na"]
comparisons = st.builds(
    definition.Comparison,
    name=st.sampled_from(NAMES),
    operator=st.sampled_from(["=", "!="]),
    literal=st.sampled_from(VALUES),
)
all_or_any = st.builds(
    definition.Condition,
    quantifier=st.sampled_from(definition.Quantifier),
    terms=st.lists(comparisons, min_size=1, max_size=4).map(tuple),
)
complete = st.fixed_dictionaries({name: st.sampled_from(VALUES) for name in NAMES})


def parsed(quantifier: str, *terms: str) -> definition.Condition:
    return definition.Condition(
        definition.Quantifier(quantifier), tuple(conditions.parse(term) for term in terms)
    )


@given(all_or_any, complete, st.sets(st.sampled_from(NAMES)))
def test_what_is_decided_stays_so_whatever_else_becomes_known(
    condition: definition.Condition, values: dict[str, str], known: set[str]
) -> None:
    partly = conditions.evaluate(condition, {name: values[name] for name in known})
    assert partly in (None, conditions.evaluate(condition, values))


@given(all_or_any, complete)
def test_with_everything_known_every_condition_is_decided(
    condition: definition.Condition, values: dict[str, str]
) -> None:
    results = [conditions.holds(term, values) for term in condition.terms]
    expected = all(results) if condition.quantifier == "all" else any(results)
    assert conditions.evaluate(condition, values) is expected
    assert conditions.unknown_names(condition, values) == ()


@given(all_or_any, complete, st.sets(st.sampled_from(NAMES)))
def test_unknown_names_are_those_without_a_value_and_only_while_undecided(
    condition: definition.Condition, values: dict[str, str], known: set[str]
) -> None:
    partly = {name: values[name] for name in known}
    unknown = conditions.unknown_names(condition, partly)
    assert bool(unknown) is (conditions.evaluate(condition, partly) is None)
    assert not known & set(unknown)


@given(all_or_any, complete)
def test_the_deciding_terms_alone_decide(
    condition: definition.Condition, values: dict[str, str]
) -> None:
    deciding = conditions.deciding(condition, values)
    assert deciding
    names = {term.name for term in deciding}
    alone = conditions.evaluate(condition, {name: values[name] for name in names})
    assert alone is conditions.evaluate(condition, values)


@given(comparisons)
def test_a_printed_term_parses_to_itself(term: definition.Comparison) -> None:
    assert conditions.parse(str(term)) == term


@pytest.mark.parametrize(
    "text", ["", "a =", "= yes", "a and b", "not a", "a = yes or no", "a == b", "a(b)", "1 = a"]
)
def test_anything_but_one_comparison_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^.*$"):
        conditions.parse(text)


@pytest.mark.parametrize(
    ("term", "value", "expected"),
    [
        ("n < 3", "2", True),
        ("n < 3", "3", False),
        ("n < 3", "10", False),
        ("n <= 2", "2", True),
        ("n <= 2", "3", False),
        ("n > 2", "2", False),
        ("n > 2", "10", True),
        ("n >= 2", "2", True),
        ("n >= 2", "1", False),
        ("n < 3", "na", False),
        ("n >= 0", "na", False),
        ("n = 0", "na", False),
        ("n != 0", "na", True),
    ],
)
def test_numbers_are_compared_as_numbers(term: str, value: str, expected: bool) -> None:
    assert conditions.holds(conditions.parse(term), {"n": value}) is expected


def test_a_fact_that_is_false_decides_all_though_others_are_missing() -> None:
    condition = parsed("all", "case_type = foster_care", "school_age")
    assert conditions.evaluate(condition, {"case_type": "in_home"}) is False
    assert conditions.unknown_names(condition, {"case_type": "foster_care"}) == ("school_age",)


def test_conditions_print_as_english_and_as_their_opposite(tiny: definition.Instrument) -> None:
    condition = parsed("all", "case_type = foster_care", "report_in_pur", "a != na")
    assert conditions.says(condition, tiny.facts_by_name) == (
        "the case is a foster care case and there was a report in the period under review"
        " and a applies"
    )
    assert conditions.says_not(condition, tiny.facts_by_name) == (
        "the case is not a foster care case or there was no report in the period under review"
        " or a does not apply"
    )


def test_an_outcome_names_only_what_decided_it(tiny: definition.Instrument) -> None:
    condition = parsed("all", "case_type = foster_care", "school_age")
    values = {"case_type": "in_home", "school_age": "yes"}
    outcome = conditions.says_outcome(condition, values, tiny.facts_by_name)
    assert outcome == "the case is not a foster care case"


@pytest.mark.parametrize(
    ("term", "says", "says_not"),
    [
        ("a = yes", "a is Yes", "a is not Yes"),
        ("a != no", "a is not No", "a is No"),
        ("a = na", "a does not apply", "a applies"),
        ("a = 3", "a is 3", "a is not 3"),
        ("a < 3", "a is less than 3", "a is not less than 3"),
        ("a <= 3", "a is at most 3", "a is not at most 3"),
        ("a > 3", "a is more than 3", "a is not more than 3"),
        ("a >= 3", "a is at least 3", "a is not at least 3"),
        ("X1 = not_applicable", "X1 does not apply", "X1 applies"),
        ("X1 != not_applicable", "X1 applies", "X1 does not apply"),
    ],
)
def test_each_term_prints_as_english_and_as_its_opposite(
    term: str, says: str, says_not: str
) -> None:
    parsed_term = conditions.parse(term)
    assert conditions.term_says(parsed_term, {}) == says
    assert conditions.term_says_not(parsed_term, {}) == says_not


def test_the_opposite_of_any_is_all_of_the_opposites() -> None:
    condition = parsed("any", "a = yes", "b = 2")
    assert conditions.says(condition, {}) == "a is Yes or b is 2"
    assert conditions.says_not(condition, {}) == "a is not Yes and b is not 2"


def test_scales_and_parts_print_in_their_own_words(shapes: definition.Instrument) -> None:
    printed = {
        str(term): (conditions.term_says(term, {}), conditions.term_says_not(term, {}))
        for code in ("STB", "VIS", "NED")
        for row in shapes.item(code).ratings
        for term in (row.when.terms if row.when else ())
    }
    assert printed["a = improve"] == ("a is in the zone Improve", "a is not in the zone Improve")
    assert printed["a > 4"] == ("a is more than 4 (Fair)", "a is not more than 4 (Fair)")
    assert printed["b = acceptable"] == ("b is acceptable", "b is not acceptable")
    assert printed["NEDC = area_needing_improvement"] == (
        "NEDC is an area needing improvement",
        "NEDC is not an area needing improvement",
    )


def test_a_value_that_a_fact_does_not_have_is_said_as_it_stands(
    tiny: definition.Instrument,
) -> None:
    fact = tiny.fact("case_type")
    assert (fact.says("other"), fact.says_not("other")) == (
        "case_type is other",
        "case_type is not other",
    )
