"""Which progress reports are due, and what the steps say of a period: pure."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cqi.plans import rules
from cqi.plans.rules import Standing, StepState, reports
from cqi.plans.rules.reports import Period, ReportKind, Told

MARCH = reports.period_of(ReportKind.MONTHLY, dt.date(2027, 3, 10))
TODAY = rules.Today(dt.date(2027, 5, 3))
DAYS = some.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))


@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "words"),
    [
        (ReportKind.MONTHLY, (2028, 2, 29), (2028, 2, 1), (2028, 2, 29), "February 2028"),
        (ReportKind.MONTHLY, (2027, 12, 31), (2027, 12, 1), (2027, 12, 31), "December 2027"),
        (
            ReportKind.QUARTERLY,
            (2027, 12, 1),
            (2027, 10, 1),
            (2027, 12, 31),
            "October to December 2027",
        ),
        (ReportKind.QUARTERLY, (2028, 1, 1), (2028, 1, 1), (2028, 3, 31), "January to March 2028"),
    ],
)
def test_a_period_is_a_whole_month_or_a_whole_quarter(
    kind: ReportKind,
    day: tuple[int, int, int],
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    words: str,
) -> None:
    found = reports.period_of(kind, dt.date(*day))
    assert (found.first, found.last) == (dt.date(*first), dt.date(*last))
    assert found.words == words


@given(kind=some.sampled_from(ReportKind), since=DAYS, length=some.integers(0, 2000))
def test_periods_follow_each_other_without_a_gap_from_the_approval_on(
    kind: ReportKind, since: dt.date, length: int
) -> None:
    until = since + dt.timedelta(days=length)
    found = reports.periods(kind, since, until)[::-1]
    assert all(one.last < until for one in found)
    assert reports.period_of(kind, until).first <= until
    if found:
        assert found[0].first <= since <= found[0].last
        assert found[-1].last + dt.timedelta(days=1) == reports.period_of(kind, until).first
    for one, after in itertools.pairwise(found):
        assert after.first - one.last == dt.timedelta(days=1)


def test_a_report_is_due_some_working_days_after_its_period() -> None:
    memorial_day = dt.date(2027, 5, 31)
    may = reports.period_of(ReportKind.MONTHLY, dt.date(2027, 5, 5))
    assert reports.due_on(may, 2, {memorial_day}) == dt.date(2027, 6, 2)
    april = reports.period_of(ReportKind.MONTHLY, dt.date(2027, 4, 5))
    assert reports.due_on(april, 20, {memorial_day}) == dt.date(2027, 5, 28)


def told(number: str, state: StepState, due: tuple[int, int], **more: Any) -> Told:
    due_on = dt.date(2027, *due)
    return Told(number, f"Step {number}", "Somebody", due_on, state, **more)


def test_the_steps_say_how_they_stood_on_the_last_day_of_the_period() -> None:
    steps = [
        told("1.1.1", StepState.VERIFIED, (3, 5), done=dt.date(2027, 3, 20)),
        told("1.1.2", StepState.VERIFIED, (2, 5), done=dt.date(2027, 2, 20)),
        told("1.1.3", StepState.ON_SCHEDULE, (3, 8), said="Nobody to train"),
        told("1.1.4", StepState.BEHIND, (4, 8), recover_on=dt.date(2027, 4, 2)),
        told("1.2.1", StepState.NOT_STARTED, (9, 1)),
        told("1.2.2", StepState.CLAIMED, (4, 1)),
    ]
    found = reports.figures(steps, MARCH, 1, TODAY)
    assert found.verified == 1
    assert [one.standing for one in found.steps] == [
        Standing.VERIFIED,
        Standing.VERIFIED,
        Standing.LATE,
        Standing.BEHIND,
        Standing.NOT_STARTED,
        Standing.CLAIMED,
    ]
    assert found.steps[2].words == "17 working days late"
    assert [one.number for one in found.coming] == ["1.1.4"]
    assert [one.number for one in found.telling] == ["1.1.3"]
    assert sorted(one.number for one in (*found.telling, *found.quiet)) == sorted(
        one.number for one in found.steps
    )
    assert found.sentence == (
        "1 step was verified in this period. At its end, of 6 steps: 2 verified, 1 claimed and"
        " waiting to be verified, 1 late, 1 behind schedule, 1 not started."
    )
    assert reports.from_json(found.to_json()) == found


@given(
    due=DAYS,
    changes=some.lists(some.tuples(DAYS, DAYS), max_size=5),
    end=DAYS,
)
def test_a_step_was_due_as_it_stood_before_later_extensions(
    due: dt.date, changes: list[tuple[dt.date, dt.date]], end: dt.date
) -> None:
    granted = sorted(changes, key=lambda one: one[0])
    dues = [before for _, before in granted] + [due]
    earlier = sum(day <= end for day, _ in granted)
    assert reports.due_at(due, granted, end) == dues[earlier]


def test_every_standing_has_words_in_a_report() -> None:
    assert set(reports._ENDINGS) == set(Standing)
    assert isinstance(MARCH, Period)
