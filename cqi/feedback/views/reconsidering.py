"""Looking at a rating again: to ask, one request with its decision, all of them, counts by item."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, reading_log
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.feedback import actions, queries
from cqi.feedback.forms import reconsidering as forms
from cqi.feedback.policy import reconsidering as policy
from cqi.feedback.rules.reconsidering import (
    GROUND_SHORT,
    IN_QUESTION,
    OUTCOME_SHORT,
    Outcome,
)
from cqi.feedback.views import routes
from cqi.ui import dates

blueprint = routes.blueprint
_PURPOSE = "reconsideration"


@blueprint.route("/<uuid:public_id>/reconsider", methods=["GET", "POST"])
@guard.requires(Permission.RECONSIDERATION_ASK)
def ask_to_reconsider(public_id: uuid.UUID) -> ResponseReturnValue:
    """Ask that a rating of a memo is looked at again."""
    session, actor, clocks = current.session(), current.actor(), routes.clocks()
    sheet = queries.memo(session, actor, public_id, clocks)
    release = queries.released(session, actor, public_id, current.today())
    asking = queries.asking(session, release, clocks)
    policy.authorise_asking(actor, asking.case)
    form = forms.ask_form(_choices(release, asking, graded=sheet.graded))
    if flask.request.method == "GET":
        reading_log.record_read(public_id, purpose=_PURPOSE)
        return _ask_page(sheet, asking, form)
    if not form.validate_on_submit():
        return _ask_page(sheet, asking, form), routes.REFUSED
    request = actions.Request(form.item.data or "", form.chosen(), form.words.data or "")
    try:
        made = actions.ask_to_reconsider(
            session,
            release=release,
            request=request,
            actor=actor,
            now=current.now(),
            clocks=clocks,
        )
    except errors.Blocked as refused:
        return _ask_page(sheet, asking, form, refused), routes.REFUSED
    flask.flash("Asked. Those who decide are told; you are told when it is decided.")
    return flask.redirect(flask.url_for("feedback.reconsideration", public_id=made.public_id))


def _choices(
    release: queries.MemoRelease, asking: policy.Asking, *, graded: bool
) -> Mapping[str, str]:
    """Items in the instrument's order, with their ratings for those who see them. What is looked at
    already is not among them."""
    return {
        code: f"{code} {title}" + (f" ({rating.label.lower()})" if graded else "")
        for code, title, rating in queries.rated_items(current.session(), release)
        if code not in asking.open_items
    }


def _ask_page(
    sheet: queries.MemoSheet,
    asking: policy.Asking,
    form: forms.AskForm,
    refused: errors.Blocked | None = None,
) -> str:
    return flask.render_template(
        "feedback/ask_to_reconsider.html",
        row=sheet.row,
        form=form,
        asking=asking,
        closed=list(policy.closed(asking)),
        blockers=refused.blockers if refused else (),
        clocks=routes.clocks(),
        dates=dates,
    )


@blueprint.get("/reconsiderations")
@guard.requires(Permission.RECONSIDERATION_SEE)
def reconsiderations() -> str:
    """All requests within reach: to decide, to be reopened by the CQI director, the rest."""
    session, actor, clocks = current.session(), current.actor(), routes.clocks()
    rows = queries.requests(session, actor, clocks)
    to_decide = [row for row in rows if row.outcome is Outcome.OPEN]
    to_reopen = [row for row in rows if row.outcome is Outcome.TO_REOPEN]
    return flask.render_template(
        "feedback/reconsiderations.html",
        to_decide=to_decide,
        to_reopen=to_reopen,
        others=[row for row in rows if row not in to_decide and row not in to_reopen],
        decides=actor.holds(Permission.RECONSIDERATION_DECIDE),
        reopens=actor.holds(Permission.REVIEW_REOPEN),
        clocks=clocks,
        ground=GROUND_SHORT,
    )


@blueprint.get("/reconsiderations/items")
@guard.requires(Permission.RECONSIDERATION_DECIDE)
def reconsidered_items() -> str:
    """What supervisors asked to look at again, by item: for the training of reviewers."""
    found = queries.requests_by_item(current.session(), current.actor(), current.today())
    several = len({one.instrument for one in found}) > 1
    return flask.render_template("feedback/reconsidered_items.html", items=found, several=several)


@blueprint.get("/reconsiderations/<uuid:public_id>")
@guard.requires(Permission.RECONSIDERATION_SEE)
def reconsideration(public_id: uuid.UUID) -> str:
    """One request: the rating, what was asked, what was decided and what happened after."""
    one = _found(public_id)
    return _page(one, forms.decide_form(one.rating, empty=True))


@blueprint.post("/reconsiderations/<uuid:public_id>/decide")
@guard.requires(Permission.RECONSIDERATION_DECIDE)
def decide_reconsideration(public_id: uuid.UUID) -> ResponseReturnValue:
    """Uphold the rating, or say which other one it should be."""
    one = _found(public_id)
    form = forms.decide_form(one.rating)
    if not form.validate_on_submit():
        return _page(one, form), routes.REFUSED
    taken = policy.Taken(form.words.data or "", form.rating)
    try:
        actions.decide(
            current.session(),
            one=one,
            taken=taken,
            actor=current.actor(),
            now=current.now(),
            today=current.today(),
        )
    except errors.Blocked as refused:
        return _page(one, form, refused), routes.REFUSED
    flask.flash(
        "Upheld. Who asked and the caseworker are told."
        if taken.rating is None
        else "Decided. The CQI director is told to open the case review again; who asked and the"
        " caseworker are told as well."
    )
    return flask.redirect(flask.url_for("feedback.reconsideration", public_id=public_id))


@blueprint.post("/reconsiderations/<uuid:public_id>/withdraw")
@guard.requires(Permission.RECONSIDERATION_ASK)
def withdraw_reconsideration(public_id: uuid.UUID) -> ResponseReturnValue:
    """Take a request back."""
    one = _found(public_id)
    session, actor, today = current.session(), current.actor(), current.today()
    try:
        actions.withdraw(session, one=one, actor=actor, now=current.now(), today=today)
    except errors.Blocked as refused:
        form = forms.decide_form(one.rating, empty=True)
        return _page(one, form, refused), routes.REFUSED
    flask.flash("Withdrawn. The rating stays as it is.")
    return flask.redirect(flask.url_for("feedback.reconsideration", public_id=public_id))


def _found(public_id: uuid.UUID) -> queries.Reconsideration:
    return queries.reconsideration(current.session(), current.actor(), public_id, current.today())


def _page(
    one: queries.Reconsideration, form: forms.DecideForm, refused: errors.Blocked | None = None
) -> str:
    actor, clocks = current.actor(), routes.clocks()
    sheet = queries.request_sheet(current.session(), actor, one, clocks)
    reading_log.record_read(sheet.row.review_id, purpose=_PURPOSE)
    return flask.render_template(
        "feedback/reconsideration.html",
        sheet=sheet,
        row=sheet.row,
        open=sheet.row.outcome in IN_QUESTION,
        tag=OUTCOME_SHORT[sheet.row.outcome],
        form=form,
        blockers=refused.blockers if refused else (),
        reads_memo=actor.holds(Permission.FEEDBACK_SEE),
        ground=GROUND_SHORT,
        clocks=clocks,
        dates=dates,
    )
