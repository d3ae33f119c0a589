"""Who holds each rung of the ladder on a day, who stands in, and whether a rung was answered."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.models import GrantRow, Person
from cqi.access.permissions import Role
from cqi.places import queries as places
from cqi.plans.models import PlanReminder, Step, StepEntry
from cqi.plans.policy import acknowledging
from cqi.plans.rules import ladder
from cqi.plans.rules.ladder import ReminderKind

AT_ONCE = 1000  # how many ids a query names: both engines bear more


@dataclass(frozen=True)
class Holder:
    """Who has a deadline of a place's plan first: the owner of a step, or else who holds the role
    of the rung `first`, but those who are barred from doing it."""

    place_id: int
    owner_id: int | None = None
    first: ReminderKind = ReminderKind.OVERDUE
    barred: frozenset[int] = frozenset()


class Audience:
    """Who answers for a deadline on each rung: people with an account that lets them in.

    Where nobody does, the next rung up stands in: an owner who left, a region without a director.
    """

    def __init__(self, session: orm.Session, owners: Collection[int], today: dt.date) -> None:
        """Reads who of the owners can sign in."""
        self._session, self._today = session, today
        self._active = _active(session, owners, today)
        self._roles: _Roles | None = None

    def of(self, kind: ReminderKind, holder: Holder) -> frozenset[int]:
        """Ids of people to tell of it."""
        rungs = ladder.rungs_from(holder.first)
        for rung in rungs[rungs.index(kind) if kind in rungs else 0 :]:
            people = self.on(rung, holder)
            if people:
                return people
        return frozenset()

    def on(self, rung: ReminderKind, holder: Holder) -> frozenset[int]:
        """Those of them who hold the rung itself."""
        if rung is not ReminderKind.OVERDUE:
            return self._role(rung, holder.place_id) - holder.barred
        if holder.owner_id is not None:
            return frozenset({holder.owner_id}) & self._active
        return self._role(holder.first, holder.place_id) - holder.barred

    def _role(self, rung: ReminderKind, place_id: int) -> frozenset[int]:
        if self._roles is None:  # read once, however many places are asked about
            self._roles = _Roles(self._session, self._today)
        return self._roles.of(acknowledging.ROLES[rung], place_id)


class _Roles:
    """Who holds the roles of the rungs, of every place."""

    def __init__(self, session: orm.Session, today: dt.date) -> None:
        self._parents = places.parents(session, today)
        self._at: dict[tuple[Role, int], set[int]] = defaultdict(set)
        self._in_state: dict[Role, set[int]] = defaultdict(set)
        roles = acknowledging.ROLES.values()
        for role, person, place, everywhere in access.holders_by_place(session, roles, today):
            if place is not None:
                self._at[role, place].add(person)
            if everywhere and role is not Role.REGIONAL_DIRECTOR:
                self._in_state[role].add(person)

    def of(self, role: Role, place_id: int) -> frozenset[int]:
        """Those who hold it for a place, or for what lies above it."""
        found: set[int] = set(self._in_state[role])
        at: int | None = place_id
        while at is not None:
            found |= self._at[role, at]
            at = self._parents.get(at)
        return frozenset(found)


def _active(session: orm.Session, people: Collection[int], today: dt.date) -> frozenset[int]:
    query, listed = _let_in(today), list(people)
    parts = (listed[at : at + AT_ONCE] for at in range(0, len(listed), AT_ONCE))
    return frozenset(
        key for part in parts for key in session.scalars(query.where(Person.id.in_(part)))
    )


def _let_in(today: dt.date) -> sa.Select[int]:
    return (
        sa.select(Person.id)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(Person.active, *access.in_force(today))
        .distinct()
    )


def owner_left(today: dt.date) -> sa.ColumnElement[bool]:
    """Whether the owner of a step has no account that lets them in, for a query."""
    return Step.owner_id.not_in(_let_in(today))


def answered(today: dt.date) -> sa.ColumnElement[bool]:
    """Whether a rung on the record was answered, for a query: the first by who owns the step now,
    whatever an owner before said, or by anybody where that one left."""
    said = sa.exists().where(StepEntry.reminder_id == PlanReminder.id)
    anybody = sa.or_(PlanReminder.kind != ReminderKind.OVERDUE, owner_left(today))
    return sa.or_(said.where(StepEntry.by_id == Step.owner_id), sa.and_(said, anybody))
