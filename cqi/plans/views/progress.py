"""Pages of progress reports: which are due, writing one, one that was sent with its comments."""

from __future__ import annotations

import uuid
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.plans import actions, forms, policy, rules
from cqi.plans.forms import reports as report_forms
from cqi.plans.policy import reports as reports_policy
from cqi.plans.queries import progress, records
from cqi.plans.rules import reports
from cqi.plans.rules.reports import Period
from cqi.plans.views import routes
from cqi.reviews.views import shown
from cqi.ui import comparing, dates

blueprint = routes.blueprint
_CONFLICT = 409


@blueprint.get("/<uuid:public_id>/reports")
@guard.requires(Permission.PLAN_SEE)
def progress_reports(public_id: uuid.UUID) -> str:
    """The reports of a plan: those to write first, then those that were sent."""
    session, actor = current.session(), current.actor()
    found = records.plan(session, actor, public_id)
    lines = progress.lines(session, found, routes.today())
    return flask.render_template(
        "plans/progress_reports.html",
        plan=found,
        to_write=[one for one in lines if not one.sent_at],
        sent=[one for one in lines if one.sent_at],
        writes=reports_policy.may_write(actor, records.plan_facts(found)),
        kinds=reports.KIND_WORDS,
        dates=dates,
        today=routes.today(),
    )


@blueprint.route("/<uuid:public_id>/reports/<kind>/<first>", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def write_report(public_id: uuid.UUID, kind: str, first: str) -> ResponseReturnValue:
    """Write the narrative of a period; save it, or send the report."""
    session, actor, today = current.session(), current.actor(), routes.today()
    plan = records.plan(session, actor, public_id)
    policy.authorise(actor, Permission.PLAN_LEAD, records.plan_facts(plan))
    period = progress.period(session, plan, kind, first, today)
    if not current.writes():
        return _write_page(public_id, period)
    form = report_forms.NarrativeForm()
    if not form.validate_on_submit():
        return _write_page(public_id, period, form), routes.REFUSED
    revision = shown.number(form.revision.data or "")
    writing = actions.Writing(period, form.narrative.data or "", revision)
    given: dict[str, Any] = {"plan": plan, "writing": writing, "actor": actor, "now": current.now()}
    try:
        if "send" not in flask.request.form:
            actions.write_report(session, **given)
            flask.flash("Saved. Nobody else sees it until you send it.")
            return flask.redirect(flask.request.path, code=303)
        row = actions.send_report(session, **given, today=today)
    except errors.Conflict as conflict:
        current.abandon()
        return _write_page(public_id, period, form, conflict), _CONFLICT
    except errors.Blocked as refused:
        forms.show_blockers(form, refused)
        return _write_page(public_id, period, form), routes.REFUSED
    flask.flash("Sent. Whoever monitors the plan is told; comments will stand below the report.")
    address = flask.url_for("plans.progress_report", public_id=row.public_id)
    return flask.redirect(address, code=303)


def _write_page(
    public_id: uuid.UUID,
    period: Period,
    form: report_forms.NarrativeForm | None = None,
    conflict: errors.Conflict | None = None,
) -> str:
    """The page; where somebody saved another text, both stand on it and saving chooses."""
    session = current.session()
    plan = records.plan(session, current.actor(), public_id)
    sheet = progress.draft_sheet(session, plan, period, routes.today())
    left = routes.today().until(sheet.due_on)
    data = {"narrative": sheet.narrative, "revision": str(sheet.revision)}
    form = form or report_forms.NarrativeForm(formdata=None, data=data)
    if conflict:
        form.revision.data, form.revision.raw_data = str(sheet.revision), [str(sheet.revision)]
    return flask.render_template(
        "plans/write_report.html",
        plan=plan,
        sheet=sheet,
        late=rules.working_days_words(-left) if left < 0 else "",
        form=form,
        compared=comparing.compare(conflict.saved, conflict.sent) if conflict else None,
        kinds=reports.KIND_WORDS,
        dates=dates,
    )


@blueprint.get("/reports/<uuid:public_id>")
@guard.requires(Permission.PLAN_SEE)
def progress_report(public_id: uuid.UUID) -> str:
    """One report that was sent: words, figures, comments with their answers."""
    return _report_page(public_id)


@blueprint.post("/reports/<uuid:public_id>/remarks")
@guard.requires(Permission.PLAN_DISCUSS)
def remark(public_id: uuid.UUID) -> ResponseReturnValue:
    """Comment on a report."""
    session, actor = current.session(), current.actor()
    row = progress.report(session, actor, public_id)
    form = report_forms.RemarkForm(prefix="remark-")
    if not form.validate_on_submit():
        return _report_page(public_id, ("", form)), routes.REFUSED
    actions.remark(
        session,
        report=row,
        words=form.words.data or "",
        actor=actor,
        now=current.now(),
        today=current.today(),
    )
    flask.flash("Your comment stands below the report. Whoever leads the plan is told.")
    return _to_report(public_id)


@blueprint.post("/reports/<uuid:public_id>/remarks/<uuid:remark_id>")
@guard.requires(Permission.PLAN_LEAD)
def answer_remark(public_id: uuid.UUID, remark_id: uuid.UUID) -> ResponseReturnValue:
    """Answer a comment in writing."""
    session, actor = current.session(), current.actor()
    row = progress.report(session, actor, public_id)
    policy.authorise(actor, Permission.PLAN_LEAD, records.plan_facts(row.plan))
    to = progress.remark(session, row, remark_id)
    form = report_forms.AnswerForm(prefix=f"answer-{remark_id}-")
    if not form.validate_on_submit():
        return _report_page(public_id, (str(remark_id), form)), routes.REFUSED
    actions.answer(session, to=to, words=form.words.data or "", actor=actor, now=current.now())
    flask.flash("Your answer stands below the comment. Whoever made it is told.")
    return _to_report(public_id)


def _to_report(public_id: uuid.UUID) -> ResponseReturnValue:
    address = flask.url_for("plans.progress_report", public_id=public_id, _anchor="remarks")
    return flask.redirect(address, code=303)


def _report_page(
    public_id: uuid.UUID, refused: tuple[str, report_forms.RemarkForm] | None = None
) -> str:
    """`refused` is under which comment ("" for a new one), and the form as it was sent."""
    session, actor = current.session(), current.actor()
    row = progress.report(session, actor, public_id)
    facts, sheet = records.plan_facts(row.plan), progress.sent_sheet(session, row, routes.today())
    where, sent = refused or (None, None)
    answers = {}
    if reports_policy.may_write(actor, facts):
        answers = {
            str(one.public_id): report_forms.AnswerForm(
                formdata=None, prefix=f"answer-{one.public_id}-"
            )
            for one in sheet.remarks
        }
    if where in answers and sent:
        answers[where] = sent
    new = None
    if reports_policy.may_remark(actor, facts):
        new = report_forms.RemarkForm(formdata=None, prefix="remark-")
    return flask.render_template(
        "plans/progress_report.html",
        plan=row.plan,
        sheet=sheet,
        answers=answers,
        new=sent if where == "" else new,
        refused=sent,
        kinds=reports.KIND_WORDS,
        dates=dates,
        sent=routes.today().words(row.sent_at) if row.sent_at else "",
    )
