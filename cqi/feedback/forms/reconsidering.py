"""What people say when a rating is looked at again: which one and why, and what is decided."""

from __future__ import annotations

from collections.abc import Mapping

import flask_wtf

from cqi.feedback.rules.reconsidering import GROUND_WORDS, Ground
from cqi.instruments.definition import Rating
from cqi.ui import fields

LONGEST = 4000
STAYS = "stays"


class AskForm(flask_wtf.FlaskForm):
    """Which rating should be looked at again, and why. Its choices of items are set by the view."""

    item = fields.ChoiceField(
        "Which rating?", [fields.required("Choose the item that it is about.")]
    )
    ground = fields.TilesField(
        "What do you have?",
        [fields.required("Say whether you have new evidence, or a reason to read it otherwise.")],
        choices={each.value: GROUND_WORDS[each] for each in Ground},
    )
    words = fields.TextAreaField(
        "What should be looked at?",
        [
            fields.required("Say what was not seen, or why it should be read otherwise."),
            fields.at_most(LONGEST),
        ],
        description="Say where it stands in the record, with dates. It is read there. The"
        " caseworker reads this too, perhaps without ratings: name none.",
    )

    def chosen(self) -> Ground:
        """The ground of a form that is valid."""
        return Ground(self.ground.data)


class DecideForm(flask_wtf.FlaskForm):
    """Whether a rating stays, or what it should be, with the reason."""

    decision = fields.TilesField(
        "What do you decide?", [fields.required("Choose what you decide.")]
    )
    words = fields.TextAreaField(
        "Why?",
        [
            fields.required("Say why: who asked, and the caseworker, read it."),
            fields.at_most(LONGEST),
        ],
        description="Say what you read and what it shows. Quote nobody. The caseworker reads this"
        " too, perhaps without ratings: name none.",
    )

    @property
    def rating(self) -> Rating | None:
        """What it should be; None where it stays."""
        return None if self.decision.data == STAYS else Rating(self.decision.data)


def ask_form(items: Mapping[str, str]) -> AskForm:
    """The form of one memo: item code -> how a choice names it."""
    form = AskForm()
    form.item.choices = fields.choices_of({"": "Choose an item", **items})
    return form


def decide_form(before: Rating, *, empty: bool = False) -> DecideForm:
    """The form about an item that is rated so."""
    form = DecideForm(formdata=None) if empty else DecideForm()
    others = (
        each
        for each in (Rating.STRENGTH, Rating.AREA_NEEDING_IMPROVEMENT, Rating.NOT_APPLICABLE)
        if each is not before
    )
    choices = {STAYS: "It stays as it is"}
    choices |= {each.value: f"It should be {each.noun}" for each in others}
    form.decision.choices = fields.choices_of(choices)
    return form
