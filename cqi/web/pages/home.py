"""The first page. For now: what somebody may open."""

from __future__ import annotations

import flask

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.web import navigation

blueprint = flask.Blueprint("home", __name__)


@blueprint.get("/")
@guard.requires(Permission.HOME_SEE)
def home() -> str:
    """Where to go from here."""
    places = [
        entry for entry in navigation.entries(current.actor()) if entry.endpoint != "home.home"
    ]
    return flask.render_template("web/home.html", places=places)
