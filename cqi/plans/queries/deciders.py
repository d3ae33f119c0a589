"""Who has to look at a claim or a request, by id."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.plans import policy
from cqi.plans.policy import amending
from cqi.plans.queries import people


def words(session: orm.Session, asked: amending.Request, today: dt.date) -> str:
    """Who decides on a request, in words: whoever leads the plan only where somebody else does than
    who asked or owns the step."""
    lead = people.leads(session, asked.subject.plan.place_id, today)
    others = lead - {asked.asked_by_id, asked.subject.owner_id}
    return amending.decides(asked.kind, lead=bool(others))


def verifiers(session: orm.Session, step: policy.StepFacts, today: dt.date) -> frozenset[int]:
    """Who verifies a claimed step: the place's liaisons, else CQI directors; never its owner,
    whoever claimed it or wrote on it."""
    liaisons = people.liaisons(session, step.plan.place_id, today)
    if left := policy.may_still_verify(step, liaisons):
        return left
    barred = step.helpers | {step.owner_id, step.claimed_by_id}
    return people.deciders(session, step.plan.place_id, today) - barred


def of_request(session: orm.Session, asked: amending.Request, today: dt.date) -> frozenset[int]:
    """Who decides on a request: who leads the plan, or CQI directors where nobody else may; never
    who asked, nor who owns the step."""
    place = asked.subject.plan.place_id
    barred = {asked.asked_by_id, asked.subject.owner_id}
    lead = frozenset() if amending.by_director(asked.kind) else people.leads(session, place, today)
    return (lead - barred) or (people.deciders(session, place, today) - barred)
