"""Who may write, release, read and acknowledge feedback, answered as reasons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.feedback.rules.debriefs import NewDebrief


@dataclass(frozen=True)
class CaseFacts:
    """Where a reviewed case lies, and the staff numbers of those who work or supervise it."""

    places: frozenset[int]
    staff: frozenset[str] = frozenset()
    round_id: int | None = None

    @property
    def thing(self) -> Thing:
        """The case as grants see it."""
        return Thing(places=self.places, round_id=self.round_id)


def may(actor: Actor, permission: Permission, case: CaseFacts) -> bool:
    """By place or round, or because the case is the actor's own to work or supervise."""
    own = bool(actor.staff_id) and actor.staff_id in case.staff
    people = frozenset({actor.person_id}) if own else frozenset()
    if actor.may(permission, Thing(places=case.places, round_id=case.round_id, people=people)):
        return True
    return own and actor.holds(permission)


def authorise_acknowledging(actor: Actor, case: CaseFacts) -> None:
    """Raise Forbidden unless the feedback is for this person."""
    if not may(actor, Permission.FEEDBACK_ACKNOWLEDGE, case):
        raise errors.Forbidden("only the case's caseworker and supervisor acknowledge its feedback")


def acknowledge_blockers(*, already: bool, stands: bool = True) -> list[Blocker]:
    """Why it cannot be acknowledged now: once a person, and not while the review is looked at
    again."""
    if already:
        return [Blocker("already_acknowledged", "You have acknowledged this memo already.")]
    if not stands:
        message = (
            "The review behind this memo was opened again. A new memo will come: read that one."
        )
        return [Blocker("reopened", message)]
    return []


@dataclass(frozen=True)
class Releasing:
    """Where a memo stands: whether its review is final and its memo is out, and the people who
    scored it."""

    thing: Thing
    final: bool = True
    released: bool = False
    workers: frozenset[int] = field(default_factory=frozenset)


def authorise_releasing(actor: Actor, standing: Releasing) -> None:
    """Raise Forbidden unless the actor releases feedback here."""
    if not actor.may(Permission.FEEDBACK_RELEASE, standing.thing):
        raise errors.Forbidden("only who leads the round writes and releases its feedback")


def releasing_blockers(actor: Actor, standing: Releasing, *, seen: bool = True) -> list[Blocker]:
    """Every reason why a memo is not written or released now; `seen` is whether the actor read it
    as it stands."""
    found = []
    if not standing.final:
        found.append(Blocker("not_final", "The review is not final: its memo comes after that."))
    if standing.released:
        found.append(Blocker("already_released", "This memo is released. It stays as it went out."))
    if actor.person_id in standing.workers:
        message = (
            "You scored this case. Somebody else releases its memo: another site leader, the CQI"
            " liaison or the CQI director."
        )
        found.append(Blocker("own_work", message))
    if not seen:
        message = "The memo was changed since you opened it. Read it once more, then release it."
        found.append(Blocker("changed", message))
    return found


@dataclass(frozen=True)
class Debriefing:
    """Where a review stands whose debrief is to be written down."""

    thing: Thing
    final: bool = False
    withdrawn: bool = False
    begun: bool = True


def authorise_debriefing(actor: Actor, standing: Debriefing) -> None:
    """Raise Forbidden unless the actor leads the round."""
    if not actor.may(Permission.FEEDBACK_RELEASE, standing.thing):
        raise errors.Forbidden("only who leads the round writes debriefs down")


def debrief_blockers(standing: Debriefing, new: NewDebrief, now: dt.datetime) -> list[Blocker]:
    """Every reason why a debrief is not written down now."""
    found = []
    if standing.final:
        message = "The review is final: what holds is said in its memo, not in a debrief."
        found.append(Blocker("final", message))
    if standing.withdrawn:
        found.append(Blocker("withdrawn", "The review was withdrawn: there is nothing to tell."))
    if not standing.begun:
        message = "Nobody has begun this review: a debrief comes after the reviewers read."
        found.append(Blocker("not_begun", message))
    if new.held_at > now:
        message = "This time is still to come. Write a debrief down after it was held."
        found.append(Blocker("to_come", message, "held_at"))
    if not new.attended:
        found.append(Blocker("nobody", "Tick who was there.", "attended"))
    if not (new.worked.strip() or new.to_work_on.strip()):
        message = "Write in a few words what was said: of what worked, or of what to work on."
        found.append(Blocker("nothing_said", message, "worked"))
    return found
