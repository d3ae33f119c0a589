"""A rating can be asked about through the very day that the page names, in any zone, over changes
of the clocks and over holidays; one day later it cannot."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cqi.core import holidays
from cqi.feedback.policy import CaseFacts, reconsidering
from cqi.feedback.policy.reconsidering import Asking
from cqi.feedback.rules.clocks import Allowed, Calendar, Clocks
from cqi.feedback.rules.reconsidering import Ground

ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "America/Chicago",
            "America/New_York",
            "Pacific/Honolulu",
            "Asia/Kolkata",
            "Pacific/Apia",
            "Europe/London",
            "UTC",
        )
    ]
)
INSTANTS = st.one_of(
    st.builds(
        lambda minutes: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes),
        st.integers(0, 3 * 365 * 24 * 60),
    ),
    # hours around the changes of the clocks, and before Thanksgiving and the new year
    st.builds(
        lambda start, minutes: start + dt.timedelta(minutes=minutes),
        st.sampled_from(
            [
                dt.datetime(2027, 3, 14, 7, tzinfo=dt.UTC),
                dt.datetime(2027, 11, 7, 6, tzinfo=dt.UTC),
                dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC),
                dt.datetime(2026, 12, 31, 23, tzinfo=dt.UTC),
            ]
        ),
        st.integers(-180, 180),
    ),
)
DAYS = st.integers(0, 30)


def clocks(today: dt.date, zone: ZoneInfo, days: int) -> Clocks:
    ten, own = Allowed(10), Allowed(days)
    return Clocks(Calendar(today, zone, holidays.days()), ten, ten, own, own, ten)


def open_on(today: dt.date, released_at: dt.datetime, zone: ZoneInfo, days: int) -> bool:
    due = clocks(today, zone, days).ask_due(released_at)
    asking = Asking(CaseFacts(frozenset()), due, items={"SRM05"})
    found = reconsidering.asking_blockers(asking, "SRM05", Ground.REASON, "Look.")
    assert [each.code for each in found] in ([], ["too_late"])
    return not found


def counted(released_at: dt.datetime, zone: ZoneInfo, days: int) -> dt.date:
    """The last day, counted apart: day by day on the agency's calendar."""
    day, off = released_at.astimezone(zone).date(), set(holidays.days())
    while days:
        day += dt.timedelta(days=1)
        days -= day.weekday() < 5 and day not in off
    return day


@given(INSTANTS, ZONES, DAYS)
def test_asking_is_open_exactly_until_the_day_that_the_page_names(
    released_at: dt.datetime, zone: ZoneInfo, days: int
) -> None:
    last = counted(released_at, zone, days)
    day = released_at.astimezone(zone).date()
    one = dt.timedelta(days=1)
    while day <= last:
        assert open_on(day, released_at, zone, days)
        day += one
    assert not open_on(last + one, released_at, zone, days)
    assert not open_on(last + 40 * one, released_at, zone, days)
    shown = clocks(last, zone, days)
    named = shown.calendar.day_words(shown.ask_due(released_at).on)
    assert named == f"{last:%a} {last.day} {last:%b}"


@given(INSTANTS, ZONES, DAYS)
def test_a_decision_is_late_from_the_day_after_the_one_that_the_page_names(
    asked_at: dt.datetime, zone: ZoneInfo, days: int
) -> None:
    last = counted(asked_at, zone, days)
    assert not clocks(last, zone, days).decide_due(asked_at).late
    assert clocks(last + dt.timedelta(days=1), zone, days).decide_due(asked_at).late


def test_a_memo_of_the_evening_counts_from_the_agencys_day() -> None:
    """22:30 on Monday in Chicago is Tuesday in UTC."""
    released_at = dt.datetime(2027, 3, 9, 4, 30, tzinfo=dt.UTC)
    due = clocks(dt.date(2027, 3, 8), ZoneInfo("America/Chicago"), 10).ask_due(released_at)
    assert due.on == dt.date(2027, 3, 22)
