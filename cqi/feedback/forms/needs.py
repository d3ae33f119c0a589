"""What people write about systemic needs."""

from __future__ import annotations

from collections.abc import Mapping

import flask_wtf
import wtforms

from cqi.core import identifiers
from cqi.feedback.forms import hidden
from cqi.feedback.rules import needs as rules
from cqi.feedback.rules.needs import KIND_WORDS, NeedKind, NewNeed
from cqi.feedback.workflow import NeedStep
from cqi.ui import fields

_BUTTONS = "Send it with one of the four buttons."


class NeedForm(flask_wtf.FlaskForm):
    """A need from a memo; the button that sends it says of which kind it is."""

    words = fields.TextAreaField(
        "What is needed",
        validators=[
            fields.required("Say what is needed, in a sentence or two."),
            fields.at_most(rules.LONGEST),
        ],
        description="Name no person and no case: others read it.",
    )
    item = fields.ChoiceField("Activity that it shows in")
    kind = fields.ChoiceField(
        "Kind",
        choices={kind.value: words for kind, words in KIND_WORDS.items()},
        validators=[fields.required(_BUTTONS)],
        invalid_choice_message=_BUTTONS,
    )
    key = wtforms.HiddenField()

    def need(self) -> NewNeed:
        """What it says."""
        kind, words = NeedKind(self.kind.data), self.words.data or ""
        return NewNeed(hidden.key_of(self.key), kind, words, self.item.data or "")


def need_form(activities: Mapping[str, str], *, sent: bool = False) -> NeedForm:
    """An empty one, or as it was sent."""
    more = {} if sent else {"formdata": None}
    form = NeedForm(prefix="need-", data={"key": str(identifiers.uuid7())}, **more)
    form.item.choices = fields.choices_of({"": "None in particular", **activities})
    return form


_LABELS = {
    NeedStep.HAND_ON: ("Why the CQI director", "They read it with the need."),
    NeedStep.ANSWER: (
        "Your reply",
        "What will be done, by whom and by when; or why nothing can be. The supervisor reads it.",
    ),
    NeedStep.ASK_AGAIN: ("What is still open", "It goes back with your words."),
    NeedStep.CLOSE: ("A last word", ""),
}


class StepForm(flask_wtf.FlaskForm):
    """What is said with one step of a need."""

    words = fields.TextAreaField("Your words", validators=[fields.at_most(rules.LONGEST)])
    step = wtforms.HiddenField()


def step_form(step: NeedStep, *, sent: bool = False) -> StepForm:
    """The form of a step; the names of its fields begin with it."""
    more = {} if sent else {"formdata": None}
    form = StepForm(prefix=f"{step.value}-", **more)
    form.words.label.text, form.words.description = _LABELS[step]
    return form
