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
    [("n < 3", "2", True), ("n <= 2", "3", False), ("n > 2", "2", False), ("n >= 2", "2", True)],
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
