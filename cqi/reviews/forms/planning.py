"""When an interview is to be held."""

from __future__ import annotations

import wtforms

from cqi.reviews.rules import interviews as hearing
from cqi.reviews.rules import planning
from cqi.ui import fields, widgets


class PlanForm(wtforms.Form):
    """The time of one interview; `seen` is how often it had been changed when the page was made."""

    starts = fields.MomentField(
        "Day and time",
        [fields.required("Say on which day it begins, and when.")],
        description="On the agency’s clocks.",
    )
    minutes = fields.ChoiceField(
        "How long",
        choices={str(each): f"{each} minutes" for each in planning.LENGTHS},
        default=str(planning.USUAL_LENGTH),
    )
    how = fields.TilesField(
        "How",
        [fields.required("Say how it will be held.")],
        choices=hearing.HOW_WORDS,
        widget=widgets.Tiles(),
    )
    place = fields.TextField(
        "Where (optional)",
        [fields.at_most(planning.LONGEST_PLACE)],
        description="A room or an office. Never a family’s address: write “at home”. It stands in"
        " no calendar file and in no notice.",
    )
    seen = wtforms.HiddenField()

    @property
    def seen_number(self) -> int:
        """`seen` as a number; 0 where it is none."""
        text = str(self.seen.data or "")
        return int(text) if text.isascii() and text.isdigit() else 0
