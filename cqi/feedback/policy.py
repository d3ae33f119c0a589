"""Who may read and acknowledge feedback, answered as reasons."""

from __future__ import annotations

from dataclasses import dataclass

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.core.errors import Blocker


@dataclass(frozen=True)
class CaseFacts:
    """Where a reviewed case lies, and the staff numbers of those who work or supervise it."""

    places: frozenset[int]
    staff: frozenset[str] = frozenset()


def may(actor: Actor, permission: Permission, case: CaseFacts) -> bool:
    """By place, or because the case is the actor's own to work or supervise."""
    own = bool(actor.staff_id) and actor.staff_id in case.staff
    people = frozenset({actor.person_id}) if own else frozenset()
    if actor.may(permission, Thing(places=case.places, people=people)):
        return True
    return own and actor.holds(permission)


def authorise_acknowledging(actor: Actor, case: CaseFacts) -> None:
    """Raise Forbidden unless the feedback is for this person."""
    if not may(actor, Permission.FEEDBACK_ACKNOWLEDGE, case):
        raise errors.Forbidden("only the case's caseworker and supervisor acknowledge its feedback")


def acknowledge_blockers(*, already: bool) -> list[Blocker]:
    """Why it cannot be acknowledged now: once a person."""
    if not already:
        return []
    return [Blocker("already_acknowledged", "You have acknowledged this memo already.")]
