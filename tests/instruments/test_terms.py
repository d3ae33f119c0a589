"""Which terms make sense where: a value that a name can have, a number that it can reach."""

from __future__ import annotations

import pytest

from cqi.instruments import conditions, definition
from cqi.instruments.checking import terms
from cqi.instruments.problems import Problem, Rule, Where

HERE = Where("items/x.toml")


def problems_of(scope: terms.Scope, text: str) -> list[Problem]:
    condition = definition.Condition(definition.Quantifier.ALL, (conditions.parse(text),))
    return list(terms.problems_of(condition, scope, HERE))


def rules(scope: terms.Scope, text: str) -> list[Rule]:
    return [problem.rule for problem in problems_of(scope, text)]


def rows_of(instrument: definition.Instrument, code: str) -> terms.Scope:
    """What the rating rows of an item may speak of."""
    item = instrument.item(code)
    return terms.Scope(instrument, item, item.question_ids, item.parts)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("MOV", "a = 1"),
        ("MOV", "a = 9"),
        ("MOV", "a != 9"),
        ("MOV", "a < 2"),
        ("MOV", "a <= 1"),
        ("MOV", "a > 8"),
        ("MOV", "a >= 9"),
        ("MOV", "b = na"),  # it is not always asked
        ("TIM", "a = 999999"),
        ("TIM", "a > 999998"),
        ("NEDP", "c = 999999"),  # several parents together
        ("NEDP", "c = 0"),
        ("NEDP", "a = na"),  # nobody need be listed
        ("NEDP", "b = na"),
        ("NEDC", "b = na"),
        ("VIS", "b = na"),
        ("STB", "a = 1"),
        ("STB", "a = acceptable"),
        ("STB", "a != maintain"),
        ("STB", "b = na"),
        ("STB", "a >= 6"),
        ("STB", "a < 2"),
        ("STB", "a = 6"),
        ("NED", "NEDF = not_applicable"),
        ("NED", "NEDC != strength"),
        ("NED", "sibling_in_care"),
        ("RSK", "case_type = in_home"),
    ],
)
def test_what_can_be_is_accepted(shapes: definition.Instrument, code: str, text: str) -> None:
    assert rules(rows_of(shapes, code), text) == []


@pytest.mark.parametrize(
    ("code", "text", "rule"),
    [
        ("MOV", "a = 0", Rule.OUT_OF_RANGE),
        ("MOV", "a = 10", Rule.OUT_OF_RANGE),
        ("MOV", "a != 10", Rule.OUT_OF_RANGE),
        ("MOV", "a < 1", Rule.OUT_OF_RANGE),
        ("MOV", "a <= 0", Rule.OUT_OF_RANGE),
        ("MOV", "a > 9", Rule.OUT_OF_RANGE),
        ("MOV", "a >= 10", Rule.OUT_OF_RANGE),
        ("MOV", "a = na", Rule.NUMBER_WANTED),
        ("MOV", "a = 1000000", Rule.NUMBER_WANTED),
        ("MOV", "a < few", Rule.NUMBER_WANTED),
        ("MOV", "a = -1", Rule.NUMBER_WANTED),
        ("MOV", "a = 01", Rule.NUMBER_WANTED),
        ("MOV", "a = 1.5", Rule.NUMBER_WANTED),
        ("MOV", "a", Rule.BARE_NAME),
        ("MOV", "c = na", Rule.UNKNOWN_VALUE),
        ("MOV", "c > 1", Rule.NOT_A_NUMBER),
        ("TIM", "a > 999999", Rule.OUT_OF_RANGE),
        ("NEDC", "a = na", Rule.UNKNOWN_VALUE),
        ("STB", "a = na", Rule.UNKNOWN_VALUE),
        ("STB", "a = 0", Rule.UNKNOWN_VALUE),
        ("STB", "a = 7", Rule.UNKNOWN_VALUE),
        ("STB", "a = good", Rule.UNKNOWN_VALUE),
        ("STB", "a > 6", Rule.OUT_OF_RANGE),
        ("STB", "a < 1", Rule.OUT_OF_RANGE),
        ("STB", "a > refine", Rule.NUMBER_WANTED),
        ("STB", "a", Rule.BARE_NAME),
        ("NED", "NEDC", Rule.BARE_NAME),
        ("NED", "NEDC = not_applicable", Rule.UNKNOWN_VALUE),
        ("NED", "NEDC > strength", Rule.NOT_A_NUMBER),
        ("NED", "SIB = strength", Rule.NOT_ITS_PART),
        ("NED", "NED = strength", Rule.NOT_ITS_PART),
        ("NED", "NEDX = strength", Rule.UNKNOWN_NAME),
        ("RSK", "e = no", Rule.UNSCORED_NAMED),
        ("RSK", "case_type", Rule.BARE_NAME),
        ("RSK", "case_type > 1", Rule.NOT_A_NUMBER),
    ],
)
def test_what_cannot_be_is_refused(
    shapes: definition.Instrument, code: str, text: str, rule: Rule
) -> None:
    assert rules(rows_of(shapes, code), text) == [rule]


def test_an_item_without_parts_may_name_no_item(shapes: definition.Instrument) -> None:
    [problem] = problems_of(rows_of(shapes, "RSK"), "SIB = strength")
    assert problem.message == '"SIB = strength": SIB is an item, but no part of this one.'
    assert problem.remedy == "Rows name only the item's own parts."


def test_only_facts_are_known_before_the_questions_are_asked(
    shapes: definition.Instrument,
) -> None:
    whole, mov = shapes.item("NED"), shapes.item("MOV")
    assert rules(terms.Scope(shapes, whole), "NEDC = strength") == [Rule.QUESTION_TOO_LATE]
    assert rules(terms.Scope(shapes, mov), "a = 1") == [Rule.QUESTION_TOO_LATE]
    assert rules(terms.Scope(shapes, mov, ("a",)), "a = 1") == []
    assert rules(terms.Scope(shapes), "a = 1") == [Rule.UNKNOWN_NAME]
    assert rules(terms.Scope(shapes), "sibling_in_care = no") == []


def test_a_count_that_may_not_be_asked_may_be_0(shapes: definition.Instrument) -> None:
    tim = shapes.item("TIM")
    for asked_when, limits in ((None, "from 3 to 5"), (tim.applies_when, "0 or from 3 to 5")):
        question = definition.Question(
            "n", "", definition.Answer.COUNT, "", least=3, most=5, asked_when=asked_when
        )
        item = definition.Item("X", "SAF", "", "", "", (question,), (), tim.evidence)
        scope = terms.Scope(shapes, item, ("n",))
        refused = [Rule.OUT_OF_RANGE] if asked_when is None else []
        assert rules(scope, "n = 0") == rules(scope, "n < 3") == refused
        assert rules(scope, "n = 4") == []
        [problem] = problems_of(scope, "n = 2")
        assert problem.message == f'"n = 2" never holds: n is {limits}.'
