"""Who may ask that a rating is looked at again, who decides on it, answered as reasons."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.feedback import policy, workflow
from cqi.feedback.policy import CaseFacts
from cqi.feedback.rules.clocks import Due
from cqi.feedback.rules.reconsidering import (
    RECONSIDERATION_STATE_WORDS,
    Ground,
    ReconsiderationState,
)
from cqi.feedback.workflow import Guard, Step
from cqi.instruments.definition import Rating

ITEM_RATINGS = (Rating.STRENGTH, Rating.AREA_NEEDING_IMPROVEMENT, Rating.NOT_APPLICABLE)


@dataclass(frozen=True)
class Asking:
    """What decides whether a rating of a released memo may be asked about: until when it is `due`,
    whether the review is final as it was then, its items, and those that are asked about now."""

    case: CaseFacts
    due: Due
    stands: bool = True
    items: Collection[str] = ()
    open_items: Collection[str] = ()


@dataclass(frozen=True)
class Standing:
    """What decides about a request: where it stands, who has to do with it and its review.

    `stands`: the review is final as it was in the memo. `workers` scored it or another reading of
    it, `checkers` did any QA in it; `case_staff` are staff numbers, `declared` have a conflict of
    interest on file. `leads` are the QA leads who may decide.
    """

    state: ReconsiderationState
    case: CaseFacts
    rating: Rating
    asked_by: int
    stands: bool = True
    workers: frozenset[int] = frozenset()
    checkers: frozenset[int] = frozenset()
    case_staff: frozenset[str] = frozenset()
    declared: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()

    @property
    def thing(self) -> Thing:
        """The request as grants see it: where its case lies."""
        return self.case.thing


def may_ask(actor: Actor, case: CaseFacts) -> bool:
    """Whether the actor supervises the case or its unit."""
    return policy.may(actor, Permission.RECONSIDERATION_ASK, case)


def authorise_asking(actor: Actor, case: CaseFacts) -> None:
    """Raise Forbidden unless the actor supervises the case or its unit."""
    if not may_ask(actor, case):
        raise errors.Forbidden("only the case's supervisor asks that a rating is looked at again")


def asking_blockers(
    asking: Asking, item: str | None = None, ground: Ground | None = None, words: str = ""
) -> list[Blocker]:
    """Why a rating cannot be asked about so."""
    found = [*closed(asking)]
    if item not in asking.items:
        found.append(Blocker("no_item", "Choose the item that it is about.", "item"))
    elif item in asking.open_items:
        message = "This rating is being looked at again already. Wait for that decision."
        found.append(Blocker("already_asked", message, "item"))
    if ground is None:
        message = "Say whether you have new evidence, or a reason to read it otherwise."
        found.append(Blocker("no_ground", message, "ground"))
    if not words.strip():
        message = "Say what was not seen, or why it should be read otherwise."
        found.append(Blocker("no_words", message, "words"))
    return found


def closed(asking: Asking) -> Iterator[Blocker]:
    """Why no rating of this memo can be asked about any more."""
    if not asking.stands:
        message = (
            "The review behind this memo was opened again. A new memo will come: ask about a rating"
            " of that one."
        )
        yield Blocker("reopened", message)
    if asking.due.late:
        message = (
            "The time to ask is over, and the rating stands. Tell the site leader or the CQI"
            " liaison what you know all the same: it helps the next review."
        )
        yield Blocker("too_late", message)


def authorise(step: Step, actor: Actor, standing: Standing) -> None:
    """Raise Forbidden unless a grant carries the step's permission here."""
    permission = workflow.BY_STEP[step].permission
    if permission is Permission.RECONSIDERATION_ASK:
        return authorise_asking(actor, standing.case)
    if not actor.may(permission, standing.thing):
        raise errors.Forbidden("only a QA lead decides whether a rating changes")
    return None


@dataclass(frozen=True)
class Taken:
    """How somebody takes a step: with which words, and which rating it should be."""

    words: str = ""
    rating: Rating | None = None


def blockers(step: Step, standing: Standing, actor: Actor, taken: Taken) -> list[Blocker]:
    """Why `actor`, who is authorised, cannot take the step now."""
    transition = workflow.BY_STEP[step]
    found = []
    if standing.state not in transition.starts:
        words = RECONSIDERATION_STATE_WORDS[standing.state].lower()
        message = f"This request is {words}: it stays as it is."
        found.append(Blocker("wrong_state", message))
    for guard in transition.guards:
        found += _GUARDS[guard](standing, actor, taken)
    if transition.reason_required and not taken.words.strip():
        message = "Say why: who asked, and the caseworker, read it."
        found.append(Blocker("no_reason", message, "words"))
    return found


def decides(standing: Standing, actor: Actor) -> list[Blocker] | None:
    """Why somebody who decides requests here cannot decide on this one now, none where they can;
    None for whoever decides none, or where nothing is to be decided any more."""
    may = actor.may(Permission.RECONSIDERATION_DECIDE, standing.thing)
    if not may or standing.state is not ReconsiderationState.ASKED or not standing.stands:
        return None
    return blockers(Step.UPHOLD, standing, actor, Taken("given"))


def withdraws(standing: Standing, actor: Actor) -> bool:
    """Whether somebody may withdraw the request now."""
    asked = standing.asked_by == actor.person_id
    return asked and not blockers(Step.WITHDRAW, standing, actor, Taken())


def _own_request(standing: Standing, actor: Actor, _taken: Taken) -> list[Blocker]:
    if actor.person_id == standing.asked_by:
        return []
    return [Blocker("not_the_asker", "Whoever asked withdraws the request.")]


def _still_final(standing: Standing, _actor: Actor, _taken: Taken) -> list[Blocker]:
    if standing.stands:
        return []
    message = (
        "The review was opened again since this was asked, so there is nothing to decide here. Its"
        " new memo can be asked about."
    )
    return [Blocker("reopened", message)]


def _not_own_work(standing: Standing, actor: Actor, _taken: Taken) -> list[Blocker]:
    found = []
    if actor.person_id in standing.workers:
        found.append(Blocker("own_work", "You scored this case, so somebody else decides."))
    if actor.person_id in standing.checkers:
        message = "You did QA in this case review, so somebody else decides."
        found.append(Blocker("own_qa", message))
    if actor.person_id == standing.asked_by:
        found.append(Blocker("own_request", "You asked, so somebody else decides."))
    return found


def _no_conflict(standing: Standing, actor: Actor, _taken: Taken) -> list[Blocker]:
    found = []
    if actor.staff_id and actor.staff_id in standing.case_staff:
        message = "You work or supervise this case, so somebody else decides."
        found.append(Blocker("conflict", message))
    if actor.person_id in standing.declared:
        message = "Your conflict of interest with this case is on file: somebody else decides."
        found.append(Blocker("declared_conflict", message))
    return found


def _qa_lead_first(standing: Standing, actor: Actor, _taken: Taken) -> list[Blocker]:
    """Where a QA lead may decide, nobody above does."""
    leads = actor.person_id in standing.leads
    if leads or not standing.leads or actor.may(Permission.REVIEW_APPROVE, standing.thing):
        return []
    message = (
        "A QA lead who neither scored nor approved this review decides first. You decide only where"
        " there is none."
    )
    return [Blocker("qa_lead_first", message)]


def _other_rating(standing: Standing, _actor: Actor, taken: Taken) -> list[Blocker]:
    if taken.rating not in ITEM_RATINGS:
        return [Blocker("no_rating", "Choose which rating it should be.", "rating")]
    if taken.rating is standing.rating:
        message = "That is the rating that it has. To leave it so, uphold it."
        return [Blocker("same_rating", message, "rating")]
    return []


_GUARDS: Mapping[Guard, Callable[[Standing, Actor, Taken], list[Blocker]]] = {
    Guard.OWN_REQUEST: _own_request,
    Guard.STILL_FINAL: _still_final,
    Guard.NOT_OWN_WORK: _not_own_work,
    Guard.NO_CONFLICT: _no_conflict,
    Guard.QA_LEAD_FIRST: _qa_lead_first,
    Guard.OTHER_RATING: _other_rating,
}
