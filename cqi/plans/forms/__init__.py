"""The forms of plans: shape and wording of what people write, no decisions."""

from __future__ import annotations

import flask
import flask_wtf
from wtforms import validators

from cqi.core import errors
from cqi.plans.workflow import PlanMove
from cqi.ui import fields

TITLE = 200
WORDS = 4000


class PlanForm(flask_wtf.FlaskForm):
    """A new plan. Its choices of rounds are set by the view."""

    name = fields.TextField(
        "Name of the plan",
        description="Such as: Region 2 improvement plan.",
        validators=[fields.required("Give the plan a name."), fields.at_most(TITLE)],
    )
    round = fields.ChoiceField(
        "Round that the plan answers",
        description="Baselines of goals come from this round.",
        validators=[fields.required("Choose a round.")],
    )


class GoalForm(flask_wtf.FlaskForm):
    """What shall change. Its choices of measures are set by the view."""

    measure = fields.ChoiceField(
        "Measure",
        description="A component or an item, with its figures in the plan's round.",
        validators=[fields.required("Choose what shall be measured.")],
    )
    title = fields.TextField(
        "The goal in plain words",
        validators=[fields.required("Say what shall be different."), fields.at_most(TITLE)],
    )
    target = fields.NumberField(
        "Negotiated target, in percent",
        description="Leave it empty to take the target from the PIP arithmetic.",
        validators=[validators.Optional()],
    )


class StrategyForm(flask_wtf.FlaskForm):
    """A way to a goal."""

    title = fields.TextField(
        "Strategy",
        validators=[fields.required("Say how the goal is to be reached."), fields.at_most(TITLE)],
    )


class StepForm(flask_wtf.FlaskForm):
    """An action step. Its choices of owners are set by the view."""

    title = fields.TextField(
        "Step", validators=[fields.required("Say what is to be done."), fields.at_most(TITLE)]
    )
    owner = fields.ChoiceField("Owner", validators=[fields.required("Choose an owner.")])
    starts_on = fields.DateField("Starts on", validators=[fields.required("Say when it starts.")])
    due_on = fields.DateField("Due on", validators=[fields.required("Say when it is due.")])
    evidence_asked = fields.TextAreaField(
        "What will prove that it is done",
        validators=[fields.required("Say what evidence will prove it."), fields.at_most(WORDS)],
    )


class MoveForm(flask_wtf.FlaskForm):
    """A move of a plan: the button says which, the words why."""

    words = fields.TextAreaField(
        "What you say with it",
        description="Needed when you return a plan, or close it with unmet goals.",
        validators=[fields.at_most(WORDS)],
    )

    def chosen(self) -> PlanMove:
        """The move whose button was pressed. Raises BadInput where there is no such one."""
        named = flask.request.form.get("move", "")
        offered = set(PlanMove) - {PlanMove.SUPERSEDE}
        if named not in offered:
            raise errors.BadInput("Use a button of the page: this is no move of a plan.")
        return PlanMove(named)


def show_blockers(form: flask_wtf.FlaskForm, refused: errors.Blocked) -> None:
    """Put what an action refused beside the fields that can mend it."""
    for blocker in refused.blockers:
        if blocker.place in form:
            field = form[blocker.place]
            field.errors = [*field.errors, blocker.message]
        else:
            form.form_errors.append(blocker.message)
