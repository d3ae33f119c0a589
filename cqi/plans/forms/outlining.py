"""The forms of a draft's goals, strategies and steps, to add one and to change it."""

from __future__ import annotations

import flask_wtf
import wtforms
from wtforms import validators

from cqi.plans.forms import shape
from cqi.plans.forms.shape import TITLE, WORDS
from cqi.ui import fields


class GoalForm(flask_wtf.FlaskForm):
    """What shall change. Its choices of findings and measures are set by the view."""

    finding = fields.ChoiceField(
        "Finding that it answers",
        description="Only accepted findings can be chosen. Each goal needs one at submission.",
        validators=[validators.Optional()],
    )
    measure = fields.ChoiceField(
        "Measure",
        description="A component or an item, with its figures in the plan's round.",
        validators=[fields.required("Choose what shall be measured.")],
    )
    title = fields.TextField(
        "The goal in plain words",
        validators=[fields.required("Say what shall be different."), fields.at_most(TITLE)],
    )
    target = fields.PercentField(
        "Negotiated target, in percent",
        description="One decimal at most, such as 69.3. Leave it empty to take the target from the"
        " PIP arithmetic: the baseline plus 1.28 sampling errors. A strength may aim at its"
        " baseline.",
        validators=[validators.Optional()],
    )
    target_reason = fields.TextField(
        "Why the target is negotiated",
        description="Only with a target of your own.",
        validators=[fields.at_most(WORDS)],
    )
    measured_on = fields.DateField(
        "Measured again on", description="Such as the first day of the follow-up round."
    )
    sample = fields.TextField(
        "On which cases it is measured",
        description="Such as: all cases of the follow-up round.",
        validators=[fields.at_most(WORDS)],
    )
    revision = wtforms.HiddenField()


class StrategyForm(flask_wtf.FlaskForm):
    """A way to a goal. Its choices of people are set by the view."""

    title = fields.TextField(
        "Strategy",
        validators=[fields.required("Say how the goal is to be reached."), fields.at_most(TITLE)],
    )
    why = fields.TextAreaField("Why it should work", validators=[fields.at_most(WORDS)])
    evidence = fields.TextAreaField(
        "What speaks for it",
        description="Research, another region's experience, or what reviews showed.",
        validators=[fields.at_most(WORDS)],
    )
    lead = fields.ChoiceField("Who leads it", validators=[validators.Optional()])
    revision = wtforms.HiddenField()


class StepForm(flask_wtf.FlaskForm):
    """An action step. Its choices of owners and of other steps are set by the view."""

    title = shape.step_title()
    owner = fields.ChoiceField(
        "Owner",
        description="Who does it; for a partner organisation, the person who answers for it here.",
        validators=[fields.required("Choose an owner.")],
    )
    partner = fields.TextField(
        "Partner organisation",
        description="Only where an organisation outside the agency does it.",
        validators=[fields.at_most(TITLE)],
    )
    partner_contact = fields.TextField(
        "How to reach the partner",
        description="A name with a phone number or an e-mail address.",
        validators=[fields.at_most(TITLE)],
    )
    starts_on = fields.DateField("Starts on", validators=[fields.required("Say when it starts.")])
    due_on = fields.DateField("Due on", validators=[fields.required("Say when it is due.")])
    evidence_asked = shape.evidence_asked()
    help_needed = fields.TextAreaField("Help that is needed", validators=[fields.at_most(WORDS)])
    depends_on = fields.ChoiceField(
        "Waits for another step",
        description="That step has to be done before this one can be claimed as done.",
        validators=[validators.Optional()],
    )
    revision = wtforms.HiddenField()


class DropForm(flask_wtf.FlaskForm):
    """Leaving a goal, a strategy or a step of a draft out."""

    words = fields.TextAreaField(
        "Why it is dropped",
        description="It stays in sight with its number and your reason, and can be taken back.",
        validators=[fields.required("Say why it is dropped."), fields.at_most(WORDS)],
    )
