"""Invented plans, made through the product's own actions."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.core.database import Database
from cqi.plans import actions, rules
from cqi.plans.models import Plan, Step
from cqi.plans.queries import records
from cqi.plans.rules import evidence
from cqi.plans.rules.findings import SystemicFactor
from cqi.plans.workflow import PlanMove, StepMove
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast

TODAY = rules.Today(dt.date(2027, 3, 10))
LATE, SOON, FAR = dt.date(2027, 2, 17), dt.date(2027, 3, 16), dt.date(2027, 8, 2)


def actor(session: orm.Session, person: Person) -> Actor:
    """A person with the grants in force on the day of the tests."""
    found = access.actor_for(session, person.id, TODAY.day)
    assert found is not None
    return found


@dataclass(frozen=True)
class Made:
    """A plan's public id, and those of its steps in the order of `due`."""

    plan: uuid.UUID
    steps: tuple[uuid.UUID, ...]


def draft(
    session: orm.Session,
    cast: Cast,
    name: str = "Region One improvement plan",
    on: Round | None = None,
) -> Plan:
    """A draft of the Regional Director, with one finding, one goal and one strategy."""
    lead = actor(session, cast.regional_director)
    new = actions.NewPlan(cast.region.id, (on or cast.round).id, name)
    plan = actions.draft_plan(session, new=new, actor=lead, now=build.NOW)
    goal = actions.add_goal(
        session,
        plan=plan,
        new=actions.NewGoal(
            "Safety looked at again",
            "SRM",
            "SRM05",
            rules.Count(21, 58),
            finding=add_finding(session, plan, lead),
        ),
        actor=lead,
        now=build.NOW,
    )
    actions.add_strategy(session, goal=goal, title="Read together", actor=lead, now=build.NOW)
    return plan


def add_finding(session: orm.Session, plan: Plan, lead: Actor) -> int:
    """An accepted finding on a systemic factor; its number."""
    new = actions.NewFinding("Too few readers", "Two left.", factor=SystemicFactor.TRAINING)
    given = {"actor": lead, "now": build.NOW, "today": TODAY.day}
    return actions.add_finding(session, plan=plan, new=new, **given).position


def add_step(session: orm.Session, cast: Cast, plan: Plan, owner: Person, due_on: dt.date) -> Step:
    """A step of the plan's first strategy."""
    new = actions.NewStep(
        "Supervisors read one assessment a month",
        owner.id,
        dt.date(2027, 1, 4),
        due_on,
        "Logs for two months",
    )
    lead = actor(session, cast.regional_director)
    strategy = plan.goals[0].strategies[0]
    return actions.add_step(session, strategy=strategy, new=new, actor=lead, now=build.NOW)


def move(
    session: orm.Session,
    plan: Plan,
    what: PlanMove,
    person: Person,
    words: str = "",
    on: dt.date = TODAY.day,
) -> None:
    """Make one move of a plan's workflow."""
    actions.move_plan(
        session,
        plan=plan,
        taking=actions.PlanTaking(what, words),
        actor=actor(session, person),
        now=at(on),
        today=on,
    )


def put_in_force(session: orm.Session, cast: Cast, plan: Plan) -> None:
    """The Regional Director submitted it while all its days were still to come; the CQI director
    approves it today, and the work begins."""
    first = min((step.due_on for step in records.steps_of(plan)), default=TODAY.day)
    move(session, plan, PlanMove.SUBMIT, cast.regional_director, on=min(first, TODAY.day))
    move(session, plan, PlanMove.APPROVE, cast.cqi_director)
    move(session, plan, PlanMove.BEGIN, cast.regional_director)


def active(
    database: Database, cast: Cast, owner: Person, due: tuple[dt.date, ...] = (LATE, SOON, FAR)
) -> Made:
    """An approved plan with a step for each due date, all owned by one person."""
    with database.writing() as session:
        plan = draft(session, cast)
        steps = [add_step(session, cast, plan, owner, each) for each in due]
        put_in_force(session, cast, plan)
        return Made(plan.public_id, tuple(step.public_id for step in steps))


LINK = "https://www.example.org/logs"


def claiming(words: str = "Logs handed in", *, helped: bool = False) -> actions.StepTaking:
    """A claim with a link to the evidence."""
    return actions.StepTaking(StepMove.CLAIM, words, helped=helped, link=LINK)


def claim(
    database: Database,
    step: uuid.UUID,
    owner: Person,
    words: str = "Logs handed in",
    on: dt.date = TODAY.day,
) -> None:
    """The owner says that a step is done."""
    with database.writing() as session:
        who = actor(session, owner)
        found, taking = records.step(session, who, step), claiming(words)
        actions.move_step(session, step=found, taking=taking, actor=who, now=at(on))


def refuse(database: Database, step: uuid.UUID, by: Person, on: dt.date = TODAY.day) -> None:
    """Somebody sends a claimed step back."""
    with database.writing() as session:
        who = actor(session, by)
        found = records.step(session, who, step)
        actions.send_back_step(
            session, step=found, reason="One log is missing", actor=who, now=at(on)
        )


def at(day: dt.date) -> dt.datetime:
    """A day at the hour of the tests."""
    return dt.datetime.combine(day, build.NOW.timetz())


def hand_in(
    database: Database, step: uuid.UUID, owner: Person, content: bytes = b"Two logs"
) -> uuid.UUID:
    """The owner claims a step with a text file; the file's public id."""
    judged = evidence.judge([evidence.Upload("logs.txt", content)], 1)
    with database.writing() as session:
        who = actor(session, owner)
        found = records.step(session, who, step)
        taking = actions.StepTaking(StepMove.CLAIM, "Logs", files=judged.files)
        entry = actions.move_step(session, step=found, taking=taking, actor=who, now=build.NOW)
        return entry.files[0].public_id
