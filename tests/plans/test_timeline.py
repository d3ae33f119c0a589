"""A plan over time: the bars of its page, and the figure with its table for files."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from cqi.core.database import Database
from cqi.documents import svg
from cqi.plans.queries import sheets, timeline
from cqi.plans.queries.sheets import PlanSheet
from cqi.plans.rules import Standing, StepState, Timing, Today
from tests.fixtures.cast import Cast
from tests.plans import invented
from tests.plans.invented import LATE, SOON, TODAY


@pytest.fixture
def sheet(database: Database, cast: Cast) -> PlanSheet:
    """Claimed two days after it was due, late, due soon, done in time."""
    due = (dt.date(2027, 3, 8), LATE, SOON, dt.date(2027, 3, 31))
    made = invented.active(database, cast, cast.supervisor, due)
    for step in (made.steps[0], made.steps[3]):
        invented.claim(database, step, cast.supervisor)
    with database.reading() as session:
        return sheets.plan(session, invented.actor(session, cast.cqi_director), made.plan, TODAY)


def test_each_step_says_when_it_was_done_or_how_late_it_is(sheet: PlanSheet) -> None:
    assert [timeline.said(step, TODAY) for step in sheet.steps] == [
        ("Claimed Wed 10 Mar", "2 working days late"),
        ("15 working days late", "was due Wed 17 Feb"),
        ("Due Tue 16 Mar", "in 4 working days"),
        ("Claimed Wed 10 Mar", "on time"),
    ]


def test_bars_reach_from_start_to_due_and_red_as_far_as_it_is_late(sheet: PlanSheet) -> None:
    found = timeline.bars(sheet, TODAY)
    assert found is not None
    [(goal, bars)] = found.goals
    assert goal.position == 1
    after, late, soon, early = bars
    assert [bar.kind for bar in bars] == ["done", "late", "open", "done"]
    assert after.done is not None
    assert after.due < after.done
    assert after.end == after.done
    assert late.end == found.today
    assert (soon.end, early.end) == (None, None)
    assert early.done is not None
    assert early.done < early.due
    assert all(bar.start <= bar.due for bar in bars)


def test_the_figure_says_in_words_and_in_a_table_what_it_draws(sheet: PlanSheet) -> None:
    figure = timeline.timeline(sheet, TODAY)
    assert figure is not None
    assert figure.title == (
        "Of 4 plan steps none is verified, 2 are claimed, 1 is late and 1 is on time"
    )
    assert "Step 1.1.2 Supervisors read one assessment a month" in figure.description
    assert [column.heading for column in figure.columns][-1] == "Status"
    assert len(figure.rows) == len(sheet.steps)
    drawn = svg.write(figure.drawing, figure.title, figure.description)
    assert "15 working days late" in drawn
    assert "Today, 10 Mar 2027" in drawn


def test_a_plan_without_steps_has_no_timeline(sheet: PlanSheet) -> None:
    empty = replace(sheet, goals=(), steps=())
    assert timeline.bars(empty, TODAY) is None
    assert timeline.timeline(empty, TODAY) is None


def test_what_is_dropped_counts_for_nothing(sheet: PlanSheet) -> None:
    gone = Timing(Standing.DROPPED, 0, "dropped")
    first = replace(sheet.steps[1], state=StepState.DROPPED, timing=gone)
    assert timeline.said(first, TODAY) == ("Dropped", "was due Wed 17 Feb")
    assert timeline.title([first, *sheet.steps[2:]]).startswith("Of 2 plan steps")


def test_a_day_outside_the_picture_has_no_line(sheet: PlanSheet) -> None:
    later = timeline.bars(sheet, Today(dt.date(2028, 3, 10)))
    assert later is not None
    assert later.today is None
