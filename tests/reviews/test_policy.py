"""Who may do what with a case review, and why not. No database."""

from __future__ import annotations

import dataclasses
import uuid

import pytest

from cqi.access.actor import Actor, Grant
from cqi.access.permissions import Role
from cqi.core.errors import Blocker
from cqi.reviews import policy
from cqi.reviews.policy import Standing
from cqi.reviews.rules import OPEN_STATES, ReviewState
from cqi.reviews.workflow import Step

HERE, ELSEWHERE, ROUND = 10, 20, 5
STANDING = Standing(
    ReviewState.IN_PROGRESS,
    places=frozenset({HERE}),
    round_id=ROUND,
    reviewers=frozenset({1}),
    scorers=frozenset({1, 4}),
    case_staff=frozenset({"W-1"}),
)


def somebody(person_id: int, *grants: Grant, staff_id: str = "") -> Actor:
    return Actor(person_id, uuid.UUID(int=person_id), f"Person {person_id}", grants, staff_id)


REVIEWER = somebody(1, Grant(Role.REVIEWER, round_id=ROUND))
QA_LEAD = somebody(2, Grant(Role.QA_LEAD, places=frozenset({HERE})))
LIAISON = somebody(3, Grant(Role.CQI_LIAISON, places=frozenset({HERE})))
DIRECTOR = somebody(6, Grant(Role.CQI_DIRECTOR, everywhere=True))
OUTSIDER = somebody(9)
EVERYBODY = (REVIEWER, QA_LEAD, LIAISON, DIRECTOR, OUTSIDER)


def at(state: ReviewState, **changes: object) -> Standing:
    return dataclasses.replace(STANDING, state=state, **changes)


def codes(blockers: list[Blocker]) -> list[str]:
    return [blocker.code for blocker in blockers]


@pytest.mark.parametrize(
    ("step", "state", "who"),
    [
        (Step.SUBMIT_FOR_QA, ReviewState.IN_PROGRESS, REVIEWER),
        (Step.BEGIN_QA, ReviewState.SUBMITTED, QA_LEAD),
        (Step.APPROVE, ReviewState.FIRST_LEVEL_QA, QA_LEAD),
        (Step.RETURN_TO_REVIEWERS, ReviewState.FIRST_LEVEL_QA, QA_LEAD),
        (Step.REOPEN, ReviewState.FINAL, DIRECTOR),
    ],
)
def test_a_step_is_for_one_role_alone(step: Step, state: ReviewState, who: Actor) -> None:
    allowed = [each for each in EVERYBODY if not policy.blockers(step, at(state), each, "why")]
    assert allowed == [who]


def test_withdrawing_is_for_those_who_assign() -> None:
    allowed = [
        each for each in EVERYBODY if not policy.blockers(Step.WITHDRAW, STANDING, each, "x")
    ]
    assert allowed == [LIAISON, DIRECTOR]


@pytest.mark.parametrize("state", list(ReviewState))
def test_answers_change_in_open_states_only(state: ReviewState) -> None:
    found = codes(policy.scoring_blockers(at(state), REVIEWER))
    assert found == ([] if state in OPEN_STATES else ["not_open"])


@pytest.mark.parametrize("who", [QA_LEAD, LIAISON, DIRECTOR, OUTSIDER])
def test_only_assigned_reviewers_score(who: Actor) -> None:
    assert codes(policy.scoring_blockers(STANDING, who)) == ["not_a_reviewer"]


def test_a_reviewer_whose_grant_has_ended_does_not_score() -> None:
    assert codes(policy.scoring_blockers(STANDING, somebody(1))) == ["not_a_reviewer"]


def test_a_qa_lead_never_decides_on_a_review_that_they_scored() -> None:
    scorer = somebody(4, *QA_LEAD.grants)
    for step in (Step.BEGIN_QA, Step.APPROVE, Step.RETURN_TO_REVIEWERS):
        state = ReviewState.SUBMITTED if step is Step.BEGIN_QA else ReviewState.FIRST_LEVEL_QA
        assert codes(policy.blockers(step, at(state), scorer, "why")) == ["own_work"]


def test_case_staff_neither_score_nor_do_qa() -> None:
    worker = dataclasses.replace(REVIEWER, staff_id="W-1")
    lead = dataclasses.replace(QA_LEAD, staff_id="W-1")
    assert codes(policy.scoring_blockers(STANDING, worker)) == ["conflict"]
    submitted = at(ReviewState.SUBMITTED)
    assert codes(policy.blockers(Step.BEGIN_QA, submitted, lead)) == ["conflict"]
    assert codes(policy.assignment_blockers(STANDING, worker)) == ["conflict"]


def test_second_level_is_never_the_first_level_person() -> None:
    second = at(ReviewState.SECOND_LEVEL_QA, first_level=frozenset({2}))
    assert codes(policy.blockers(Step.APPROVE, second, QA_LEAD)) == ["same_qa_lead"]
    another = somebody(8, *QA_LEAD.grants)
    assert not policy.blockers(Step.APPROVE, second, another)


def test_where_second_level_is_due_the_first_level_cannot_approve() -> None:
    due = at(ReviewState.FIRST_LEVEL_QA, second_level_due=True)
    assert codes(policy.blockers(Step.APPROVE, due, QA_LEAD)) == ["second_level_due"]
    assert not policy.blockers(Step.SEND_TO_SECOND_LEVEL, due, QA_LEAD)
    second = at(ReviewState.SECOND_LEVEL_QA, second_level_due=True, first_level=frozenset({9}))
    assert not policy.blockers(Step.APPROVE, second, QA_LEAD)


def test_open_notes_hold_up_the_next_level_and_approval_but_no_return() -> None:
    state, notes = at(ReviewState.FIRST_LEVEL_QA), (Blocker("note_open", "x"),)
    for step in (Step.APPROVE, Step.SEND_TO_SECOND_LEVEL):
        assert codes(policy.blockers(step, state, QA_LEAD, notes=notes)) == ["note_open"]
    assert not policy.blockers(Step.RETURN_TO_REVIEWERS, state, QA_LEAD, "why", notes=notes)


def test_notes_are_seen_by_the_reviewers_and_by_qa() -> None:
    seeing = [who for who in EVERYBODY if policy.sees_notes(STANDING, who)]
    assert seeing == [REVIEWER, QA_LEAD]


def test_a_reason_is_asked_for_where_the_table_says_so() -> None:
    state = at(ReviewState.FIRST_LEVEL_QA)
    assert codes(policy.blockers(Step.RETURN_TO_REVIEWERS, state, QA_LEAD, "  ")) == ["no_reason"]
    assert not policy.blockers(Step.APPROVE, state, QA_LEAD)


def test_what_is_missing_blocks_submission_with_every_reason() -> None:
    missing = (Blocker("missing_fact", "x"), Blocker("missing_answer", "y"))
    found = policy.blockers(Step.SUBMIT_FOR_QA, STANDING, REVIEWER, missing=missing)
    assert codes(found) == ["missing_fact", "missing_answer"]


def test_a_page_offers_what_somebody_may_do_now() -> None:
    assert policy.offered(STANDING, REVIEWER) == [Step.SUBMIT_FOR_QA]
    assert policy.offered(at(ReviewState.FIRST_LEVEL_QA), QA_LEAD) == [
        Step.SEND_TO_SECOND_LEVEL,
        Step.APPROVE,
        Step.RETURN_TO_REVIEWERS,
    ]
    assert policy.offered(at(ReviewState.FINAL), DIRECTOR) == [Step.REOPEN]
    assert policy.offered(STANDING, OUTSIDER) == []


def test_a_qa_lead_of_another_region_may_do_nothing() -> None:
    other = somebody(7, Grant(Role.QA_LEAD, places=frozenset({ELSEWHERE})))
    found = codes(policy.blockers(Step.BEGIN_QA, at(ReviewState.SUBMITTED), other))
    assert found == ["not_permitted"]


def test_reviewers_come_from_the_rounds_team() -> None:
    assert codes(policy.assignment_blockers(STANDING, OUTSIDER)) == ["not_on_team"]
    assert codes(policy.assignment_blockers(STANDING, REVIEWER)) == []
