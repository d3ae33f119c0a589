"""Pages of systemic needs: raise one, the list, one need with what is done about it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, reading_log
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.feedback import actions, forms, queries
from cqi.feedback.policy import needs as policy
from cqi.feedback.rules.needs import (
    KIND_WORDS,
    OWNER_WORDS,
    STATE_WORDS,
    NeedKind,
    NeedOwner,
    NeedState,
)
from cqi.feedback.views import routes
from cqi.feedback.workflow import NeedStep
from cqi.settings import queries as settings
from cqi.settings import registry

blueprint = routes.blueprint
# what a step is called once it is taken
_TAKEN = {
    NeedStep.HAND_ON: "Handed on to the CQI director",
    NeedStep.ANSWER: "Reply",
    NeedStep.ASK_AGAIN: "Asked again",
    NeedStep.CLOSE: "Closed",
}
_SAYS = {
    NeedStep.HAND_ON: "Handed on. The CQI director is told and replies.",
    NeedStep.ANSWER: "Your reply is with the supervisor, who says whether it settles the need.",
    NeedStep.ASK_AGAIN: "It went back with your words.",
    NeedStep.CLOSE: "The need is closed.",
}


@dataclass(frozen=True)
class Words:
    """What needs are called on pages."""

    kinds: Mapping[NeedKind, str]
    states: Mapping[NeedState, str]
    owners: Mapping[NeedOwner, str]
    taken: Mapping[NeedStep, str]


WORDS = Words(KIND_WORDS, STATE_WORDS, OWNER_WORDS, _TAKEN)


def card_of(public_id: uuid.UUID) -> forms.NeedForm | None:
    """The form beside a memo for whoever may raise a need from it; None for everybody else."""
    session, actor, today = current.session(), current.actor(), current.today()
    if not actor.holds(Permission.NEED_RAISE):
        return None
    release = queries.released(session, actor, public_id, today)
    if not policy.may_raise(actor, queries.coached_case(release.review, today)):
        return None
    return forms.need_form(queries.activities(queries.content(session, release)))


@blueprint.route("/<uuid:public_id>/need", methods=["GET", "POST"])
@guard.requires(Permission.NEED_RAISE)
def raise_need(public_id: uuid.UUID) -> ResponseReturnValue:
    """Send a need up; the page where something is missing."""
    session, actor, today = current.session(), current.actor(), current.today()
    release = queries.released(session, actor, public_id, today)
    policy.authorise_raising(actor, queries.coached_case(release.review, today))
    activities = queries.activities(queries.content(session, release))
    form = forms.need_form(activities, sent=current.writes())
    if not current.writes():
        return _raise_page(release, form)
    if not form.validate_on_submit():
        return _raise_page(release, form), routes.REFUSED
    new = form.need()
    try:
        actions.raise_need(
            session, release=release, new=new, actor=actor, now=current.now(), today=today
        )
    except errors.Blocked as problem:
        return _raise_page(release, form, problem.blockers), routes.REFUSED
    flask.flash("It went up. The reply comes back to you here.")
    return flask.redirect(flask.url_for("feedback.need", public_id=new.key), code=303)


def _raise_page(
    release: queries.MemoRelease, form: forms.NeedForm, blockers: Sequence[Blocker] = ()
) -> str:
    return flask.render_template(
        "feedback/raise_need.html",
        review=release.review,
        form=form,
        problems=[(one.message, f"#{one.place}" if one.place else "") for one in blockers],
    )


@blueprint.get("/needs")
@guard.requires(Permission.NEED_SEE)
def needs() -> str:
    """The needs within reach: what is the reader's turn first, then those that wait, the late ones
    on top."""
    session, actor, clocks = current.session(), current.actor(), routes.clocks()
    kind = _kind()
    found = queries.needs(session, actor, clocks, [kind] if kind else [])
    others = [one for one in found if not one.waits]
    return flask.render_template(
        "feedback/needs.html",
        turn=[one for one in found if one.waits],
        waiting=[one for one in others if one.due],
        answered=[one for one in others if not one.due],
        kind=kind,
        replies=actor.holds(Permission.NEED_ANSWER),
        raises=actor.holds(Permission.NEED_RAISE),
        held=settings.held(session, registry.NEED_REPLY_DAYS, current.today()),
        words=WORDS,
        calendar=clocks.calendar,
    )


def _kind() -> NeedKind | None:
    named = flask.request.args.get("kind", "")
    return NeedKind(named) if named in set(NeedKind) else None


@blueprint.get("/needs/<uuid:public_id>")
@guard.requires(Permission.NEED_SEE)
def need(public_id: uuid.UUID) -> str:
    """One need with what was done about it, and what its reader can do."""
    return _page(queries.need(current.session(), current.actor(), public_id))


@dataclass(frozen=True)
class _Refused:
    """A step that was not taken: its form as it was sent, and why."""

    step: NeedStep
    form: forms.StepForm
    blockers: Sequence[Blocker] = ()


@blueprint.post("/needs/<uuid:public_id>")
@guard.requires(Permission.NEED_SEE)
def take_need_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """Take one step; a refusal keeps what was written."""
    session, actor = current.session(), current.actor()
    found, step = queries.need(session, actor, public_id), _step()
    form = forms.step_form(step, sent=True)
    _require_permission(step)
    if not form.validate_on_submit():
        return _page(found, _Refused(step, form)), routes.REFUSED
    try:
        actions.take_need_step(
            session,
            need=found,
            taking=actions.Taking(step, form.words.data or ""),
            actor=actor,
            now=current.now(),
            today=current.today(),
        )
    except errors.Blocked as problem:
        return _page(found, _Refused(step, form, problem.blockers)), routes.REFUSED
    flask.flash(_SAYS[step])
    return flask.redirect(flask.url_for("feedback.need", public_id=public_id), code=303)


def _require_permission(step: NeedStep) -> None:
    """Who reads alone takes no step at all."""
    if not policy.may_take(current.actor(), step):
        raise errors.Forbidden(f"{step} is for others to take")


def _step() -> NeedStep:
    named = next((one for one in NeedStep if flask.request.form.get(f"{one}-step")), None)
    if named is None:
        raise errors.BadInput("Use a button of the page: this is no step of a need.")
    return named


def _page(found: queries.SystemicNeed, refused: _Refused | None = None) -> str:
    session, actor, clocks = current.session(), current.actor(), routes.clocks()
    standing = queries.need_standing(session, found, current.today())
    offered = {step: forms.step_form(step) for step in policy.need_offered(standing, actor)}
    if refused and refused.step in offered:
        offered[refused.step] = refused.form
    [sheet] = queries.need_sheets(session, actor, [found], clocks)
    reading_log.record_read(sheet.review, purpose="feedback" if sheet.mine else "oversight")
    return flask.render_template(
        "feedback/need.html",
        need=sheet,
        offered={step.value: form for step, form in offered.items()},
        refused=refused,
        words=WORDS,
        calendar=clocks.calendar,
    )
