"""The forms of plans: shape and wording of what people write, no decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import flask
import flask_wtf

from cqi.core import errors
from cqi.plans.forms import beginning, outlining, shape
from cqi.plans.workflow import PlanMove
from cqi.ui import fields

TITLE = shape.TITLE
WORDS = shape.WORDS
PlanForm = beginning.PlanForm
CallForm = beginning.CallForm
SpareForm = beginning.SpareForm
DecideForm = beginning.DecideForm
RowForm = beginning.RowForm
row_form = beginning.row_form
FindingForm = beginning.FindingForm
NoteForm = beginning.NoteForm
GoalForm = outlining.GoalForm
StrategyForm = outlining.StrategyForm
StepForm = outlining.StepForm
DropForm = outlining.DropForm
number = shape.number


class MoveForm(flask_wtf.FlaskForm):
    """A move of a plan: the button says which, the words why."""

    words = fields.TextAreaField(
        "What you say with it",
        validators=[fields.at_most(WORDS)],
    )

    def explain(self, offered: Collection[PlanMove]) -> None:
        """Say when words are needed, where it may be so."""
        if PlanMove.RETURN in offered:
            self.words.description = "Needed when you return the plan."
        elif PlanMove.CLOSE_UNMET in offered:
            self.words.description = "Needed when you close the plan with unmet goals."
        elif PlanMove.WITHDRAW in offered:
            self.words.description = "Needed when you withdraw the draft."

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


def differing(form: flask_wtf.FlaskForm, stands: Mapping[str, object]) -> list[tuple[str, str]]:
    """(label, words) of what stands otherwise now than in a form that was sent; the form then
    counts as one that has read it."""
    found = []
    for name, value in stands.items():
        if name != "revision" and str(value or "") != str(form[name].data or ""):
            choices = dict(getattr(form[name], "choices", None) or {})
            found.append((form[name].label.text, str(choices.get(value, value or "nothing"))))
    form.revision.raw_data, form.revision.data = None, str(stands["revision"])
    return found
