"""Who may ask for a change of a plan in force, and who decides on it, answered as reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core.errors import Blocker
from cqi.plans import policy, rules, workflow
from cqi.plans.policy import PlanFacts
from cqi.plans.rules import IN_FORCE, OPEN_STEPS, STATE_WORDS, StepState, amendments
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.workflow import AmendmentGuard, AmendmentMove

_BY_DIRECTOR = frozenset({AmendmentKind.TARGET, AmendmentKind.DROP})
OF_STEP = (AmendmentKind.EXTENSION, AmendmentKind.STEP, AmendmentKind.DROP)


@dataclass(frozen=True)
class Subject:
    """What a change is about: a step with its owner, or a goal, which has neither. `waiting` are
    the kinds that somebody asked for already; `measured` says of a goal which round measures it and
    began when, empty until one did."""

    plan: PlanFacts
    owner_id: int | None = None
    step_state: StepState | None = None
    waiting: frozenset[AmendmentKind] = frozenset()
    measured: str = ""


@dataclass(frozen=True)
class Request:
    """A change that was asked for. `meanwhile` names the parts that others changed since."""

    subject: Subject
    kind: AmendmentKind
    state: AmendmentState
    asked_by_id: int
    meanwhile: tuple[str, ...] = ()


def ask_blockers(
    kind: AmendmentKind, subject: Subject, actor: Actor, reason: str = ""
) -> list[Blocker]:
    """Why this person cannot ask for such a change now."""
    found = [*_fits(subject)]
    if not _asks(kind, subject, actor):
        who = "Who leads the plan" if kind is AmendmentKind.TARGET else "The owner, or its lead,"
        found.append(Blocker("not_owner_or_lead", f"{who} asks for this."))
    if kind in subject.waiting:
        message = "Somebody asked for this already: it waits for its answer, or can be withdrawn."
        found.append(Blocker("asked_already", message))
    if not reason.strip():
        found.append(Blocker("no_words", "Say why: it stays with the plan.", "reason"))
    return found


def may_ask(subject: Subject, actor: Actor) -> tuple[AmendmentKind, ...]:
    """What this person may ask for a step now."""
    return tuple(kind for kind in OF_STEP if not ask_blockers(kind, subject, actor, "something"))


def extension_blockers(now: dt.date, wish: dt.date | None, today: dt.date) -> list[Blocker]:
    """Why a new due date is none: more time ends later than now, and not before today."""
    if wish is not None and wish > now and wish >= today:
        return []
    message = "Give a day that comes after the due date, and that is not over."
    return [Blocker("not_later", message, "due_on")]


def change_blockers(new: Mapping[str, Any]) -> list[Blocker]:
    """Why a changed step cannot stand: something changes, and nothing becomes empty."""
    if not new:
        return [Blocker("nothing_changes", "Change what shall be different.", "title")]
    empty = [part for part in ("title", "evidence_asked") if part in new and not new[part]]
    return [Blocker("empty", "Write it down: it cannot be empty.", part) for part in empty]


def blockers(move: AmendmentMove, request: Request, actor: Actor, words: str = "") -> list[Blocker]:
    """Why a request cannot make a move of the table now."""
    transition = workflow.AMENDMENT_BY_MOVE[move]
    found = []
    if request.state not in transition.starts:
        state = amendments.STATE_WORDS[request.state].lower()
        found.append(Blocker("wrong_state", f"This request is {state}: look at it again."))
    checks = (_GUARDS[guard](request, actor) for guard in transition.guards)
    found += [blocker for blocker in checks if blocker]
    if transition.reason_required and not words.strip():
        message = "Say why: whoever asked reads it."
        found.append(Blocker("no_words", message, "words"))
    return found


def moves(request: Request, actor: Actor) -> tuple[AmendmentMove, ...]:
    """What this person may do with a request now."""
    return tuple(
        move
        for move, transition in workflow.AMENDMENT_BY_MOVE.items()
        if policy.may(actor, transition.permission, request.subject.plan)
        and not blockers(move, request, actor, "something")
    )


def decides(kind: AmendmentKind, *, lead: bool = True) -> str:
    """Who decides on such a change, in words; without `lead` nobody who leads the plan may."""
    by_lead = lead and kind not in _BY_DIRECTOR
    return "Who leads the plan, or the CQI director," if by_lead else "The CQI director"


def by_director(kind: AmendmentKind) -> bool:
    """True where the CQI director alone decides."""
    return kind in _BY_DIRECTOR


def _fits(subject: Subject) -> list[Blocker]:
    found = []
    if subject.plan.state not in IN_FORCE:
        state = STATE_WORDS[subject.plan.state].lower()
        found.append(Blocker("plan_not_in_force", f"The plan is {state}, not in force."))
    if subject.step_state is not None and subject.step_state not in OPEN_STEPS:
        state = rules.STEP_STATE_WORDS[subject.step_state].lower()
        found.append(
            Blocker("step_not_open", f"The step’s state is “{state}”: it is no longer open.")
        )
    if subject.measured:
        message = f"{subject.measured} and measures this goal: its target stands from that day on."
        found.append(Blocker("measured", message))
    return found


def _asks(kind: AmendmentKind, subject: Subject, actor: Actor) -> bool:
    owns = kind is not AmendmentKind.TARGET and subject.owner_id == actor.person_id
    return owns or policy.may(actor, Permission.PLAN_LEAD, subject.plan)


def _decides_such(request: Request, actor: Actor) -> Blocker | None:
    plan = request.subject.plan
    if policy.may(actor, Permission.PLAN_APPROVE, plan):
        return None
    if request.kind not in _BY_DIRECTOR and policy.may(actor, Permission.PLAN_LEAD, plan):
        return None
    return Blocker("not_decider", f"{decides(request.kind)} decides on this.")


def _not_own_request(request: Request, actor: Actor) -> Blocker | None:
    if actor.person_id == request.asked_by_id:
        return Blocker("own_request", "You asked for this: somebody else decides on it.")
    if actor.person_id == request.subject.owner_id:
        return Blocker("own_step", "This step is yours: the CQI director decides on it.")
    return None


def _still_fits(request: Request, _actor: Actor) -> Blocker | None:
    if gone := _fits(request.subject):
        return gone[0]
    if not request.meanwhile:
        return None
    parts = " and ".join(f"“{amendments.PART_WORDS[part]}”" for part in request.meanwhile)
    message = f"Since this was asked for, {parts} changed. Refuse it, so that it is asked for anew."
    return Blocker("changed_meanwhile", message)


def _is_asker(request: Request, actor: Actor) -> Blocker | None:
    if actor.person_id == request.asked_by_id:
        return None
    return Blocker("not_the_asker", "Whoever asked for it alone can withdraw it.")


_Check = Callable[[Request, Actor], Blocker | None]
_GUARDS: dict[AmendmentGuard, _Check] = {
    AmendmentGuard.DECIDES_SUCH: _decides_such,
    AmendmentGuard.NOT_OWN_REQUEST: _not_own_request,
    AmendmentGuard.STILL_FITS: _still_fits,
    AmendmentGuard.IS_ASKER: _is_asker,
}
