"""A unit's feedback in one view."""

from __future__ import annotations

import flask

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.feedback import queries
from cqi.feedback.rules import Memo
from cqi.feedback.views import routes
from cqi.settings import queries as settings
from cqi.settings import registry

blueprint = routes.blueprint


@blueprint.get("/unit")
@guard.requires(Permission.FEEDBACK_COACH)
def unit() -> str:
    """By component over rounds, what the unit needs, and by worker in the order of names."""
    session, today = current.session(), current.today()
    return flask.render_template(
        "feedback/unit.html",
        view=queries.unit(session, current.actor(), today),
        fewest=settings.number(session, registry.SMALLEST_N, today),
    )


def card_of(memo: Memo | None) -> queries.UnitOn | None:
    """What stands beside a memo: the reader's unit on its needs."""
    titles = {point.code: point.title for point in memo.needs} if memo else {}
    return queries.unit_on(current.session(), current.actor(), titles, current.today())
