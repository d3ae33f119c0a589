"""What people type in about the roll-out: dates of stages, days they began, the order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import wtforms

from cqi.rounds.rules.rollout import DEGREE_WORDS, STAGE_WORDS, Stage
from cqi.ui import fields

_LONGEST = 1000


def _day(stage: Stage, ends: str = "") -> fields.DateField:
    words = f"{STAGE_WORDS[stage]}: {ends or 'first day'}"
    return fields.DateField(words, [fields.required("Give this date.")])


class Seen(wtforms.Form):
    """`seen` is the state that the page showed; whoever sends again has read what stands now."""

    seen = wtforms.HiddenField()

    @property
    def seen_number(self) -> int:
        """The same as a number; 0 for none."""
        text = self.seen.data or ""
        return int(text) if text.isdecimal() else 0


class StartForm(wtforms.Form):
    """From which day dates are to be suggested."""

    start = fields.DateField(
        "Planning begins on",
        [fields.required("Say when planning begins.")],
        description="The other dates are filled in from the lengths of the stages.",
    )


class DatesForm(Seen):
    """A region's planned dates."""

    planning_from = _day(Stage.PLANNING)
    baseline_from = _day(Stage.BASELINE)
    baseline_to = _day(Stage.BASELINE, "last day")
    implementation_from = _day(Stage.IMPLEMENTATION)
    implementation_to = _day(Stage.IMPLEMENTATION, "last day")
    follow_up_from = _day(Stage.FOLLOW_UP)
    follow_up_to = _day(Stage.FOLLOW_UP, "last day")
    support_from = _day(Stage.SUPPORT)
    reason = fields.TextAreaField(
        "Why?",
        [fields.at_most(_LONGEST)],
        description="Asked for when a plan changes. It stands on the region's page with your name.",
    )


class BeginningsForm(Seen):
    """On which days stages began that no round tells of."""

    planning_on = fields.DateField("Planning began on", [wtforms.validators.Optional()])
    implementation_on = fields.DateField(
        "Initial implementation began on", [wtforms.validators.Optional()]
    )
    support_on = fields.DateField("Continuing support began on", [wtforms.validators.Optional()])
    reason = fields.TextAreaField(
        "Why?",
        [fields.at_most(_LONGEST)],
        description="Asked for when a day that was written down becomes another.",
    )


class OwnItemForm(Seen):
    """That an item of one's own is done."""

    done_on = fields.DateField(
        "Done on",
        [wtforms.validators.Optional()],
        description="Leave it empty while it is not done. Your name is kept with it.",
    )
    note = fields.TextAreaField(
        "How one can see that it is done",
        [fields.at_most(_LONGEST)],
        description="Asked for once it is done. Name no case and no family.",
    )


class ItemForm(OwnItemForm):
    """The same with whose it is and until when. Its choices of owners are set by the view."""

    owner = fields.ChoiceField("Owner", [fields.required("Choose who does it.")])
    due_on = fields.DateField("Due on", [fields.required("Say when it is due.")])


class BenchmarkForm(wtforms.Form):
    """How far a component is put into practice. Its components are set by the view."""

    component = fields.ChoiceField("Component", [fields.required("Choose a component.")])
    degree = fields.TilesField(
        "Stage of implementation",
        [fields.required("Choose a stage.")],
        choices={degree.value: words for degree, words in DEGREE_WORDS.items()},
    )
    from_on = fields.DateField("Since", [fields.required("Say since when.")])
    note = fields.TextAreaField(
        "What shows it?",
        [fields.required("Say what shows it."), fields.at_most(_LONGEST)],
        description="Such as findings of a round, training records, observed practice.",
    )


class OrderForm(Seen):
    """In which order regions begin; `of_regions` makes a form with a place for each."""

    criteria = fields.TextAreaField(
        "By which criteria?",
        [fields.required("Say by which criteria."), fields.at_most(_LONGEST)],
        description="Such as readiness of staff, number of cases, distance to trainers.",
    )
    reason = fields.TextAreaField(
        "What decided it?",
        [fields.required("Say what decided it."), fields.at_most(_LONGEST)],
        description="Whoever sees the roll-out reads it, with your name.",
    )

    def places(self) -> list[wtforms.Field]:
        """The fields of the regions."""
        return [field for field in self if field.name.startswith(_PLACE)]

    @property
    def chosen(self) -> tuple[int, ...]:
        """The regions' ids by their place; two on one place stand beside each other."""
        placed = sorted(self.places(), key=lambda field: field.data or 0)
        return tuple(int(field.name.removeprefix(_PLACE)) for field in placed)

    def validate(self, extra_validators: Any = None) -> bool:
        """No two regions on one place: the second is told so."""
        valid, taken = super().validate(extra_validators), set()
        for field in self.places():
            if field.data in taken:
                field.errors = [*field.errors, f"Place {field.data} is taken: choose another."]
                valid = False
            taken |= {field.data} - {None}
        return valid


_PLACE = "place_"


def of_regions(names: Mapping[int, str]) -> type[OrderForm]:
    """A form with a place for each region, by id."""
    placed: dict[str, Any] = {
        f"{_PLACE}{id_}": fields.NumberField(
            name,
            [
                fields.required(f"Give {name} its place."),
                wtforms.validators.NumberRange(1, len(names), f"A number from 1 to {len(names)}."),
            ],
        )
        for id_, name in names.items()
    }
    return type("OrderOfRegionsForm", (OrderForm,), placed)
