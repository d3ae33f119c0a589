"""Who may do what with a case review, answered as reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission, Role
from cqi.core.errors import Blocker
from cqi.reviews import workflow
from cqi.reviews.rules import OPEN_STATES, STATE_WORDS, ReviewState
from cqi.reviews.workflow import Guard, Step


@dataclass(frozen=True)
class Standing:
    """What decides about a case review: where it lies, where it stands, who worked on it.

    `reviewers` are on it now, `scorers` ever were; `first_level` are those who did its first-level
    QA; `case_staff` are the staff numbers of those who work or supervise the case.
    """

    state: ReviewState
    places: frozenset[int]
    round_id: int
    reviewers: frozenset[int] = frozenset()
    scorers: frozenset[int] = frozenset()
    first_level: frozenset[int] = frozenset()
    case_staff: frozenset[str] = frozenset()

    @property
    def thing(self) -> Thing:
        """The case review as grants see it."""
        return Thing(self.places, self.round_id, self.reviewers)


def permitted(permission: Permission, standing: Standing, actor: Actor) -> bool:
    """True when a grant carries the permission here; scoring also takes being assigned."""
    if permission is Permission.REVIEW_SCORE:
        return actor.person_id in standing.reviewers and actor.may(permission, standing.thing)
    return actor.may(permission, standing.thing)


def blockers(
    step: Step,
    standing: Standing,
    actor: Actor,
    reason: str | None = None,
    missing: tuple[Blocker, ...] = (),
) -> list[Blocker]:
    """Why `actor` cannot take the step now; `missing` is what the sheet lacks."""
    transition = workflow.BY_STEP[step]
    found = list(_about_state(transition, standing))
    if not permitted(transition.permission, standing, actor):
        found.append(_not_permitted(step))
    for guard in transition.guards:
        if guard is Guard.COMPLETE:
            found += missing
        else:
            found += _GUARDS[guard](standing, actor)
    if transition.reason_required and not (reason or "").strip():
        found.append(Blocker("no_reason", "Say why: a reason is kept with this step.", "reason"))
    return found


def offered(standing: Standing, actor: Actor) -> list[Step]:
    """The steps that a page offers `actor` now; START happens by itself with the first answer."""
    return [
        transition.step
        for transition in workflow.TRANSITIONS
        if transition.step is not Step.START
        and standing.state in transition.starts
        and permitted(transition.permission, standing, actor)
    ]


def scoring_blockers(standing: Standing, actor: Actor) -> list[Blocker]:
    """Why `actor` cannot change answers, narratives or evidence."""
    found = [*_assigned_reviewer(standing, actor), *_no_conflict(standing, actor)]
    if standing.state not in OPEN_STATES:
        words = STATE_WORDS[standing.state].lower()
        message = f"The case review is {words}: its answers cannot be changed now."
        found.append(Blocker("not_open", message))
    return found


def sees_protected(standing: Standing, actor: Actor) -> bool:
    """True for those who score the case review or may do its QA: others see it masked only."""
    needed = (Permission.REVIEW_SCORE, Permission.REVIEW_APPROVE)
    return any(permitted(permission, standing, actor) for permission in needed)


def assignment_blockers(standing: Standing, reviewer: Actor) -> list[Blocker]:
    """Why somebody cannot become a reviewer of this case review."""
    found = []
    on_team = any(
        grant.role is Role.REVIEWER and grant.round_id == standing.round_id
        for grant in reviewer.grants
    )
    if not on_team:
        message = f"{reviewer.name} is not a reviewer of this round: ask for a grant first."
        found.append(Blocker("not_on_team", message))
    if reviewer.staff_id and reviewer.staff_id in standing.case_staff:
        message = f"{reviewer.name} works or supervises this case: choose somebody else."
        found.append(Blocker("conflict", message))
    if reviewer.person_id in standing.first_level:
        message = f"{reviewer.name} did the QA of this case review: choose somebody else."
        found.append(Blocker("did_qa", message))
    return found


def _about_state(transition: workflow.Transition, standing: Standing) -> Iterator[Blocker]:
    if standing.state not in transition.starts:
        words = STATE_WORDS[standing.state].lower()
        step = workflow.STEP_WORDS[transition.step].lower()
        message = f"The case review is {words}: “{step}” is not possible now."
        yield Blocker("wrong_state", message)


def _not_permitted(step: Step) -> Blocker:
    words = workflow.STEP_WORDS[step].lower()
    return Blocker("not_permitted", f"You may not do this (“{words}”) on this case review.")


def _assigned_reviewer(standing: Standing, actor: Actor) -> list[Blocker]:
    if permitted(Permission.REVIEW_SCORE, standing, actor):
        return []
    message = "Only the reviewers who are assigned to a case review score it."
    return [Blocker("not_a_reviewer", message)]


def _no_conflict(standing: Standing, actor: Actor) -> list[Blocker]:
    if not actor.staff_id or actor.staff_id not in standing.case_staff:
        return []
    message = "You work or supervise this case, so somebody else reviews it and does its QA."
    return [Blocker("conflict", message)]


def _not_own_work(standing: Standing, actor: Actor) -> list[Blocker]:
    if actor.person_id not in standing.scorers:
        return []
    message = "You scored this case review, so another QA lead decides on it."
    return [Blocker("own_work", message)]


def _another_qa_lead(standing: Standing, actor: Actor) -> list[Blocker]:
    second = standing.state is ReviewState.SECOND_LEVEL_QA
    if not second or actor.person_id not in standing.first_level:
        return []
    message = "You did the first-level QA, so another QA lead does the second level."
    return [Blocker("same_qa_lead", message)]


_GUARDS: Mapping[Guard, Callable[[Standing, Actor], list[Blocker]]] = {
    Guard.ASSIGNED_REVIEWER: _assigned_reviewer,
    Guard.NO_CONFLICT: _no_conflict,
    Guard.NOT_OWN_WORK: _not_own_work,
    Guard.ANOTHER_QA_LEAD: _another_qa_lead,
}
