"""WTForms widgets that write the markup of the US Web Design System.

A widget writes the control alone and ties it to its hint and its errors by id. The label, the
hint and the errors around it are the macro `field` of templates/ui/forms.html.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape
from wtforms import fields, widgets
from wtforms.widgets import html_params

ABBREVIATIONS = {"NA": "Not applicable"}


def hint_id(field: fields.Field) -> str:
    return f"{field.id}-hint"


def error_id(field: fields.Field) -> str:
    return f"{field.id}-error"


def description_attributes(field: fields.Field, described_by: object = None) -> dict[str, object]:
    """The aria attributes of a control: its hint, its errors, and what the caller adds."""
    ids = [str(described_by)] if described_by else []
    if field.description:
        ids.append(hint_id(field))
    if field.errors:
        ids.append(error_id(field))
    attributes: dict[str, object] = {"aria_describedby": " ".join(ids)} if ids else {}
    if field.errors:
        attributes["aria_invalid"] = "true"
    return attributes


def attributes_of(
    field: fields.Field, css_class: str, given: dict[str, object]
) -> dict[str, object]:
    """What the caller gave, our class before its own, and the aria attributes."""
    classes = [css_class, str(given.pop("class_", ""))]
    if field.errors:
        classes.insert(1, f"{css_class}--error")
    described = description_attributes(field, given.pop("aria_describedby", None))
    return {**given, **described, "class_": " ".join(name for name in classes if name)}


_ATTRIBUTES = ["required", "disabled"]  # that validators set; no `maxlength`, see below


class TextInput(widgets.TextInput):
    """A line of text; `input_type` makes it an e-mail, number or date input.

    No `maxlength`: a browser would cut what is pasted without a word; the form says it is too long.
    """

    validation_attrs = _ATTRIBUTES

    def __call__(self, field: fields.Field, **given: object) -> Markup:
        return super().__call__(field, **attributes_of(field, "usa-input", given))


class PasswordInput(widgets.PasswordInput):
    """A password; never sent back to the page."""

    def __call__(self, field: fields.Field, **given: object) -> Markup:
        return super().__call__(field, **attributes_of(field, "usa-input", given))


class DateInput(widgets.DateInput):
    """The browser's own date input; year, month and day in the form's data."""

    def __call__(self, field: fields.Field, **given: object) -> Markup:
        return super().__call__(field, **attributes_of(field, "usa-input", given))


class TextArea(widgets.TextArea):
    """Text of several lines; `rows` says how many are seen at first. No `maxlength`, as above."""

    validation_attrs = _ATTRIBUTES

    def __call__(self, field: fields.StringField, **given: object) -> Markup:
        given.setdefault("rows", 4)
        return super().__call__(field, **attributes_of(field, "usa-textarea", given))


class Select(widgets.Select):
    """One of a list. Where nothing is chosen yet, give the field a choice with the value ""."""

    def __call__(self, field: fields.Field, **given: object) -> Markup:
        return super().__call__(field, **attributes_of(field, "usa-select", given))  # type: ignore[arg-type]  # the stub wants its own select class


class Checkbox(widgets.CheckboxInput):
    """One box with its label behind it."""

    def __call__(self, field: fields.Field, **given: object) -> Markup:
        box = super().__call__(field, **attributes_of(field, "usa-checkbox__input", given))
        return _boxed("checkbox", box, field.id, field.label.text)


class Tiles:
    """Radio buttons or check boxes as tiles; `stacked` puts each on a line of its own.

    Ids are the field's id and the choice's value, so that a link can name an answer.
    """

    grouped = True  # the macro `field` writes a fieldset and a legend around it

    def __init__(self, kind: str = "radio", *, stacked: bool = False) -> None:
        self.kind = kind
        self.stacked = stacked

    def __call__(self, field: fields.SelectFieldBase, **given: object) -> Markup:
        tiles = [self._tile(field, choice, given) for choice in field.iter_choices()]
        classes = "answers answers--stacked" if self.stacked else "answers"
        return Markup('<div class="{}">{}</div>').format(classes, Markup("").join(tiles))

    def _tile(self, field: fields.SelectFieldBase, choice: Any, given: dict[str, object]) -> Markup:
        value, label, selected, own = choice
        attributes = {
            "class_": f"usa-{self.kind}__input usa-{self.kind}__input--tile",
            "type": self.kind,
            "name": field.name,
            "id": f"{field.id}-{value}",
            "value": value,
            "checked": bool(selected),
            **own,
            **given,
        }
        control = Markup("<input {}>").format(Markup(html_params(**attributes)))  # noqa: S704  (html_params escapes)
        return _boxed(self.kind, control, f"{field.id}-{value}", str(label))


def _boxed(kind: str, control: Markup, control_id: str, label: str) -> Markup:
    words = (
        Markup('<abbr title="{}">{}</abbr>').format(ABBREVIATIONS[label], label)
        if (label in ABBREVIATIONS)
        else escape(label)
    )
    return Markup(
        '<div class="usa-{0}">{1}<label class="usa-{0}__label" for="{2}">{3}</label></div>'
    ).format(kind, control, control_id, words)


class FileInput:
    """The browser's own file input, tied to its hint and errors."""

    input_type = "file"
    grouped = False

    def __init__(self, *, several: bool = False) -> None:
        self.several = several

    def __call__(self, field: fields.FileField, **given: object) -> Markup:
        attributes = attributes_of(field, "usa-file-input-plain", dict(given))
        return widgets.FileInput(multiple=self.several)(field, **attributes)
