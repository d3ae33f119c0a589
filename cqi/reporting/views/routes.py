"""The blueprint that all pages of results share."""

from __future__ import annotations

import flask

blueprint = flask.Blueprint(
    "reporting", __name__, url_prefix="/reports", template_folder="../templates"
)
