"""Fields take what the pages send, and say in plain words what they do not take."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, validators

from cqi.ui import fields


@dataclass(frozen=True)
class Question:
    text: str
    values: tuple[str, ...]


WITH_NA = Question("Was each child seen alone?", ("yes", "no", "na"))
WITHOUT_NA = Question("Was safety looked at?", ("yes", "no"))


class Sheet(Form):
    plain = fields.answer_to(WITHOUT_NA)
    with_na = fields.answer_to(WITH_NA)
    due_on = fields.DateField("Due on")
    called_at = fields.MomentField("Called at")
    number = fields.NumberField("How many", [fields.required("Say how many.")])
    share = fields.PercentField("Target", [validators.Optional()])
    name = fields.TextField("Name", [fields.at_most(5)], description="As people call it.")
    story = fields.TextAreaField("Story", [fields.at_most(5)])
    kind = fields.ChoiceField("Kind", choices={"": "Choose", "baseline": "Baseline"})
    sources = fields.SeveralField("Learned from", choices={"record": "Record", "mother": "Mother"})


def filled(**data: Any) -> Sheet:
    sheet = Sheet(MultiDict({"number": "3", "kind": "", **data}))
    sheet.validate()
    return sheet


def test_a_question_without_an_answer_is_no_error() -> None:
    assert filled().plain.data is None
    assert not filled().errors


@pytest.mark.parametrize("answer", ["yes", "no", "na"])
def test_an_answer_is_kept_as_the_definition_writes_it(answer: str) -> None:
    assert filled(with_na=answer).with_na.data == answer


def test_na_is_refused_where_the_definition_does_not_allow_it() -> None:
    assert filled(plain="na").plain.errors == ["Choose one of the answers."]


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("due_on", "31.3.2027", "Write a date as year-month-day, such as 2027-03-31."),
        ("number", "many", "Write a whole number, such as 12."),
        ("name", "much too long", "Use at most 5 characters."),
        ("kind", "interim", "Choose one of the list."),
        ("sources", "aunt", "Choose from the list."),
    ],
)
def test_what_is_not_taken_is_said_in_plain_words(name: str, given: str, message: str) -> None:
    assert filled(**{name: given})[name].errors == [message]


def test_dates_and_lists_arrive_as_values() -> None:
    sheet = filled(due_on="2027-03-31", sources="mother", name=" Ada ")
    assert sheet.due_on.data == datetime.date(2027, 3, 31)
    assert sheet.sources.data == ["mother"]
    assert sheet.name.data == "Ada"
    assert filled(due_on="").due_on.data is None


def test_tiles_are_named_by_their_value_and_abbreviations_are_explained() -> None:
    html = str(filled(with_na="na").with_na())
    assert 'id="with_na-na"' in html
    assert '<abbr title="Not applicable">NA</abbr>' in html
    assert html.count("checked") == 1


def test_a_control_names_its_hint_and_its_error() -> None:
    html = str(filled(name="much too long").name())
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert "usa-input--error" in html


def test_what_people_wrote_is_escaped() -> None:
    sheet = filled(name="<b>")
    assert "<b>" not in str(sheet.name())
    hostile = fields.choices_of({'"><script>': "<script>"})
    field = fields.TilesField(choices=hostile).bind(sheet, "tiles")
    field.process(None)
    assert "<script>" not in str(field())


@pytest.mark.parametrize("text", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_year_far_off_is_a_slip(text: str) -> None:
    sheet = filled(due_on=text)
    assert sheet.due_on.errors == ["Write a year from 1900 to 2199."]
    assert sheet.due_on.data is None


def test_a_moment_is_a_day_and_a_time_and_is_sent_back_as_the_browser_takes_it() -> None:
    sheet = filled(called_at="2027-03-10T09:05")
    assert sheet.called_at.data == datetime.datetime(2027, 3, 10, 9, 5)  # noqa: DTZ001 - as typed
    assert 'value="2027-03-10T09:05"' in sheet.called_at()
    assert 'type="datetime-local"' in sheet.called_at()
    assert filled(called_at="").called_at.data is None


@pytest.mark.parametrize(
    ("typed", "says"), [("noon", "Write a day and a time"), ("0001-01-01T00:00", "Write a year")]
)
def test_what_is_no_moment_stays_with_its_reason(typed: str, says: str) -> None:
    sheet = filled(called_at=typed)
    assert sheet.called_at.errors[0].startswith(says)
    assert f'value="{typed}"' in sheet.called_at()


def test_a_text_that_is_too_long_is_refused_in_words_and_never_cut_by_the_browser() -> None:
    sheet = filled(story="Too long.")
    assert sheet.story.errors
    assert sheet.story.data == "Too long."
    assert "maxlength" not in sheet.story()
    assert "maxlength" not in sheet.name()


@pytest.mark.parametrize(
    ("sent", "held"),
    [("69.3", "69.3"), ("70.0", "70"), ("100", "100"), (" 5 % ", "5"), ("0.1", "0.1")],
)
def test_a_percentage_has_one_decimal_at_most(sent: str, held: str) -> None:
    assert filled(share=sent).share.data == Decimal(held)
    assert str(filled(share=sent).share.data) == held
    assert f'value="{sent}"' in filled(share=sent).share()
    assert 'inputmode="decimal"' in Sheet(data={"share": Decimal(held)}).share()


@pytest.mark.parametrize("sent", ["69.35", "69,3", "-1", "1e3", "1000", "seventy", "."])
def test_what_is_no_percentage_is_refused_and_stays_in_sight(sent: str) -> None:
    share = filled(share=sent).share
    assert share.errors == ["Write a percentage with at most one decimal, such as 69.3."]
    assert f'value="{sent}"' in share()
