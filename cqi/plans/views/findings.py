"""Findings of a plan: what the figures propose, what the region says of it, and what it adds."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.plans import actions, forms, policy
from cqi.plans.forms import RowForm
from cqi.plans.queries import figures, records
from cqi.plans.queries import findings as found
from cqi.plans.rules.findings import FindingDecision, FindingKind
from cqi.plans.views import routes
from cqi.ui import dates

blueprint = routes.blueprint
_FIRST = 10  # undecided findings of a kind in sight; the rest is folded
Rows = list[tuple[found.FindingRow, RowForm]]


@blueprint.get("/<uuid:public_id>/findings")
@guard.requires(Permission.PLAN_SEE)
def findings(public_id: uuid.UUID) -> ResponseReturnValue:
    """What is proposed, in the order of the cases that it touches, and what was said of it."""
    plan = records.plan(current.session(), current.actor(), public_id)
    return _page(plan, forms.DecideForm(formdata=None), _rows(plan))


@blueprint.post("/<uuid:public_id>/findings")
@guard.requires(Permission.PLAN_LEAD)
def decide_findings(public_id: uuid.UUID) -> ResponseReturnValue:
    """Take all decisions of the table; where one cannot stand, none is taken."""
    session, actor, form = current.session(), current.actor(), forms.DecideForm()
    plan = records.plan(session, actor, public_id)
    policy.authorise(actor, Permission.PLAN_LEAD, records.plan_facts(plan))
    rows = _rows(plan, sent=True)
    fits = [row.validate() for _, row in rows]
    if not (form.validate_on_submit() and all(fits)):
        return _page(plan, form, rows), routes.REFUSED
    try:
        count = actions.decide_findings(
            session, plan=plan, decisions=_said(rows, form), actor=actor, now=current.now()
        )
    except errors.Blocked as refused:
        _show(form, rows, refused)
        return _page(plan, form, rows), routes.REFUSED
    flask.flash(f"Saved: {count} {'finding' if count == 1 else 'findings'} decided on.")
    return flask.redirect(flask.url_for("plans.findings", public_id=public_id))


@blueprint.post("/<uuid:public_id>/findings/propose")
@guard.requires(Permission.PLAN_LEAD)
def propose_again(public_id: uuid.UUID) -> ResponseReturnValue:
    """Propose findings anew from the report that put figures right."""
    session, actor = current.session(), current.actor()
    plan = records.plan(session, actor, public_id)
    routes.require_draft(plan)
    try:
        new = actions.propose_again(
            session, plan=plan, actor=actor, now=current.now(), today=current.today()
        )
    except errors.Blocked as refused:
        flask.flash(refused.blockers[0].message)
        return routes.to_plan(public_id)
    flask.flash(f"Proposed from the newest report: {new} new. Look through what is to decide.")
    return flask.redirect(flask.url_for("plans.findings", public_id=public_id))


@blueprint.route("/<uuid:public_id>/findings/new", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def add_finding(public_id: uuid.UUID) -> ResponseReturnValue:
    """Add a finding by hand: on practice or on a systemic factor."""
    session, actor, form = current.session(), current.actor(), forms.FindingForm()
    plan, today = records.plan(session, actor, public_id), current.today()
    routes.require_draft(plan)
    run = figures.kept_run(session, plan)
    offered = figures.figures(session, plan, run, today).baselines
    form.offer([(one.code, one.words) for one in offered])

    def add() -> ResponseReturnValue:
        new = actions.NewFinding(
            routes.given(form.title.data), form.words.data or "", form.code, form.factor, once=True
        )
        row = actions.add_finding(
            session, plan=plan, new=new, actor=actor, now=current.now(), today=today
        )
        flask.flash(f"Added as finding {row.position}, and accepted.")
        return flask.redirect(flask.url_for("plans.findings", public_id=public_id))

    return routes.form_page("add_finding", form, add, plan=plan)


@blueprint.route(
    "/<uuid:public_id>/findings/<int(max=9999):position>/notes", methods=["GET", "POST"]
)
@guard.requires(Permission.PLAN_LEAD)
def note_finding(public_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """Write the root causes of a finding."""
    session, actor = current.session(), current.actor()
    plan = records.plan(session, actor, public_id)
    routes.require_draft(plan)
    row = found.finding(plan, position)

    def stands() -> dict[str, object]:
        return {"title": row.title, "words": row.words, "revision": row.revision}

    form = forms.NoteForm(data=stands())

    def note() -> ResponseReturnValue:
        noting = actions.Noting(
            routes.given(form.title.data),
            form.words.data or "",
            forms.number(form.revision.data),
        )
        actions.note_finding(session, finding=row, noting=noting, actor=actor, now=current.now())
        flask.flash(f"Saved: root causes of finding {position}.")
        return flask.redirect(flask.url_for("plans.findings", public_id=public_id))

    return routes.form_page("note_finding", form, note, stands, plan=plan, finding=row)


def _rows(plan: records.Plan, *, sent: bool = False) -> Rows:
    shown = found.rows(current.session(), plan, routes.today())
    return [(row, forms.row_form(row, flask.request.form if sent else None)) for row in shown]


def _said(rows: Rows, form: forms.DecideForm) -> list[actions.Decision]:
    said = []
    for row, sent in rows:
        one = sent.said(row.position)
        waits = one.decision is FindingDecision.PROPOSED and row.kind is not FindingKind.STRENGTH
        if form.rest.data and waits:
            declined, reason = FindingDecision.DECLINED, form.rest_reason.data or ""
            one = actions.Decision(row.position, declined, reason, revision=one.revision)
        said.append(one)
    return said


def _show(form: forms.DecideForm, rows: Rows, refused: errors.Blocked) -> None:
    """Put each reason beside its row; a row that was changed meanwhile counts as read now."""
    by_place = {field.name: field for _, row in rows for field in row}
    for blocker in refused.blockers:
        field = by_place.get(blocker.place or "")
        if field is None:
            form.form_errors.append(blocker.message)
        else:
            field.errors = [*field.errors, blocker.message]
    for row, sent in rows:
        sent.revision.raw_data, sent.revision.data = None, str(row.revision)


def _page(plan: records.Plan, form: forms.DecideForm, rows: Rows) -> str:
    facts = records.plan_facts(plan)
    drafts = policy.may(current.actor(), Permission.PLAN_LEAD, facts)
    return flask.render_template(
        "plans/findings.html",
        plan=plan,
        form=form,
        rows=rows,
        first=_FIRST,
        dates=dates,
        drafts=drafts and not policy.drafting_blockers(facts),
        open=sum(row.open for row, _ in rows),
        undecided=any(row.open and not row.decided for row, _ in rows),
    )
