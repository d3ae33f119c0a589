"""Is the process alive, and is it ready to serve?"""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy import exc

from cqi.access import current, guard
from cqi.core import errors, schema

blueprint = flask.Blueprint("health", __name__)


@blueprint.get("/healthz")
@guard.public
def alive() -> ResponseReturnValue:
    """200 while the process lives."""
    return "ok\n", {"Content-Type": "text/plain"}


@blueprint.get("/readyz")
@guard.public
def ready() -> ResponseReturnValue:
    """200 when database and migrations are right, else 503 with a reason."""
    reason = _reason()
    return (
        (f"{reason}\n" if reason else "ready\n"),
        503 if reason else 200,
        {"Content-Type": "text/plain"},
    )


def _reason() -> str:
    try:
        state = schema.check(current.database().engine)
    except (exc.SQLAlchemyError, errors.BadInput):
        return "the database does not answer"
    return "" if state.up_to_date else f"{state.words}: cqi db upgrade"
