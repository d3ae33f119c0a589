"""Conflicts of interest: declared from a case or by its number, listed, withdrawn by others."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases.rules import CONFLICT_WORDS, ConflictKind
from cqi.core import errors
from cqi.reviews import actions, forms, policy, queries
from cqi.reviews.views import routes
from cqi.ui import dates

_REFUSED = 422


@routes.blueprint.route("/reviews/<uuid:public_id>/conflict", methods=["GET", "POST"])
@guard.requires(Permission.REVIEW_SEE)
def declare_conflict(public_id: uuid.UUID) -> ResponseReturnValue:
    """ "I have a conflict with this case", or somebody of the round's team has."""
    session, review, sent = current.session(), routes.found(public_id), flask.request.form
    people = _people(review)
    form = forms.InterestForm(sent)
    form.person.choices = [(str(key), who.name) for key, who in people.items()]
    del form.case_number
    if not review.case.family_id:
        del form.whole_family
    refused: tuple[errors.Blocker, ...] = ()
    if flask.request.method == "POST" and form.validate():
        who = people[uuid.UUID(form.person.data)]
        whole = "whole_family" in form._fields and form.whole_family.data
        try:
            actions.declare_conflict(
                session,
                review=review,
                person_id=who.person_id,
                said=_said(form, whole_family=bool(whole)),
                actor=current.actor(),
                now=current.now(),
            )
        except errors.Blocked as blocked:
            refused = blocked.blockers
        else:
            return _declared(own=who.person_id == current.actor().person_id)
    page = flask.render_template(
        "reviews/declare_conflict.html",
        form=form,
        review=review,
        back=flask.url_for("reviews.overview", public_id=public_id),
        refused=[(each.message, "") for each in refused],
        has_errors=bool(refused or form.errors),
    )
    return page, _REFUSED if refused or form.errors else 200


def _people(review: queries.CaseReview) -> Mapping[uuid.UUID, Actor]:
    """Whose conflict it can be: one's own; the team's too, for whoever assigns cases."""
    session, actor = current.session(), current.actor()
    found = {actor.public_id: actor}
    standing = queries.standing(session, review)
    if policy.permitted(Permission.ROUND_ASSIGN, standing, actor):
        team = queries.team(session, review.round, current.today())
        found |= {each.public_id: each for each in team}
    return found


def _said(form: forms.InterestForm, *, whole_family: bool = False) -> actions.Declared:
    return actions.Declared(ConflictKind(form.kind.data), whole_family, form.note.data or "")


def _declared(*, own: bool) -> ResponseReturnValue:
    said = "It is on file."
    flask.flash(f"{said} You do not see this case any more." if own else said)
    return flask.redirect(flask.url_for("reviews.conflicts"), code=303)


@routes.blueprint.route("/conflicts", methods=["GET", "POST"], endpoint="conflicts")
@guard.requires(Permission.REVIEW_SEE)
def show_conflicts() -> ResponseReturnValue:
    """One's own, with a form for one more; for whoever assigns cases those of others too."""
    session, actor, form = current.session(), current.actor(), _ahead_form()
    refused: tuple[errors.Blocker, ...] = ()
    if flask.request.method == "POST" and form.validate():
        number = form.case_number.data or ""
        try:
            actions.declare_ahead(
                session,
                case_number=number,
                said=_said(form),
                actor=actor,
                now=current.now(),
            )
        except errors.Blocked as blocked:
            refused = blocked.blockers
        else:
            return _declared(own=False)
    assigns = actor.holds(Permission.ROUND_ASSIGN)
    page = flask.render_template(
        "reviews/conflicts_of_interest.html",
        form=form,
        assigns=assigns,
        own=queries.own_conflicts(session, actor),
        others=queries.conflicts_of_interest(session, actor) if assigns else [],
        affected=queries.affected_by_conflicts(session, actor) if assigns else [],
        words=CONFLICT_WORDS,
        day=lambda at: dates.full_day(routes.local(at).date()),
        refused=[(each.message, "") for each in refused],
        has_errors=bool(refused or form.errors),
    )
    return page, _REFUSED if refused or form.errors else 200


def _ahead_form() -> forms.InterestForm:
    form = forms.InterestForm(flask.request.form)
    del form.person
    del form.whole_family
    return form


@routes.blueprint.route("/conflicts/<uuid:conflict_id>/withdraw", methods=["GET", "POST"])
@guard.requires(Permission.ROUND_ASSIGN)
def withdraw_conflict(conflict_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody else than the person concerned says that it is none any more."""
    session, actor = current.session(), current.actor()
    found = queries.conflicts_of_interest(session, actor) + queries.own_conflicts(session, actor)
    one = next((each for each in found if each.public_id == conflict_id), None)
    if one is None:
        raise errors.NotFound("there is no such conflict of interest")
    form, refused = forms.WithdrawInterestForm(flask.request.form), tuple[errors.Blocker, ...]()
    if flask.request.method == "POST" and form.validate():
        reason = form.reason.data or ""
        try:
            actions.withdraw_conflict(
                session, conflict_id, reason=reason, actor=actor, now=current.now()
            )
        except errors.Blocked as blocked:
            refused = blocked.blockers
        else:
            flask.flash("The conflict of interest is withdrawn.")
            return flask.redirect(flask.url_for("reviews.conflicts"), code=303)
    page = flask.render_template(
        "reviews/withdraw_conflict.html",
        form=form,
        one=one,
        words=CONFLICT_WORDS,
        refused=[(each.message, "") for each in refused],
        has_errors=bool(refused or form.errors),
    )
    return page, _REFUSED if refused or form.errors else 200
