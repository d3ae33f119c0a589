"""Whether people may be given a case, beside what their case review says: the county that they work
for, and what the round requires of its reviewers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.permissions import ROLE_WORDS, Role
from cqi.cases import queries as cases
from cqi.places import queries as places
from cqi.reviews.policy.fitness import FIT, Fitness
from cqi.reviews.rules import ReviewPurpose
from cqi.rounds.models import Round
from cqi.rounds.queries import ledger
from cqi.rounds.rules import ledger as ledger_rules
from cqi.settings import queries as settings
from cqi.settings import registry


@dataclass(frozen=True)
class Task:
    """What somebody is asked to do: a case of this county in this round, on a day; None as long as
    no case is chosen."""

    in_round: Round
    county_id: int | None
    purpose: ReviewPurpose
    day: dt.date


def fitness(session: orm.Session, task: Task, person_ids: Collection[int]) -> dict[int, Fitness]:
    """Person id -> what decides, for each of them."""
    works, lacks = _works_as(session, task, person_ids), _lacks(session, task, person_ids)
    return {
        each: Fitness(works.get(each, ""), lacks.get(each, ()))
        if each in works or each in lacks
        else FIT
        for each in person_ids
    }


def _works_as(session: orm.Session, task: Task, person_ids: Collection[int]) -> dict[int, str]:
    """Person id -> the role in which they work for the county and may not review in it."""
    if task.county_id is None:
        return {}
    roles = [Role(each) for each in settings.listed(session, registry.OWN_COUNTY_ROLES, task.day)]
    here = [task.county_id]
    near = places.below(session, here, task.day) | places.above(session, here, task.day)
    found: dict[int, str] = {}
    for role in roles:
        holders = access.holders(session, role, near, task.day)
        if role is Role.CASEWORKER:
            anywhere = access.holders_of_own(session, role, task.day).intersection(person_ids)
            holders |= cases.who_work_in(session, task.county_id, anywhere, task.day)
        for person_id in holders.intersection(person_ids):
            found.setdefault(person_id, ROLE_WORDS[role])
    return found


def _lacks(
    session: orm.Session, task: Task, person_ids: Collection[int]
) -> dict[int, tuple[tuple[str, str], ...]]:
    """Person id -> what the round requires and they do not have; practice requires nothing."""
    requires = ledger_rules.required(task.in_round.requires)
    if not requires or task.purpose is ReviewPurpose.PRACTICE:
        return {}
    known, instrument = ledger.standing(session, person_ids), task.in_round.instrument
    found = {
        each: ledger_rules.lacking(requires, known.get(each, ()), instrument, task.day)
        for each in person_ids
    }
    return {
        each: tuple((f"not_{kind.value}", words) for kind, words in lacking.items())
        for each, lacking in found.items()
        if lacking
    }
