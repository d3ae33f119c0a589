"""QA: the queue, and the page on which a QA lead decides."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import flask
import wtforms
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.reviews import actions, forms, policy, queries
from cqi.reviews.forms import importing as imported
from cqi.reviews.rules import ReviewState
from cqi.reviews.views import cards, frames, lines, links, notes, routes
from cqi.reviews.workflow import Step


@routes.blueprint.get("/qa", endpoint="qa_queue")
@guard.requires(Permission.REVIEW_APPROVE)
def show_qa_queue() -> ResponseReturnValue:
    """What waits for QA, the longest waiting first; then what others have in hand."""
    everything = queries.qa_lines(current.session(), current.actor(), current.now())
    found = [one for one in everything if not one.line.practice]
    with_qa = [one for one in found if one.line.state is not ReviewState.RETURNED]
    return flask.render_template(
        "reviews/qa_queue.html",
        lines=[lines.of_queue(one) for one in with_qa if not one.for_another],
        another=[lines.of_queue(one) for one in with_qa if one.for_another],
        returned=[lines.of_queue(one) for one in found if one not in with_qa],
        practice=[lines.of_queue(one) for one in everything if one.line.practice],
    )


@routes.blueprint.get("/reviews/<uuid:public_id>/decision", endpoint="decide")
@guard.requires(Permission.REVIEW_SEE)
def show_decision(public_id: uuid.UUID) -> ResponseReturnValue:
    """What somebody who decides may do with a case review, and what it rests on."""
    opened = routes.opened(public_id)
    return _page(opened, _form(opened.review))


def _form(review: queries.CaseReview, sent: MultiDict[str, str] | None = None) -> wtforms.Form:
    """Asks for a reason, of the reviewers or of what came in with a file."""
    asks = imported.WrongForm if review.imported_digest else forms.ReturnForm
    return asks(sent)


def _page(
    opened: routes.Opened, form: wtforms.Form, refused: tuple[errors.Blocker, ...] = ()
) -> str:
    sheet, actor = opened.sheet, current.actor()
    takes = _taken(opened.review)
    steps = [step for step in policy.offered(sheet.standing, actor) if step in takes]
    if not steps and refused:  # somebody else decided first
        raise errors.Blocked(refused)
    if not steps:
        raise errors.Forbidden("nothing to decide here")
    open_notes = queries.open_blockers(sheet.notes)
    found = {
        step: policy.blockers(step, sheet.standing, actor, "given", notes=open_notes)
        for step in steps
    }
    where = notes.addresses(opened)
    return flask.render_template(
        "reviews/decide.html",
        case=frames.of(opened),
        offered={step.value for step in steps},
        blocked={step.value: [_reason(each, where) for each in found[step]] for step in steps},
        refused=[_reason(each, where) for each in refused],
        overrides=sorted(sheet.overrides.values(), key=lambda given: given.at),
        computed=sheet.rating.items,
        components=[cards.of_rating(opened.work, each) for each in sheet.instrument.components],
        counts=lines.counts(sheet),
        reviewers=lines.names_now(opened.review),
        steps=[lines.step_of(each) for each in sheet.steps],
        form=form,
        second=sheet.standing.state is ReviewState.SECOND_LEVEL_QA,
        has_errors=bool(refused or form.errors),
    )


def _reason(blocker: errors.Blocker, where: Mapping[str, str]) -> tuple[str, str]:
    """(message, address) of what stands in the way: an alert's page, a note's place, or none."""
    if blocker.code == "open_alert":
        return blocker.message, links.safety_alert(blocker.place)
    return blocker.message, where.get(blocker.place, "")


_TAKES: dict[Step, Callable[..., Any]] = {
    Step.BEGIN_QA: actions.begin_qa,
    Step.SEND_TO_SECOND_LEVEL: actions.send_to_second_level,
    Step.APPROVE: actions.approve,
    Step.RETURN_TO_REVIEWERS: actions.return_to_reviewers,
    Step.REOPEN: actions.reopen,
}
_WITH_REASON = (Step.RETURN_TO_REVIEWERS, Step.REOPEN, Step.WITHDRAW)


def _taken(review: queries.CaseReview) -> Mapping[Step, Callable[..., Any]]:
    """The steps that are decided here. Only what came in with a file is withdrawn by one person: it
    has no sample to be replaced from."""
    return {**_TAKES, Step.WITHDRAW: actions.withdraw} if review.imported_digest else _TAKES


_SAYS = {
    Step.BEGIN_QA: "You have case {} for first-level QA now.",
    Step.SEND_TO_SECOND_LEVEL: "Case {} waits for another QA lead now.",
    Step.APPROVE: "Case {} is final.",
    Step.RETURN_TO_REVIEWERS: "Case {} is back with its reviewers, with your reason.",
    Step.REOPEN: "Case {} is reopened.",
    Step.WITHDRAW: "Case {} is withdrawn. It counts nowhere.",
}


@routes.blueprint.post("/reviews/<uuid:public_id>/decision")
@guard.requires(Permission.REVIEW_SEE)
def take_decision(public_id: uuid.UUID) -> ResponseReturnValue:
    """Take one step; a refusal comes back with its reasons."""
    review = routes.found(public_id)
    form, step = _form(review, flask.request.form), _step(review)
    if step is Step.REOPEN:
        guard.require_fresh()
    reason = {"reason": form["reason"].data} if step in _WITH_REASON else {}
    if reason and not form.validate():
        return _page(routes.opened(public_id), form), 422
    try:
        _taken(review)[step](
            current.session(), review=review, actor=current.actor(), now=current.now(), **reason
        )
    except errors.Blocked as blocked:
        return _page(routes.opened(public_id), form, blocked.blockers), 422
    flask.flash(_SAYS[step].format(review.case.case_number))
    return flask.redirect(_after(step, review), code=303)


def _step(review: queries.CaseReview) -> Step:
    named = flask.request.form.get("step", "")
    found = next((step for step in _taken(review) if step.value == named), None)
    if found is None:
        raise errors.BadInput(f"“{named}” is no step: use a button of the page")
    return found


def _after(step: Step, review: queries.CaseReview) -> str:
    public_id = review.public_id
    if step is Step.BEGIN_QA or (step is Step.REOPEN and review.imported_digest):
        return flask.url_for("reviews.decide", public_id=public_id)
    if step is Step.WITHDRAW:
        return flask.url_for("reviews.round", public_id=review.round.public_id)
    if step is Step.REOPEN:
        return flask.url_for("reviews.face_sheet", public_id=public_id)
    return flask.url_for("reviews.qa_queue")
