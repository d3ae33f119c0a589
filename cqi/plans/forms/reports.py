"""The forms of progress reports: the narrative, a comment, an answer."""

from __future__ import annotations

import flask_wtf
import wtforms

from cqi.plans.rules.reports import LONGEST, LONGEST_REMARK
from cqi.ui import fields


class NarrativeForm(flask_wtf.FlaskForm):
    """What was done, what stands in the way, what comes; `revision` is what it was written on."""

    narrative = fields.TextAreaField(
        "In your words",
        description="What was done, what stands in the way, and what comes next. The list of steps"
        " below goes along by itself.",
        validators=[fields.at_most(LONGEST)],
    )
    revision = wtforms.HiddenField()


class RemarkForm(flask_wtf.FlaskForm):
    """A comment, or an answer to one."""

    words = fields.TextAreaField(
        "Your comment",
        validators=[fields.required("Write it down."), fields.at_most(LONGEST_REMARK)],
    )


class AnswerForm(RemarkForm):
    """The same under a comment."""

    words = fields.TextAreaField(
        "Your answer",
        validators=[fields.required("Write it down."), fields.at_most(LONGEST_REMARK)],
    )
