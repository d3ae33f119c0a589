"""The roll-out's rules: suggested dates, lengths that a plan breaks, what is late and why."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cqi.rounds import policy
from cqi.rounds.policy import NewOrder, Overtaking
from cqi.rounds.rules import rollout
from cqi.rounds.rules.rollout import (
    STAGES,
    Beginning,
    Dates,
    Lengths,
    Span,
    Stage,
    Told,
)

START = dt.date(2026, 1, 5)
LENGTHS = Lengths()
PLAN = rollout.suggested(START, LENGTHS)
UNTOUCHED = Overtaking(0, 0, False, "")


def codes(found: list) -> list[str]:
    return [each.code for each in found]


def moved(**days: int) -> Dates:
    """The suggested plan with some dates so many days later."""
    changed = {name: getattr(PLAN, name) + dt.timedelta(days=n) for name, n in days.items()}
    return dataclasses.replace(PLAN, **changed)


@settings(deadline=None)
@given(
    start=st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
    least=st.integers(1, 12),
    more=st.integers(0, 6),
    after=st.integers(2, 24),
    leeway=st.integers(0, 1),
)
def test_suggested_dates_keep_every_length_and_stand_in_order(
    start: dt.date, least: int, more: int, after: int, leeway: int
) -> None:
    lengths = Lengths(least, least + more, after, after, leeway)
    plan = rollout.suggested(start, lengths)
    assert not rollout.cautions(plan, lengths)
    assert not policy.date_blockers(plan, UNTOUCHED)


def test_the_same_day_some_months_later_is_the_last_of_a_shorter_month() -> None:
    assert rollout.later(dt.date(2026, 8, 31), 6) == dt.date(2027, 2, 28)
    assert rollout.later(dt.date(2027, 8, 31), 6) == dt.date(2028, 2, 29)
    assert rollout.later(dt.date(2026, 11, 15), 1) == dt.date(2026, 12, 15)


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"planning_from": 60}, "planning_short"),
        ({"planning_from": -60}, "planning_long"),
        ({"implementation_to": -60}, "implementation_short"),
        ({"implementation_to": 60}, "implementation_long"),
        ({"follow_up_from": -60}, "follow_up_early"),
        ({"follow_up_from": 60}, "follow_up_late"),
    ],
)
def test_a_plan_that_breaks_a_length_is_warned_of_and_may_stand(
    days: dict[str, int], code: str
) -> None:
    plan = moved(**days)
    assert codes(rollout.cautions(plan, LENGTHS)) == [code]


def test_a_length_holds_to_the_day() -> None:
    shortest = dataclasses.replace(PLAN, baseline_from=rollout.later(START, 6))
    assert not rollout.cautions(shortest, LENGTHS)
    a_day_less = dataclasses.replace(shortest, planning_from=START + dt.timedelta(days=1))
    assert codes(rollout.cautions(a_day_less, LENGTHS)) == ["planning_short"]


def test_the_follow_up_counts_from_the_day_implementation_began() -> None:
    late_start = Told(implementation_on=PLAN.implementation_from + dt.timedelta(days=60))
    assert codes(rollout.cautions(PLAN, LENGTHS, late_start)) == ["follow_up_early"]


def test_a_region_without_a_plan_one_too_late_and_one_before_its_turn_are_named() -> None:
    ordered = [
        Beginning("East", dt.date(2026, 1, 1)),
        Beginning("West", dt.date(2030, 1, 1)),
        Beginning("South", dt.date(2029, 12, 31)),
        Beginning("North", None),
    ]
    found = rollout.of_the_state(ordered, LENGTHS)
    assert codes(found) == ["engaged_late", "out_of_order", "not_planned"]
    assert "West" in found[0].message
    assert "South" in found[1].message
    assert not rollout.of_the_state([Beginning("East", None)], LENGTHS)


def test_nothing_is_late_on_the_day_it_is_due() -> None:
    assert rollout.late(PLAN, Told(), START) == []
    [one] = rollout.late(PLAN, Told(), START + dt.timedelta(days=1))
    assert (one.stage, one.words) == (Stage.PLANNING, "1 day late")
    assert one.why == "Nobody has written down that it began."


def test_a_review_is_late_until_its_round_begins() -> None:
    begun = Told(planning_on=START)
    today = PLAN.baseline_from + dt.timedelta(days=10)
    [one] = rollout.late(PLAN, begun, today)
    assert (one.stage, one.days) == (Stage.BASELINE, 10)
    assert "No baseline review of this region is open as a round." in one.why
    days = [today + dt.timedelta(days=10), today + dt.timedelta(days=21)]
    set_later = dataclasses.replace(begun, baseline=Span(*days))
    [one] = rollout.late(PLAN, set_later, today)
    assert one.why == "Its round is set 20 days after the plan."
    done = dataclasses.replace(begun, baseline=Span(today, today))
    assert rollout.late(PLAN, done, today) == []


def test_what_waits_for_a_late_stage_says_so() -> None:
    today = PLAN.implementation_from + dt.timedelta(days=5)
    found = rollout.late(PLAN, Told(planning_on=START), today)
    assert [one.stage for one in found] == [Stage.BASELINE, Stage.IMPLEMENTATION]
    assert found[1].why == "Baseline review comes first and has not begun."


def test_a_later_stage_that_has_begun_means_that_those_before_it_have() -> None:
    today = PLAN.implementation_from
    told = Told(baseline=Span(PLAN.baseline_from, PLAN.baseline_to))
    assert told.begun(Stage.PLANNING, today)
    assert told.now(today) is Stage.BASELINE
    assert Told().now(today) is None
    ahead = Told(planning_on=START, baseline=Span(today + dt.timedelta(days=9), today))
    assert ahead.now(today) is Stage.PLANNING


def test_bars_tell_what_lies_behind_from_what_is_ahead() -> None:
    today, until = dt.date(2026, 3, 1), dt.date(2029, 1, 1)
    found = rollout.bars(PLAN, Told(planning_on=START), today, until)
    planning = [bar for bar in found if bar.stage is Stage.PLANNING]
    assert [(bar.first, bar.last, bar.begun) for bar in planning] == [
        (START, today, True),
        (today, PLAN.baseline_from, False),
    ]
    assert not any(bar.begun for bar in found if bar.stage is not Stage.PLANNING)
    assert [event.done for event in rollout.reviews(PLAN, Told(), today)] == [False, False]


def test_planning_that_is_not_over_goes_on_to_today() -> None:
    today, until = PLAN.baseline_from + dt.timedelta(days=40), dt.date(2029, 1, 1)
    found = rollout.bars(PLAN, Told(planning_on=START), today, until)
    assert [(bar.last, bar.begun) for bar in found if bar.stage is Stage.PLANNING] == [
        (today, True)
    ]


@pytest.mark.parametrize(
    ("days", "place"),
    [
        ({"baseline_from": -400}, "baseline_from"),
        ({"baseline_to": -30}, "baseline_to"),
        ({"baseline_to": 30}, "implementation_from"),
        ({"follow_up_to": 30}, "support_from"),
    ],
)
def test_stages_that_do_not_follow_each_other_are_refused(days: dict[str, int], place: str) -> None:
    found = policy.date_blockers(moved(**days), UNTOUCHED)
    assert place in {each.place for each in found}


def test_a_change_needs_its_reason_and_the_newest_state() -> None:
    assert codes(policy.date_blockers(PLAN, Overtaking(2, 2, True, " "))) == ["no_reason"]
    assert codes(policy.date_blockers(PLAN, Overtaking(2, 1, True, "x"))) == ["overtaken"]
    assert not policy.date_blockers(PLAN, Overtaking(2, 2, True, "x"))


def test_days_on_which_stages_began_stand_in_order_and_behind() -> None:
    stands, today = Overtaking(1, 1, False, ""), dt.date(2027, 1, 1)
    fine = Told(planning_on=START, implementation_on=dt.date(2026, 9, 1))
    assert not policy.began_blockers(fine, today, stands)
    swapped = dataclasses.replace(fine, implementation_on=dt.date(2025, 9, 1))
    assert codes(policy.began_blockers(swapped, today, stands)) == ["stage_order"]
    ahead = dataclasses.replace(fine, support_on=dt.date(2027, 1, 2))
    assert codes(policy.began_blockers(ahead, today, stands)) == ["to_come"]
    assert codes(policy.began_blockers(fine, today, UNTOUCHED)) == ["no_plan"]


def test_an_order_has_each_region_once_with_criteria_and_reason() -> None:
    regions = frozenset({1, 2, 3})
    assert not policy.order_blockers(NewOrder((2, 1, 3), "Size", "Small first"), regions, 0)
    for wrong in ((1, 2), (1, 2, 2), (1, 2, 3, 4)):
        assert codes(policy.order_blockers(NewOrder(wrong, "x", "x"), regions, 0)) == ["regions"]
    empty = policy.order_blockers(NewOrder((1, 2, 3), "", " "), regions, 7)
    assert codes(empty) == ["overtaken", "no_criteria", "no_reason"]


def test_stages_are_five_and_in_the_order_of_the_model() -> None:
    assert [stage.value for stage in STAGES] == [
        "planning",
        "baseline",
        "implementation",
        "follow_up",
        "support",
    ]
