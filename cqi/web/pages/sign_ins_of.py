"""What an administrator sees and ends of somebody's sign-ins."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import actions, current, guard, queries, sign_ins
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews.views import routes
from cqi.web import forms

blueprint = flask.Blueprint("sign_ins_of", __name__, url_prefix="/people/<uuid:public_id>/sign-ins")


@blueprint.get("", endpoint="sign_ins")
@guard.requires(Permission.PEOPLE_MANAGE)
def show_sign_ins(public_id: uuid.UUID) -> str:
    """Where somebody is signed in, and the ways to end it."""
    return _page(public_id, forms.ReasonForm(formdata=None))


def _page(public_id: uuid.UUID, form: forms.ReasonForm) -> str:
    session = current.session()
    person = queries.person_of(session, public_id)
    return flask.render_template(
        "web/sign_ins_of.html",
        person=person,
        form=form,
        browsers=sign_ins.open_ones(session, person.id, current.now()),
        moment=routes.time_of,
        has_errors=bool(form.errors or form.form_errors),
    )


@blueprint.post("/second-step")
@guard.requires(Permission.PEOPLE_MANAGE, fresh=True)
def take_second_factor_away(public_id: uuid.UUID) -> ResponseReturnValue:
    """For whoever lost their phone and their recovery codes."""
    form = forms.ReasonForm()
    try:
        if form.validate_on_submit():
            actions.take_second_factor_away(
                current.session(),
                public_id,
                reason=form.reason.data or "",
                actor=current.actor(),
                now=current.now(),
            )
            return _back(public_id, "They set up another app at their next sign-in.")
    except errors.Blocked as refused:
        forms.show_blockers(form, refused.blockers)
    return _page(public_id, form), 422


def _back(public_id: uuid.UUID, words: str) -> ResponseReturnValue:
    flask.flash(words)
    return flask.redirect(flask.url_for("sign_ins_of.sign_ins", public_id=public_id), code=303)
