"""Safety alerts: raising one from any page of a case, answering it, and the register."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import flask
import wtforms
from flask.typing import ResponseReturnValue

from cqi.access import current, guard, reading_log
from cqi.access.permissions import Permission
from cqi.core import errors, identifiers
from cqi.core.errors import Blocker
from cqi.reviews import actions, forms, policy, queries, rules
from cqi.reviews.rules import NewAlert, Urgency
from cqi.reviews.views import alert_lines, frames, routes
from cqi.reviews.workflow import AlertStep
from cqi.settings import queries as settings
from cqi.settings import registry

_READ_FOR = "safety_alert"


@routes.blueprint.route("/reviews/<uuid:public_id>/alerts/new", methods=["GET", "POST"])
@guard.requires(Permission.REVIEW_SCORE)
def raise_alert(public_id: uuid.UUID) -> ResponseReturnValue:
    """Ask about the hotline first, then what was seen; what was written stays while it lacks
    something."""
    review, form = routes.found(public_id), forms.RaiseAlertForm(flask.request.form)
    routes.require(Permission.REVIEW_SCORE, review, "only its reviewers raise a safety alert on it")
    if not current.writes():
        form.alert.data = str(identifiers.uuid7())
        return _raise_page(review, form)
    if not form.validate():
        return _raise_page(review, form), 422
    try:
        made = actions.raise_alert(
            current.session(),
            review=review,
            new=_new_alert(form),
            actor=current.actor(),
            now=current.now(),
            today=current.today(),
        )
    except errors.Blocked as blocked:
        for blocker in blocked.blockers:
            form[blocker.place].errors = [blocker.message]
        return _raise_page(review, form), 422
    flask.flash("The safety alert is raised. Those who answer it were told at once.")
    return flask.redirect(_url(made.public_id), code=303)


def _new_alert(form: forms.RaiseAlertForm) -> NewAlert:
    try:
        public_id = uuid.UUID(form.alert.data or "")  # a form without its key is one too
    except ValueError:
        public_id = identifiers.uuid7()
    return NewAlert(
        public_id=public_id,
        hotline_at=_instant(form.hotline_at.data) if form.hotline.data == "yes" else None,
        seen=form.seen.data or "",
        child=form.child.data or "",
        urgency=Urgency(form.urgency.data),
        about_unit=form.about_unit.data == "yes",
    )


def _instant(moment: dt.datetime | None) -> dt.datetime | None:
    """What was typed on the agency's clocks, as an instant."""
    if moment is None:
        return None
    return moment.replace(tzinfo=current.clock().time_zone).astimezone(dt.UTC)


def _raise_page(review: queries.CaseReview, form: forms.RaiseAlertForm) -> str:
    session = current.session()
    frame = frames.of(routes.reread(review))
    return flask.render_template(
        "reviews/raise_alert.html",
        case=dataclasses.replace(frame, raise_alert=""),  # the key must not empty the form
        form=form,
        alerts=[alert_lines.of(each) for each in queries.alerts_of_review(session, review)],
        clocks=[settings.held(session, each, current.today()) for each in _CLOCKS],
        has_errors=bool(form.errors),
    )


_CLOCKS = (registry.ALERT_ACKNOWLEDGE_HOURS, registry.ALERT_ANSWER_HOURS)


@routes.blueprint.get("/alerts", endpoint="safety_alerts")
@guard.requires(Permission.ALERT_REGISTER)
def show_alerts() -> str:
    """The register: open alerts first, each with its times."""
    found = queries.alert_register(current.session(), current.actor(), current.today())
    lines = [alert_lines.of(each) for each in found]
    return flask.render_template(
        "reviews/safety_alerts.html",
        still_open=[line for line in lines if line.open],
        closed=[line for line in lines if not line.open],
        clocks=[settings.held(current.session(), each, current.today()) for each in _CLOCKS],
    )


@routes.blueprint.get("/alerts/<uuid:public_id>", endpoint="safety_alert")
@guard.requires(Permission.ALERT_SEE)
def show_alert(public_id: uuid.UUID) -> str:
    """One alert with all that was done about it. Opening it is written down."""
    return _page(_found(public_id))


def _found(public_id: uuid.UUID) -> queries.SafetyAlert:
    session, today = current.session(), current.today()
    return queries.safety_alert(session, current.actor(), public_id, today)


@dataclasses.dataclass(frozen=True)
class _Refused:
    """A step that was not taken: its form as it was sent, and why."""

    step: AlertStep
    form: wtforms.Form
    blockers: Sequence[Blocker] = ()


def _page(alert: queries.SafetyAlert, refused: _Refused | None = None) -> str:
    session, actor = current.session(), current.actor()
    standing = queries.alert_standing(session, alert, current.today())
    reading_log.record_read(alert.review.public_id, purpose=_READ_FOR)
    offered = {step: _FORMS[step]() for step in policy.alert_offered(standing, actor)}
    if not policy.hotline_blockers(standing, actor):
        offered[AlertStep.NOTE_HOTLINE_CALL] = forms.HotlineForm()
    if refused and refused.step in offered:
        offered[refused.step] = refused.form
    elif refused:  # somebody else acted first
        raise errors.Blocked(refused.blockers)
    [sheet] = queries.alert_sheets(session, [alert])
    return flask.render_template(
        "reviews/safety_alert.html",
        alert=alert_lines.of(sheet),
        sheet=sheet,
        steps=[alert_lines.step_of(each) for each in sheet.steps],
        urgency=rules.URGENCY_WORDS[alert.urgency],
        offered={step.value: form for step, form in offered.items()},
        refused=refused,
        problems=[(each.message, "") for each in refused.blockers] if refused else [],
        has_errors=bool(refused),
        above=_above(alert),
    )


def _above(alert: queries.SafetyAlert) -> list[tuple[str, str]]:
    """The register, or the case for those who may open it; else the reader's first page."""
    if guard.may(Permission.ALERT_REGISTER):
        return [("Safety alerts", flask.url_for("reviews.safety_alerts"))]
    review = alert.review
    if queries.is_visible(current.session(), current.actor(), review):
        url = flask.url_for("reviews.case_review", public_id=review.public_id)
        return [(f"Case {review.case.case_number}", url)]
    return [("My reviews", flask.url_for("home.home"))]


_FORMS: dict[AlertStep, type[wtforms.Form]] = {
    AlertStep.ACKNOWLEDGE: wtforms.Form,
    AlertStep.ANSWER: forms.AnswerAlertForm,
    AlertStep.RETURN_ANSWER: forms.ReturnAlertForm,
    AlertStep.ACCEPT_ANSWER: wtforms.Form,
    AlertStep.NOTE_HOTLINE_CALL: forms.HotlineForm,
}
_TAKES: dict[AlertStep, Callable[..., Any]] = {
    AlertStep.ACKNOWLEDGE: actions.acknowledge_alert,
    AlertStep.ANSWER: actions.answer_alert,
    AlertStep.RETURN_ANSWER: actions.return_alert_answer,
    AlertStep.ACCEPT_ANSWER: actions.accept_alert_answer,
    AlertStep.NOTE_HOTLINE_CALL: actions.note_hotline_call,
}
_SAYS = {
    AlertStep.ACKNOWLEDGE: "You have this safety alert in hand. Answer it below.",
    AlertStep.ANSWER: "Your answer is written down. Whoever accepts it was told.",
    AlertStep.RETURN_ANSWER: "The answer went back with your reason.",
    AlertStep.ACCEPT_ANSWER: "The safety alert is closed.",
    AlertStep.NOTE_HOTLINE_CALL: "The call to the hotline is noted.",
}


@routes.blueprint.post("/alerts/<uuid:public_id>")
@guard.requires(Permission.ALERT_SEE)
def take_alert_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """Take one step with an alert; a refusal keeps what was written."""
    alert, step = _found(public_id), _step()
    form = _FORMS[step](flask.request.form)
    if not form.validate():
        return _page(alert, _Refused(step, form)), 422
    try:
        _TAKES[step](
            current.session(),
            alert=alert,
            actor=current.actor(),
            now=current.now(),
            today=current.today(),
            **_given(form),
        )
    except errors.Blocked as blocked:
        return _page(alert, _Refused(step, form, blocked.blockers)), 422
    flask.flash(_SAYS[step])
    return flask.redirect(_url(public_id), code=303)


def _given(form: wtforms.Form) -> dict[str, Any]:
    given = {name: field.data for name, field in form._fields.items()}
    return {"called_at": _instant(given["hotline_at"])} if "hotline_at" in given else given


def _step() -> AlertStep:
    named = flask.request.form.get("step", "")
    found = next((step for step in _TAKES if step.value == named), None)
    if found is None:
        raise errors.BadInput(f"“{named}” is no step: use a button of the page")
    return found


def _url(public_id: uuid.UUID) -> str:
    return flask.url_for("reviews.safety_alert", public_id=public_id)
