from __future__ import annotations

import json

import pytest

from cqi.instruments import definition, problems, rating, rating_json


def refused(tiny: definition.Instrument, payload: object) -> str:
    with pytest.raises(problems.InputError) as caught:
        rating_json.from_json(tiny, payload)
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
