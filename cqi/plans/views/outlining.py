"""The forms of a draft: begin a plan, add goals, strategies and steps."""

from __future__ import annotations

import uuid

from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.plans import actions, forms, policy, rules
from cqi.plans.queries import choices, outcomes, records
from cqi.plans.views import routes

blueprint = routes.blueprint


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
        new = actions.NewPlan(chosen.region_id, chosen.id, routes.given(form.name.data))
        made = actions.draft_plan(session, new=new, actor=actor, now=current.now())
        return routes.to_plan(made.public_id)

    return routes.form_page("draft_plan", form, draft)


@blueprint.route("/<uuid:public_id>/goals/new", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def add_goal(public_id: uuid.UUID) -> ResponseReturnValue:
    """Add what shall change, with its baseline from the measures of the plan's round."""
    session, actor, form = current.session(), current.actor(), forms.GoalForm()
    found = records.plan(session, actor, public_id)
    _require_lead(records.plan_facts(found))
    offered = outcomes.baselines(session, found, routes.limits())
    form.measure.choices = [("", "Choose a measure"), *((one.code, one.words) for one in offered)]

    def add() -> ResponseReturnValue:
        chosen = next(one for one in offered if one.code == form.measure.data)
        target = form.target.data
        negotiated = None if target is None else target * rules.WHOLE // 100
        new = actions.NewGoal(
            routes.given(form.title.data), chosen.component, chosen.item, chosen.count, negotiated
        )
        actions.add_goal(session, plan=found, new=new, actor=actor, now=current.now())
        return routes.to_plan(public_id)

    return routes.form_page("add_goal", form, add, plan=found)


@blueprint.route("/goals/<uuid:goal_id>/strategies/new", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def add_strategy(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Add a way to a goal."""
    session, actor, form = current.session(), current.actor(), forms.StrategyForm()
    goal = records.goal(session, actor, goal_id)
    _require_lead(records.plan_facts(goal.plan))

    def add() -> ResponseReturnValue:
        actions.add_strategy(
            session, goal=goal, title=routes.given(form.title.data), actor=actor, now=current.now()
        )
        return routes.to_plan(goal.plan.public_id)

    return routes.form_page("add_strategy", form, add, plan=goal.plan, goal=goal)


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
            routes.given(form.title.data),
            int(form.owner.data),
            routes.given(form.starts_on.data),
            routes.given(form.due_on.data),
            routes.given(form.evidence_asked.data),
        )
        actions.add_step(session, strategy=strategy, new=new, actor=actor, now=current.now())
        return routes.to_plan(plan_.public_id)

    return routes.form_page("add_step", form, add, plan=plan_, strategy=strategy)


def _require_lead(plan_: policy.PlanFacts) -> None:
    """Raise Forbidden where the actor leads plans elsewhere only."""
    policy.authorise(current.actor(), Permission.PLAN_LEAD, plan_)
