"""What a draft leaves out, with a reason, and takes back: goals, strategies and steps."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.plans import actions, forms
from cqi.plans.queries import records
from cqi.plans.views import routes

blueprint = routes.blueprint
_GOAL, _STRATEGY = "/goals/<uuid:goal_id>", "/goals/<uuid:goal_id>/<int(max=9999):position>"
_STEP = "/steps/<uuid:public_id>"


@blueprint.route(f"{_GOAL}/drop", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def drop_goal(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Leave a goal of a draft out, with a reason."""
    goal = records.goal(current.session(), current.actor(), goal_id)

    def drop(reason: str) -> None:
        actions.drop_goal(
            current.session(), goal=goal, reason=reason, actor=current.actor(), now=current.now()
        )

    return _drop("drop_goal", goal.plan, drop, part=goal)


@blueprint.post(f"{_GOAL}/take-up")
@guard.requires(Permission.PLAN_LEAD)
def take_up_goal(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Take a goal back into its draft."""
    goal = records.goal(current.session(), current.actor(), goal_id)
    return _take_up(
        goal.plan,
        lambda: actions.take_up_goal(
            current.session(), goal=goal, actor=current.actor(), now=current.now()
        ),
    )


@blueprint.route(f"{_STRATEGY}/drop", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def drop_strategy(goal_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """Leave a strategy of a draft out, with a reason."""
    one = records.strategy(current.session(), current.actor(), goal_id, position)

    def drop(reason: str) -> None:
        actions.drop_strategy(
            current.session(),
            strategy=one,
            reason=reason,
            actor=current.actor(),
            now=current.now(),
        )

    return _drop("drop_strategy", one.goal.plan, drop, part=one)


@blueprint.post(f"{_STRATEGY}/take-up")
@guard.requires(Permission.PLAN_LEAD)
def take_up_strategy(goal_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """Take a strategy back into its draft."""
    one = records.strategy(current.session(), current.actor(), goal_id, position)
    return _take_up(
        one.goal.plan,
        lambda: actions.take_up_strategy(
            current.session(), strategy=one, actor=current.actor(), now=current.now()
        ),
    )


@blueprint.route(f"{_STEP}/drop", methods=["GET", "POST"])
@guard.requires(Permission.PLAN_LEAD)
def drop_draft_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """Leave a step of a draft out, with a reason."""
    step = records.step(current.session(), current.actor(), public_id)

    def drop(reason: str) -> None:
        actions.drop_draft_step(
            current.session(), step=step, reason=reason, actor=current.actor(), now=current.now()
        )

    plan = step.strategy.goal.plan
    return _drop("drop_draft_step", plan, drop, part=step, number=records.number(step))


@blueprint.post(f"{_STEP}/take-up")
@guard.requires(Permission.PLAN_LEAD)
def take_up_step(public_id: uuid.UUID) -> ResponseReturnValue:
    """Take a step back into its draft."""
    step = records.step(current.session(), current.actor(), public_id)
    return _take_up(
        step.strategy.goal.plan,
        lambda: actions.take_up_step(
            current.session(), step=step, actor=current.actor(), now=current.now()
        ),
    )


def _drop(
    view: str, plan: records.Plan, drop: Callable[[str], None], **context: Any
) -> ResponseReturnValue:
    routes.require_draft(plan)
    form = forms.DropForm()

    def done() -> ResponseReturnValue:
        drop(routes.given(form.words.data))
        flask.flash("Dropped. It stays in sight, and its number is not used again.")
        return routes.to_plan(plan.public_id)

    return routes.form_page(view, form, done, plan=plan, **context)


def _take_up(plan: records.Plan, take_up: Callable[[], None]) -> ResponseReturnValue:
    """What cannot be taken back is said on the plan's page."""
    routes.require_draft(plan)
    try:
        take_up()
    except errors.Blocked as refused:
        for blocker in refused.blockers:
            flask.flash(blocker.message)
    else:
        flask.flash("Taken back into the draft, under its old number.")
    return routes.to_plan(plan.public_id)
