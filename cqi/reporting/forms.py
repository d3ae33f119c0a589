"""The forms of reports: shape and wording of what people write, no decisions."""

from __future__ import annotations

import flask_wtf
import wtforms

from cqi.core import errors
from cqi.reporting.rules.reports import WORDS
from cqi.reviews import forms as reviews
from cqi.ui import fields

COMMENT = 4000


class SectionForm(flask_wtf.FlaskForm):
    """A narrative; `revision` is that of the text that was on the page."""

    text = fields.TextAreaField("Your words", [fields.at_most(WORDS)])
    revision = wtforms.HiddenField()


class TwoTextsForm(reviews.ConflictForm):
    """Which of two texts of a section should stand."""

    combined = fields.TextAreaField("Both texts, edit as you like", [fields.at_most(WORDS)])
    mine = wtforms.HiddenField(validators=[fields.at_most(2 * WORDS)])


class CommentForm(flask_wtf.FlaskForm):
    """What should be looked at. Its choices of sections are set by the view."""

    section = fields.ChoiceField("About")
    text = fields.TextAreaField(
        "Your comment",
        [fields.required("Write what should be looked at."), fields.at_most(COMMENT)],
        description="Name no child, family or worker.",
    )


class SendForReviewForm(flask_wtf.FlaskForm):
    """A draft goes to those who comment and approve."""


class SendBackForm(flask_wtf.FlaskForm):
    """Why a report goes back to its writers."""

    reason = fields.TextAreaField(
        "What should change?",
        [fields.required("Say what should change."), fields.at_most(COMMENT)],
    )


class ApproveForm(flask_wtf.FlaskForm):
    """The figures that were on the page are approved, and no others."""

    run = wtforms.HiddenField()


class PublishForm(flask_wtf.FlaskForm):
    """An approved report is published; the reason is for one that takes another's place."""

    reason = fields.TextAreaField(
        "Why does it take the place of the one before?", [fields.at_most(COMMENT)]
    )


class RunsForm(wtforms.Form):
    """Two runs of a round. Its choices are set by the view."""

    first = fields.ChoiceField("First run")
    second = fields.ChoiceField("Second run")


def show_blockers(form: flask_wtf.FlaskForm, refused: errors.Blocked) -> None:
    """Put what an action refused beside the fields that can mend it."""
    for blocker in refused.blockers:
        if blocker.place in form:
            field = form[blocker.place]
            field.errors = [*field.errors, blocker.message]
        else:
            form.form_errors.append(blocker.message)
