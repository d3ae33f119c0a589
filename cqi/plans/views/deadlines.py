"""Whoever the ladder reached says so: for one step on its page, for several on the first page."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.plans import actions, forms
from cqi.plans.forms import deadlines
from cqi.plans.queries import ladders, records
from cqi.plans.views import plans, routes, steps

blueprint = routes.blueprint


@blueprint.post("/steps/<uuid:public_id>/acknowledge")
@guard.requires(Permission.STEP_SEE)
def acknowledge_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """One late step: its owner, or who holds the rung that it reached."""
    form = deadlines.AcknowledgeForm(prefix="acknowledge-")

    def acknowledge() -> None:
        try:
            _acknowledge([public_id], form)
            flask.flash("Acknowledged. Your words stand on the ladder.")
        except errors.Blocked as refused:
            if any(one.code == "nothing_waits" for one in refused.blockers):
                errors.require(_given_already([public_id]))
            raise

    return steps.move(public_id, "acknowledge", form, acknowledge)


@blueprint.post("/acknowledge")
@guard.requires(Permission.PLAN_ACKNOWLEDGE)
def acknowledge_steps() -> ResponseReturnValue:
    """Several late steps, plans and reports at once, with the same words."""
    form = deadlines.AcknowledgeStepsForm()
    waiting = plans.offer(form)
    if gone := form.drop_gone():
        forms.show_blockers(form, errors.Blocked(_given_already(gone)))
    elif form.validate_on_submit():
        try:
            chosen = {uuid.UUID(each) for each in form.steps.data or ()}
            late = {each.step_id for each in waiting} & chosen
            if late:
                _acknowledge(list(late), form)
            if chosen - late:
                _answer(chosen - late, form)
            flask.flash("Acknowledged. Your words stand on the ladder.")
        except errors.Blocked as refused:
            forms.show_blockers(form, refused)
        else:
            return flask.redirect(flask.url_for("plans.director_home"))
    return plans.home_page(form, waiting), routes.REFUSED


def _given_already(chosen: Sequence[uuid.UUID]) -> list[errors.Blocker]:
    """Why nothing is saved: somebody else was first. What was written stays on the page."""
    said = ladders.given_already(current.session(), current.actor(), chosen, routes.today())
    kept = "Your words are not saved; they are still below."
    return [errors.Blocker("answered_already", f"{each} {kept}") for each in said]


def _acknowledge(chosen: Sequence[uuid.UUID], form: deadlines.AcknowledgeForm) -> None:
    session, actor = current.session(), current.actor()
    actions.acknowledge(
        session,
        steps=[records.step(session, actor, each) for each in chosen],
        words=form.words.data or "",
        actor=actor,
        now=current.now(),
        today=routes.today(),
    )


def _answer(chosen: Collection[uuid.UUID], form: deadlines.AcknowledgeForm) -> None:
    actions.answer_owed(
        current.session(),
        subjects=chosen,
        words=form.words.data or "",
        today=routes.today(),
        **routes.by(),
    )
