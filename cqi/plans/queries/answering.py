"""Who leads a plan and who verifies it: people who hold the role for its place."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Role
from cqi.places import queries as places
from cqi.plans import policy
from cqi.plans.models import Step
from cqi.plans.queries import amendments, records
from cqi.plans.queries.sheets import PlanSheet
from cqi.plans.rules import StepState


@dataclass(frozen=True)
class Answering:
    """Who leads a plan and who verifies its steps; "you" stands for whoever looks. `claims_with`
    says with whom the claimed steps wait: where the liaison owns or helped, with the director."""

    leads: tuple[str, ...]
    verifies: tuple[str, ...]
    claims_with: str = ""

    @property
    def words(self) -> str:
        """ "You lead it. Ivo Bracken, CQI liaison, verifies." """
        return " ".join(filter(None, (self._lead, self._verify)))

    @property
    def _lead(self) -> str:
        if self.leads == ("You",):
            return "You lead it."
        return f"{_listed(self.leads)} {'leads' if len(self.leads) == 1 else 'lead'} it." * any(
            self.leads
        )

    @property
    def _verify(self) -> str:
        if self.verifies == ("You",):
            return "You verify its steps."
        if not self.verifies:
            return ""
        verb = "verifies" if len(self.verifies) == 1 else "verify"
        return f"{_listed(self.verifies)}, CQI liaison, {verb}."


def answering(session: orm.Session, actor: Actor, plan: PlanSheet, today: dt.date) -> Answering:
    """Who answers for a plan on a day."""
    above = places.above(session, [plan.place_id], today)
    leads = access.holders(session, Role.REGIONAL_DIRECTOR, above, today)
    verifies = access.holders(session, Role.CQI_LIAISON, above, today)
    names = access.people_names(session, leads | verifies)
    names = {key: "You" if key == actor.person_id else name for key, name in names.items()}
    return Answering(
        tuple(sorted(names[key] for key in leads)),
        tuple(sorted(names[key] for key in verifies)),
        _claims_with(session, plan, {key: names[key] for key in verifies}) if verifies else "",
    )


def _claims_with(session: orm.Session, plan: PlanSheet, liaisons: Mapping[int, str]) -> str:
    """ "with Ivo Bracken", "1 with Ivo Bracken, 2 with the CQI director"; "" where none waits."""
    keys = [one.public_id for one in plan.steps if one.state is StepState.CLAIMED]
    steps = list(session.scalars(sa.select(Step).where(Step.public_id.in_(keys))))
    before = amendments.owners_before(session, [step.id for step in steps])
    found: Counter[str] = Counter()
    for step in steps:
        others = liaisons.keys() - before[step.id]
        left = policy.may_still_verify(records.step_facts(step), others)
        names = sorted("you" if liaisons[key] == "You" else liaisons[key] for key in left)
        found["with " + (", ".join(names) or "the CQI director")] += 1
    if len(found) == 1:
        return next(iter(found))
    return ", ".join(f"{count} {words}" for words, count in sorted(found.items()))


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
