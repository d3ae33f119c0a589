"""What people type in to open a round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import wtforms

from cqi.rounds.rules import ROUND_KIND_WORDS, RoundKind
from cqi.ui import fields

OFFERED = (RoundKind.BASELINE, RoundKind.FOLLOW_UP)
# percent -> words
SHARES = {
    "0": "None has to: the first-level QA lead may ask for it",
    "10": "A random share: 10%",
    "20": "A random share: 20%",
    "50": "A random share: 50%",
    "100": "All case reviews",
}


@dataclass(frozen=True)
class Choices:
    """What there is to choose from: value to words."""

    regions: Mapping[str, str]
    instruments: Mapping[str, str]
    rounds: Mapping[str, str]


class RoundForm(wtforms.Form):
    """A regional review to open."""

    name = fields.TextField(
        "Name of the round",
        [fields.required("Give the round a name."), fields.at_most(120)],
        description="As people call it, such as 2027 I-South baseline.",
    )
    kind = fields.TilesField(
        "Kind",
        [fields.required("Choose what kind of round it is.")],
        choices={kind.value: ROUND_KIND_WORDS[kind] for kind in OFFERED},
    )
    region = fields.ChoiceField(
        "Region",
        [fields.required("Choose a region.")],
        description="Its counties on the first day on site belong to the round.",
    )
    instrument = fields.ChoiceField("Instrument", [fields.required("Choose an instrument.")])
    pur_from = fields.DateField(
        "Start of the period under review",
        [fields.required("Say when the period under review starts.")],
        description="It ends for each case on the day of its first submission.",
    )
    on_site_from = fields.DateField(
        "First day on site", [fields.required("Say when the review begins on site.")]
    )
    on_site_to = fields.DateField(
        "Last day on site", [fields.required("Say when the review ends on site.")]
    )
    second_level = fields.ChoiceField(
        "Second-level QA",
        choices=SHARES,
        default="0",
        description="By another QA lead. A share is drawn by a seed, which is kept.",
    )
    compares_with = fields.ChoiceField(
        "Compared with", description="For a follow-up: the baseline of the same region."
    )

    def __init__(self, *args: Any, choices: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.region.choices = fields.choices_of({"": "Choose a region", **choices.regions})
        self.instrument.choices = fields.choices_of(choices.instruments)
        self.compares_with.choices = fields.choices_of({"": "No other round", **choices.rounds})
