"""Who raises, replies to, hands on and closes systemic needs, answered as reasons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.feedback import policy, workflow
from cqi.feedback.policy import CaseFacts
from cqi.feedback.rules.needs import LONGEST, STATE_WORDS, NeedState, NewNeed
from cqi.feedback.workflow import NeedGuard, NeedStep


@dataclass(frozen=True)
class NeedStanding:
    """Where a need stands: who has to reply (ids of people), who raised it; `top`: nobody is above
    those who have to reply."""

    state: NeedState
    owners: frozenset[int]
    raised_by: int
    top: bool = False


def may_raise(actor: Actor, case: CaseFacts) -> bool:
    """Whoever supervises the unit or, by staff number, the case; `case.staff` are supervisors."""
    return policy.may(actor, Permission.NEED_RAISE, case)


def authorise_raising(actor: Actor, case: CaseFacts) -> None:
    """Raise Forbidden for whoever does not supervise the case."""
    if not may_raise(actor, case):
        raise errors.Forbidden("only who supervises a case raises a need that it shows")


def raise_blockers(new: NewNeed, items: Collection[str]) -> list[Blocker]:
    """Why a need cannot be raised so."""
    found = _words(new.words.strip(), "Say what is needed, in a sentence or two.", "need-words")
    if new.item and new.item not in items:
        found.append(Blocker("no_activity", "Choose an activity of the memo.", "need-item"))
    return found


def need_blockers(
    step: NeedStep, standing: NeedStanding, actor: Actor, words: str = ""
) -> list[Blocker]:
    """Why `actor` cannot take the step with a need now."""
    transition, found = workflow.NEED_BY_STEP[step], []
    if standing.state not in transition.starts:
        state = STATE_WORDS[standing.state].lower()
        message = f"Somebody acted on this need since you opened the page: “{state}”."
        found.append(Blocker("wrong_state", message))
    if not may_take(actor, step):
        found.append(Blocker("not_permitted", "This need is for others to act on."))
    for guard in transition.guards:
        found += _GUARDS[guard](standing, actor)
    said = words.strip()
    if transition.reason_required or said:
        found += _words(said, "Write it down: it is kept with the need.", step.value)
    return found


def _words(said: str, message: str, place: str) -> list[Blocker]:
    if not said:
        return [Blocker("no_words", message, place)]
    if len(said) > LONGEST:
        return [Blocker("too_long", f"Use at most {LONGEST} characters.", place)]
    return []


def may_take(actor: Actor, step: NeedStep) -> bool:
    """Whether somebody takes such a step anywhere."""
    return actor.holds(workflow.NEED_BY_STEP[step].permission)


def need_offered(standing: NeedStanding, actor: Actor) -> list[NeedStep]:
    """The steps that a page offers `actor` now."""
    return [
        step for step in workflow.NEED_BY_STEP if not need_blockers(step, standing, actor, "given")
    ]


def _is_owner(standing: NeedStanding, actor: Actor) -> list[Blocker]:
    if actor.person_id in standing.owners:
        return []
    return [Blocker("not_owner", "Somebody else has to reply to this need.")]


def _is_raiser(standing: NeedStanding, actor: Actor) -> list[Blocker]:
    if actor.person_id == standing.raised_by:
        return []
    return [Blocker("not_raiser", "Whoever raised this need says whether the reply settles it.")]


def _somebody_above(standing: NeedStanding, _actor: Actor) -> list[Blocker]:
    if not standing.top:
        return []
    return [Blocker("nobody_above", "There is nobody above you for this need: reply to it.")]


_GUARDS: Mapping[NeedGuard, Callable[[NeedStanding, Actor], list[Blocker]]] = {
    NeedGuard.IS_OWNER: _is_owner,
    NeedGuard.IS_RAISER: _is_raiser,
    NeedGuard.SOMEBODY_ABOVE: _somebody_above,
}
