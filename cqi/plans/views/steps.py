"""Pages of action steps: one's own, one step, and what one can do about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import flask
import flask_wtf
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.plans import actions, forms
from cqi.plans.forms import deadlines
from cqi.plans.queries import ladders, records, sheets
from cqi.plans.views import routes
from cqi.ui import dates

blueprint = routes.blueprint


@blueprint.get("/steps")
@guard.requires(Permission.STEP_SEE)
def own_steps() -> str:
    """The steps that one owns."""
    steps = sheets.own_steps(current.session(), current.actor(), routes.today())
    return flask.render_template("plans/own_steps.html", steps=steps)


@blueprint.get("/steps/<uuid:public_id>")
@guard.requires(Permission.STEP_SEE)
def step(public_id: uuid.UUID) -> ResponseReturnValue:
    """One step: what was promised, what happened, and what one can do about it."""
    return _step_page(public_id, {})


@blueprint.post("/steps/<uuid:public_id>/claim")
@guard.requires(Permission.STEP_SEE)
def claim_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """The owner says that it is done."""
    form = forms.ClaimForm(prefix="claim-")

    def claim() -> None:
        found = records.step(current.session(), current.actor(), public_id)
        actions.claim_step(
            current.session(),
            step=found,
            words=form.words.data or "",
            actor=current.actor(),
            now=current.now(),
        )
        flask.flash("Claimed as done. Somebody else now looks at the evidence.")

    return move(public_id, "claim", form, claim)


@blueprint.post("/steps/<uuid:public_id>/verify")
@guard.requires(Permission.PLAN_VERIFY)
def verify_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody else has seen the evidence."""
    form = forms.VerifyForm(prefix="verify-")

    def verify() -> None:
        found = records.step(current.session(), current.actor(), public_id)
        actions.verify_step(
            current.session(),
            step=found,
            words=form.words.data or "",
            actor=current.actor(),
            now=current.now(),
        )
        flask.flash("Verified.")

    return move(public_id, "verify", form, verify)


@blueprint.post("/steps/<uuid:public_id>/send-back")
@guard.requires(Permission.PLAN_VERIFY)
def send_back_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """The evidence does not prove it yet."""
    form = forms.SendBackForm(prefix="send_back-")

    def send_back() -> None:
        found = records.step(current.session(), current.actor(), public_id)
        actions.send_back_step(
            current.session(),
            step=found,
            reason=form.words.data or "",
            actor=current.actor(),
            now=current.now(),
        )
        flask.flash("Sent back to its owner, with your words.")

    return move(public_id, "send_back", form, send_back)


def move(
    public_id: uuid.UUID, name: str, form: flask_wtf.FlaskForm, do: Callable[[], None]
) -> ResponseReturnValue:
    """One of the page's forms: done, or the page again with what refused it."""
    if form.validate_on_submit():
        try:
            do()
        except errors.Blocked as refused:
            forms.show_blockers(form, refused)
        else:
            return flask.redirect(flask.url_for("plans.step", public_id=public_id))
    return _step_page(public_id, {name: form}), routes.REFUSED


def _step_page(public_id: uuid.UUID, sent: dict[str, flask_wtf.FlaskForm]) -> str:
    """The page with empty forms, but for the one that was refused."""
    found = sheets.step(current.session(), current.actor(), public_id, routes.today())
    kinds = {"claim": forms.ClaimForm, "verify": forms.VerifyForm, "send_back": forms.SendBackForm}
    offered: dict[str, flask_wtf.FlaskForm] = {
        move: kinds[move](formdata=None, prefix=f"{move}-") for move in found.moves if move in kinds
    }
    session, actor = current.session(), current.actor()
    late = ladders.ladders(session, actor, [public_id], routes.today()).get(public_id)
    if late and late.waits:
        form = deadlines.AcknowledgeForm(formdata=None, prefix="acknowledge-")
        offered = {"acknowledge": form} | offered
    return flask.render_template(
        "plans/step.html",
        step=found,
        late=late,
        forms=offered | sent,
        refused=next(iter(sent.values()), None),
        sees_plan=current.actor().holds(Permission.PLAN_SEE),
        dates=dates,
        today=routes.today(),
    )
