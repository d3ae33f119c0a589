"""The forms around the beginning of a plan: begin it, name a county, decide on findings."""

from __future__ import annotations

from collections.abc import Sequence

import flask_wtf
import wtforms
from werkzeug.datastructures import MultiDict
from wtforms import validators

from cqi.plans.forms import shape
from cqi.plans.forms.shape import TITLE, WORDS
from cqi.plans.policy.findings import Decision
from cqi.plans.queries.findings import FindingRow
from cqi.plans.rules.findings import DECISION_WORDS, FACTOR_WORDS, FindingDecision, SystemicFactor
from cqi.ui import fields

_MEASURE, _FACTOR = "measure:", "factor:"


class PlanForm(flask_wtf.FlaskForm):
    """A new plan. Its choices are set by the view; on a published report the round is known."""

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
    supersedes = fields.ChoiceField(
        "Plan whose place it takes",
        description="That plan ends on the day on which this one is approved. It stays readable.",
        validators=[validators.Optional()],
    )


class CallForm(flask_wtf.FlaskForm):
    """A county that writes a plan of its own. Its choices are set by the view."""

    county = fields.ChoiceField("County", validators=[fields.required("Choose a county.")])
    reason = fields.TextAreaField(
        "Why it needs a plan of its own",
        validators=[
            fields.required("Say why this county needs a plan of its own."),
            fields.at_most(WORDS),
        ],
    )


class SpareForm(flask_wtf.FlaskForm):
    """A county that was named and needs no plan of its own any more."""

    reason = fields.TextAreaField(
        "Why it needs no plan of its own any more",
        validators=[
            fields.required("Say why the county needs no plan of its own any more."),
            fields.at_most(WORDS),
        ],
    )


class DecideForm(flask_wtf.FlaskForm):
    """What stands below the table of findings; each row is a form of its own."""

    rest = fields.ChoiceField(
        "Findings that still say “To decide”",
        choices={"": "Leave them for later", FindingDecision.DECLINED.value: "Decline them all"},
        validators=[validators.Optional()],
    )
    rest_reason = fields.TextField("One reason for all of them", validators=[fields.at_most(WORDS)])

    def validate_rest_reason(self, field: wtforms.Field) -> None:
        """Declining needs a reason, here as in the rows."""
        if self.rest.data and not field.data:
            raise validators.ValidationError("Say why the rest is declined.")


class RowForm(wtforms.Form):
    """What is said of one finding; its fields begin with "f" and its number."""

    decision = fields.ChoiceField(
        "Decision", choices={one.value: words for one, words in DECISION_WORDS.items()}
    )
    into = fields.NumberField("Merge into finding number", validators=[validators.Optional()])
    reason = fields.TextField("Reason", validators=[fields.at_most(WORDS)])
    revision = wtforms.HiddenField()

    def said(self, position: int) -> Decision:
        """The decision that was sent. A reason stays with whatever is decided."""
        decision = FindingDecision(self.decision.data)
        merges = decision is FindingDecision.MERGED
        return Decision(
            position,
            decision,
            self.reason.data or "",
            self.into.data if merges else None,
            shape.number(self.revision.data),
        )


def row_form(row: FindingRow, sent: MultiDict[str, str] | None = None) -> RowForm:
    """A finding's row as it stands, or as it was sent."""
    stands = {
        "decision": row.decision.value,
        "into": row.into,
        "reason": row.reason,
        "revision": str(row.revision),
    }
    return RowForm(sent, prefix=f"f{row.position}-", data=stands)


def _finding() -> fields.TextField:
    return fields.TextField(
        "The finding in plain words",
        validators=[fields.required("Say what was found."), fields.at_most(TITLE)],
    )


def _root_causes() -> fields.TextAreaField:
    return fields.TextAreaField(
        "Root causes",
        description="Why it is so, as far as you know. Name no person and no case.",
        validators=[fields.at_most(WORDS)],
    )


class FindingForm(flask_wtf.FlaskForm):
    """A finding that somebody adds. Its measures are set by `offer`."""

    about = fields.ChoiceField(
        "What it is about",
        description="A systemic factor, or a component or item with its figures in the round.",
        validators=[fields.required("Say what the finding is about.")],
    )
    title, words = _finding(), _root_causes()

    def offer(self, measures: Sequence[tuple[str, str]]) -> None:
        """Let these measures, (code, words), and all systemic factors be chosen."""
        factors = [(_FACTOR + one.value, words) for one, words in FACTOR_WORDS.items()]
        offered = [(_MEASURE + code, words) for code, words in measures]
        self.about.choices = [("", "Choose what it is about"), *factors, *offered]

    @property
    def code(self) -> str | None:
        """The measure that was chosen."""
        chosen = str(self.about.data)
        return chosen.removeprefix(_MEASURE) if chosen.startswith(_MEASURE) else None

    @property
    def factor(self) -> SystemicFactor | None:
        """The factor that was chosen."""
        chosen = str(self.about.data)
        return SystemicFactor(chosen.removeprefix(_FACTOR)) if chosen.startswith(_FACTOR) else None


class NoteForm(flask_wtf.FlaskForm):
    """Root causes of a finding."""

    title, words = _finding(), _root_causes()
    revision = wtforms.HiddenField()
