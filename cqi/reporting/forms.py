"""The forms of results: what is chosen on dashboards, and what people write in reports. Shape and
wording, no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask_wtf
import wtforms

from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.core import errors
from cqi.reporting.rules.reports import WORDS
from cqi.reviews import forms as reviews
from cqi.rounds.rules import ROUND_KIND_WORDS
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


class PackForm(flask_wtf.FlaskForm):
    """As of which day every county's report is drawn."""

    as_of = fields.DateField("Reports as of", [fields.required("Choose a day.")])


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


_CASE_TYPES = {"": "All"} | {kind.value: words for kind, words in CASE_TYPE_WORDS.items()}
_KINDS = {"": "The newest of each region"} | {
    kind.value: words for kind, words in ROUND_KIND_WORDS.items()
}


class PlaceFilterForm(wtforms.Form):
    """Which part of which round of a place is shown. A county has no choice of counties."""

    round = fields.ChoiceField("Round")
    case_type = fields.ChoiceField("Case type", choices=_CASE_TYPES)
    county = fields.ChoiceField("County")

    def __init__(
        self,
        *args: Any,
        rounds: Mapping[str, str],
        counties: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.round.choices = fields.choices_of(rounds)
        if counties:
            self.county.choices = fields.choices_of({"": "All"} | dict(counties))
        else:
            del self.county


class StateFilterForm(wtforms.Form):
    """Which rounds and cases of all regions are shown, and which component closer, where there is
    a choice of them."""

    kind = fields.ChoiceField("Rounds", choices=_KINDS)
    case_type = fields.ChoiceField("Case type", choices=_CASE_TYPES)
    component = fields.ChoiceField("Component")

    def __init__(
        self, *args: Any, components: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        if components is None:
            del self.component
        else:
            self.component.choices = fields.choices_of(components)
