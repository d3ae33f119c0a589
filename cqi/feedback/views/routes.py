"""What the pages of feedback share: their blueprint, and the clocks of today."""

from __future__ import annotations

import flask

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import holidays
from cqi.feedback import queries
from cqi.feedback.rules.clocks import Calendar, Clocks

blueprint = flask.Blueprint(
    "feedback", __name__, url_prefix="/feedback", template_folder="../templates"
)
REFUSED = 422
# the pages of feedback beside each other, for whoever may open them: title, endpoint, permission
PLACES = (
    ("Memos", "memos", Permission.FEEDBACK_SEE),
    ("Unit", "unit", Permission.FEEDBACK_COACH),
    ("Roll-up", "roll_up", Permission.FEEDBACK_ROLL_UP),
    ("Coaching", "coaching", Permission.FEEDBACK_ACKNOWLEDGE),
    ("Needs", "needs", Permission.NEED_SEE),
)


@blueprint.context_processor
def _places() -> dict[str, object]:
    """Those of them that whoever looks may open: (title, address, whether it is this page)."""
    found = [
        (title, flask.url_for(f"feedback.{name}"), flask.request.endpoint == f"feedback.{name}")
        for title, name, permission in PLACES
        if guard.may(permission)
    ]
    return {"feedback_places": found}


def clocks() -> Clocks:
    """Every clock of feedback, as of today."""
    today = Calendar(current.today(), current.clock().time_zone, holidays.days())
    return queries.clocks(current.session(), today)
