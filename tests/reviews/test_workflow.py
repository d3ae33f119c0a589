"""The table of steps, its diagram in the docs, and folding steps back to a state."""

from __future__ import annotations

import pytest

from cqi.reviews import workflow
from cqi.reviews.rules import ReviewState
from cqi.reviews.workflow import Step
from tests.architecture import source


def test_the_page_in_docs_is_the_table() -> None:
    page = (source.ROOT / "docs" / "case-review-workflow.md").read_text(encoding="utf-8")
    assert page == workflow.document(), "write it again as the page itself says"


def test_every_step_stands_once_in_the_table() -> None:
    assert [each.step for each in workflow.TRANSITIONS] == list(Step)


def test_every_state_but_the_first_is_reached_by_a_step() -> None:
    reached = {each.ends for each in workflow.TRANSITIONS}
    assert reached == set(ReviewState) - {ReviewState.ASSIGNED}


def test_only_reopening_leaves_final_and_nothing_leaves_withdrawn() -> None:
    leaving = [each.step for each in workflow.TRANSITIONS if ReviewState.FINAL in each.starts]
    assert leaving == [Step.REOPEN]
    assert not any(ReviewState.WITHDRAWN in each.starts for each in workflow.TRANSITIONS)


def test_steps_fold_to_a_state() -> None:
    steps = ["start", "submit_for_qa", "begin_qa", "return_to_reviewers", "submit_for_qa"]
    assert workflow.fold(steps) is ReviewState.SUBMITTED
    assert workflow.fold([]) is ReviewState.ASSIGNED


def test_a_record_that_contradicts_the_table_does_not_fold() -> None:
    with pytest.raises(ValueError, match="approve cannot be taken from in_progress"):
        workflow.fold(["start", "approve"])
