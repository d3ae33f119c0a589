"""Who acts, and how far their grants reach. Made once a request; pure.

A thing that is acted on says where it lies (`Thing`); a grant says where it reaches.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from cqi.access import permissions
from cqi.access.permissions import Permission, Role


@dataclass(frozen=True)
class Grant:
    """One grant in force today. `places` holds the granted place and all below it.

    A grant on a round has no place; caseworkers' and stakeholders' grants may reach
    `own` things only: own cases, own plan steps.
    """

    role: Role
    places: frozenset[int] = frozenset()
    round_id: int | None = None
    own: bool = False
    everywhere: bool = False


@dataclass(frozen=True)
class Thing:
    """Where something lies: its places (county, region, unit ...), round and people."""

    places: frozenset[int] = frozenset()
    round_id: int | None = None
    people: frozenset[int] = frozenset()


@dataclass(frozen=True)
class SignIn:
    """The signed-in browser in which somebody acts; `seen_at` is their last key press or click."""

    public_id: uuid.UUID
    seen_at: dt.datetime
    idle_until_at: dt.datetime
    until_at: dt.datetime
    fresh_at: dt.datetime | None
    second_factor: str | None

    def left(self, now: dt.datetime) -> int:
        """Seconds until it ends by itself, if nobody presses a key."""
        return max(0, int((min(self.idle_until_at, self.until_at) - now).total_seconds()))

    @property
    def final(self) -> bool:
        """True when no key can extend it any more."""
        return self.until_at <= self.idle_until_at


@dataclass(frozen=True)
class Actor:
    """A signed-in person with the grants in force on a day."""

    person_id: int
    public_id: uuid.UUID
    name: str
    grants: tuple[Grant, ...] = ()
    staff_id: str = ""
    day: dt.date | None = field(default=None, compare=False)
    roles: tuple[Role, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Roles in the order of the enum."""
        held = {grant.role for grant in self.grants}
        object.__setattr__(self, "roles", tuple(role for role in Role if role in held))

    def holds(self, permission: Permission) -> bool:
        """True when any grant carries the permission, somewhere."""
        return any(self._carrying(permission))

    def may(self, permission: Permission, thing: Thing) -> bool:
        """True when a grant carries the permission and reaches the thing."""
        return any(self._reaches(grant, thing) for grant in self._carrying(permission))

    def reach(self, permission: Permission) -> Reach:
        """How far the permission reaches, for the where-clause of a query."""
        grants = list(self._carrying(permission))
        return Reach(
            everywhere=any(grant.everywhere for grant in grants),
            places=frozenset().union(*(grant.places for grant in grants)),
            rounds=frozenset(grant.round_id for grant in grants if grant.round_id is not None),
            own=any(grant.own for grant in grants),
        )

    def _carrying(self, permission: Permission) -> Iterable[Grant]:
        return (g for g in self.grants if permission in permissions.permissions_of(g.role))

    def _reaches(self, grant: Grant, thing: Thing) -> bool:
        return (
            grant.everywhere
            or bool(grant.places & thing.places)
            or (grant.round_id is not None and grant.round_id == thing.round_id)
            or (grant.own and self.person_id in thing.people)
        )


@dataclass(frozen=True)
class Reach:
    """The extent of one permission: everywhere, or these places, rounds and own things."""

    everywhere: bool = False
    places: frozenset[int] = frozenset()
    rounds: frozenset[int] = frozenset()
    own: bool = False

    def __bool__(self) -> bool:
        """False when it reaches nothing at all."""
        return bool(self.everywhere or self.places or self.rounds or self.own)
