"""Daily e-mails go once each working day, in every time zone, over clock changes and holidays."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from cqi.core import working_days
from cqi.notices.rules import DigestTimes

ZONES = sorted(zoneinfo.available_timezones())
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
NOTHING = dt.timedelta()
CHICAGO, CAIRO, NUUK = "America/Chicago", "Africa/Cairo", "America/Nuuk"

instants = some.datetimes(
    dt.datetime.fromisoformat("2024-01-01"),
    dt.datetime.fromisoformat("2037-12-31"),
    timezones=some.just(dt.UTC),
)
hours = some.integers(0, 23)
zones = some.sampled_from(ZONES)


def always(hour: int) -> Callable[[dt.date], int]:
    return lambda _day: hour


@some.composite
def times(draw: some.DrawFn, now: dt.datetime) -> DigestTimes:
    """Of any zone, hour and holidays near `now`; the hour may change from one day to the next."""
    today = now.date()
    days_off = some.integers(-9, 9).map(lambda k: today + k * DAY)
    first, then = draw(hours), draw(hours)
    changed_on = draw(days_off)
    zone = zoneinfo.ZoneInfo(draw(zones))
    return DigestTimes(
        zone, lambda day: then if day >= changed_on else first, draw(some.frozensets(days_off))
    )


@given(some.data(), instants)
def test_the_last_time_is_over_the_next_is_to_come_and_none_lies_between(
    data: some.DataObject, now: dt.datetime
) -> None:
    found = data.draw(times(now))
    last, then = found.last(now), found.next(now)
    assert last <= now < then
    assert found.next(last) == then
    assert found.last(then) == then
    assert found.last(then - MINUTE) == last


@given(some.data(), instants)
def test_each_working_day_has_one_time_and_no_other_day_has_any(
    data: some.DataObject, now: dt.datetime
) -> None:
    found = data.draw(times(now))
    met, at = [], found.last(now)
    for _ in range(12):
        at = found.next(at)
        met.append(at)
    assert met == sorted(set(met))
    days = [(at.astimezone(found.zone)).date() for at in met]
    first = days[0]
    wanted, day = [], first
    while len(wanted) < len(days):
        if working_days.is_working_day(day, found.holidays):
            wanted.append(day)
        day += DAY
    assert days == wanted


@given(zones, hours, instants)
@example(CHICAGO, 2, dt.datetime(2027, 3, 14, 12, tzinfo=dt.UTC))  # the hour is skipped, a Sunday
@example(CAIRO, 0, dt.datetime(2026, 4, 24, 12, tzinfo=dt.UTC))  # the same on a Friday
@example(CAIRO, 23, dt.datetime(2026, 10, 29, 12, tzinfo=dt.UTC))  # it comes twice on a Thursday
@example(NUUK, 23, dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC))  # skipped: the next day begins
def test_clocks_show_the_hour_or_it_was_skipped_and_they_show_when_it_would_have_been(
    zone: str, hour: int, now: dt.datetime
) -> None:
    found = DigestTimes(zoneinfo.ZoneInfo(zone), always(hour))
    day = now.astimezone(found.zone).date()
    at = found.on(day)
    shown, before = at.astimezone(found.zone), (at - 2 * HOUR).astimezone(found.zone)
    moved = shown.replace(tzinfo=None) - dt.datetime.combine(day, dt.time(hour))
    if moved:
        skipped = (shown.utcoffset() or NOTHING) - (before.utcoffset() or NOTHING)
        assert moved == skipped > NOTHING, "only clocks that go forward move it, and by as much"
    assert shown.fold == 0, "an hour that comes twice is the first of the two"


@pytest.mark.parametrize(
    ("said", "last", "then"),
    [
        ("2027-03-12T06:59", "2027-03-11T07:00", "2027-03-12T07:00"),
        ("2027-03-12T07:00", "2027-03-12T07:00", "2027-03-15T07:00"),  # clocks change on the 14th
        ("2027-03-14T12:00", "2027-03-12T07:00", "2027-03-15T07:00"),
        ("2027-11-05T12:00", "2027-11-05T07:00", "2027-11-08T07:00"),  # and back on the 7th
        ("2027-07-04T12:00", "2027-07-02T07:00", "2027-07-06T07:00"),  # the 5th is a holiday
    ],
)
def test_worked_days_of_chicago(said: str, last: str, then: str) -> None:
    zone = zoneinfo.ZoneInfo(CHICAGO)
    found = DigestTimes(zone, always(7), frozenset({dt.date(2027, 7, 5)}))

    def local(words: str) -> dt.datetime:
        return dt.datetime.fromisoformat(words).replace(tzinfo=zone)

    assert found.last(local(said)) == local(last)
    assert found.next(local(said)) == local(then)


def test_an_hour_that_changes_changes_no_day_before() -> None:
    zone = zoneinfo.ZoneInfo(CHICAGO)
    monday = dt.date(2027, 3, 8)
    found = DigestTimes(zone, lambda day: 15 if day >= monday else 7)
    early = dt.datetime(2027, 3, 8, 6, tzinfo=zone)
    assert found.last(early) == dt.datetime(2027, 3, 5, 7, tzinfo=zone)
    assert found.next(early) == dt.datetime(2027, 3, 8, 15, tzinfo=zone)
