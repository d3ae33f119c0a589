"""The forms on the page of a step: how it stands, that it is done, and what others say to that."""

from __future__ import annotations

from typing import Any

import flask_wtf
from flask_wtf.file import MultipleFileField
from wtforms import validators

from cqi.core.errors import Blocker
from cqi.plans.forms import WORDS
from cqi.plans.rules import evidence
from cqi.plans.rules.evidence import Upload
from cqi.plans.workflow import StepMove
from cqi.ui import fields, widgets

STANDS = {
    StepMove.ON_SCHEDULE.value: "On schedule",
    StepMove.AHEAD.value: "Ahead of schedule",
    StepMove.BEHIND.value: "Behind schedule",
}
CHOOSE_AGAIN = "Nothing was stored. Choose your files again: a page cannot keep them."


class ReportForm(flask_wtf.FlaskForm):
    """How a step stands."""

    stands = fields.TilesField(
        "How does it stand?", [fields.required("Say how the step stands.")], choices=STANDS
    )
    words = fields.TextAreaField(
        "What happened, and what holds it up",
        description="Needed when it is behind.",
        validators=[fields.at_most(WORDS)],
    )
    recover_on = fields.DateField(
        "Back on schedule by",
        description="Only when it is behind.",
        validators=[validators.Optional()],
    )


class ClaimForm(flask_wtf.FlaskForm):
    """The owner says that a step is done."""

    words = fields.TextAreaField(
        "What proves that it is done",
        validators=[fields.required("Say what proves that it is done."), fields.at_most(WORDS)],
    )
    files = MultipleFileField("Files", widget=widgets.FileInput(several=True))
    link = fields.TextField(
        "Link",
        description="To a page that its readers can open. It begins with https://.",
        validators=[fields.at_most(evidence.LONGEST_LINK)],
    )
    helped = fields.AnswerField(
        "Did the CQI liaison help to do this?",
        description="Then the CQI director verifies it.",
        validators=[fields.required("Say whether the CQI liaison helped.")],
    )

    def uploads(self, megabytes: int) -> list[Upload]:
        """The files that were sent; of each at most a little more than may be stored."""
        most = megabytes * 1024 * 1024 + 1
        return [Upload(one.filename, one.stream.read(most)) for one in self._sent()]

    def to_choose_again(self) -> list[Blocker]:
        """What a page says beside files when something is wrong: it cannot keep them."""
        return [Blocker("choose_again", CHOOSE_AGAIN, "files")] if self._sent() else []

    def say_limits(self, megabytes: int) -> None:
        """How many files, how large, of which kinds."""
        self.files.description = (
            f"Up to {evidence.MOST_FILES}, each up to {megabytes} MB: {evidence.ACCEPTED}."
            " Leave out what names a child or a family, unless the proof needs it."
        )

    def _sent(self) -> list[Any]:
        return [one for one in self.files.data or [] if one and one.filename]


class VerifyForm(flask_wtf.FlaskForm):
    """Somebody else has seen the evidence."""

    words = fields.TextAreaField("What you saw", validators=[fields.at_most(WORDS)])


class SendBackForm(flask_wtf.FlaskForm):
    """The evidence does not prove it yet."""

    words = fields.TextAreaField(
        "What is missing or must change",
        validators=[fields.required("Say what is missing."), fields.at_most(WORDS)],
    )
