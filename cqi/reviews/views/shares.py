"""How many of a round's cases another QA lead reads, and how many another pair: to change, with
what was changed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews import queries
from cqi.reviews.views import routes
from cqi.rounds import actions, forms, policy
from cqi.rounds import queries as rounds
from cqi.rounds.rules import Setting
from cqi.ui import dates


@dataclass(frozen=True)
class _Page:
    """What differs between the two pages. `now` are words without a seed where it is not for
    everybody."""

    setting: Setting
    handled: Callable[..., policy.Handled]
    title: str
    done: str
    now: Callable[[queries.Round], str]
    all_drawn: str


_SECOND_LEVEL = _Page(
    Setting.SECOND_LEVEL,
    handled=queries.handled,
    title="Second-level QA",
    done="Second-level QA of this round now: {}.",
    now=lambda one: str(one.second_level),
    all_drawn="All case reviews go to second-level QA already, and some were handed in: no larger"
    " share is left.",
)
_DOUBLE_READING = _Page(
    Setting.DOUBLE_READING,
    handled=queries.in_hands,
    title="Cases that are read twice",
    done="Cases of this round that are read twice now: {}.",
    now=lambda one: one.double_reading.words,
    all_drawn="All cases are read twice already, and some are in reviewers’ hands: no larger share"
    " is left.",
)


@routes.blueprint.route("/rounds/<uuid:public_id>/second-level", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_OPEN)
def change_second_level(public_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for another share and why; the rule that keeps it fair stands on the page."""
    return _change(public_id, _SECOND_LEVEL)


@routes.blueprint.route("/rounds/<uuid:public_id>/double-reading", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_OPEN)
def change_double_reading(public_id: uuid.UUID) -> ResponseReturnValue:
    """The same for the cases that are read twice."""
    return _change(public_id, _DOUBLE_READING)


def _change(public_id: uuid.UUID, page: _Page) -> ResponseReturnValue:
    session, actor = current.session(), current.actor()
    one = rounds.by_public_id(session, actor, public_id)
    handled = page.handled(session, one)
    form = forms.ShareForm(flask.request.form, setting=page.setting)
    if flask.request.method == "GET" or not form.validate():
        return _shown(one, page, form, handled)
    share, seen = int(form.share.data), int(form.seen.data or 0)
    new = policy.NewShare(share, form.reason.data or "", seen, page.setting)
    try:
        actions.change_share(
            session, in_round=one, new=new, handled=handled, actor=actor, now=current.now()
        )
    except errors.Blocked as blocked:
        return _shown(one, page, form, handled, blocked.blockers)
    flask.flash(page.done.format(page.now(one)))
    return flask.redirect(flask.url_for("reviews.round", public_id=public_id), code=303)


def _shown(
    one: queries.Round,
    page: _Page,
    form: forms.ShareForm,
    handled: policy.Handled,
    refused: tuple[errors.Blocker, ...] = (),
) -> ResponseReturnValue:
    form.offer(one.drawn_for(page.setting), only_grows=bool(handled.known))
    wrong = bool(refused or form.errors)
    text = flask.render_template(
        "reviews/change_share.html",
        page=page,
        round=one,
        url=flask.url_for("reviews.round", public_id=one.public_id),
        form=form,
        closed=[each.message for each in policy.closed_blockers(handled)],
        handled=handled,
        changes=changes(one, page.setting),
        refused=[(each.message, f"#{each.place}") for each in refused],
        has_errors=wrong,
    )
    return text, 422 if wrong else 200


def changes(one: queries.Round, setting: Setting) -> list[tuple[str, str, str]]:
    """(from what to what, when and by whom, why) of each change, the newest first."""
    found = []
    for each in rounds.share_changes(current.session(), one, setting):
        at = routes.local(each.at)
        when = f"{dates.full_day(at.date())} {dates.clock(at)}, {each.by}"
        found.append((f"From {each.before.words} to {each.after.words}", when, each.reason))
    return found
