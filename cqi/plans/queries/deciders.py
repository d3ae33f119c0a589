"""Who has to look at something of a plan: liaisons, CQI directors, Regional Directors, by id."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.permissions import Role
from cqi.places import queries as places
from cqi.plans import policy
from cqi.plans.policy import amending


def verifiers(session: orm.Session, step: policy.StepFacts, today: dt.date) -> frozenset[int]:
    """Who verifies a claimed step: the place's liaisons, else CQI directors; never its owner,
    whoever claimed it or wrote on it."""
    barred = step.helpers | {step.owner_id, step.claimed_by_id}
    liaisons = _holders(session, Role.CQI_LIAISON, step.plan.place_id, today) - barred
    if liaisons and not step.helped:
        return liaisons
    return directors(session, step.plan.place_id, today) - barred


def of_request(session: orm.Session, asked: amending.Request, today: dt.date) -> frozenset[int]:
    """Who decides on a request: who leads the plan, or CQI directors where nobody else may; never
    who asked, nor who owns the step."""
    place = asked.subject.plan.place_id
    barred = {asked.asked_by_id, asked.subject.owner_id}
    lead = frozenset() if amending.by_director(asked.kind) else leaders(session, place, today)
    return (lead - barred) or (directors(session, place, today) - barred)


def directors(session: orm.Session, place_id: int, today: dt.date) -> frozenset[int]:
    """CQI directors."""
    everywhere = access.holders_in_state(session, Role.CQI_DIRECTOR, today)
    return _holders(session, Role.CQI_DIRECTOR, place_id, today) | everywhere


def leaders(session: orm.Session, place_id: int, today: dt.date) -> frozenset[int]:
    """Who leads the plans of a place."""
    return _holders(session, Role.REGIONAL_DIRECTOR, place_id, today)


def _holders(session: orm.Session, role: Role, place_id: int, today: dt.date) -> frozenset[int]:
    return access.holders(session, role, places.above(session, [place_id], today), today)
