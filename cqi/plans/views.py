"""Pages of plans: the first page of who leads them, a plan, a step, and the forms of a draft."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import flask
import flask_wtf
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors, holidays
from cqi.measures.rules import findings
from cqi.plans import actions, forms, policy, rules
from cqi.plans.queries import choices, outcomes, records, sheets
from cqi.settings import queries as settings
from cqi.settings import registry
from cqi.ui import dates

blueprint = flask.Blueprint("plans", __name__, url_prefix="/plans", template_folder="templates")
_REFUSED = 422
_Value = TypeVar("_Value")


@blueprint.get("/home")
@guard.requires(Permission.PLAN_SEE)
def director_home() -> str:
    """What is late and with whom, the next deadlines, and the plans."""
    days = _number(registry.DEADLINE_HORIZON_DAYS)
    home = sheets.director_home(current.session(), current.actor(), _today(), days)
    leads = current.actor().holds(Permission.PLAN_LEAD)
    return flask.render_template(
        "plans/home.html",
        home=home,
        horizon=days,
        leads=leads,
        rolls_up=current.actor().holds(Permission.FEEDBACK_ROLL_UP),
        today=_today(),
        dates=dates,
    )


@blueprint.get("")
@guard.requires(Permission.PLAN_SEE)
def plans() -> str:
    """All plans within reach."""
    found = sheets.plans_visible(current.session(), current.actor(), _today())
    leads = current.actor().holds(Permission.PLAN_LEAD)
    return flask.render_template(
        "plans/plans.html", plans=found, leads=leads, today=_today(), dates=dates
    )


@blueprint.get("/steps")
@guard.requires(Permission.STEP_SEE)
def own_steps() -> str:
    """The steps that one owns."""
    steps = sheets.own_steps(current.session(), current.actor(), _today())
    return flask.render_template("plans/own_steps.html", steps=steps)


@blueprint.get("/<uuid:public_id>")
@guard.requires(Permission.PLAN_SEE)
def plan(public_id: uuid.UUID) -> str:
    """One plan: late first, then whether it worked, then when everything is due."""
    session, today = current.session(), _today()
    sheet = sheets.plan(session, current.actor(), public_id, today)
    horizon = _number(registry.DEADLINE_HORIZON_DAYS)
    return flask.render_template(
        "plans/plan.html",
        plan=sheet,
        measured=outcomes.outcomes(session, sheet, _limits()),
        waits=sheets.waits(sheet),
        coming=sheets.coming(sheet.steps, today, horizon),
        horizon=horizon,
        span=sheets.span(sheet.steps, today.day),
        months=rules.months_words,
        today=today,
        dates=dates,
    )


@blueprint.post("/<uuid:public_id>/approve")
@guard.requires(Permission.PLAN_APPROVE)
def approve(public_id: uuid.UUID) -> ResponseReturnValue:
    """Make a draft the plan in force."""
    session, actor = current.session(), current.actor()
    found = records.plan(session, actor, public_id)
    actions.approve(session, plan=found, actor=actor, now=current.now(), today=current.today())
    flask.flash("Approved. The plan is in force, and its steps can be claimed.")
    return _to_plan(public_id)


@blueprint.post("/<uuid:public_id>/close")
@guard.requires(Permission.PLAN_APPROVE)
def close(public_id: uuid.UUID) -> ResponseReturnValue:
    """End a plan whose steps are all verified."""
    session, actor = current.session(), current.actor()
    found = records.plan(session, actor, public_id)
    actions.close(session, plan=found, actor=actor, now=current.now())
    flask.flash("Closed. All steps were verified.")
    return _to_plan(public_id)


@blueprint.route("/new", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def draft_plan() -> ResponseReturnValue:
    """Begin a plan."""
    session, actor, form = current.session(), current.actor(), forms.PlanForm()
    rounds = choices.rounds(session, actor)
    form.round.choices = [("", "Choose a round"), *((str(one.id), one.name) for one in rounds)]

    def draft() -> ResponseReturnValue:
        chosen = next(one for one in rounds if str(one.id) == form.round.data)
        if chosen.region_id is None:
            raise errors.NotFound("this round has no region")
        new = actions.NewPlan(chosen.region_id, chosen.id, _given(form.name.data))
        made = actions.draft_plan(session, new=new, actor=actor, now=current.now())
        return _to_plan(made.public_id)

    return _form_page("draft_plan", form, draft)


@blueprint.route("/<uuid:public_id>/goals/new", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def add_goal(public_id: uuid.UUID) -> ResponseReturnValue:
    """Add what shall change, with its baseline from the measures of the plan's round."""
    session, actor, form = current.session(), current.actor(), forms.GoalForm()
    found = records.plan(session, actor, public_id)
    _require_lead(records.plan_facts(found))
    offered = outcomes.baselines(session, found, _limits())
    form.measure.choices = [("", "Choose a measure"), *((one.code, one.words) for one in offered)]

    def add() -> ResponseReturnValue:
        chosen = next(one for one in offered if one.code == form.measure.data)
        target = form.target.data
        negotiated = None if target is None else target * rules.WHOLE // 100
        new = actions.NewGoal(
            _given(form.title.data), chosen.component, chosen.item, chosen.count, negotiated
        )
        actions.add_goal(session, plan=found, new=new, actor=actor, now=current.now())
        return _to_plan(public_id)

    return _form_page("add_goal", form, add, plan=found)


@blueprint.route("/goals/<uuid:goal_id>/strategies/new", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def add_strategy(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Add a way to a goal."""
    session, actor, form = current.session(), current.actor(), forms.StrategyForm()
    goal = records.goal(session, actor, goal_id)
    _require_lead(records.plan_facts(goal.plan))

    def add() -> ResponseReturnValue:
        actions.add_strategy(
            session, goal=goal, title=_given(form.title.data), actor=actor, now=current.now()
        )
        return _to_plan(goal.plan.public_id)

    return _form_page("add_strategy", form, add, plan=goal.plan, goal=goal)


@blueprint.route(
    "/goals/<uuid:goal_id>/<int(max=9999):position>/steps/new", methods=["GET", "POST"]
)
@guard.requires(Permission.PLAN_LEAD)
def add_step(goal_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """Add a step to a strategy."""
    session, actor, form = current.session(), current.actor(), forms.StepForm()
    strategy = records.strategy(session, actor, goal_id, position)
    plan_ = strategy.goal.plan
    _require_lead(records.plan_facts(plan_))
    people = choices.owners(session, plan_.place_id, current.today())
    form.owner.choices = [("", "Choose an owner"), *((str(key), name) for key, name in people)]

    def add() -> ResponseReturnValue:
        new = actions.NewStep(
            _given(form.title.data),
            int(form.owner.data),
            _given(form.starts_on.data),
            _given(form.due_on.data),
            _given(form.evidence_asked.data),
        )
        actions.add_step(session, strategy=strategy, new=new, actor=actor, now=current.now())
        return _to_plan(plan_.public_id)

    return _form_page("add_step", form, add, plan=plan_, strategy=strategy)


def _require_lead(plan_: policy.PlanFacts) -> None:
    """Raise Forbidden where the actor leads plans elsewhere only."""
    policy.authorise(current.actor(), Permission.PLAN_LEAD, plan_)


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

    return _move(public_id, "claim", form, claim)


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

    return _move(public_id, "verify", form, verify)


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

    return _move(public_id, "send_back", form, send_back)


def _move(
    public_id: uuid.UUID, move: str, form: flask_wtf.FlaskForm, do: Callable[[], None]
) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            do()
        except errors.Blocked as refused:
            forms.show_blockers(form, refused)
        else:
            return flask.redirect(flask.url_for("plans.step", public_id=public_id))
    return _step_page(public_id, {move: form}), _REFUSED


def _step_page(public_id: uuid.UUID, sent: dict[str, flask_wtf.FlaskForm]) -> str:
    """The page with empty forms, but for the one that was refused."""
    found = sheets.step(current.session(), current.actor(), public_id, _today())
    kinds = {"claim": forms.ClaimForm, "verify": forms.VerifyForm, "send_back": forms.SendBackForm}
    offered = {move: kinds[move](formdata=None, prefix=f"{move}-") for move in found.moves}
    return flask.render_template(
        "plans/step.html",
        step=found,
        forms=offered | sent,
        refused=next(iter(sent.values()), None),
        sees_plan=current.actor().holds(Permission.PLAN_SEE),
        dates=dates,
        today=_today(),
    )


def _form_page(
    view: str,
    form: flask_wtf.FlaskForm,
    do: Callable[[], ResponseReturnValue],
    **context: Any,
) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            return do()
        except errors.Blocked as refused:
            forms.show_blockers(form, refused)
    page = flask.render_template(f"plans/{view}.html", form=form, **context)
    return page, _REFUSED if form.is_submitted() else 200


def _to_plan(public_id: uuid.UUID) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("plans.plan", public_id=public_id))


def _given(value: _Value | None) -> _Value:
    """What a validated form holds; its fields are typed as if they could be empty."""
    if value is None:
        raise errors.BadInput("a field of the form is missing")
    return value


def _today() -> rules.Today:
    return rules.Today(current.today(), holidays.days(), current.clock().time_zone)


def _number(one: registry.Setting) -> int:
    return settings.number(current.session(), one, current.today())


def _limits() -> findings.Limits:
    return findings.Limits(_number(registry.SMALLEST_N), _number(registry.WIDEST_REACH))
