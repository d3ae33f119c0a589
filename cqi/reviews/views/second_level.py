"""How many case reviews of a round another QA lead reads: to change, with what was changed."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews import queries
from cqi.reviews.views import routes
from cqi.rounds import actions, forms, policy
from cqi.rounds import queries as rounds
from cqi.ui import dates


@routes.blueprint.route("/rounds/<uuid:public_id>/second-level", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_OPEN)
def change_second_level(public_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for another share and why; the rule that keeps it fair stands on the page."""
    session, actor = current.session(), current.actor()
    one = rounds.by_public_id(session, actor, public_id)
    handled = queries.handled(session, one)
    form = forms.ShareForm(flask.request.form)
    if flask.request.method == "GET" or not form.validate():
        return _page(one, form, handled)
    share, seen = int(form.share.data), int(form.seen.data or 0)
    new = policy.NewShare(share, form.reason.data or "", seen)
    try:
        actions.change_second_level(
            session, in_round=one, new=new, handled=handled, actor=actor, now=current.now()
        )
    except errors.Blocked as blocked:
        return _page(one, form, handled, blocked.blockers)
    flask.flash(f"Second-level QA of this round now: {one.second_level}.")
    return flask.redirect(flask.url_for("reviews.round", public_id=public_id), code=303)


def _page(
    one: queries.Round,
    form: forms.ShareForm,
    handled: policy.Handled,
    refused: tuple[errors.Blocker, ...] = (),
) -> ResponseReturnValue:
    form.offer(one.second_level, only_grows=bool(handled.handed_in))
    wrong = bool(refused or form.errors)
    page = flask.render_template(
        "reviews/change_second_level.html",
        round=one,
        url=flask.url_for("reviews.round", public_id=one.public_id),
        form=form,
        closed=[each.message for each in policy.closed_blockers(handled)],
        handled=handled,
        changes=changes(one),
        refused=[(each.message, f"#{each.place}") for each in refused],
        has_errors=wrong,
    )
    return page, 422 if wrong else 200


def changes(one: queries.Round) -> list[tuple[str, str, str]]:
    """(from what to what, when and by whom, why) of each change, the newest first."""
    found = []
    for each in rounds.share_changes(current.session(), one):
        at = routes.local(each.at)
        when = f"{dates.full_day(at.date())} {dates.clock(at)}, {each.by}"
        found.append((f"From {each.before.words} to {each.after.words}", when, each.reason))
    return found
