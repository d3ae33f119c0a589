"""Pages of notices: one's own list, the way to what a notice is about, and e-mails that wait."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.notices import actions, queries
from cqi.notices.rules import ENDPOINTS, NOTICE_WORDS, NoticeKind
from cqi.ui import dates

blueprint = flask.Blueprint("notices", __name__, template_folder="templates")


@blueprint.get("/notices", endpoint="notices")
@guard.requires(Permission.HOME_SEE)
def show_notices() -> str:
    """What whoever looks was told: new ones first."""
    found = queries.notices(current.session(), current.actor())
    return flask.render_template(
        "notices/notices.html",
        new=[each for each in found if each.seen_at is None],
        seen=[each for each in found if each.seen_at is not None],
        words=NOTICE_WORDS,
        local=current.clock().local,
        dates=dates,
        listed=queries.LISTED,
    )


@blueprint.route("/notices/<uuid:public_id>", methods=["GET", "POST"])
@guard.requires(Permission.HOME_SEE)
def open_notice(public_id: uuid.UUID) -> ResponseReturnValue:
    """Go to what a notice is about; a button of the list also marks it as seen."""
    session, actor = current.session(), current.actor()
    notice = queries.notice(session, actor, public_id)
    if current.writes():
        actions.mark_seen(session, actor=actor, now=current.now(), notice=public_id)
    endpoint = ENDPOINTS[NoticeKind(notice.kind)]
    return flask.redirect(flask.url_for(endpoint, public_id=notice.subject_id), code=303)


@blueprint.post("/notices")
@guard.requires(Permission.HOME_SEE)
def mark_seen() -> ResponseReturnValue:
    """All that is new is seen."""
    actions.mark_seen(current.session(), actor=current.actor(), now=current.now())
    return flask.redirect(flask.url_for("notices.notices"), code=303)


@blueprint.get("/outbox", endpoint="outbox")
@guard.requires(Permission.PEOPLE_MANAGE)
def show_outbox() -> str:
    """E-mails that are still to be sent, with why the last try failed."""
    found = queries.waiting(current.session())
    return flask.render_template(
        "notices/outbox.html",
        waiting=found,
        failed=[each for each in found if each.failed],
        words=NOTICE_WORDS,
        local=current.clock().local,
        dates=dates,
    )
