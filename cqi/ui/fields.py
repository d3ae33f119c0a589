"""WTForms fields of this product: WTForms' own, with our widgets and our plain error messages.

class StepForm(FlaskForm):
    owner = fields.ChoiceField("Owner", choices={"": "Choose", "12": "Ada Juniper"})
    due_on = fields.DateField("Due on", validators=[fields.required("Say when it is due.")])
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol

import wtforms
from wtforms import validators
from wtforms.fields import choices as wtforms_choices

from cqi.ui import widgets

Choices = Mapping[str, str] | Iterable[Any]

_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9])?")
_YEARS = range(1900, 2200)  # beyond them lie slips, and the ends of the calendar
ANSWERS = {"yes": "Yes", "no": "No"}
ANSWERS_WITH_NA = {**ANSWERS, "na": "NA"}


class Question(Protocol):
    """What a form needs of an instrument's question."""

    @property
    def text(self) -> str: ...
    @property
    def values(self) -> tuple[str, ...]: ...
    def words(self, value: str) -> str: ...
    def allows(self, value: str) -> bool: ...


class Choice(Protocol):
    """What a form needs of one choice of a fact."""

    @property
    def value(self) -> str: ...
    @property
    def label(self) -> str: ...


class Fact(Protocol):
    """What a form needs of an instrument's fact."""

    @property
    def question(self) -> str: ...
    @property
    def help(self) -> str: ...
    @property
    def choices(self) -> Iterable[Choice]: ...


def choices_of(choices: Choices, disabled: Collection[str] = ()) -> list[Any]:
    """A mapping of value to label as WTForms' SelectChoices; such choices stay as they are. Those
    that are `disabled` can be read and not chosen."""
    if not isinstance(choices, Mapping):
        return list(choices)
    select_choice = wtforms_choices.SelectChoice  # type: ignore[attr-defined]  # stubs are of 3.2
    off = {value: {"disabled": True} for value in disabled}
    return [
        select_choice(value=value, label=label, render_kw=off.get(value, {}))
        for value, label in choices.items()
    ]


def required(message: str) -> validators.InputRequired:
    """Something must be given; the message says what to do ("Say when it is due.")."""
    return validators.InputRequired(message)


def require(field: wtforms.Field, message: str) -> None:
    """Make a field of a form that is already made one that must be given."""
    field.validators, field.flags.required = [*field.validators, required(message)], True


def at_most(characters: int) -> validators.Length:
    """A limit for texts."""
    return validators.Length(max=characters, message=f"Use at most {characters} characters.")


class TextField(wtforms.StringField):
    """A line of text, without blanks around it; None is never its data."""

    widget = widgets.TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).strip() if valuelist else (self.data or "")


class EmailField(wtforms.EmailField):
    widget = widgets.TextInput("email")


class PasswordField(wtforms.PasswordField):
    widget = widgets.PasswordInput()


class NumberField(wtforms.IntegerField):
    widget = widgets.TextInput("number")

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as problem:
            raise ValueError("Write a whole number, such as 12.") from problem


class PercentField(wtforms.DecimalField):
    """A percentage with at most one decimal; its data is 69.3 for "69.3" or "69.3%", None for
    nothing."""

    widget = widgets.TextInput()

    def __init__(self, label: str = "", validators: list[Any] | None = None, **more: Any) -> None:
        more.setdefault("render_kw", {"inputmode": "decimal"})
        super().__init__(label, validators, **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = str(valuelist[0]).strip().removesuffix("%").strip() if valuelist else ""
        self.data = None
        if sent and not _PERCENT.fullmatch(sent):
            raise ValueError("Write a percentage with at most one decimal, such as 69.3.")
        if sent:
            self.data = Decimal(sent.replace(".", "")) / (10 if "." in sent else 1)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class TextAreaField(wtforms.TextAreaField):
    widget = widgets.TextArea()


class _Dated(wtforms.Field):
    """What days and moments share: empty gives None, an error only where `required` is among the
    validators. `how` says how one is written."""

    how: str

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not any(valuelist):
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as problem:
            raise ValueError(self.how) from problem
        if self.data is not None and self.data.year not in _YEARS:
            self.data = None
            raise ValueError(f"Write a year from {_YEARS[0]} to {_YEARS[-1]}.")


class DateField(_Dated, wtforms.DateField):
    """A date."""

    widget = widgets.DateInput()
    how = "Write a date as year-month-day, such as 2027-03-31."


class MomentField(_Dated, wtforms.DateTimeLocalField):
    """A day and a time on the agency's clocks, without a zone."""

    widget = widgets.TextInput("datetime-local")
    how = "Write a day and a time, such as 2027-03-31T14:30."

    def __init__(self, label: str = "", validators: list[Any] | None = None, **more: Any) -> None:
        super().__init__(label, validators, format="%Y-%m-%dT%H:%M", **more)


class CheckboxField(wtforms.BooleanField):
    widget = widgets.Checkbox()


class ChoiceField(wtforms.SelectField):
    """One of a list, in a select. `choices` maps value to label; "" may stand for none yet."""

    widget = widgets.Select()

    def __init__(
        self,
        label: str = "",
        validators: list[Any] | None = None,
        *,
        choices: Choices = (),
        **more: Any,
    ) -> None:
        more.setdefault("invalid_choice_message", "Choose one of the list.")
        super().__init__(label, validators, choices=choices_of(choices), **more)


class TilesField(wtforms.RadioField):
    """One of a few, as radio tiles, one on each line. No answer is no error unless `required`."""

    widget = widgets.Tiles(stacked=True)

    def __init__(
        self,
        label: str = "",
        validators: list[Any] | None = None,
        *,
        choices: Choices = (),
        **more: Any,
    ) -> None:
        more.setdefault("invalid_choice_message", "Choose one of the answers.")
        super().__init__(label, validators, choices=choices_of(choices), **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([value for value in valuelist if value])

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.data is not None:
            super().pre_validate(form)


class AnswerField(TilesField):
    """Yes, No and, where `na`, NA as tiles in a row; its data is "yes", "no", "na" or None."""

    widget = widgets.Tiles()

    def __init__(
        self, label: str = "", validators: list[Any] | None = None, *, na: bool = False, **more: Any
    ) -> None:
        super().__init__(label, validators, choices=ANSWERS_WITH_NA if na else ANSWERS, **more)


class CountField(TextField):
    """A whole number within the limits of its question; its data is digits, or empty."""

    def __init__(self, label: str = "", *, question: Question, **more: Any) -> None:
        super().__init__(label, **more)
        self.question = question

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:  # noqa: ARG002 - the library's signature
        if self.data and not self.question.allows(str(self.data)):
            raise validators.ValidationError("Write a whole number that can be, in digits.")


class SeveralField(wtforms.SelectMultipleField):
    """Any of a few, as check boxes; its data is a list of values."""

    widget = widgets.Tiles("checkbox", stacked=True)

    def __init__(
        self,
        label: str = "",
        validators: list[Any] | None = None,
        *,
        choices: Choices = (),
        **more: Any,
    ) -> None:
        more.setdefault("invalid_choice_message", "Choose from the list.")
        super().__init__(label, validators, choices=choices_of(choices), **more)
        self.label.field_id = ""


def answer_to(question: Question, **more: Any) -> wtforms.Field:
    """The field for one question of an instrument: Yes and No with NA where its definition allows
    it, the points of its scale, or a number where it has no values to choose from."""
    if not question.values:
        return CountField(question.text, question=question, **more)
    if "no" not in question.values:
        points = {value: question.words(value) for value in question.values}
        return TilesField(question.text, choices=points, **more)
    return AnswerField(question.text, na="na" in question.values, **more)


def answer_to_fact(fact: Fact, **more: Any) -> TilesField:
    """The field for one fact of the face sheet: Yes and No, or the fact's own choices."""
    more.setdefault("description", fact.help)
    choices = {choice.value: choice.label for choice in fact.choices}
    if choices:
        return TilesField(fact.question, choices=choices, **more)
    return AnswerField(fact.question, **more)
