"""What is chosen on dashboards: shape and wording, no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import wtforms

from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.rounds.rules import ROUND_KIND_WORDS
from cqi.ui import fields

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
    """Which rounds and cases of all regions are shown, and which component closer."""

    kind = fields.ChoiceField("Rounds", choices=_KINDS)
    case_type = fields.ChoiceField("Case type", choices=_CASE_TYPES)
    component = fields.ChoiceField("Component")

    def __init__(self, *args: Any, components: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.component.choices = fields.choices_of(components)
