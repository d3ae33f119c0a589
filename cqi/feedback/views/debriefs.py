"""Debriefs: what reviewers told caseworker and supervisor before the review was final."""

from __future__ import annotations

import datetime as dt
import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, reading_log
from cqi.access.permissions import Permission
from cqi.core import errors, identifiers
from cqi.feedback import actions, forms, queries
from cqi.feedback.rules.debriefs import ATTENDING_WORDS, TENTATIVE, Attending, NewDebrief
from cqi.feedback.views import routes
from cqi.reviews import queries as reviews
from cqi.rounds import queries as rounds
from cqi.ui import dates

blueprint = routes.blueprint


@blueprint.get("/rounds/<uuid:public_id>/debriefs")
@guard.requires(Permission.FEEDBACK_RELEASE)
def debriefs(public_id: uuid.UUID) -> str:
    """The debriefs of a round: which were held, which are still to be."""
    session, actor = current.session(), current.actor()
    found = rounds.by_public_id(session, actor, public_id)
    rows = queries.debriefs_of_round(session, actor, found.id)
    return flask.render_template(
        "feedback/debriefs.html",
        round=found,
        waiting=[row for row in rows if row.open and row.held_at is None],
        held=[row for row in rows if row.held_at is not None],
        words=routes.clocks().calendar.words,
    )


@blueprint.route("/<uuid:public_id>/debrief", methods=["GET", "POST"])
@guard.requires(Permission.FEEDBACK_SEE)
def debrief(public_id: uuid.UUID) -> ResponseReturnValue:
    """What was said at the debriefs of a case; whoever leads the round writes one down."""
    session, actor = current.session(), current.actor()
    review = queries.review_to_debrief(session, actor, public_id, current.today())
    if flask.request.method == "GET":
        reading_log.record_read(public_id, purpose="feedback")
        key = {"key": str(identifiers.uuid7())}
        return _page(review, forms.DebriefForm(formdata=None, data=key))
    form = forms.DebriefForm()
    if not form.validate_on_submit():
        return _page(review, form), routes.REFUSED
    try:
        actions.record_debrief(
            session, review=review, new=_new(form), actor=actor, now=current.now()
        )
    except errors.Blocked as found:
        return _page(review, form, found), routes.REFUSED
    flask.flash("The debrief is written down. People of the case can read it, marked as tentative.")
    return flask.redirect(flask.url_for("feedback.debrief", public_id=public_id))


def _new(form: forms.DebriefForm) -> NewDebrief:
    held = form.held_at.data
    assert held is not None  # noqa: S101 - required above
    zone = current.clock().time_zone
    return NewDebrief(
        held.replace(tzinfo=zone).astimezone(dt.UTC),
        tuple(map(Attending, form.attended.data or ())),
        form.worked.data or "",
        form.to_work_on.data or "",
        forms.key_of(form.key),
    )


def _page(
    review: reviews.CaseReview, form: forms.DebriefForm, refused: errors.Blocked | None = None
) -> str:
    session, actor = current.session(), current.actor()
    leads = guard.may(Permission.FEEDBACK_RELEASE)
    told = queries.debriefs(session, review)
    standing = queries.debriefing(session, review) if leads else None
    return flask.render_template(
        "feedback/debrief.html",
        review=review,
        told=told,
        form=form,
        writes=bool(standing and actor.may(Permission.FEEDBACK_RELEASE, standing.thing)),
        open=bool(standing and standing.begun and not (standing.final or standing.withdrawn)),
        blockers=refused.blockers if refused else (),
        attending=ATTENDING_WORDS,
        tentative=TENTATIVE,
        words=routes.clocks().calendar.words,
        dates=dates,
    )
