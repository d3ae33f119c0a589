"""The forms of a draft: goals, strategies and steps, added and changed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

import flask
import flask_wtf
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import working_days
from cqi.plans import actions, forms, rules
from cqi.plans.queries import choices, figures, records
from cqi.plans.views import routes

blueprint = routes.blueprint
_NOBODY = ("", "Nobody yet")


@blueprint.route("/<uuid:public_id>/goals/new", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def add_goal(public_id: uuid.UUID) -> ResponseReturnValue:
    """Add what shall change, with its baseline from the measures of the plan's round."""
    session, plan = current.session(), records.plan(current.session(), current.actor(), public_id)
    form, today = _goal_form(plan, _asked(plan)), current.today()

    def add() -> None:
        wish = _goal_wish(form)
        actions.add_measured_goal(session, plan=plan, wish=wish, today=today, **routes.by())

    return _page("add_goal", form, plan, add)


@blueprint.route("/goals/<uuid:goal_id>/edit", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def change_goal(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Change a goal of a draft."""
    session, goal = current.session(), records.goal(current.session(), current.actor(), goal_id)
    form, today = _goal_form(goal.plan, _goal_stands(goal)), current.today()

    def change() -> None:
        wish = _goal_wish(form)
        actions.change_goal(session, goal=goal, wish=wish, today=today, **routes.by())

    return _page("add_goal", form, goal.plan, change, lambda: _goal_stands(goal), goal=goal)


@blueprint.route("/goals/<uuid:goal_id>/strategies/new", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def add_strategy(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Add a way to a goal."""
    session, goal = current.session(), records.goal(current.session(), current.actor(), goal_id)
    form = _strategy_form(goal.plan, {})

    def add() -> None:
        actions.add_strategy(session, goal=goal, wish=_strategy_wish(form), **routes.by())

    return _page("add_strategy", form, goal.plan, add, goal=goal)


@blueprint.route("/goals/<uuid:goal_id>/<int(max=9999):position>/edit", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def change_strategy(goal_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """Change a strategy of a draft."""
    session = current.session()
    way = records.strategy(session, current.actor(), goal_id, position)
    form = _strategy_form(way.goal.plan, _strategy_stands(way))

    def change() -> None:
        actions.change_strategy(session, strategy=way, wish=_strategy_wish(form), **routes.by())

    def stands() -> dict[str, object]:
        return _strategy_stands(way)

    return _page("add_strategy", form, way.goal.plan, change, stands, goal=way.goal, strategy=way)


@blueprint.route(
    "/goals/<uuid:goal_id>/<int(max=9999):position>/steps/new", methods=["GET", "POST"]
)
@guard.requires(Permission.PLAN_LEAD)
def add_step(goal_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """Add a step to a strategy."""
    session = current.session()
    way = records.strategy(session, current.actor(), goal_id, position)
    form = _step_form(way.goal.plan, None)

    def add() -> None:
        _warn(actions.add_step(session, strategy=way, new=_new_step(form), **routes.by()))

    return _page("add_step", form, way.goal.plan, add)


@blueprint.route("/steps/<uuid:public_id>/edit", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def change_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """Change a step of a draft."""
    session, step = current.session(), records.step(current.session(), current.actor(), public_id)
    plan, number = step.strategy.goal.plan, records.number(step)
    form = _step_form(plan, step)

    def change() -> None:
        actions.change_step(session, step=step, new=_new_step(form), **routes.by())
        _warn(step)

    return _page("add_step", form, plan, change, lambda: _step_stands(step), number=number)


def _page(
    view: str,
    form: flask_wtf.FlaskForm,
    plan: records.Plan,
    save: Callable[[], None],
    stands: Callable[[], Mapping[str, object]] | None = None,
    **context: object,
) -> ResponseReturnValue:
    """A form of a draft, for whoever leads the plan; once it is saved, the plan again."""
    routes.require_draft(plan)

    def do() -> ResponseReturnValue:
        save()
        return routes.to_plan(plan.public_id)

    return routes.form_page(view, form, do, stands, plan=plan, **context)


# ---- goals


def _goal_form(plan: records.Plan, stands: dict[str, object]) -> forms.GoalForm:
    session, form = current.session(), forms.GoalForm(data=stands)
    run = figures.kept_run(session, plan)
    offered = figures.figures(session, plan, run, current.today()).baselines
    form.measure.choices = [("", "Choose a measure"), *((one.code, one.words) for one in offered)]
    accepted = [
        (str(one.position), _named(one.position, one.title)) for one in choices.answered(plan)
    ]
    form.finding.choices = [("", "None yet"), *accepted]
    return form


def _named(number: int, title: str) -> str:
    return f"{number} {title}"


def _asked(plan: records.Plan) -> dict[str, object]:
    """What the link beside a finding asks for: a goal that answers it, on its measure."""
    for one in choices.answered(plan):
        if flask.request.args.get("finding") == str(one.position):
            return {"finding": str(one.position), "measure": one.code or ""}
    return {}


def _goal_stands(goal: records.Goal) -> dict[str, object]:
    number = {one.id: str(one.position) for one in goal.plan.findings}
    negotiated = goal.negotiated_target
    return {
        "finding": number.get(goal.finding_id or 0, ""),
        "measure": goal.item or goal.component,
        "title": goal.title,
        "target": None if negotiated is None else rules.in_percent(negotiated),
        "target_reason": goal.target_reason or "",
        "measured_on": goal.measured_on,
        "sample": goal.sample or "",
        "revision": goal.revision,
    }


def _goal_wish(form: forms.GoalForm) -> actions.GoalWish:
    target = form.target.data
    return actions.GoalWish(
        routes.given(form.title.data),
        routes.given(form.measure.data),
        int(form.finding.data) if form.finding.data else None,
        None if target is None else rules.from_percent(target),
        form.target_reason.data or "",
        form.measured_on.data,
        form.sample.data or "",
        forms.number(form.revision.data),
        once=True,
    )


# ---- strategies


def _strategy_form(plan: records.Plan, stands: dict[str, object]) -> forms.StrategyForm:
    form = forms.StrategyForm(data=stands)
    form.lead.choices = [_NOBODY, *_people(plan)]
    return form


def _strategy_stands(strategy: records.Strategy) -> dict[str, object]:
    return {
        "title": strategy.title,
        "why": strategy.why or "",
        "evidence": strategy.evidence or "",
        "lead": str(strategy.lead_id or ""),
        "revision": strategy.revision,
    }


def _strategy_wish(form: forms.StrategyForm) -> actions.StrategyWish:
    return actions.StrategyWish(
        routes.given(form.title.data),
        form.why.data or "",
        form.evidence.data or "",
        int(form.lead.data) if form.lead.data else None,
        forms.number(form.revision.data),
        once=True,
    )


# ---- steps


def _step_form(plan: records.Plan, step: records.Step | None) -> forms.StepForm:
    form = forms.StepForm(data=_step_stands(step) if step else {})
    form.owner.choices = [("", "Choose an owner"), *_people(plan)]
    others = choices.other_steps(current.actor(), plan, step)
    form.depends_on.choices = [("", "None"), *((str(key), words) for key, words in others)]
    return form


def _people(plan: records.Plan) -> list[tuple[str, str]]:
    people = choices.owners(current.session(), plan.place_id, current.today())
    return [(str(key), name) for key, name in people]


def _step_stands(step: records.Step) -> dict[str, object]:
    return {
        "title": step.title,
        "owner": str(step.owner_id),
        "partner": step.partner or "",
        "partner_contact": step.partner_contact or "",
        "starts_on": step.starts_on,
        "due_on": step.due_on,
        "evidence_asked": step.evidence_asked,
        "help_needed": step.help_needed or "",
        "depends_on": str(step.depends_on_id or ""),
        "revision": step.revision,
    }


def _new_step(form: forms.StepForm) -> actions.NewStep:
    return actions.NewStep(
        routes.given(form.title.data),
        int(form.owner.data),
        routes.given(form.starts_on.data),
        routes.given(form.due_on.data),
        routes.given(form.evidence_asked.data),
        form.partner.data or "",
        form.partner_contact.data or "",
        form.help_needed.data or "",
        int(form.depends_on.data) if form.depends_on.data else None,
        forms.number(form.revision.data),
        once=True,
    )


def _warn(step: records.Step) -> None:
    today = routes.today()
    if not working_days.is_working_day(step.due_on, today.holidays):
        day = rules.day_words(step.due_on, today.day)
        flask.flash(f"Saved. Step {records.number(step)} is due on {day}, which is no working day.")
