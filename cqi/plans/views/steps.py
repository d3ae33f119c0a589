"""Pages of action steps: one's own, one step, and what one can do about it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

import flask
import flask_wtf
from flask.typing import ResponseReturnValue
from werkzeug import http

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.plans import actions, forms
from cqi.plans.actions import StepTaking
from cqi.plans.forms import deadlines, working
from cqi.plans.queries import amendments, handed_in, ladders, notes, records, sheets
from cqi.plans.rules import evidence
from cqi.plans.rules.amendments import ASK_WORDS
from cqi.plans.views import routes
from cqi.plans.workflow import StepMove
from cqi.ui import dates

blueprint = routes.blueprint
_FORMS = {
    StepMove.CLAIM: working.ClaimForm,
    StepMove.VERIFY: working.VerifyForm,
    StepMove.SEND_BACK: working.SendBackForm,
}
_SAYS = {
    StepMove.ON_SCHEDULE: "Written down: on schedule.",
    StepMove.AHEAD: "Written down: ahead of schedule.",
    StepMove.BEHIND: "Written down: behind schedule, with the day of recovery.",
    StepMove.CLAIM: "Claimed as done. Somebody else now looks at the evidence.",
    StepMove.VERIFY: "Verified.",
    StepMove.SEND_BACK: "Sent back to its owner, with your words.",
}


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


@blueprint.post("/steps/<uuid:public_id>/report")
@guard.requires(Permission.STEP_SEE)
def report_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """The owner, or who leads the plan, says how it stands."""
    form = working.ReportForm(prefix="report-")

    def taking() -> StepTaking:
        move = StepMove(form.stands.data)
        return StepTaking(move, form.words.data or "", form.recover_on.data)

    return _move(public_id, "report", form, taking)


@blueprint.post("/steps/<uuid:public_id>/claim")
@guard.takes_files(routes.evidence_room)
@guard.requires(Permission.STEP_SEE)
def claim_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """The owner says that it is done. Files are looked at before the request's transaction begins,
    and nothing is stored when one of them is refused."""
    with current.database().reading() as session:  # nobody else's files are looked into
        records.step(session, current.actor(), public_id)
    form = working.ClaimForm(prefix="claim-")
    megabytes = routes.evidence_megabytes()
    sent, link = form.uploads(megabytes), form.link.data or ""
    judged = evidence.judge(sent, megabytes)
    refused = [*judged.blockers, *evidence.link_blockers(link)]
    missing = [] if sent or link else [evidence.NOTHING_HANDED_IN]

    def taking() -> StepTaking:
        errors.require(refused)
        return StepTaking(
            StepMove.CLAIM,
            form.words.data or "",
            helped=form.helped.data == "yes",
            link=link,
            files=judged.files,
        )

    return _move(public_id, "claim", form, taking, (*refused, *missing, *form.to_choose_again()))


@blueprint.post("/steps/<uuid:public_id>/verify")
@guard.requires(Permission.PLAN_VERIFY)
def verify_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody else has seen the evidence."""
    form = working.VerifyForm(prefix="verify-")
    return _move(
        public_id, "verify", form, lambda: StepTaking(StepMove.VERIFY, form.words.data or "")
    )


@blueprint.post("/steps/<uuid:public_id>/send-back")
@guard.requires(Permission.PLAN_VERIFY)
def send_back_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """The evidence does not prove it yet."""
    form = working.SendBackForm(prefix="send_back-")
    return _move(
        public_id, "send_back", form, lambda: StepTaking(StepMove.SEND_BACK, form.words.data or "")
    )


@blueprint.get("/steps/files/<uuid:public_id>")
@guard.requires(Permission.STEP_SEE)
def evidence_file(public_id: uuid.UUID) -> ResponseReturnValue:
    """One file of evidence, to keep and never to show: the event first, in a transaction of its
    own."""
    with current.database().writing() as session:
        found = actions.read_evidence(
            session, public_id=public_id, actor=current.actor(), now=current.now()
        )
    headers = {
        "Content-Type": evidence.MEDIA_TYPES[found.kind],
        "Content-Disposition": http.dump_options_header("attachment", {"filename": found.name}),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return found.content, headers


def _move(
    public_id: uuid.UUID,
    name: str,
    form: flask_wtf.FlaskForm,
    taking: Callable[[], StepTaking],
    besides: Iterable[Blocker] = (),
) -> ResponseReturnValue:
    """Make a move of the workflow."""
    return move(public_id, name, form, lambda: _take(public_id, taking()), besides)


def move(
    public_id: uuid.UUID,
    name: str,
    form: flask_wtf.FlaskForm,
    do: Callable[[], None],
    besides: Iterable[Blocker] = (),
) -> ResponseReturnValue:
    """One of the page's forms: done, or the page again with what refused it; `besides` is shown
    with it then."""
    if form.validate_on_submit():
        try:
            do()
        except errors.Blocked as refused:
            forms.show_blockers(form, refused)
        else:
            return flask.redirect(flask.url_for("plans.step", public_id=public_id))
    said = set(form.form_errors) | {words for field in form for words in field.errors}
    left = [one for one in besides if one.message not in said]
    forms.show_blockers(form, errors.Blocked(left))
    return _step_page(public_id, {name: form}), routes.REFUSED


def _take(public_id: uuid.UUID, taking: StepTaking) -> None:
    found = records.step(current.session(), current.actor(), public_id)
    actions.move_step(
        current.session(),
        step=found,
        taking=taking,
        actor=current.actor(),
        now=current.now(),
        today=current.today(),
    )
    flask.flash(_SAYS[taking.move])


def _step_page(public_id: uuid.UUID, sent: dict[str, flask_wtf.FlaskForm]) -> str:
    """The page with empty forms, but for the one that was refused."""
    session, actor = current.session(), current.actor()
    found = sheets.step(session, actor, public_id, routes.today())
    offered = {
        move.value: _FORMS[move](formdata=None, prefix=f"{move}-")
        for move in found.moves
        if move in _FORMS
    }
    if StepMove.ON_SCHEDULE in found.moves:
        offered["report"] = working.ReportForm(formdata=None, prefix="report-")
    late = ladders.ladders(session, actor, [public_id], routes.today()).get(public_id)
    if late and late.waits:
        form = deadlines.AcknowledgeForm(formdata=None, prefix="acknowledge-")
        offered["acknowledge"] = form
    shown = offered | sent
    if isinstance(claim := shown.get("claim"), working.ClaimForm):
        claim.say_limits(routes.evidence_megabytes())
    return flask.render_template(
        "plans/step.html",
        step=found,
        late=late,
        files=handed_in.files_of(session, public_id),
        amendments=amendments.of_step(session, actor, public_id, routes.today()),
        asks=amendments.may_ask(session, actor, public_id),
        ask_words=ASK_WORDS,
        forms=shown,
        note=notes.of_step(session, actor, public_id, routes.today()),
        owns=found.owner_id == actor.person_id,
        refused=next(iter(sent.values()), None),
        sees_plan=actor.holds(Permission.PLAN_SEE),
        dates=dates,
        today=routes.today(),
    )
