"""Who asks, who decides: tables of reasons; the workflow's table, and its page in docs."""

from __future__ import annotations

import dataclasses
import uuid

import pytest

from cqi.access.actor import Actor, Grant
from cqi.access.permissions import Role
from cqi.core.errors import Blocker, Forbidden
from cqi.feedback import workflow
from cqi.feedback.policy import CaseFacts, reconsidering
from cqi.feedback.policy.reconsidering import Asking, Standing, Taken
from cqi.feedback.rules.clocks import Due
from cqi.feedback.rules.reconsidering import Ground, Outcome, ReconsiderationState, Since, outcome
from cqi.feedback.workflow import Step
from cqi.instruments.definition import Rating
from tests import build
from tests.architecture import source

REGION, COUNTY, UNIT, ELSEWHERE = 1, 2, 3, 9
CASE = CaseFacts(frozenset({COUNTY, UNIT}), frozenset({"S-1", "W-1"}), 5)
ANI = Rating.AREA_NEEDING_IMPROVEMENT
IN_TIME = Due(build.NOW.date(), "soon", 0, "due today")
STANDING = Standing(
    state=ReconsiderationState.ASKED,
    case=CASE,
    rating=ANI,
    asked_by=40,
    workers=frozenset({50}),
    checkers=frozenset({51}),
    case_staff=frozenset({"S-1", "W-1"}),
    declared=frozenset({52}),
    leads=frozenset({10}),
)
GIVEN = Taken("Read again.", Rating.STRENGTH)


def somebody(person_id: int, role: Role, *places: int, staff_id: str = "") -> Actor:
    everywhere = not places and role is Role.CQI_DIRECTOR
    grant = Grant(role, frozenset(places), own=not places, everywhere=everywhere)
    return Actor(person_id, uuid.uuid4(), role.value, (grant,), staff_id)


LEAD = somebody(10, Role.QA_LEAD, REGION, COUNTY, UNIT)
DIRECTOR = somebody(20, Role.CQI_DIRECTOR)
SUPERVISOR = somebody(40, Role.SUPERVISOR, UNIT)


def codes(found: list[Blocker]) -> list[str]:
    return [each.code for each in found]


def as_lead(person_id: int, staff_id: str = "") -> Actor:
    return dataclasses.replace(LEAD, person_id=person_id, staff_id=staff_id)


# ---- asking ----------------------------------------------------------------------------------


def test_the_supervisor_of_the_unit_or_of_the_case_asks_and_nobody_else() -> None:
    reconsidering.authorise_asking(SUPERVISOR, CASE)
    elsewhere = somebody(41, Role.SUPERVISOR, ELSEWHERE, staff_id="S-1")
    reconsidering.authorise_asking(elsewhere, CASE)
    for other in (
        somebody(42, Role.SUPERVISOR, ELSEWHERE, staff_id="S-2"),
        somebody(43, Role.CASEWORKER, staff_id="W-1"),
        LEAD,
        DIRECTOR,
        somebody(44, Role.CQI_LIAISON, REGION, COUNTY, UNIT),
    ):
        with pytest.raises(Forbidden):
            reconsidering.authorise_asking(other, CASE)


ASKING = Asking(CASE, IN_TIME, True, {"SRM05", "SRM06"}, {"SRM06"})
LATE = dataclasses.replace(IN_TIME, kind="late")


@pytest.mark.parametrize(
    ("asking", "item", "ground", "words", "expected"),
    [
        (ASKING, "SRM05", Ground.REASON, "Look.", []),
        (ASKING, "SRM06", Ground.REASON, "Look.", ["already_asked"]),
        (ASKING, "MAS01", Ground.NEW_EVIDENCE, "Look.", ["no_item"]),
        (ASKING, None, None, " ", ["no_item", "no_ground", "no_words"]),
        (dataclasses.replace(ASKING, due=LATE), "SRM05", Ground.REASON, "Look.", ["too_late"]),
        (dataclasses.replace(ASKING, stands=False), "SRM05", Ground.REASON, "x", ["reopened"]),
    ],
)
def test_why_a_rating_cannot_be_asked_about(
    asking: Asking, item: str | None, ground: Ground | None, words: str, expected: list[str]
) -> None:
    assert codes(reconsidering.asking_blockers(asking, item, ground, words)) == expected


# ---- deciding --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "changes", "expected"),
    [
        (LEAD, {}, []),
        (as_lead(50), {}, ["own_work"]),
        (as_lead(51), {}, ["own_qa"]),
        (as_lead(40), {}, ["own_request"]),
        (as_lead(53, "W-1"), {}, ["conflict"]),
        (as_lead(52), {}, ["declared_conflict"]),
        (LEAD, {"stands": False}, ["reopened"]),
        (LEAD, {"state": ReconsiderationState.UPHELD}, ["wrong_state"]),
        (DIRECTOR, {}, ["qa_lead_first"]),
        (DIRECTOR, {"leads": frozenset()}, []),
        (DIRECTOR, {"leads": frozenset(), "workers": frozenset({20})}, ["own_work"]),
    ],
)
def test_nobody_decides_on_their_own_work_and_the_next_reach_up_only_where_nobody_else_can(
    actor: Actor, changes: dict[str, object], expected: list[str]
) -> None:
    standing = dataclasses.replace(STANDING, **changes)
    reconsidering.authorise(Step.UPHOLD, actor, standing)
    for step in (Step.UPHOLD, Step.CHANGE):
        assert codes(reconsidering.blockers(step, standing, actor, GIVEN)) == expected


@pytest.mark.parametrize(
    "actor",
    [
        SUPERVISOR,
        somebody(60, Role.QA_LEAD, ELSEWHERE),
        somebody(61, Role.CQI_LIAISON, REGION, COUNTY, UNIT),
        somebody(62, Role.CASEWORKER, staff_id="W-1"),
        somebody(63, Role.REVIEWER, REGION, COUNTY, UNIT),
    ],
)
def test_only_qa_leads_who_reach_the_case_and_the_director_decide(actor: Actor) -> None:
    for step in (Step.UPHOLD, Step.CHANGE):
        with pytest.raises(Forbidden):
            reconsidering.authorise(step, actor, STANDING)
    assert reconsidering.decides(STANDING, actor) is None


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        (Taken(" ", Rating.STRENGTH), ["no_reason"]),
        (Taken("Why.", None), ["no_rating"]),
        (Taken("Why.", ANI), ["same_rating"]),
        (Taken("Why.", Rating.NOT_ACHIEVED), ["no_rating"]),
        (Taken("Why.", Rating.NOT_APPLICABLE), []),
    ],
)
def test_a_change_names_another_rating_of_an_item_and_gives_its_reason(
    taken: Taken, expected: list[str]
) -> None:
    assert codes(reconsidering.blockers(Step.CHANGE, STANDING, LEAD, taken)) == expected


def test_whoever_asked_withdraws_while_nothing_is_decided() -> None:
    assert reconsidering.withdraws(STANDING, SUPERVISOR)
    colleague = dataclasses.replace(SUPERVISOR, person_id=41)
    assert not reconsidering.withdraws(STANDING, colleague)
    found = reconsidering.blockers(Step.WITHDRAW, STANDING, colleague, Taken())
    assert codes(found) == ["not_the_asker"]
    decided = dataclasses.replace(STANDING, state=ReconsiderationState.UPHELD)
    assert not reconsidering.withdraws(decided, SUPERVISOR)


# ---- the table -------------------------------------------------------------------------------


def test_the_page_in_docs_is_the_table() -> None:
    page = (source.ROOT / "docs" / "reconsideration-workflow.md").read_text(encoding="utf-8")
    assert page == workflow.document(), "write it again as the page itself says"


def test_every_decision_asks_for_its_reason() -> None:
    asks = {each.step for each in workflow.TRANSITIONS if each.reason_required}
    assert asks == {Step.UPHOLD, Step.CHANGE}


def test_steps_fold_to_a_state_and_contradictions_do_not() -> None:
    assert workflow.fold([]) is ReconsiderationState.ASKED
    assert workflow.fold(["tell_late", "change"]) is ReconsiderationState.TO_CHANGE
    for steps in (["uphold", "change"], ["withdraw", "tell_late"]):
        with pytest.raises(ValueError, match="cannot be taken from"):
            workflow.fold(steps)


@pytest.mark.parametrize(
    ("state", "since", "expected"),
    [
        ("asked", Since(True, True, ANI), Outcome.OPEN),
        ("asked", Since(False, False), Outcome.OVERTAKEN),
        ("asked", Since(False, True, ANI), Outcome.OVERTAKEN),
        ("withdrawn", Since(True, True, ANI), Outcome.WITHDRAWN),
        ("upheld", Since(False, True, Rating.STRENGTH), Outcome.UPHELD),
        ("to_change", Since(True, True, ANI), Outcome.TO_REOPEN),
        ("to_change", Since(False, False, ANI), Outcome.REOPENED),
        ("to_change", Since(False, True, ANI), Outcome.SAME_AGAIN),
        ("to_change", Since(False, True, Rating.STRENGTH), Outcome.CHANGED),
    ],
)
def test_what_came_of_a_request_is_derived(state: str, since: Since, expected: Outcome) -> None:
    assert outcome(ReconsiderationState(state), ANI, since) is expected
