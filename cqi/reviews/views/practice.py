"""A reviewer's practice cases: a place of their own, away from the cases that count."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.reviews import queries
from cqi.reviews.views import lines, routes


@routes.blueprint.get("/practice", endpoint="practice")
@guard.requires(Permission.REVIEW_SCORE)
def show_practice() -> ResponseReturnValue:
    """What the reader practises on: what is open first."""
    found = queries.my_practice(current.session(), current.actor(), current.now())
    return flask.render_template("reviews/practice.html", lines=[lines.of(each) for each in found])
