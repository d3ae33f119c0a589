"""What the state's page is narrowed to and how it is sorted; sent by GET."""

from __future__ import annotations

import flask_wtf

from cqi.plans.rules import STATE_WORDS
from cqi.ui import fields


class OverviewForm(flask_wtf.FlaskForm):
    """Which plans are shown. Its choices of regions and ways are set by the view."""

    class Meta:
        """No token in an address."""

        csrf = False

    region = fields.ChoiceField("Region")
    state = fields.ChoiceField(
        "State",
        choices={"": "Any", **{each.value: words for each, words in STATE_WORDS.items()}},
    )
    late = fields.ChoiceField("Steps", choices={"": "Any", "yes": "Late ones only"})
    sort = fields.ChoiceField("Sort by")
