"""Who may do what to a plan and its steps, asked of the pure rules."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest

from cqi.access.actor import Actor, Grant
from cqi.access.permissions import Permission, Role
from cqi.core import errors
from cqi.plans import policy
from cqi.plans.policy import PlanFacts, Said, StepFacts
from cqi.plans.rules import Count, PlanState, StepState
from cqi.plans.workflow import PlanMove, StepMove

HERE, ELSEWHERE = 1, 2
LEADER, OWNER, LIAISON = 10, 11, 12
DRAFT = PlanFacts(HERE, PlanState.DRAFT, frozenset({LEADER}), (StepState.NOT_STARTED,))
SENT = replace(DRAFT, state=PlanState.SUBMITTED)
ACTIVE = replace(DRAFT, state=PlanState.ACTIVE)
OPEN_STEP = StepFacts(ACTIVE, StepState.ON_SCHEDULE, OWNER)
CLAIMED_STEP = StepFacts(ACTIVE, StepState.CLAIMED, OWNER, OWNER)


def actor(person_id: int, role: Role, place: int = HERE) -> Actor:
    grants = (Grant(role, places=frozenset({place})),)
    return Actor(person_id, uuid.UUID(int=person_id), "Somebody", grants)


director = actor(1, Role.CQI_DIRECTOR)
liaison = actor(LIAISON, Role.CQI_LIAISON)
leader = actor(LEADER, Role.REGIONAL_DIRECTOR)
owner = Actor(
    OWNER, uuid.UUID(int=OWNER), "Owner", (Grant(Role.STAKEHOLDER, places=frozenset({ELSEWHERE})),)
)


def codes(blockers: list[errors.Blocker]) -> list[str]:
    return [blocker.code for blocker in blockers]


def test_a_director_approves_what_somebody_else_submitted() -> None:
    assert policy.plan_blockers(PlanMove.APPROVE, SENT, director) == []
    assert codes(policy.plan_blockers(PlanMove.APPROVE, DRAFT, director)) == ["wrong_state"]


@pytest.mark.parametrize("move", [PlanMove.APPROVE, PlanMove.RETURN])
def test_nobody_decides_on_a_plan_that_they_wrote(move: PlanMove) -> None:
    own = replace(SENT, authors=frozenset({LEADER, director.person_id}))
    assert codes(policy.plan_blockers(move, own, director, "Why")) == ["own_plan"]


@pytest.mark.parametrize("move", [PlanMove.SUBMIT, PlanMove.APPROVE])
@pytest.mark.parametrize("less", [{"steps": ()}, {"goals_without_steps": 1}])
def test_a_plan_without_steps_goes_nowhere(move: PlanMove, less: dict[str, Any]) -> None:
    plan = replace(SENT if move is PlanMove.APPROVE else DRAFT, **less)
    assert codes(policy.plan_blockers(move, plan, director)) == ["no_steps"]


@pytest.mark.parametrize(("goals", "words"), [((2,), "Goal 2 answers"), ((1, 3), "Goals 1 and 3")])
def test_a_plan_whose_goals_answer_no_finding_is_not_submitted(
    goals: tuple[int, ...], words: str
) -> None:
    loose = replace(DRAFT, goals_without_finding=goals)
    [blocker] = policy.plan_blockers(PlanMove.SUBMIT, loose, leader)
    assert (blocker.code, blocker.place) == ("goal_without_finding", "findings")
    assert blocker.message.startswith(words)


def test_a_plan_with_a_finding_that_nobody_answered_is_not_submitted() -> None:
    unanswered = replace(DRAFT, findings_open=2)
    [blocker] = policy.plan_blockers(PlanMove.SUBMIT, unanswered, leader)
    assert (blocker.code, blocker.place) == ("findings_open", "findings")
    assert blocker.message.startswith("2 findings wait")
    [blocker] = policy.plan_blockers(
        PlanMove.SUBMIT, replace(DRAFT, findings_without_goal=(3,)), leader
    )
    assert blocker.message == "Finding 3 is accepted and no goal answers: add a goal."


def test_a_plan_whose_dates_have_passed_is_not_submitted_but_may_be_approved() -> None:
    words = "Step 1.1.2 was due Mon 1 Mar"
    [blocker] = policy.plan_blockers(PlanMove.SUBMIT, replace(DRAFT, past=(words,)), leader)
    assert blocker.code == "dates_past"
    assert blocker.message == f"{words}. Change each to a day that is still to come."
    assert policy.plan_blockers(PlanMove.APPROVE, replace(SENT, past=(words,)), director) == []


def test_returning_and_closing_with_unmet_goals_need_a_reason() -> None:
    assert codes(policy.plan_blockers(PlanMove.RETURN, SENT, director)) == ["no_words"]
    assert codes(policy.plan_blockers(PlanMove.CLOSE_UNMET, ACTIVE, director)) == ["no_words"]
    assert policy.plan_blockers(PlanMove.CLOSE_UNMET, ACTIVE, director, "No places") == []


def test_a_plan_is_completed_when_every_step_is_done_and_every_goal_is_met() -> None:
    done = replace(ACTIVE, steps=(StepState.VERIFIED, StepState.DROPPED))
    for met, expected in ((None, ["goals_not_met"]), (False, ["goals_not_met"]), (True, [])):
        found = policy.plan_blockers(PlanMove.COMPLETE, replace(done, goals_met=met), director)
        assert codes(found) == expected, met
    some = replace(ACTIVE, goals_met=True)
    assert codes(policy.plan_blockers(PlanMove.COMPLETE, some, director)) == ["steps_open"]


def test_a_plan_whose_goals_are_met_is_not_closed_with_unmet_goals() -> None:
    met = replace(ACTIVE, goals_met=True)
    assert codes(policy.plan_blockers(PlanMove.CLOSE_UNMET, met, director, "x")) == ["goals_met"]


def test_what_somebody_can_do_to_a_plan() -> None:
    assert policy.plan_moves(DRAFT, leader) == (PlanMove.SUBMIT, PlanMove.WITHDRAW)
    assert policy.plan_moves(SENT, leader) == ()
    assert policy.plan_moves(SENT, director) == (PlanMove.RETURN, PlanMove.APPROVE)
    assert policy.plan_moves(replace(SENT, state=PlanState.APPROVED), leader) == (PlanMove.BEGIN,)
    assert policy.plan_moves(ACTIVE, director) == (PlanMove.CLOSE_UNMET,)


def test_a_step_is_behind_with_an_explanation_and_a_day_to_come() -> None:
    behind, today = StepMove.BEHIND, dt.date(2027, 3, 10)
    none = policy.step_blockers(behind, OPEN_STEP, owner, Said("", None, today))
    assert codes(none) == ["recovery_missing", "reason_missing"]
    past = policy.step_blockers(behind, OPEN_STEP, owner, Said("Nobody to train", today, today))
    assert codes(past) == ["recovery_missing"]
    tomorrow = today + dt.timedelta(days=1)
    assert not policy.step_blockers(behind, OPEN_STEP, owner, Said("No", tomorrow, today))


def test_who_leads_the_plan_reports_on_a_step_and_others_do_not() -> None:
    assert policy.step_blockers(StepMove.AHEAD, OPEN_STEP, leader, Said()) == []
    found = policy.step_blockers(StepMove.AHEAD, OPEN_STEP, liaison, Said())
    assert codes(found) == ["not_owner_or_lead"]


def test_a_step_waits_for_the_one_that_it_depends_on() -> None:
    waits = replace(OPEN_STEP, waits_for="1.1.1")
    [blocker] = policy.step_blockers(StepMove.CLAIM, waits, owner, Said("Done", proof=True))
    assert blocker.code == "depends"
    assert "1.1.1" in blocker.message


@pytest.mark.parametrize("move", [StepMove.VERIFY, StepMove.SEND_BACK])
def test_where_the_liaison_helped_the_director_verifies(move: StepMove) -> None:
    helped = replace(CLAIMED_STEP, helped=True)
    assert codes(policy.step_blockers(move, helped, liaison, Said("Seen"))) == ["helped"]
    assert policy.step_blockers(move, helped, director, Said("Seen")) == []
    wrote = replace(CLAIMED_STEP, helpers=frozenset({LIAISON}))
    assert codes(policy.step_blockers(move, wrote, liaison, Said("Seen"))) == ["helped"]


def test_the_owner_claims_with_evidence() -> None:
    given = Said("Sign-in sheets", proof=True)
    assert policy.step_blockers(StepMove.CLAIM, OPEN_STEP, owner, given) == []
    found = policy.step_blockers(StepMove.CLAIM, OPEN_STEP, owner, Said(" "))
    assert codes(found) == ["no_file_or_link", "evidence_missing"]


def test_nobody_claims_for_the_owner() -> None:
    found = policy.step_blockers(StepMove.CLAIM, OPEN_STEP, liaison, Said("x", proof=True))
    assert codes(found) == ["not_the_owner"]


@pytest.mark.parametrize("move", [StepMove.VERIFY, StepMove.SEND_BACK])
def test_somebody_else_decides_on_a_claim(move: StepMove) -> None:
    assert policy.step_blockers(move, CLAIMED_STEP, liaison, Said("Seen")) == []


@pytest.mark.parametrize("move", [StepMove.VERIFY, StepMove.SEND_BACK])
@pytest.mark.parametrize(
    "step",
    [replace(CLAIMED_STEP, owner_id=LIAISON), replace(CLAIMED_STEP, claimed_by_id=LIAISON)],
)
def test_neither_the_owner_nor_whoever_claimed_decides(move: StepMove, step: StepFacts) -> None:
    assert codes(policy.step_blockers(move, step, liaison, Said("Seen"))) == ["own_step"]


def test_sending_back_needs_a_reason_and_verifying_does_not() -> None:
    found = policy.step_blockers(StepMove.SEND_BACK, CLAIMED_STEP, liaison, Said(""))
    assert codes(found) == ["reason_missing"]
    assert policy.step_blockers(StepMove.VERIFY, CLAIMED_STEP, liaison, Said("")) == []


def test_an_open_step_is_not_verified() -> None:
    found = policy.step_blockers(StepMove.VERIFY, OPEN_STEP, liaison, Said(""))
    assert codes(found) == ["wrong_state"]


def test_nothing_happens_to_steps_before_the_plan_is_approved() -> None:
    early = replace(OPEN_STEP, plan=DRAFT)
    found = policy.step_blockers(StepMove.CLAIM, early, owner, Said("x", proof=True))
    assert codes(found) == ["plan_not_in_force"]


def test_moves_are_what_somebody_may_do_now() -> None:
    reports = (StepMove.ON_SCHEDULE, StepMove.AHEAD, StepMove.BEHIND)
    assert policy.moves(OPEN_STEP, owner) == (*reports, StepMove.CLAIM)
    assert policy.moves(OPEN_STEP, leader) == reports
    assert policy.moves(OPEN_STEP, liaison) == ()
    assert policy.moves(CLAIMED_STEP, liaison) == ("verify", "send_back")
    assert policy.moves(CLAIMED_STEP, actor(99, Role.CQI_LIAISON, ELSEWHERE)) == ()


def test_a_grant_elsewhere_is_forbidden() -> None:
    elsewhere = actor(LEADER, Role.REGIONAL_DIRECTOR, ELSEWHERE)
    with pytest.raises(errors.Forbidden):
        policy.authorise(elsewhere, Permission.PLAN_LEAD, DRAFT)


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


def test_a_kept_strength_aims_at_its_baseline_to_one_decimal() -> None:
    [blocker] = policy.goal_blockers(Count(33, 34), 9700, keeps=True)
    assert blocker.message == "A strength is kept: give 97.1 percent or more."
    assert policy.goal_blockers(Count(33, 34), 9710, keeps=True) == []


def test_a_strength_is_asked_for_what_can_be_given() -> None:
    for achieved, words in ((200, "give 100 percent."), (150, "give 75 percent or more.")):
        [found] = policy.goal_blockers(Count(achieved, 200), 5000, keeps=True)
        assert words in found.message
