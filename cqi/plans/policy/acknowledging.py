"""Who answers on which rung of the ladder, and why somebody cannot acknowledge now."""

from __future__ import annotations

from cqi.access.actor import Actor
from cqi.access.permissions import Role
from cqi.core.errors import Blocker
from cqi.plans import rules
from cqi.plans.rules import OPEN_STEPS, StepState
from cqi.plans.rules.ladder import ReminderKind

ROLES = {
    ReminderKind.REGIONAL_DIRECTOR: Role.REGIONAL_DIRECTOR,
    ReminderKind.CQI_DIRECTOR: Role.CQI_DIRECTOR,
    ReminderKind.STATE_OFFICE: Role.STATE_OFFICE,
}


def is_on(actor: Actor, kind: ReminderKind, owner_id: int, place_id: int) -> bool:
    """True for whoever a rung reaches: the owner, or who holds its role for the plan's place.

    Nobody acknowledges for somebody else, but whoever was told where nobody holds the rung: an
    owner who left, a role that is vacant. That stands on the record alone.
    """
    if kind is ReminderKind.OVERDUE:
        return actor.person_id == owner_id
    return any(
        grant.role is ROLES[kind] and (grant.everywhere or place_id in grant.places)
        for grant in actor.grants
    )


def blockers(number: str, state: StepState, waiting: int, words: str) -> list[Blocker]:
    """Why a step cannot be acknowledged: `waiting` counts the rungs that wait for whoever asks."""
    found = []
    if state not in OPEN_STEPS:
        standing = rules.STEP_STATE_WORDS[state].lower()
        message = f"Step {number} is not late any more ({standing}): there is nothing to answer."
        found.append(Blocker("not_late", message))
    elif not waiting:
        message = f"Step {number} does not wait for your answer: look at its ladder."
        found.append(Blocker("nothing_waits", message))
    if not words.strip():
        found.append(Blocker("no_words", "Say what you will do about it, and until when.", "words"))
    return found
