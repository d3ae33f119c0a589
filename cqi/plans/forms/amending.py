"""The forms in which changes of a plan in force are asked for and decided."""

from __future__ import annotations

import flask
import flask_wtf

from cqi.core import errors
from cqi.plans.forms import WORDS, shape
from cqi.plans.rules.amendments import AmendmentKind
from cqi.plans.workflow import AmendmentMove
from cqi.ui import fields


def _reason() -> fields.TextAreaField:
    return fields.TextAreaField(
        "Why?",
        description="Whoever decides reads it, and it stays with the plan.",
        validators=[fields.required("Say why: it stays with the plan."), fields.at_most(WORDS)],
    )


class ExtensionForm(flask_wtf.FlaskForm):
    """More time."""

    due_on = fields.DateField(
        "New due date", validators=[fields.required("Give the new due date.")]
    )
    reason = _reason()


class ChangeForm(flask_wtf.FlaskForm):
    """Another title, owner or evidence. Its choices of owners are set by the view."""

    title = shape.step_title()
    owner = fields.ChoiceField("Owner", validators=[fields.required("Choose an owner.")])
    evidence_asked = shape.evidence_asked()
    reason = _reason()


class DropForm(flask_wtf.FlaskForm):
    """A step that shall not be done."""

    reason = _reason()


class TargetForm(flask_wtf.FlaskForm):
    """Another target of a goal."""

    target = fields.PercentField(
        "New target, in percent",
        description="One decimal at most, such as 69.3.",
        validators=[fields.required("Give the new target.")],
    )
    reason = _reason()


OF_STEP: dict[AmendmentKind, type[flask_wtf.FlaskForm]] = {
    AmendmentKind.EXTENSION: ExtensionForm,
    AmendmentKind.STEP: ChangeForm,
    AmendmentKind.DROP: DropForm,
}


class DecideForm(flask_wtf.FlaskForm):
    """What comes of a request: the button says which, the words why."""

    words = fields.TextAreaField(
        "What you say to it",
        description="Needed when you refuse.",
        validators=[fields.at_most(WORDS)],
    )

    def chosen(self) -> AmendmentMove:
        """The move whose button was pressed. Raises BadInput where there is no such one."""
        named = flask.request.form.get("move", "")
        if named not in set(AmendmentMove):
            raise errors.BadInput("Use a button of the page: this is no answer to a request.")
        return AmendmentMove(named)
