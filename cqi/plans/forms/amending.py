"""The forms in which changes of a plan in force are asked for and decided."""

from __future__ import annotations

from collections.abc import Collection

import flask
import flask_wtf

from cqi.core import errors
from cqi.plans.forms import WORDS, outlining, shape
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
    """Another title, owner, evidence, partner, help or step to wait for. Its choices of owners and
    of other steps are set by the view."""

    title = shape.step_title()
    owner = fields.ChoiceField("Owner", validators=[fields.required("Choose an owner.")])
    evidence_asked = shape.evidence_asked()
    partner = outlining.StepForm.partner
    partner_contact = outlining.StepForm.partner_contact
    help_needed = outlining.StepForm.help_needed
    depends_on = outlining.StepForm.depends_on
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
        validators=[fields.at_most(WORDS)],
    )

    def explain(self, offered: Collection[AmendmentMove]) -> None:
        """Say when words are needed, where it may be so."""
        if AmendmentMove.REFUSE in offered:
            self.words.description = "Needed when you refuse."

    def chosen(self) -> AmendmentMove:
        """The move whose button was pressed. Raises BadInput where there is no such one."""
        named = flask.request.form.get("move", "")
        if named not in set(AmendmentMove):
            raise errors.BadInput("Use a button of the page: this is no answer to a request.")
        return AmendmentMove(named)
