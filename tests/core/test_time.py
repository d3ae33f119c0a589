"""The clock and working days."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from hypothesis import strategies as st

from cqi.core import identifiers, working_days
from cqi.core.clock import Clock
from cqi.core.columns import UtcDateTime

FRIDAY, MONDAY = dt.date(2027, 3, 5), dt.date(2027, 3, 8)
WEDNESDAY = dt.date(2027, 3, 10)


def test_the_agencys_zone_decides_the_date() -> None:
    after_midnight_in_utc = dt.datetime(2027, 3, 11, 4, 30, tzinfo=dt.UTC)
    clock = Clock(ZoneInfo("America/Chicago"), after_midnight_in_utc)
    assert clock.today() == WEDNESDAY
    assert Clock(ZoneInfo("UTC"), after_midnight_in_utc).today() == dt.date(2027, 3, 11)


def test_an_unstopped_clock_is_aware() -> None:
    assert Clock(ZoneInfo("UTC")).now().tzinfo is dt.UTC


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(dt.datetime(2027, 1, 1), None)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, MONDAY, 1),
        (FRIDAY, dt.date(2027, 3, 7), 0),
        (FRIDAY, WEDNESDAY, 3),
        (WEDNESDAY, FRIDAY, -3),
    ],
)
def test_working_days_between(start: dt.date, end: dt.date, days: int) -> None:
    assert working_days.between(start, end) == days


def test_holidays_are_no_working_days() -> None:
    assert working_days.between(FRIDAY, WEDNESDAY, [MONDAY]) == 2
    assert working_days.after(FRIDAY, 1, [MONDAY]) == dt.date(2027, 3, 9)


@pytest.mark.parametrize("count", range(8))
def test_after_is_the_reverse_of_between(count: int) -> None:
    assert working_days.between(FRIDAY, working_days.after(FRIDAY, count)) == count


def test_identifiers_are_version_7_and_in_order_of_time() -> None:
    made = [identifiers.uuid7() for _ in range(100)]
    assert {one.version for one in made} == {7}
    assert len(set(made)) == 100
    assert [one.int >> 80 for one in made] == sorted(one.int >> 80 for one in made)


_DATES = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))


@hypothesis.given(_DATES, _DATES, st.frozensets(_DATES, max_size=30))
def test_working_days_between_is_what_counting_day_by_day_says(
    start: dt.date, end: dt.date, free: frozenset[dt.date]
) -> None:
    first, last = sorted((start, end))
    days = [first + dt.timedelta(days=k) for k in range(1, (last - first).days + 1)]
    counted = sum(working_days.is_working_day(day, free) for day in days)
    assert working_days.between(start, end, free) == (counted if start <= end else -counted)
