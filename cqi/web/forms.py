"""The forms of the shell's own pages."""

from __future__ import annotations

from collections.abc import Iterable

import flask_wtf
import wtforms

from cqi.access.trail import About
from cqi.core.errors import Blocker
from cqi.ui import fields

ABOUT = {
    About.EVERYTHING.value: "Everything",
    About.READS.value: "Reads of case content",
    About.CHANGES.value: "Changes",
    About.REFUSALS.value: "Refusals",
    About.ACCESS.value: "People, grants and sign-ins",
}

_LONGEST_SEARCH = 255  # as an e-mail address; databases refuse to search for very long texts


class SignInForm(flask_wtf.FlaskForm):
    """Who are you? `step` says which of the sign-in's forms was sent."""

    kind = "password"
    step = wtforms.HiddenField(default=kind)

    email = fields.EmailField(
        "E-mail address", validators=[fields.required("Write your e-mail address.")]
    )
    password = fields.PasswordField(
        "Password", validators=[fields.required("Write your password.")]
    )
    next = wtforms.HiddenField()


class CodeForm(flask_wtf.FlaskForm):
    """The second step: a code of the app, or one for recovery."""

    kind = "code"
    step = wtforms.HiddenField(default=kind)
    code = fields.TextField(
        "Code", validators=[fields.required("Write the code."), fields.at_most(40)]
    )
    next = wtforms.HiddenField()


class SetUpForm(CodeForm):
    """The second step of whoever has none yet: a first code of a new app."""

    kind = "set_up"
    step = wtforms.HiddenField(default=kind)


class AppForm(flask_wtf.FlaskForm):
    """A first code of a new app, of whoever is signed in."""

    code = fields.TextField(
        "Code that the app shows", validators=[fields.required("Write the code.")]
    )


class FreshForm(flask_wtf.FlaskForm):
    """The password again, of whoever is signed in."""

    kind = "fresh"
    password = fields.PasswordField(
        "Password", validators=[fields.required("Write your password.")]
    )
    next = wtforms.HiddenField()


class PasswordForm(flask_wtf.FlaskForm):
    """A new password, twice, and the present one."""

    present = fields.PasswordField(
        "Present password", validators=[fields.required("Write your present password.")]
    )
    password = fields.PasswordField(
        "New password",
        validators=[fields.required("Write the new password.")],
        description="At least 12 characters. Three words of your own make a good one.",
    )
    again = fields.PasswordField(
        "New password again",
        validators=[
            fields.required("Write the new password again."),
            wtforms.validators.EqualTo("password", "The two new passwords are not the same."),
        ],
    )


class PasskeyNameForm(flask_wtf.FlaskForm):
    """What somebody calls a passkey."""

    name = fields.TextField(
        "Name", validators=[fields.required("Give it a name."), fields.at_most(60)]
    )


class PasskeyForm(PasskeyNameForm):
    """A new passkey: its name, and what the browser made, by script."""

    credential = wtforms.HiddenField(validators=[fields.required("Let your browser make it.")])


class ReasonForm(flask_wtf.FlaskForm):
    """A step that asks why."""

    reason = fields.TextAreaField(
        "Reason",
        validators=[fields.required("Say why, for those who read it later."), fields.at_most(2000)],
    )


class SettingForm(flask_wtf.FlaskForm):
    """A new value of a setting, from a date."""

    value = fields.TextField("New value", validators=[fields.required("Write the new value.")])
    from_on = fields.DateField("In force from", validators=[fields.required("Say from when.")])
    reason = fields.TextAreaField(
        "Reason",
        validators=[fields.required("Say why, for those who read it later."), fields.at_most(2000)],
    )
    confirmed = fields.CheckboxField("The agency has confirmed this value")


class MoveForm(flask_wtf.FlaskForm):
    """Another region for a county, from a day on."""

    region = fields.ChoiceField("Region", validators=[fields.required("Choose a region.")])
    from_on = fields.DateField("From", validators=[fields.required("Say from when.")])
    source = fields.TextField(
        "Where this was decided",
        validators=[
            fields.required("Say where this was decided, such as an order and its date."),
            fields.at_most(300),
        ],
        description="Such as an order and its date. It stands on this page and under figures.",
    )
    confirmed = fields.CheckboxField("The agency has confirmed this")


class _Asked(flask_wtf.FlaskForm):
    """What an address asks for; sent by GET, so it needs no token."""

    class Meta:
        """No token in an address."""

        csrf = False


class DateForm(_Asked):
    """As of which day a page shows things."""

    on = fields.DateField("As of")


class TrailForm(_Asked):
    """Which part of the audit trail to show; ids of a person and of a thing go with it."""

    about = fields.ChoiceField("Show", choices=ABOUT)
    since = fields.DateField("From")
    until = fields.DateField("To")
    person = wtforms.HiddenField()
    thing = wtforms.HiddenField()


class FindForm(flask_wtf.FlaskForm):
    """Whose trail, or which case's; sent by POST, since no name belongs into an address."""

    words = fields.TextField(
        "Person or case number",
        [
            fields.required("Write a name, an e-mail address, a staff number or a case number."),
            fields.at_most(_LONGEST_SEARCH),
        ],
        description="A name, an e-mail address or a staff number; or a whole case number.",
    )


def show_blockers(form: wtforms.Form, blockers: Iterable[Blocker]) -> None:
    """Put each reason at the field that it is about, else on top of the form."""
    for blocker in blockers:
        field = form._fields.get(blocker.place)
        if field is None:
            form.form_errors.append(blocker.message)
        else:
            field.errors = [*field.errors, blocker.message]
