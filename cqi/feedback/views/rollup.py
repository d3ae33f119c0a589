"""Feedback of a region, added up."""

from __future__ import annotations

import uuid

import flask

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.feedback import queries
from cqi.feedback.rules.needs import KIND_WORDS
from cqi.feedback.views import routes
from cqi.settings import queries as settings
from cqi.settings import registry
from cqi.ui import dates

blueprint = routes.blueprint


@blueprint.get("/roll-up")
@guard.requires(Permission.FEEDBACK_ROLL_UP)
def roll_up() -> str:
    """By county and component: memos, who acknowledged them, needs by kind, alerts."""
    session, clocks = current.session(), routes.clocks()
    wanted = _round()
    return flask.render_template(
        "feedback/roll_up.html",
        view=queries.roll_up(session, current.actor(), clocks, current.now(), wanted),
        wanted=wanted,
        kinds=KIND_WORDS,
        fewest=settings.number(session, registry.SMALLEST_N, current.today()),
        calendar=clocks.calendar,
        dates=dates,
    )


def _round() -> uuid.UUID | None:
    """The round that is asked for; what is no round's name is not found."""
    named = flask.request.args.get("round", "")
    try:
        return uuid.UUID(named) if named else None
    except ValueError:
        raise errors.NotFound("there is no such round") from None
