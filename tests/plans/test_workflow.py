"""The tables that plans, steps and amendments move by."""

from __future__ import annotations

import itertools

import pytest

from cqi.plans import workflow
from cqi.plans.rules import ENDED, PlanState, StepState
from cqi.plans.rules.amendments import AmendmentState
from tests.architecture import source

PAGES = {
    "plan-workflow.md": workflow.plan_document,
    "plan-step-workflow.md": workflow.step_document,
    "amendment-workflow.md": workflow.amendment_document,
}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_in_docs_is_the_table(name: str) -> None:
    page = (source.ROOT / "docs" / name).read_text(encoding="utf-8")
    assert page == PAGES[name](), "write it again as the page itself says"


def test_every_move_stands_once_in_its_table() -> None:
    assert [each.step for each in workflow.PLAN] == list(workflow.PlanMove)
    assert [each.step for each in workflow.STEP] == list(workflow.StepMove)
    assert [each.step for each in workflow.AMENDMENT] == list(workflow.AmendmentMove)
    assert set(workflow.DONE) == set(workflow.StepMove)


def test_every_state_but_the_first_is_reached_and_nothing_leaves_an_end() -> None:
    plans = {each.ends for each in workflow.PLAN}
    assert plans == set(PlanState) - {PlanState.DRAFT}
    assert not ENDED & set(itertools.chain.from_iterable(each.starts for each in workflow.PLAN))
    steps = {each.ends for each in workflow.STEP}
    assert steps == set(StepState), "what is taken back has not started"
    amendments = {each.ends for each in workflow.AMENDMENT}
    assert amendments == set(AmendmentState) - {AmendmentState.ASKED}


def test_entries_fold_back_into_a_state() -> None:
    assert workflow.fold_step([]) is StepState.NOT_STARTED
    told = ["behind", "acknowledged", "claimed", "sent_back", "ahead", "claimed", "verified"]
    assert workflow.fold_step(told) is StepState.VERIFIED
    with pytest.raises(ValueError, match="claimed cannot come after verified"):
        workflow.fold_step([*told, "claimed"])
