"""How plans and their steps move: two tables of transitions and nothing else."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from cqi.access.permissions import Permission
from cqi.plans.rules import PlanState, StepState


class Guard(enum.StrEnum):
    """A condition beyond state and permission; `policy` knows how to ask it."""

    IS_OWNER = "is_owner"
    NEITHER_OWNER_NOR_CLAIMER = "neither_owner_nor_claimer"
    NOT_THE_AUTHOR = "not_the_author"
    HAS_STEPS = "has_steps"
    ALL_VERIFIED = "all_verified"


@dataclass(frozen=True)
class PlanTransition:
    """One move of a plan; `done` is the word for it in events."""

    step: str
    done: str
    starts: frozenset[PlanState]
    ends: PlanState
    permission: Permission
    guards: tuple[Guard, ...] = ()
    reason_required: bool = False


@dataclass(frozen=True)
class StepTransition:
    """One move of an action step; without a permission, the guards alone decide who may.

    `done` is the word for it in events and in the step's entries.
    """

    step: str
    done: str
    starts: frozenset[StepState]
    ends: StepState
    permission: Permission | None
    guards: tuple[Guard, ...] = ()
    reason_required: bool = False


CLAIMED = "claimed"

PLAN: dict[str, PlanTransition] = {
    move.step: move
    for move in (
        PlanTransition(
            "approve",
            "approved",
            frozenset({PlanState.DRAFT}),
            PlanState.ACTIVE,
            Permission.PLAN_APPROVE,
            (Guard.NOT_THE_AUTHOR, Guard.HAS_STEPS),
        ),
        PlanTransition(
            "close",
            "closed",
            frozenset({PlanState.ACTIVE}),
            PlanState.CLOSED,
            Permission.PLAN_APPROVE,
            (Guard.ALL_VERIFIED,),
        ),
    )
}
STEP: dict[str, StepTransition] = {
    move.step: move
    for move in (
        StepTransition(
            "claim",
            CLAIMED,
            frozenset({StepState.OPEN}),
            StepState.CLAIMED,
            None,
            (Guard.IS_OWNER,),
            reason_required=True,
        ),
        StepTransition(
            "verify",
            "verified",
            frozenset({StepState.CLAIMED}),
            StepState.VERIFIED,
            Permission.PLAN_VERIFY,
            (Guard.NEITHER_OWNER_NOR_CLAIMER,),
        ),
        StepTransition(
            "send_back",
            "sent_back",
            frozenset({StepState.CLAIMED}),
            StepState.OPEN,
            Permission.PLAN_VERIFY,
            (Guard.NEITHER_OWNER_NOR_CLAIMER,),
            reason_required=True,
        ),
    )
}
