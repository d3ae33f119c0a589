"""What the forms of a draft offer: rounds to rest on, people who can own a step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.models import GrantRow, Person
from cqi.access.permissions import Permission, Role
from cqi.places import queries as places
from cqi.plans.models import Plan, PlanFinding, Step
from cqi.plans.queries import records
from cqi.plans.rules import IN_FORCE, UNDECIDED, PlanState, StepState
from cqi.plans.rules.findings import FindingDecision
from cqi.rounds.models import Round


def rounds(session: orm.Session, actor: Actor) -> list[Round]:
    """Rounds of the regions that the actor leads plans for, the newest first."""
    reach = actor.reach(Permission.PLAN_LEAD)
    where = sa.true() if reach.everywhere else Round.region_id.in_(reach.places)
    query = sa.select(Round).where(where, Round.region_id.is_not(None))
    return list(session.scalars(query.order_by(Round.on_site_from.desc(), Round.id.desc())))


def in_force(session: orm.Session, actor: Actor, place_id: int | None) -> list[Plan]:
    """Plans in force that a new one may take the place of, by name: of a place, else of all that
    the actor leads plans for."""
    return _led(session, actor, place_id, IN_FORCE)


def undecided(session: orm.Session, actor: Actor, place_id: int | None) -> list[Plan]:
    """Plans that nobody decided on yet, by name, of the same places."""
    return _led(session, actor, place_id, UNDECIDED)


def _led(
    session: orm.Session, actor: Actor, place_id: int | None, states: Collection[PlanState]
) -> list[Plan]:
    reach = actor.reach(Permission.PLAN_LEAD)
    where = sa.true() if reach.everywhere else Plan.place_id.in_(reach.places)
    here = sa.true() if place_id is None else Plan.place_id == place_id
    query = sa.select(Plan).where(where, here, Plan.state.in_(sorted(states)))
    return list(session.scalars(query.order_by(Plan.name, Plan.id)))


def other_steps(actor: Actor, plan: Plan, step: Step | None = None) -> list[tuple[int, str]]:
    """(id, words) of a plan's steps that one may wait for, and of the one that a step waits for
    now: those that a person may not see by their number alone."""
    reach, now = actor.reach(Permission.PLAN_SEE), step.depends_on_id if step else None
    whole = reach.everywhere or plan.place_id in reach.places
    return [
        (one.id, _named(one, whole or one.owner_id == actor.person_id))
        for one in records.steps_of(plan)
        if one is not step and (one.state is not StepState.DROPPED or one.id == now)
    ]


def _named(step: Step, seen: bool) -> str:
    number = records.number(step)
    return f"{number} {step.title}" if seen else f"Step {number}"


def answered(plan: Plan) -> list[PlanFinding]:
    """The accepted findings of a plan, which goals answer."""
    return [one for one in plan.findings if one.decision is FindingDecision.ACCEPTED]


def owners(session: orm.Session, place_id: int, today: dt.date) -> list[tuple[int, str]]:
    """(id, name) of active people with a grant that touches a place, and of partners, by name."""
    near = places.below(session, [place_id], today) | places.above(session, [place_id], today)
    here = sa.or_(GrantRow.place_id.in_(near), GrantRow.role == Role.STAKEHOLDER)
    query = (
        sa.select(Person.id, Person.name)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(Person.active, here, *access.in_force(today))
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return [(key, name) for key, name in session.execute(query)]
