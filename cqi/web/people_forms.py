"""The forms of people and their grants: shape and wording, no decisions."""

from __future__ import annotations

import flask_wtf
import wtforms

from cqi.access import law, people
from cqi.access.permissions import ROLE_WORDS
from cqi.ui import fields
from cqi.web import forms

_ALL = {"": "All"}


def why() -> fields.TextAreaField:
    """A reason, as every change of people and grants asks for one."""
    words = "Say why, for those who read it later."
    return fields.TextAreaField("Why", validators=[fields.required(words), fields.at_most(2000)])


class ReasonForm(flask_wtf.FlaskForm):
    """Nothing but a reason."""

    reason = why()


class FilterForm(flask_wtf.FlaskForm):
    """Which people to list; sent by GET."""

    class Meta:
        """No token in an address."""

        csrf = False

    words = fields.TextField("Name, e-mail or staff number")
    role = fields.ChoiceField("Role", choices=_ALL | {k.value: v for k, v in ROLE_WORDS.items()})
    place = fields.ChoiceField("Place")
    state = fields.ChoiceField(
        "State", choices=_ALL | {k.value: v for k, v in people.STATE_WORDS.items()}
    )


class PersonForm(flask_wtf.FlaskForm):
    """What somebody is called and known by."""

    name = fields.TextField(
        "Name", validators=[fields.required("Write the person's name."), fields.at_most(200)]
    )
    email = fields.EmailField(
        "E-mail address",
        description="They sign in with it.",
        validators=[fields.required("Write an e-mail address."), fields.at_most(255)],
    )
    staff_id = fields.TextField(
        "Staff number",
        description="As case lists write it. It finds their own cases, and conflicts of interest.",
        validators=[fields.at_most(40)],
    )
    seen = wtforms.HiddenField()


class GrantForm(flask_wtf.FlaskForm):
    """A role's reach and dates. The view sets the choices, and takes away what the role has not."""

    place = fields.ChoiceField("For which place")
    round = fields.ChoiceField("For which round", [fields.required("Choose the round.")])
    from_on = fields.DateField("From", validators=[fields.required("Say from when.")])
    until_on = fields.DateField("Until", description="The last day. Leave it empty for no end.")
    reason = why()


class BasisForm(flask_wtf.FlaskForm):
    """A document that lets somebody outside the agency in."""

    kind = fields.ChoiceField(
        "What it is",
        choices={"": "Choose"} | {k.value: v for k, v in law.BASIS_WORDS.items()},
        validators=[fields.required("Choose what it is.")],
    )
    reference = fields.TextField(
        "Order number, or where the document is filed",
        validators=[fields.required("Write the order number, or where the document is filed.")],
    )
    document_on = fields.DateField(
        "Date of the document", validators=[fields.required("Write the document's date.")]
    )
    expires_on = fields.DateField(
        "Last day",
        description="Access ends by itself after this day.",
        validators=[fields.required("Write the last day.")],
    )


class DisclosureForm(flask_wtf.FlaskForm):
    """Case content that went out by another way than a file from here."""

    case_number = fields.TextField(
        "Case number", validators=[fields.required("Write the number of the case.")]
    )
    persons = fields.TextAreaField(
        "Given to",
        description="Names and offices.",
        validators=[fields.required("Say who was given it."), fields.at_most(2000)],
    )
    extent = fields.TextAreaField(
        "What was given", validators=[fields.required("Say what."), fields.at_most(2000)]
    )
    purpose = fields.TextAreaField(
        "What for", validators=[fields.required("Say what for."), fields.at_most(2000)]
    )
    order_number = fields.TextField("Order number", validators=[fields.at_most(100)])
    given_on = fields.DateField("Given on", validators=[fields.required("Write the day.")])
    expires_on = fields.DateField("May be kept until")


class CaseForm(flask_wtf.FlaskForm):
    """Which case is asked about; sent by GET."""

    class Meta:
        """No token in an address."""

        csrf = False

    case = fields.TextField("Case number, or the case's id")


class PasswordForm(flask_wtf.FlaskForm):
    """A new password, twice."""

    password = fields.PasswordField(
        "New password",
        description="At least 12 characters. Three or four words that you can remember do well.",
        validators=[fields.required("Write a password.")],
    )
    again = fields.PasswordField(
        "The same once more", validators=[fields.required("Write the password once more.")]
    )


show_blockers = forms.show_blockers
