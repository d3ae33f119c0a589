"""Pages of changes of a plan in force: asking for one, one with its decision, all of a plan."""

from __future__ import annotations

import uuid
from typing import Any

import flask
import flask_wtf
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.plans import actions, forms, rules
from cqi.plans.actions import AmendmentTaking, Wish
from cqi.plans.forms import amending as amending_forms
from cqi.plans.policy import amending
from cqi.plans.queries import amendments, choices, deciders, outcomes, records, sheets
from cqi.plans.rules.amendments import ASK_WORDS, AmendmentKind, AmendmentState
from cqi.plans.views import routes
from cqi.plans.workflow import AMENDMENT_MOVE_WORDS, AmendmentMove

blueprint = routes.blueprint
_WRITTEN = ("title", "evidence_asked", "partner", "partner_contact", "help_needed")
_SAYS = {
    AmendmentMove.GRANT: "Granted. The plan is changed; what was before stays on this page.",
    AmendmentMove.REFUSE: "Refused, with your words. Nothing changes.",
    AmendmentMove.WITHDRAW: "Withdrawn. Nothing changes.",
}


@blueprint.route(
    "/steps/<uuid:public_id>/ask/<any(extension, step, drop):kind>", methods=["GET", "POST"]
)
@guard.requires(Permission.STEP_SEE)
def ask_amendment(public_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Ask for more time, another step, or to drop it."""
    session, actor, what = current.session(), current.actor(), AmendmentKind(kind)
    found = records.step(session, actor, public_id)
    subject = amendments.subject_of(session, found, current.today())
    shown = sheets.step(session, actor, public_id, routes.today())
    form = _form(what, shown, found)

    def ask() -> ResponseReturnValue:
        made = actions.ask_to_amend(
            session,
            about=found,
            wish=_wish(what, form),
            actor=actor,
            now=current.now(),
            today=current.today(),
        )
        return _asked(made.public_id)

    left = amending.ask_blockers(what, subject, actor, "something")
    wished = amending.Request(subject, what, AmendmentState.ASKED, actor.person_id)
    decides = deciders.words(session, wished, current.today())
    there = amendments.of_step(session, actor, public_id, routes.today()) if left else ()
    waits = [one for one in there if one.kind is what and one.state is AmendmentState.ASKED]
    page: dict[str, Any] = {"asked": waits[0] if waits else None}
    page |= {"step": shown, "kind": what, "title": ASK_WORDS[what], "left": left}
    return routes.form_page("ask_amendment", form, ask, decides=decides, **page)


@blueprint.route("/goals/<uuid:goal_id>/target", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def ask_target(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for another target of a goal."""
    session, actor, what = current.session(), current.actor(), AmendmentKind.TARGET
    goal = records.goal(session, actor, goal_id)
    subject = amendments.subject_of(session, goal, current.today())
    left = amending.ask_blockers(what, subject, actor, "something")
    form = amending_forms.TargetForm()

    def ask() -> ResponseReturnValue:
        target = rules.from_percent(routes.given(form.target.data))
        wish = Wish(what, form.reason.data or "", target=target)
        made = actions.ask_to_amend(
            session,
            about=goal,
            wish=wish,
            actor=actor,
            now=current.now(),
            today=current.today(),
        )
        return _asked(made.public_id)

    baseline = rules.Count(goal.baseline_achieved, goal.baseline_applicable)
    aim = rules.target(baseline, goal.negotiated_target)
    return routes.form_page("ask_target", form, ask, plan=goal.plan, goal=goal, aim=aim, left=left)


@blueprint.get("/amendments/<uuid:public_id>")
@guard.requires(Permission.STEP_SEE)
def amendment(public_id: uuid.UUID) -> str:
    """One request: what changes, why, and what came of it."""
    return _page(public_id, amending_forms.DecideForm(formdata=None))


@blueprint.post("/amendments/<uuid:public_id>/move")
@guard.requires(Permission.STEP_SEE)
def move_amendment(public_id: uuid.UUID) -> ResponseReturnValue:
    """Grant, refuse or withdraw it."""
    session, actor = current.session(), current.actor()
    found, form = amendments.amendment(session, actor, public_id), amending_forms.DecideForm()
    taking = AmendmentTaking(form.chosen(), form.words.data or "")
    if not form.validate_on_submit():
        return _page(public_id, form), routes.REFUSED
    try:
        actions.move_amendment(
            session,
            amendment=found,
            taking=taking,
            actor=actor,
            now=current.now(),
            today=current.today(),
        )
    except errors.Blocked as refused:
        forms.show_blockers(form, refused)
        return _page(public_id, form), routes.REFUSED
    flask.flash(_SAYS[taking.move])
    return flask.redirect(flask.url_for("plans.amendment", public_id=public_id))


@blueprint.get("/<uuid:public_id>/amendments")
@guard.requires(Permission.PLAN_SEE)
def plan_amendments(public_id: uuid.UUID) -> str:
    """All changes that were asked for in a plan, with what was and what shall be."""
    session, actor = current.session(), current.actor()
    plan = records.plan(session, actor, public_id)
    found = amendments.of_plan(session, actor, public_id, routes.today())
    return flask.render_template("plans/plan_amendments.html", plan=plan, amendments=found)


def _form(what: AmendmentKind, shown: sheets.StepRow, step: records.Step) -> flask_wtf.FlaskForm:
    """The form of a kind, as the step is now."""
    plan = step.strategy.goal.plan
    now = {name: getattr(step, name) or "" for name in _WRITTEN}
    waits = str(step.depends_on_id or "")
    now |= {"owner": str(step.owner_id), "due_on": None, "depends_on": waits}
    form = amending_forms.OF_STEP[what](data=now)
    if what is AmendmentKind.STEP:
        others = choices.other_steps(current.actor(), plan, step)
        form.depends_on.choices = [("", "None"), *((str(key), words) for key, words in others)]
        people = dict(choices.owners(current.session(), plan.place_id, current.today()))
        people.setdefault(shown.owner_id, shown.owner)
        form.owner.choices = [(str(key), name) for key, name in people.items()]
    return form


def _wish(what: AmendmentKind, form: flask_wtf.FlaskForm) -> Wish:
    data = form.data
    return Wish(
        what,
        data["reason"] or "",
        due_on=data.get("due_on"),
        title=data.get("title") or "",
        owner_id=int(data["owner"]) if data.get("owner") else None,
        evidence_asked=data.get("evidence_asked") or "",
        partner=data.get("partner") or "",
        partner_contact=data.get("partner_contact") or "",
        help_needed=data.get("help_needed") or "",
        depends_on_id=int(data["depends_on"]) if data.get("depends_on") else None,
    )


def _asked(public_id: uuid.UUID) -> ResponseReturnValue:
    row = amendments.one_row(current.session(), current.actor(), public_id, routes.today())
    flask.flash(f"Asked. {_decides(public_id)} decides, and you hear of it. {row.warning}".strip())
    return flask.redirect(flask.url_for("plans.amendment", public_id=public_id))


def _decides(public_id: uuid.UUID) -> str:
    session = current.session()
    one = amendments.amendment(session, current.actor(), public_id)
    return deciders.words(session, amendments.request(one), current.today())


def _page(public_id: uuid.UUID, form: amending_forms.DecideForm) -> str:
    session, actor = current.session(), current.actor()
    goal = amendments.amendment(session, actor, public_id).goal
    found = amendments.one_row(session, actor, public_id, routes.today())
    form.explain(found.moves)
    return flask.render_template(
        "plans/amendment.html",
        one=found,
        measured=outcomes.of_goal(session, goal, routes.limits()) if goal else None,
        decides=_decides(public_id),
        form=form,
        words=AMENDMENT_MOVE_WORDS,
        sees_plan=actor.holds(Permission.PLAN_SEE),
    )
