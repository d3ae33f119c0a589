"""What the pages of feedback share: their blueprint, and the clocks of today."""

from __future__ import annotations

import flask

from cqi.access import current
from cqi.core import holidays
from cqi.feedback import queries
from cqi.feedback.rules.clocks import Calendar, Clocks

blueprint = flask.Blueprint(
    "feedback", __name__, url_prefix="/feedback", template_folder="../templates"
)
REFUSED = 422


def clocks() -> Clocks:
    """Every clock of feedback, as of today."""
    today = Calendar(current.today(), current.clock().time_zone, holidays.days())
    return queries.clocks(current.session(), today)
