"""Somebody's own deadlines as a calendar: steps that they own, without a name of anybody."""

from __future__ import annotations

import datetime as dt
import hashlib

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.documents import calendar_files
from cqi.plans.models import Amendment, CalendarFeed, Goal, Plan, Step, Strategy
from cqi.plans.queries import reminding
from cqi.plans.rules import IN_FORCE, OPEN_STEPS, UNAPPROVED
from cqi.plans.rules.amendments import AmendmentState

TITLE = "Steps of improvement plans"


def deadlines(session: orm.Session, actor: Actor) -> bytes:
    """A calendar file of the steps that somebody owns. What is claimed, verified or dropped, what a
    plan that has ended still held, and what somebody else owns now, is cancelled: its number of
    changes is higher."""
    query = (
        reminding.joined(
            sa.select(Step.public_id, Step.revision, Step.state, Step.state_since, Step.due_on)
            .add_columns(Goal.position, Strategy.position, Step.position)
            .add_columns(Plan.name, Plan.state, Step.owner_id)
        )
        .where(_owned(actor), Plan.state.not_in(UNAPPROVED))
        .order_by(Step.due_on, Step.id)
    )
    events = [
        calendar_files.Event(
            uid=key,
            sequence=revision - 1 + (plan_state not in IN_FORCE),
            summary=f"Step {goal}.{way}.{at} is due ({name})",
            first=due_on,
            end=due_on,
            changed_at=since,
            cancelled=state not in OPEN_STEPS
            or plan_state not in IN_FORCE
            or owner_id != actor.person_id,
        )
        for key, revision, state, since, due_on, goal, way, at, name, plan_state, owner_id in (
            session.execute(query)
        )
    ]
    return calendar_files.render(events, TITLE)


def _owned(actor: Actor) -> sa.ColumnElement[bool]:
    """Steps that somebody owns, or owned before an amendment gave them to somebody else."""
    before = sa.exists().where(
        Amendment.step_id == Step.id,
        Amendment.state == AmendmentState.GRANTED,
        Amendment.old["owner_id"].as_integer() == actor.person_id,
    )
    return sa.or_(Step.owner_id == actor.person_id, before)


def feed(session: orm.Session, actor: Actor) -> CalendarFeed | None:
    """The feed that somebody has, if any."""
    return session.scalar(sa.select(CalendarFeed).filter_by(person_id=actor.person_id))


def reader(session: orm.Session, secret: str, today: dt.date) -> Actor:
    """Whose feed a secret opens, with the grants of that day. Raises NotFound where it opens none:
    it was replaced or ended, or the person is inactive or may see no step any more."""
    query = sa.select(CalendarFeed.person_id).where(CalendarFeed.digest == digest(secret))
    person_id = session.scalar(query)
    actor = access.actor_for(session, person_id, today) if person_id else None
    if actor is None or not actor.holds(Permission.STEP_SEE):
        raise errors.NotFound("there is no such calendar")
    return actor


def digest(secret: str) -> str:
    """What is kept of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
