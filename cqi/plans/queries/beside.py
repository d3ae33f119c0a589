"""What pages of plans need beside plans and steps: names, extensions, and what waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.places import queries as places
from cqi.plans.models import Amendment, Plan, Step
from cqi.plans.queries import amendments, records
from cqi.plans.queries import targets as changed


@dataclass(frozen=True)
class Beside:
    """Names of people and places by id, how often steps were extended, what waits in plans, and the
    changes of targets by goal."""

    people: Mapping[int, str]
    places: Mapping[int, str]
    extensions: Mapping[int, int]
    asked: Mapping[int, tuple[Amendment, ...]]
    targets: Mapping[int, tuple[Amendment, ...]]

    @classmethod
    def of(cls, session: orm.Session, plans: Iterable[Plan]) -> Beside:
        """What whole plans need."""
        found = list(plans)
        steps = [step for one in found for step in records.steps_of(one)]
        keys = {one.id for one in found}
        targets = changed.changes(session, keys)
        return cls(
            access.people_names(session, _people_of(steps) | _people_of_targets(targets)),
            places.names(session, {one.place_id for one in found}),
            amendments.extensions(session, keys),
            amendments.waiting(session, keys),
            targets,
        )

    @classmethod
    def of_steps(cls, session: orm.Session, steps: Collection[Step]) -> Beside:
        """What rows of steps alone need."""
        keys = {step.strategy.goal.plan_id for step in steps}
        people = access.people_names(session, _people_of(steps))
        return cls(
            people, {}, amendments.extensions(session, keys), amendments.waiting(session, keys), {}
        )


def _people_of(steps: Iterable[Step]) -> set[int]:
    return {
        person
        for step in steps
        for person in (step.owner_id, *(entry.by_id for entry in step.entries))
    }


def _people_of_targets(targets: Mapping[int, tuple[Amendment, ...]]) -> set[int]:
    changes = [one for found in targets.values() for one in found]
    return {key for one in changes for key in (one.asked_by_id, one.decided_by_id) if key}
