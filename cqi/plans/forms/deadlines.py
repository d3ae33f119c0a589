"""The forms of whoever hears of late steps: that they know, and what they will do."""

from __future__ import annotations

import uuid

import flask_wtf

from cqi.ui import fields

WORDS = 4000


class AcknowledgeForm(flask_wtf.FlaskForm):
    """One late step."""

    words = fields.TextAreaField(
        "What you will do about it, and until when",
        description="It stands on the ladder with your name, for everybody who sees the plan.",
        validators=[
            fields.required("Say what you will do about it, and until when."),
            fields.at_most(WORDS),
        ],
    )


class AcknowledgeStepsForm(AcknowledgeForm):
    """Late steps, and what else is overdue, at once. Its choices are set by the view."""

    steps = fields.SeveralField(
        "What you answer for here",
        validators=[fields.required("Choose at least one.")],
    )

    def drop_gone(self) -> list[uuid.UUID]:
        """Choose no more what is not offered any more; those steps, plans and reports."""
        offered = {str(each[0]) for each in self.steps.iter_choices()}
        gone = [each for each in self.steps.data or [] if each not in offered and _is_key(each)]
        self.steps.data = [each for each in self.steps.data or [] if each not in gone]
        return [uuid.UUID(each) for each in gone]


def _is_key(sent: str) -> bool:
    try:
        uuid.UUID(sent)
    except ValueError:
        return False
    return True
