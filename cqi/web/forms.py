"""The forms of the shell's own pages."""

from __future__ import annotations

import flask_wtf
import wtforms

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
