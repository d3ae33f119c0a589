"""The table of a report's steps, its diagram in the docs, and folding steps back to a state."""

from __future__ import annotations

import pytest

from cqi.reporting import workflow
from cqi.reporting.rules.reports import ReportState
from cqi.reporting.workflow import Step
from tests.architecture import source


def test_the_page_in_docs_is_the_table() -> None:
    page = (source.ROOT / "docs" / "report-workflow.md").read_text(encoding="utf-8")
    assert page == workflow.document(), "write it again as the page itself says"


def test_every_step_stands_once_in_the_table() -> None:
    assert [each.step for each in workflow.TRANSITIONS] == [s for s in Step if s != "set_aside"]


def test_every_state_is_reached_by_a_step() -> None:
    assert {each.ends for each in workflow.TRANSITIONS} == set(ReportState)


def test_nothing_changes_what_is_published_but_a_newer_publication() -> None:
    leaving = [each.step for each in workflow.TRANSITIONS if ReportState.PUBLISHED in each.starts]
    assert leaving == [Step.SUPERSEDE]
    assert not any(ReportState.SUPERSEDED in each.starts for each in workflow.TRANSITIONS)


def test_sending_back_and_superseding_ask_for_a_reason() -> None:
    asking = {each.step for each in workflow.TRANSITIONS if each.reason_required}
    assert asking == {Step.SEND_BACK, Step.SUPERSEDE}


def test_steps_fold_to_a_state() -> None:
    steps = ["send_for_review", "send_back", "send_for_review", "approve", "approve", "publish"]
    assert workflow.fold(steps) is ReportState.PUBLISHED
    assert workflow.fold([]) is ReportState.DRAFT


def test_a_record_that_contradicts_the_table_does_not_fold() -> None:
    with pytest.raises(ValueError, match="publish cannot be taken from in_review"):
        workflow.fold(["send_for_review", "publish"])
