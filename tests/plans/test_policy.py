"""Who may do what to a plan and its steps, asked of the pure rules."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from cqi.access.actor import Actor, Grant
from cqi.access.permissions import Permission, Role
from cqi.core import errors
from cqi.plans import policy
from cqi.plans.policy import PlanFacts, StepFacts
from cqi.plans.rules import Count, PlanState, StepState

HERE, ELSEWHERE = 1, 2
LEADER, OWNER, LIAISON = 10, 11, 12
DRAFT = PlanFacts(HERE, PlanState.DRAFT, LEADER, (StepState.OPEN,))
ACTIVE = replace(DRAFT, state=PlanState.ACTIVE)
OPEN_STEP = StepFacts(ACTIVE, StepState.OPEN, OWNER)
CLAIMED_STEP = StepFacts(ACTIVE, StepState.CLAIMED, OWNER, OWNER)


def actor(person_id: int, role: Role, place: int = HERE) -> Actor:
    grants = (Grant(role, places=frozenset({place})),)
    return Actor(person_id, uuid.UUID(int=person_id), "Somebody", grants)


director = actor(1, Role.CQI_DIRECTOR)
liaison = actor(LIAISON, Role.CQI_LIAISON)
owner = Actor(OWNER, uuid.UUID(int=OWNER), "Owner")


def codes(blockers: list[errors.Blocker]) -> list[str]:
    return [blocker.code for blocker in blockers]


def test_a_director_approves_a_draft_of_somebody_else() -> None:
    assert policy.plan_blockers("approve", DRAFT, director) == []


def test_nobody_approves_their_own_draft() -> None:
    own = replace(DRAFT, created_by_id=director.person_id)
    assert codes(policy.plan_blockers("approve", own, director)) == ["own_plan"]


@pytest.mark.parametrize("plan", [replace(DRAFT, steps=()), replace(DRAFT, goals_without_steps=1)])
def test_a_plan_without_steps_is_not_approved(plan: PlanFacts) -> None:
    assert codes(policy.plan_blockers("approve", plan, director)) == ["no_steps"]


def test_an_active_plan_is_not_approved_again() -> None:
    assert codes(policy.plan_blockers("approve", ACTIVE, director)) == ["wrong_state"]


def test_a_plan_closes_when_every_step_is_verified() -> None:
    assert codes(policy.plan_blockers("close", ACTIVE, director)) == ["steps_open"]
    done = replace(ACTIVE, steps=(StepState.VERIFIED,))
    assert policy.plan_blockers("close", done, director) == []


def test_the_owner_claims_with_evidence() -> None:
    assert policy.step_blockers("claim", OPEN_STEP, owner, "Sign-in sheets") == []
    assert codes(policy.step_blockers("claim", OPEN_STEP, owner, " ")) == ["evidence_missing"]


def test_nobody_claims_for_the_owner() -> None:
    assert codes(policy.step_blockers("claim", OPEN_STEP, liaison, "x")) == ["not_the_owner"]


@pytest.mark.parametrize("move", ["verify", "send_back"])
def test_somebody_else_decides_on_a_claim(move: str) -> None:
    assert policy.step_blockers(move, CLAIMED_STEP, liaison, "Seen") == []


@pytest.mark.parametrize("move", ["verify", "send_back"])
@pytest.mark.parametrize(
    "step",
    [replace(CLAIMED_STEP, owner_id=LIAISON), replace(CLAIMED_STEP, claimed_by_id=LIAISON)],
)
def test_neither_the_owner_nor_whoever_claimed_decides(move: str, step: StepFacts) -> None:
    assert codes(policy.step_blockers(move, step, liaison, "Seen")) == ["own_step"]


def test_sending_back_needs_a_reason_and_verifying_does_not() -> None:
    assert codes(policy.step_blockers("send_back", CLAIMED_STEP, liaison, "")) == ["reason_missing"]
    assert policy.step_blockers("verify", CLAIMED_STEP, liaison, "") == []


def test_an_open_step_is_not_verified() -> None:
    assert codes(policy.step_blockers("verify", OPEN_STEP, liaison, "")) == ["wrong_state"]


def test_nothing_happens_to_steps_before_the_plan_is_approved() -> None:
    early = replace(OPEN_STEP, plan=DRAFT)
    assert codes(policy.step_blockers("claim", early, owner, "x")) == ["plan_not_active"]


def test_moves_are_what_somebody_may_do_now() -> None:
    assert policy.moves(OPEN_STEP, owner) == ("claim",)
    assert policy.moves(OPEN_STEP, liaison) == ()
    assert policy.moves(CLAIMED_STEP, liaison) == ("verify", "send_back")
    assert policy.moves(CLAIMED_STEP, actor(99, Role.CQI_LIAISON, ELSEWHERE)) == ()


def test_a_grant_elsewhere_is_forbidden() -> None:
    leader = actor(LEADER, Role.REGIONAL_DIRECTOR, ELSEWHERE)
    with pytest.raises(errors.Forbidden):
        policy.authorise(leader, Permission.PLAN_LEAD, DRAFT)


def test_goals_are_added_to_drafts_only() -> None:
    assert policy.drafting_blockers(DRAFT) == []
    assert codes(policy.drafting_blockers(ACTIVE)) == ["not_a_draft"]


@pytest.mark.parametrize(
    ("baseline", "negotiated", "code"),
    [
        (Count(21, 58), None, []),
        (Count(21, 58), 7000, []),
        (Count(3, 8), None, ["target_to_negotiate"]),
        (Count(3, 8), 6000, []),
        (Count(29, 58), 5000, ["target_below_baseline"]),
        (Count(29, 58), 10_001, ["target_out_of_range"]),
        (Count(0, 12), 0, ["target_out_of_range"]),
        (Count(12, 12), 10_000, []),
    ],
)
def test_a_goal_needs_a_target_above_its_baseline(
    baseline: Count, negotiated: int | None, code: list[str]
) -> None:
    assert codes(policy.goal_blockers(baseline, negotiated)) == code
