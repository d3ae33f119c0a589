"""One's own deadlines for a calendar: as a file, and under a secret address."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.plans import actions
from cqi.plans.queries import calendar
from cqi.plans.views import routes
from cqi.ui import dates

blueprint = routes.blueprint
_MADE = "calendar_made"


@blueprint.get("/calendar")
@guard.requires(Permission.STEP_SEE)
def calendar_page() -> str:
    """The ways to have one's deadlines in a calendar; an address that was just made, once."""
    session, secret = current.session(), flask.session.pop(_MADE, "")
    address = flask.url_for("plans.calendar_feed", secret=secret, _external=True) if secret else ""
    return flask.render_template(
        "plans/calendar.html",
        feed=calendar.feed(session, current.actor()),
        address=address,
        local=current.clock().local,
        dates=dates,
    )


@blueprint.get("/calendar.ics", endpoint="calendar")
@guard.requires(Permission.STEP_SEE)
def calendar_file() -> ResponseReturnValue:
    """One's own deadlines as a file."""
    answer = _file(calendar.deadlines(current.session(), current.actor()))
    answer.headers["Content-Disposition"] = 'attachment; filename="plan-deadlines.ics"'
    return answer


@blueprint.post("/calendar/feed")
@guard.requires(Permission.STEP_SEE)
def make_feed() -> ResponseReturnValue:
    """A new secret address; the one before stops working. It is shown on the next page, once: to
    load that page again makes no other."""
    secret = actions.make_feed(current.session(), actor=current.actor(), now=current.now())
    flask.session[_MADE] = secret
    return flask.redirect(flask.url_for("plans.calendar_page"), code=303)


@blueprint.post("/calendar/feed/end")
@guard.requires(Permission.STEP_SEE)
def end_feed() -> ResponseReturnValue:
    """The address stops working."""
    try:
        actions.end_feed(current.session(), actor=current.actor(), now=current.now())
    except errors.Blocked as refused:
        flask.flash(refused.blockers[0].message)
    else:
        flask.flash("Ended. The address does not work any more.")
    return flask.redirect(flask.url_for("plans.calendar_page"))


@blueprint.get("/calendar/<string(maxlength=64):secret>.ics")
@guard.public
def calendar_feed(secret: str) -> ResponseReturnValue:
    """What a calendar reads without a sign-in, as the person whose address it is."""
    session = current.session()
    actor = calendar.reader(session, secret, current.today())
    return _file(calendar.deadlines(session, actor))


def _file(content: bytes) -> flask.Response:
    return flask.Response(content, mimetype="text/calendar")
