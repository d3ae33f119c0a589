"""The demonstration's improvement plans, drafted and approved through their actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from cqi.cli.demonstration import rounds
from cqi.measures import queries as measure_queries
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.plans import actions as plan_actions
from cqi.plans import rules as plan_rules
from cqi.plans.models import Plan, Step, Strategy
from cqi.plans.workflow import PlanMove
from cqi.rounds.models import Round


def make(world: rounds.World, told: Mapping[str, Any], baseline_id: int) -> None:
    """One plan with goals, strategies and steps, as far as the state file says."""
    approved = world.timeline.workday(told["approved"])
    drafted = approved - dt.timedelta(days=14)
    lead = world.people.actor(told["lead"], drafted)
    plan = plan_actions.draft_plan(
        world.session,
        new=plan_actions.NewPlan(
            places.place(world.session, PlaceKind.REGION, told["region"]).id,
            baseline_id,
            told["name"],
        ),
        actor=lead,
        now=world.timeline.at(drafted, 9),
    )
    steps = [
        (step, made)
        for goal in told["goals"]
        for step, made in _goal(world, plan, goal, drafted, told["lead"])
    ]
    sent = approved - dt.timedelta(days=5)
    for move, who, day in (
        (PlanMove.SUBMIT, told["lead"], sent),
        (PlanMove.APPROVE, "cqi_director", approved),
        (PlanMove.BEGIN, told["lead"], approved + dt.timedelta(days=1)),
    ):
        plan_actions.move_plan(
            world.session,
            plan=plan,
            taking=plan_actions.PlanTaking(move),
            actor=world.people.actor(who, day),
            now=world.timeline.at(day, 11),
            today=day,
        )
    for step, made in steps:
        _progress(world, step, made)


def _goal(
    world: rounds.World, plan: Plan, told: Mapping[str, Any], day: dt.date, lead: str
) -> list[tuple[Mapping[str, Any], Step]]:
    now, actor = world.timeline.at(day, 10), world.people.actor(lead, day)
    baseline = world.session.get_one(Round, plan.round_id)
    asked = measure_queries.asked_of(baseline)
    row = measure_queries.measures(world.session, asked).row(told["item"])
    goal = plan_actions.add_goal(
        world.session,
        plan=plan,
        new=plan_actions.NewGoal(
            told["title"],
            told["component"],
            told["item"],
            plan_rules.Count(row.achieved, row.applicable),
        ),
        actor=actor,
        now=now,
    )
    made = []
    for strategy_told in told["strategies"]:
        strategy = plan_actions.add_strategy(
            world.session, goal=goal, title=strategy_told["title"], actor=actor, now=now
        )
        made += [(step, _step(world, strategy, step, day, lead)) for step in strategy_told["steps"]]
    return made


def _step(
    world: rounds.World, strategy: Strategy, told: Mapping[str, Any], day: dt.date, lead: str
) -> Step:
    return plan_actions.add_step(
        world.session,
        strategy=strategy,
        new=plan_actions.NewStep(
            told["title"],
            world.people.people[told["owner"]].id,
            world.timeline.workday(told["starts"]),
            world.timeline.workday(told["due"]),
            told["evidence"],
        ),
        actor=world.people.actor(lead, day),
        now=world.timeline.at(day, 10),
    )


def _progress(world: rounds.World, told: Mapping[str, Any], step: Step) -> None:
    """Claimed four days before it was due, verified a week later by somebody else."""
    if told["state"] == "open":
        return
    claimed = world.timeline.workday(told["due"] - 4)
    plan_actions.claim_step(
        world.session,
        step=step,
        words="Done as asked; the evidence is in the region's folder.",
        actor=world.people.actor(told["owner"], claimed),
        now=world.timeline.at(claimed, 15),
    )
    if told["state"] == "verified":
        seen = claimed + dt.timedelta(days=7)
        plan_actions.verify_step(
            world.session,
            step=step,
            words="Seen and complete.",
            actor=world.people.actor("cqi_liaison", seen),
            now=world.timeline.at(seen, 15),
        )
