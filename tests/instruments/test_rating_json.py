from __future__ import annotations

import json

import pytest

from cqi.instruments import definition, problems, rating, rating_json


def refused(tiny: definition.Instrument, payload: object) -> str:
    with pytest.raises(problems.InputError) as caught:
        rating_json.from_json(tiny, payload)
    assert {problem.rule for problem in caught.value.problems} == {problems.Rule.INPUT}
    return str(caught.value)


def test_input_and_output_have_the_form_that_others_rely_on(tiny: definition.Instrument) -> None:
    payload = {
        "facts": {"case_type": "foster_care", "household_changed": True},
        "answers": {"SAF02": {"a": "yes", "b": "no", "c": "yes"}},
    }
    given = rating_json.from_json(tiny, payload)
    output = json.loads(
        json.dumps(rating_json.as_json(tiny, rating.rate(tiny, given.facts, given.answers)))
    )
    assert list(output) == ["instrument", "version", "digest", "items", "components"]
    assert output["digest"] == tiny.digest
    assert output["items"]["SAF02"] == {
        "rating": "area_needing_improvement",
        "because": ["b is no"],
        "missing": [],
    }
    assert output["components"]["SAF"] == {
        "rating": None,
        "because": [],
        "missing": ["SAF01", "SAF03"],
    }


def test_null_and_absent_both_mean_not_known(tiny: definition.Instrument) -> None:
    payload = {"facts": {"report_in_pur": None}, "answers": {"SAF01": {"a": None}}}
    given = rating_json.from_json(tiny, payload)
    assert (given.facts, given.answers) == ({}, {"SAF01": {}})
    assert rating_json.from_json(tiny, {}) == rating_json.CaseInput({}, {})


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ([], "must be an object"),
        ({"fact": {}}, 'Did you mean "facts"?'),
        ({"facts": []}, "input: facts: This must be an object"),
        ({"facts": {"report_in_pru": True}}, 'Did you mean "report_in_pur"?'),
        ({"facts": {"report_in_pur": 1}}, "true, false or null"),
        ({"facts": {"case_type": "foster care"}}, 'Did you mean "foster_care"?'),
        ({"facts": {"case_type": True}}, 'not a value of the fact "case_type"'),
        ({"answers": []}, "an object of item codes"),
        ({"answers": {"SAF1": {}}}, 'Did you mean "SAF01"?'),
        ({"answers": {"SAF01": "yes"}}, "an object of question ids"),
        ({"answers": {"SAF01": {"x": "yes"}}}, 'SAF01 has no question "x"'),
        ({"answers": {"SAF01": {"a": "na"}}}, '"na" is not an answer to this question'),
        ({"answers": {"SAF01": {"a": ["yes"]}}}, "is not an answer to this question"),
    ],
)
def test_wrong_input_is_refused_with_its_place(
    tiny: definition.Instrument, payload: object, words: str
) -> None:
    assert words in refused(tiny, payload)


def test_everything_wrong_with_the_input_comes_at_once(tiny: definition.Instrument) -> None:
    text = refused(tiny, {"facts": {"nothing": 1}, "answers": {"SAF09": {}, "SAF01": {"z": "no"}}})
    assert len(text.splitlines()) == 3


def test_numbers_subjects_and_parts_go_in_and_out(shapes: definition.Instrument) -> None:
    payload = {
        "facts": {"case_type": "foster_care", "report_in_pur": True},
        "subjects": {"parent": ["mother", "father"], "child": ["one"]},
        "answers": {
            "TIM": {"a": 0, "b": 1, "c": "yes"},
            "NEDC": {"a": {"one": "no"}, "b": {"one": "na"}},
            "NEDP": {"a": {"mother": "yes", "father": None}},
            "STB": {"a": 2},
        },
    }
    given = rating_json.from_json(shapes, payload)
    assert given.subjects == payload["subjects"]
    rated = rating.rate(shapes, given.facts, given.answers, given.subjects)
    items = json.loads(json.dumps(rating_json.as_json(shapes, rated)))["items"]
    assert items["TIM"] == {
        "rating": "strength",
        "because": ["c is yes"],
        "missing": [],
        "confirm": True,
    }
    assert items["NEDC"]["because"] == ["a is no", "b is na"]
    assert items["NEDP"]["missing"] == [
        "a for father", "b for mother", "c for mother", "c for father",
    ]  # fmt: skip
    assert items["NED"]["missing"] == ["NEDP", "NEDF"]
    assert items["STB"]["because"] == ["a is 2"]


def test_subjects_are_those_of_the_answers_where_none_are_given(
    shapes: definition.Instrument,
) -> None:
    payload = {"answers": {"NEDP": {"a": {"mother": None}}}}
    given = rating_json.from_json(shapes, payload)
    assert given.subjects is None
    rated = rating.rate(shapes, given.facts, given.answers, given.subjects)
    assert rated.items["NEDP"].missing == ("a for mother", "c for mother")


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"subjects": []}, "input: subjects: This must be an object of kinds"),
        ({"subjects": {"parents": []}}, 'Did you mean "parent"?'),
        ({"subjects": {"parent": "mother"}}, "subjects.parent: This must be a list of names"),
        ({"subjects": {"parent": [1]}}, "This must be a list of names"),
        ({"subject": {}}, 'Did you mean "subjects"?'),
        ({"answers": {"MOV": {"a": 0}}}, 'answers.MOV.a: "0" is not a whole number from 1 to 9'),
        ({"answers": {"MOV": {"a": True}}}, "is not a whole number"),
        ({"answers": {"MOV": {"a": 1.5}}}, "is not a whole number"),
        ({"answers": {"STB": {"a": 7}}}, 'answers.STB.a: "7" is not an answer to this question'),
        (
            {"answers": {"NEDP": {"a": "yes"}}},
            "answers.NEDP.a: This question is asked of each parent",
        ),
        (
            {"answers": {"NEDP": {"c": {"mother": "x"}}}},
            'answers.NEDP.c.mother: "x" is not a whole',
        ),
        (
            {"subjects": {"parent": ["mother"]}, "answers": {"NEDP": {"a": {"moter": "no"}}}},
            'answers.NEDP.a.moter: No parent "moter" is listed. Did you mean "mother"?',
        ),
        (
            {"subjects": {}, "answers": {"NEDP": {"a": {"mother": "no"}}}},
            'No parent "mother" is listed.',
        ),
    ],
)
def test_wrong_numbers_and_subjects_are_refused_with_their_place(
    shapes: definition.Instrument, payload: object, words: str
) -> None:
    assert words in refused(shapes, payload)


def test_the_answers_are_still_checked_where_the_subjects_are_wrong(
    shapes: definition.Instrument,
) -> None:
    payload = {"subjects": {"parents": ["x"]}, "answers": {"NEDP": {"c": {"mother": 13}}}}
    assert len(refused(shapes, payload).splitlines()) == 2


def test_messages_name_the_place_what_is_wrong_and_the_remedy(
    shapes: definition.Instrument,
) -> None:
    payload = {
        "facts": {"sort": 1, "case_type": "care", "report_in_pur": "maybe"},
        "subjects": {"parent": ["mother"], "report": ["first"]},
        "answers": {
            "TIM": {"a": "x"},
            "MOV": {"a": 10, "d": 1},
            "NEDP": {"a": "yes", "b": {"moter": "yes"}, "c": {"mother": 13}},
            "STB": {"a": 0},
            "SIB": {"a": {"one": "yes"}},
            "RSK": {"a": "ys"},
        },
    }
    assert refused(shapes, payload).splitlines() == [
        (
            'input: facts.sort: The instrument has no fact "sort".'
            " Possible here: case_type, report_in_pur, sibling_in_care."
        ),
        (
            'input: facts.case_type: "care" is not a value of the fact "case_type".'
            " Possible here: foster_care, in_home."
        ),
        "input: facts.report_in_pur: This must be true, false or null.",
        'input: answers.TIM.a: "x" is not a whole number from 0. Write the number in digits.',
        'input: answers.MOV.a: "10" is not a whole number from 1 to 9. Write the number in digits.',
        'input: answers.MOV.d: MOV has no question "d". Possible here: a, b, c.',
        (
            "input: answers.NEDP.a: This question is asked of each parent."
            " Give an answer for each, by name."
        ),
        'input: answers.NEDP.b.moter: No parent "moter" is listed. Did you mean "mother"?',
        (
            'input: answers.NEDP.c.mother: "13" is not a whole number from 0 to 12.'
            " Write the number in digits."
        ),
        (
            'input: answers.STB.a: "0" is not an answer to this question.'
            " Possible here: 1, 2, 3, 4, 5, 6."
        ),
        (
            "input: answers.SIB.a: \"{'one': 'yes'}\" is not an answer to this question."
            " Possible here: no, yes."
        ),
        'input: answers.RSK.a: "ys" is not an answer to this question. Did you mean "yes"?',
    ]


def test_a_kind_that_is_not_there_is_named_with_the_nearest(shapes: definition.Instrument) -> None:
    assert refused(shapes, {"subjects": {"parents": []}}) == (
        'input: subjects.parents: The instrument asks nothing of each "parents".'
        ' Did you mean "parent"?'
    )
