"""Changes of invented plans, asked for and decided through the product's own actions."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa

from cqi.access.models import Person
from cqi.core.database import Database
from cqi.plans import actions
from cqi.plans.actions import AmendmentTaking, Wish
from cqi.plans.models import Amendment, Goal, Step
from cqi.plans.queries import amendments, records
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.workflow import AmendmentMove
from tests import build
from tests.plans import invented

WHY = "The reader was ill for a month."
LATER = dt.date(2027, 4, 15)


def more_time(day: dt.date = LATER) -> Wish:
    return Wish(AmendmentKind.EXTENSION, WHY, due_on=day)


def drop() -> Wish:
    return Wish(AmendmentKind.DROP, "The unit is closed.")


def changed(step: Step, **parts: Any) -> Wish:
    now = {
        "title": step.title,
        "owner_id": step.owner_id,
        "evidence_asked": step.evidence_asked,
        "partner": step.partner or "",
        "partner_contact": step.partner_contact or "",
        "help_needed": step.help_needed or "",
        "depends_on_id": step.depends_on_id,
    }
    return Wish(AmendmentKind.STEP, WHY, **(now | parts))


def ask(database: Database, step: uuid.UUID, person: Person, wish: Wish) -> uuid.UUID:
    """Somebody asks for a change of a step."""
    with database.writing() as session:
        who = invented.actor(session, person)
        found = records.step(session, who, step)
        given = {"actor": who, "now": build.NOW, "today": invented.TODAY.day}
        return actions.ask_to_amend(session, about=found, wish=wish, **given).public_id


def ask_target(database: Database, person: Person, target: int = 7000) -> uuid.UUID:
    """Somebody asks for another target of the only goal."""
    with database.writing() as session:
        who = invented.actor(session, person)
        goal = session.scalars(sa.select(Goal)).one()
        wish = Wish(AmendmentKind.TARGET, WHY, target=target)
        given = {"actor": who, "now": build.NOW, "today": invented.TODAY.day}
        return actions.ask_to_amend(session, about=goal, wish=wish, **given).public_id


def decide(
    database: Database,
    asked: uuid.UUID,
    person: Person,
    move: AmendmentMove = AmendmentMove.GRANT,
    words: str = "",
) -> None:
    """Somebody grants, refuses or withdraws it."""
    with database.writing() as session:
        who = invented.actor(session, person)
        found = amendments.amendment(session, who, asked)
        taking = AmendmentTaking(move, words)
        given = {"actor": who, "now": build.NOW, "today": invented.TODAY.day}
        actions.move_amendment(session, amendment=found, taking=taking, **given)


def give(database: Database, step: uuid.UUID, owner: Person, by: Person) -> None:
    """A step gets another owner: who leads the plan asks, somebody else grants it."""
    with database.writing() as session:
        director = invented.actor(session, by)
        found = records.step(session, director, step)
        plan = found.strategy.goal.plan
        lead = session.get_one(Person, plan.created_by_id)
        wish = changed(found, owner_id=owner.id)
    decide(database, ask(database, step, lead, wish), by)


def state(database: Database, asked: uuid.UUID) -> AmendmentState:
    """Where a request stands."""
    with database.reading() as session:
        query = sa.select(Amendment.state).where(Amendment.public_id == asked)
        return session.scalars(query).one()
