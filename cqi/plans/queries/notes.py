"""What is written about goals, strategies and steps beside their names and dates, by number."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import working_days
from cqi.plans import policy, rules
from cqi.plans.models import Goal, Plan, Step
from cqi.plans.queries import records
from cqi.plans.rules import DONE_STEPS


@dataclass(frozen=True)
class GoalNote:
    """The finding that a goal answers ("3 Safety and risk"), why its target was negotiated, when
    and on which cases it is measured again, and the frozen run of its baseline."""

    finding: str
    target_reason: str
    measured_on: dt.date | None
    sample: str
    run: str


@dataclass(frozen=True)
class StrategyNote:
    """Why a strategy should work, what speaks for it, and who leads it."""

    why: str
    evidence: str
    lead: str


@dataclass(frozen=True)
class Before:
    """The step that another one waits for while it is not done; without title and address for
    whoever may not see it."""

    number: str
    title: str = ""
    public_id: uuid.UUID | None = None


@dataclass(frozen=True)
class StepNote:
    """The partner that does a step, the help that it needs, the number of the step that it waits
    for, and whether it is due on a working day; `before` keeps it from being claimed."""

    partner: str
    contact: str
    help_needed: str
    waits_for: str
    working_day: bool
    before: Before | None = None


@dataclass(frozen=True)
class Notes:
    """All of a plan's, by the numbers "1", "1.2" and "1.2.3"."""

    goals: dict[int, GoalNote]
    strategies: dict[str, StrategyNote]
    steps: dict[str, StepNote]


def notes(session: orm.Session, plan: Plan, today: rules.Today) -> Notes:
    """What is written about the parts of a plan."""
    findings = {one.id: f"{one.position} {one.title}" for one in plan.findings}
    ways = [way for goal in plan.goals for way in goal.strategies]
    names = access.people_names(session, {way.lead_id for way in ways if way.lead_id})
    return Notes(
        {goal.position: _goal(goal, findings) for goal in plan.goals},
        {
            f"{way.goal.position}.{way.position}": StrategyNote(
                way.why or "", way.evidence or "", names.get(way.lead_id or 0, "")
            )
            for way in ways
        },
        {records.number(step): _step(step, today) for step in records.steps_of(plan)},
    )


def of_step(
    session: orm.Session, actor: Actor, public_id: uuid.UUID, today: rules.Today
) -> StepNote:
    """What is written about one step. Raises NotFound."""
    step = records.step(session, actor, public_id)
    return replace(_step(step, today), before=_before(step.depends_on, actor))


def _before(one: Step | None, actor: Actor) -> Before | None:
    if one is None or one.state in DONE_STEPS:
        return None
    plan = records.facts(one.strategy.goal.plan)
    if one.owner_id != actor.person_id and not policy.may(actor, Permission.PLAN_SEE, plan):
        return Before(records.number(one))
    return Before(records.number(one), one.title, one.public_id)


def _goal(goal: Goal, findings: dict[int, str]) -> GoalNote:
    return GoalNote(
        findings.get(goal.finding_id or 0, ""),
        goal.target_reason or "",
        goal.measured_on,
        goal.sample or "",
        goal.baseline_run or "",
    )


def _step(step: Step, today: rules.Today) -> StepNote:
    return StepNote(
        step.partner or "",
        step.partner_contact or "",
        step.help_needed or "",
        records.number(step.depends_on) if step.depends_on else "",
        working_days.is_working_day(step.due_on, today.holidays),
    )
