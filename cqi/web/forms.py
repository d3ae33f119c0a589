"""The forms of the shell's own pages."""

from __future__ import annotations

from collections.abc import Iterable

import flask_wtf
import wtforms

from cqi.core.errors import Blocker
from cqi.ui import fields


class SignInForm(flask_wtf.FlaskForm):
    """Who are you?"""

    email = fields.EmailField(
        "E-mail address", validators=[fields.required("Write your e-mail address.")]
    )
    password = fields.PasswordField(
        "Password", validators=[fields.required("Write your password.")]
    )
    next = wtforms.HiddenField()


class SettingForm(flask_wtf.FlaskForm):
    """A new value of a setting, from a date."""

    value = fields.TextField("New value", validators=[fields.required("Write the new value.")])
    from_on = fields.DateField("In force from", validators=[fields.required("Say from when.")])
    reason = fields.TextAreaField(
        "Reason",
        validators=[fields.required("Say why, for those who read it later."), fields.at_most(2000)],
    )
    confirmed = fields.CheckboxField("The agency has confirmed this value")


class DateForm(flask_wtf.FlaskForm):
    """As of which day a page shows things; sent by GET, so it needs no token."""

    class Meta:
        """No token in an address."""

        csrf = False

    on = fields.DateField("As of")


def show_blockers(form: wtforms.Form, blockers: Iterable[Blocker]) -> None:
    """Put each reason at the field that it is about, else on top of the form."""
    for blocker in blockers:
        field = form._fields.get(blocker.place)
        if field is None:
            form.form_errors.append(blocker.message)
        else:
            field.errors = [*field.errors, blocker.message]
