"""Lateness in working days, targets, met beside change, the timeline."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from cqi.core import holidays
from cqi.measures.rules.findings import Finding
from cqi.plans import rules
from cqi.plans.rules import Count, Met, Standing, StepState, TargetKind, Today

MONDAY = Today(dt.date(2026, 11, 23), holidays.days())
FRIDAY = Today(dt.date(2026, 11, 20), holidays.days())


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (dt.date(2026, 11, 20), "1 working day late"),
        (dt.date(2026, 11, 19), "2 working days late"),
        (dt.date(2026, 10, 30), "15 working days late"),  # 11 November was a holiday
        (dt.date(2026, 11, 23), "due today"),
        (dt.date(2026, 11, 24), "due Tue 24 Nov, in 1 working day"),
        (dt.date(2026, 11, 30), "due Mon 30 Nov, in 4 working days"),  # Thanksgiving lies between
        (dt.date(2027, 1, 4), "due Mon 4 Jan 2027, in 27 working days"),
    ],
)
def test_due_dates_are_counted_in_working_days(due_on: dt.date, words: str) -> None:
    assert rules.timing(StepState.ON_SCHEDULE, due_on, MONDAY).words == words


@pytest.mark.parametrize(
    ("today", "due_on", "words"),
    [
        ((2026, 11, 28), (2026, 11, 27), "due Fri 27 Nov, late from Mon 30 Nov"),
        ((2026, 12, 4), (2026, 12, 5), "due Sat 5 Dec, tomorrow"),
        ((2026, 12, 4), (2026, 12, 6), "due Sun 6 Dec, before the next working day"),
        ((2026, 12, 5), (2026, 12, 5), "due today"),
        ((2026, 12, 24), (2026, 12, 25), "due Fri 25 Dec, tomorrow"),  # a holiday
        ((2026, 12, 25), (2026, 12, 24), "due Thu 24 Dec, late from Mon 28 Dec"),
    ],
)
def test_days_off_around_a_due_date_are_said_as_they_are(
    today: tuple[int, int, int], due_on: tuple[int, int, int], words: str
) -> None:
    on = Today(dt.date(*today), holidays.days())
    assert rules.timing(StepState.ON_SCHEDULE, dt.date(*due_on), on).words == words


def test_a_step_due_on_friday_is_late_on_monday_and_not_on_the_weekend() -> None:
    friday = dt.date(2026, 11, 20)
    on_sunday = rules.timing(StepState.ON_SCHEDULE, friday, Today(dt.date(2026, 11, 22)))
    assert not on_sunday.late
    assert rules.timing(StepState.ON_SCHEDULE, friday, Today(dt.date(2026, 11, 23))).days == 1


@pytest.mark.parametrize(
    ("state", "due_on", "standing"),
    [
        (StepState.VERIFIED, dt.date(2026, 10, 1), Standing.VERIFIED),
        (StepState.CLAIMED, dt.date(2026, 10, 1), Standing.CLAIMED),
        (StepState.ON_SCHEDULE, dt.date(2026, 10, 1), Standing.LATE),
        (StepState.ON_SCHEDULE, dt.date(2026, 11, 27), Standing.DUE_SOON),
        (StepState.ON_SCHEDULE, dt.date(2027, 2, 1), Standing.ON_SCHEDULE),
    ],
)
def test_what_is_claimed_or_verified_is_not_late(
    state: StepState, due_on: dt.date, standing: Standing
) -> None:
    assert rules.timing(state, due_on, FRIDAY).standing is standing


def test_the_target_follows_the_arithmetic_of_the_federal_method() -> None:
    target = rules.target(Count(40, 65), None)
    assert (target.percent, target.kind) == ("69.3%", TargetKind.PIP_ARITHMETIC)


@pytest.mark.parametrize(
    ("baseline", "word"),
    [
        (Count(0, 20), "0%"),
        (Count(20, 20), "100%"),
        (Count(4, 9), "9 applicable"),
        (Count(0, 0), "no applicable"),
    ],
)
def test_where_the_arithmetic_has_no_meaning_the_goal_is_negotiated_and_says_so(
    baseline: Count, word: str
) -> None:
    assert word in rules.needs_negotiation(baseline)
    target = rules.target(baseline, 8000)
    assert (target.percent, target.kind) == ("80.0%", TargetKind.NEGOTIATED)
    assert word in target.note
    with pytest.raises(ValueError, match="negotiated"):
        rules.target(baseline, None)


def test_a_negotiated_target_can_stand_beside_meaningful_arithmetic() -> None:
    assert rules.target(Count(21, 58), 7000) == rules.Target(
        Fraction(7, 10), TargetKind.NEGOTIATED, ""
    )


@pytest.mark.parametrize(
    ("result", "met"),
    [
        (Count(33, 47), Met.MET),
        (Count(20, 47), Met.NOT_MET),
        (Count(30, 40), Met.NOT_MET),  # reaches the rate on fewer cases than the baseline
    ],
)
def test_met_asks_for_the_rate_on_a_sample_of_at_least_the_baselines_size(
    result: Count, met: Met
) -> None:
    baseline = Count(18, 45)
    outcome = rules.outcome(baseline, rules.target(baseline, None), result, None)
    assert outcome is not None
    assert outcome.met is met


def test_met_and_change_are_two_answers() -> None:
    baseline = Count(21, 58)
    outcome = rules.outcome(baseline, rules.target(baseline, 7000), Count(35, 60), Finding.IMPROVED)
    assert outcome == rules.Outcome(
        Count(35, 60), Met.NOT_MET, Finding.IMPROVED, "35 of 60: under the target of 70.0%"
    )


def test_a_follow_up_without_applicable_cases_has_no_outcome() -> None:
    baseline = Count(21, 58)
    assert rules.outcome(baseline, rules.target(baseline, None), Count(0, 0), None) is None


def test_the_timeline_shows_whole_months() -> None:
    span = rules.span([dt.date(2026, 2, 9), dt.date(2026, 12, 18)])
    assert span == rules.Span(dt.date(2026, 2, 1), dt.date(2027, 1, 1))
    assert span.labels() == ("Feb 2026", "Apr", "Jul", "Oct", "Jan 2027")
    assert span.at(dt.date(2026, 2, 1)) == 0.0
    assert span.at(dt.date(2028, 1, 1)) == 1.0
    assert rules.span([]) is None


def test_a_short_span_says_each_month_once() -> None:
    span = rules.span([dt.date(2026, 11, 9), dt.date(2026, 12, 18)])
    assert span is not None
    assert span.labels() == ("Nov 2026", "", "Dec", "", "Jan 2027")


@pytest.mark.parametrize(
    ("start", "end", "labels"),
    [
        (dt.date(2026, 12, 1), dt.date(2027, 5, 1), ("Dec 2026", "", "Feb 2027", "Mar", "May")),
        (dt.date(2025, 1, 1), dt.date(2029, 1, 1), ("Jan 2025", "", "Jan 2027", "", "Jan 2029")),
        (dt.date(2024, 9, 1), dt.date(2027, 1, 1), ("Sep 2024", "", "Nov 2025", "", "Jan 2027")),
    ],
)
def test_months_with_their_years_do_not_touch(
    start: dt.date, end: dt.date, labels: tuple[str, ...]
) -> None:
    assert rules.Span(start, end).labels() == labels


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (Count(31, 34), "31 of 34: fewer cases than the baseline's 36"),
        (Count(18, 36), "18 of 36: under the target of 70.0%"),
        (
            Count(10, 30),
            "10 of 30: under the target of 70.0% and fewer cases than the baseline's 36",
        ),
        (Count(31, 36), ""),
    ],
)
def test_a_goal_that_is_not_met_says_why(result: Count, why: str) -> None:
    baseline = Count(18, 36)
    outcome = rules.outcome(baseline, rules.target(baseline, 7000), result, None)
    assert outcome is not None
    assert outcome.why == why
    assert (outcome.met is Met.MET) == (not why)


@pytest.mark.parametrize(
    ("state", "due_on", "shown"),
    [
        (StepState.ON_SCHEDULE, dt.date(2024, 10, 1), True),
        (StepState.CLAIMED, dt.date(2024, 10, 1), True),
        (StepState.VERIFIED, dt.date(2026, 9, 30), True),
        (StepState.VERIFIED, dt.date(2024, 12, 1), False),
    ],
)
def test_the_timeline_makes_room_for_unfinished_and_recent_steps(
    state: StepState, due_on: dt.date, shown: bool
) -> None:
    assert rules.pictured(state, due_on, FRIDAY.day) is shown
