"""Who hears of a deadline on which day: pure rules, over calendars and clocks."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from hypothesis import strategies as st

from cqi.core import holidays, working_days
from cqi.core.clock import Clock
from cqi.feedback.rules.clocks import Allowed
from cqi.plans.rules import Today, ladder
from cqi.plans.rules.ladder import Answer, Heights, Reminded, ReminderKind

K = ReminderKind
DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2032, 12, 31)
DAYS = st.dates(FIRST, LAST)
FREE = st.frozensets(DAYS, max_size=40)
HEIGHTS = Heights(Allowed(5), Allowed(15), Allowed(30))


def allowed() -> st.SearchStrategy[Allowed]:
    changes = st.lists(st.tuples(DAYS, st.integers(1, 40)), max_size=3)
    newest_first = changes.map(lambda rows: tuple(sorted(rows, reverse=True)))
    return st.builds(Allowed, st.integers(1, 40), newest_first)


SOME_HEIGHTS = st.builds(Heights, allowed(), allowed(), allowed())


def told_over(
    due_on: dt.date, runs: list[dt.date], heights: Heights, free: frozenset[dt.date]
) -> dict[dt.date, list[tuple[ReminderKind, bool]]]:
    """What each run of the command writes down, when it runs on these days."""
    recorded: set[ReminderKind] = set()
    found = {}
    for day in sorted(runs):
        new = ladder.to_record(ladder.schedule(due_on, heights, free), day, recorded)
        found[day] = list(new)
        recorded |= {kind for kind, _ in new}
    return found


def every_day(start: dt.date, end: dt.date) -> list[dt.date]:
    return [start + DAY * k for k in range((end - start).days + 1)]


@hypothesis.given(DAYS, SOME_HEIGHTS, FREE)
def test_a_run_a_day_records_each_kind_once_and_tells_it_on_its_day(
    due_on: dt.date, heights: Heights, free: frozenset[dt.date]
) -> None:
    days = ladder.schedule(due_on, heights, free)
    runs = every_day(due_on - 20 * DAY, max(days.values()))
    rows = [
        (day, row) for day, new in told_over(due_on, runs, heights, free).items() for row in new
    ]
    assert sorted(kind for _, (kind, _) in rows) == sorted(K)
    for day, (kind, told) in rows:
        assert (day, told) == (days[kind], True)


@hypothesis.given(DAYS, SOME_HEIGHTS, FREE, st.integers(0, 90), st.integers(1, 60))
def test_after_an_outage_every_rung_is_told_and_of_reminders_the_newest_alone(
    due_on: dt.date, heights: Heights, free: frozenset[dt.date], before: int, missed: int
) -> None:
    start = due_on - 20 * DAY
    runs = every_day(start, start + before * DAY)
    back = runs[-1] + missed * DAY
    record = told_over(due_on, [*runs, back], heights, free)
    days = ladder.schedule(due_on, heights, free)
    assert {kind for new in record.values() for kind, _ in new} == {
        kind for kind, day in days.items() if day <= back
    }
    new = dict(record[back])
    assert all(told for kind, told in new.items() if kind in ladder.RUNGS)
    before_it = {days[kind] for kind, told in new.items() if told and kind in ladder.BEFORE}
    assert len(before_it) <= 1, "the newest, or those that share its day"
    assert not (before_it and set(new) & set(ladder.RUNGS)), "what is late is due no more"


@hypothesis.given(DAYS, SOME_HEIGHTS, FREE, st.lists(st.integers(-20, 120), max_size=30))
def test_however_often_it_runs_nothing_is_recorded_twice(
    due_on: dt.date, heights: Heights, free: frozenset[dt.date], runs: list[int]
) -> None:
    on = [due_on + k * DAY for k in runs]
    kinds = [kind for new in told_over(due_on, on, heights, free).values() for kind, _ in new]
    assert len(kinds) == len(set(kinds))


@hypothesis.given(DAYS, SOME_HEIGHTS, FREE)
def test_rungs_follow_each_other_on_working_days_after_the_due_date(
    due_on: dt.date, heights: Heights, free: frozenset[dt.date]
) -> None:
    days = ladder.schedule(due_on, heights, free)
    rungs = [days[kind] for kind in ladder.RUNGS]
    assert rungs == sorted(rungs)
    assert rungs[0] > due_on
    assert all(working_days.is_working_day(day, free) for day in rungs)
    assert working_days.between(due_on, rungs[0], free) == 1


@hypothesis.given(DAYS, DAYS, FREE)
def test_the_day_that_the_database_compares_with_says_the_same_as_counting(
    due_on: dt.date, today: dt.date, free: frozenset[dt.date]
) -> None:
    counted = Today(today, free).until(due_on) < 0
    assert (due_on < ladder.late_before(today, free)) == counted


@hypothesis.given(DAYS, st.integers(1, 40), st.integers(1, 40), FREE)
def test_a_setting_that_changes_moves_no_deadline_that_was_there(
    changed: dt.date, before: int, after: int, free: frozenset[dt.date]
) -> None:
    director = Allowed(before, ((changed, after),))
    heights = Heights(director, Allowed(60), Allowed(90))
    for due_on, count in ((changed - DAY, before), (changed, after)):
        day = ladder.schedule(due_on, heights, free)[K.REGIONAL_DIRECTOR]
        assert day == working_days.after(due_on, count, free)


@pytest.mark.parametrize(
    ("zone", "utc", "today"),
    [
        # the clocks go forward at 02:00 on 14 March 2027
        ("America/Chicago", "2027-03-14T05:59", "2027-03-13"),
        ("America/Chicago", "2027-03-14T06:00", "2027-03-14"),
        ("America/Chicago", "2027-03-14T07:59", "2027-03-14"),  # 01:59, and a minute later 03:00
        ("America/Chicago", "2027-03-14T08:00", "2027-03-14"),
        ("America/Chicago", "2027-03-15T04:59", "2027-03-14"),  # that day has 23 hours
        ("America/Chicago", "2027-03-15T05:00", "2027-03-15"),
        # and back at 02:00 on 7 November 2027
        ("America/Chicago", "2027-11-07T04:59", "2027-11-06"),
        ("America/Chicago", "2027-11-07T05:00", "2027-11-07"),
        ("America/Chicago", "2027-11-07T06:30", "2027-11-07"),  # 01:30 for the first time
        ("America/Chicago", "2027-11-07T07:30", "2027-11-07"),  # and again
        ("America/Chicago", "2027-11-08T05:59", "2027-11-07"),  # that day has 25 hours
        ("America/Chicago", "2027-11-08T06:00", "2027-11-08"),
        ("America/Phoenix", "2027-03-14T06:59", "2027-03-13"),  # no clock changes there
        ("America/Phoenix", "2027-03-14T07:00", "2027-03-14"),
        ("Pacific/Auckland", "2027-09-26T10:59", "2027-09-26"),
        ("Pacific/Auckland", "2027-09-26T11:00", "2027-09-27"),
    ],
)
def test_the_agencys_date_decides_in_nights_on_which_clocks_change(
    zone: str, utc: str, today: str
) -> None:
    """The dates were worked out by hand: on each one the first reminder of a step is told that is
    due 14 days later, and not of one that is due a day after it."""
    now = dt.datetime.fromisoformat(f"{utc}:00+00:00")
    day = Clock(ZoneInfo(zone), frozen_at=now).today()
    due_on = dt.date.fromisoformat(today) + 14 * DAY
    told = [
        ladder.to_record(ladder.schedule(each, HEIGHTS, frozenset()), day, ())
        for each in (due_on, due_on + DAY)
    ]
    assert told == [((K.DAYS_14, True),), ()]


def test_a_night_on_which_the_clocks_go_forward_tells_once() -> None:
    zone, due_on = ZoneInfo("America/Chicago"), dt.date(2027, 3, 15)
    hours = [
        dt.datetime(2027, 3, 14, 5, tzinfo=dt.UTC) + k * dt.timedelta(hours=1) for k in range(4)
    ]
    days = [Clock(zone, frozen_at=each).today() for each in hours]  # 23:00, 00:00, 01:00, 03:00
    assert days == [dt.date(2027, 3, 13), *[dt.date(2027, 3, 14)] * 3]
    before = set(ladder.BEFORE) - {K.DAYS_1}
    recorded = set(before)
    said = []
    for day in days:
        new = ladder.to_record(ladder.schedule(due_on, HEIGHTS, frozenset()), day, recorded)
        recorded |= {kind for kind, _ in new}
        said.append(new)
    assert said == [(), ((K.DAYS_1, True),), (), ()]


def test_29_february_is_a_day_like_others() -> None:
    due_on = dt.date(2028, 2, 29)  # a Tuesday
    days = ladder.schedule(due_on, HEIGHTS, frozenset())
    assert days[K.DAYS_1] == dt.date(2028, 2, 28)
    assert days[K.OVERDUE] == dt.date(2028, 3, 1)
    assert days[K.REGIONAL_DIRECTOR] == dt.date(2028, 3, 7)
    assert ladder.schedule(dt.date(2028, 3, 1), HEIGHTS, ())[K.DAYS_1] == due_on


def test_rungs_leave_holidays_out() -> None:
    days = ladder.schedule(dt.date(2026, 10, 30), HEIGHTS, holidays.days())
    assert days[K.CQI_DIRECTOR] == dt.date(2026, 11, 23), "11 November was a holiday"
    assert days[K.STATE_OFFICE] == dt.date(2026, 12, 15), "and Thanksgiving"


def test_the_ladder_says_when_who_has_it_and_what_was_answered() -> None:
    due_on, today = dt.date(2026, 10, 30), Today(dt.date(2026, 11, 23), holidays.days())
    days = ladder.schedule(due_on, HEIGHTS, today.holidays)
    record = [Reminded(kind, kind is not K.DAYS_7, days[kind]) for kind in list(K)[:6]]
    answer = Answer(K.REGIONAL_DIRECTOR, "You", "Mon 9 Nov 10:00", "two counties")
    found = ladder.ladder(due_on, today, HEIGHTS, record, [answer])
    assert found is not None
    assert [(one.title, one.place, one.outstanding) for one in found.rungs] == [
        ("Owner", "past", True),
        ("Regional Director", "past", False),
        ("CQI director", "here", True),
        ("State office", "next", False),
    ]
    assert [one.words for one in found.rungs] == [
        "Due Fri 30 Oct. Reminded 14 and 1 days before. Acknowledgement outstanding.",
        "Fri 6 Nov, after 5 working days. You acknowledged it Mon 9 Nov 10:00: two counties",
        "Today, after 15 working days (Wed 11 Nov was a holiday). Acknowledgement outstanding.",
        "Tue 15 Dec, after 30, unless it is claimed before.",
    ]
    assert found.here.kind is K.CQI_DIRECTOR
    assert found.above is not None
    assert found.above.since == dt.date(2026, 12, 15)


SPELLS = st.lists(st.tuples(st.integers(-40, 80), st.integers(0, 40)), max_size=3)


def days_waited(due_on: dt.date, spells: list[tuple[int, int]]) -> frozenset[dt.date]:
    starts = [(due_on + first * DAY, length * DAY) for first, length in spells]
    return ladder.waited((start, start + length) for start, length in starts)


@hypothesis.given(DAYS, SOME_HEIGHTS, FREE, SPELLS)
def test_waiting_for_a_check_brings_no_rung_forward_and_keeps_its_height(
    due_on: dt.date, heights: Heights, free: frozenset[dt.date], spells: list[tuple[int, int]]
) -> None:
    waits = days_waited(due_on, spells)
    plain = ladder.schedule(due_on, heights, free)
    found = ladder.schedule(due_on, heights, free, waits)
    for kind in ladder.BEFORE:
        assert found[kind] == plain[kind]
    for kind, count in heights.on(due_on).items():
        assert found[kind] >= plain[kind]
        assert found[kind] not in waits
        left_out = sum(due_on < day <= found[kind] and day.weekday() < 5 for day in waits - free)
        assert working_days.between(due_on, found[kind], free) - left_out == count
    assert ladder.schedule(due_on, heights, free, days_waited(due_on, [])) == plain


@hypothesis.given(DAYS, SOME_HEIGHTS, FREE, SPELLS, st.integers(-40, 80), st.integers(0, 40))
def test_a_claim_moves_no_rung_that_was_reached_on_its_day(
    due_on: dt.date,
    heights: Heights,
    free: frozenset[dt.date],
    spells: list[tuple[int, int]],
    claimed: int,
    length: int,
) -> None:
    day = due_on + claimed * DAY
    before = days_waited(due_on, spells)
    after = before | ladder.waited([(day, day + length * DAY)])
    old = ladder.schedule(due_on, heights, free, before)
    new = ladder.schedule(due_on, heights, free, after)
    for kind in ladder.RUNGS:
        assert old[kind] == new[kind] if old[kind] <= day else new[kind] > day


def test_a_step_that_was_claimed_in_time_and_refused_late_begins_at_the_first_rung() -> None:
    due_on, refused = dt.date(2026, 10, 30), dt.date(2026, 11, 20)  # Fridays
    waits = ladder.waited([(dt.date(2026, 10, 28), refused)])
    days = ladder.schedule(due_on, HEIGHTS, holidays.days(), waits)
    assert days[K.OVERDUE] == dt.date(2026, 11, 23), "the working day after the refusal"
    assert days[K.REGIONAL_DIRECTOR] == dt.date(2026, 11, 30), "Thanksgiving is left out"
    for day in (refused, refused + DAY, refused + 2 * DAY):
        found = ladder.ladder(due_on, Today(day, holidays.days()), HEIGHTS, [], [], waits)
        assert found is not None, "it is late by its due date"
        assert (found.here.kind, found.here.since) == (K.OVERDUE, days[K.OVERDUE])
    today = Today(dt.date(2026, 11, 30), holidays.days())
    found = ladder.ladder(due_on, today, HEIGHTS, [], [], waits)
    assert found is not None
    free = "Wed 11 Nov and Thu 26 Nov were holidays"
    out = "14 working days of waiting for a check left out"
    assert [one.words for one in found.rungs][:3] == [
        f"Due Fri 30 Oct. Counted from Mon 23 Nov on: {out}. Not told yet.",
        f"Today, after 5 working days ({free}, {out}). Not told yet.",
        f"Mon 14 Dec, after 15 ({out}), unless it is claimed before.",
    ]


def test_the_ladder_says_where_nobody_held_a_rung_and_who_held_it_before() -> None:
    due_on, today = dt.date(2026, 10, 30), Today(dt.date(2026, 11, 30), holidays.days())
    days = ladder.schedule(due_on, HEIGHTS, today.holidays)
    later = dt.date(2026, 11, 24)
    record = [
        Reminded(K.OVERDUE, True, days[K.OVERDUE], again=later),
        Reminded(K.REGIONAL_DIRECTOR, False, days[K.REGIONAL_DIRECTOR], vacant=True),
        Reminded(K.CQI_DIRECTOR, False, days[K.CQI_DIRECTOR], again=later),
    ]
    before = Answer(K.OVERDUE, "A former owner", "Mon 2 Nov 10:00", "soon", counts=False)
    found = ladder.ladder(due_on, today, HEIGHTS, record, [before])
    assert found is not None
    assert [one.outstanding for one in found.rungs] == [True, True, True, False]
    owner, director, cqi_director, _ = [one.words.partition(". ")[2] for one in found.rungs]
    assert owner.startswith("Told again on Tue 24 Nov, to who holds it since. A former owner ")
    assert owner.endswith("it Mon 2 Nov 10:00: soon. Acknowledgement outstanding.")
    assert director.startswith("Nobody held it by Fri 6 Nov: the next rung was told in its place.")
    assert "Nobody held it: told on Tue 24 Nov to who holds it since." in cqi_director


def test_what_is_not_late_has_no_ladder() -> None:
    friday = dt.date(2026, 10, 30)
    for day in (friday, friday + DAY, friday + 2 * DAY):  # the weekend counts for nobody
        assert ladder.ladder(friday, Today(day), HEIGHTS, [], []) is None
    assert ladder.ladder(friday, Today(friday + 3 * DAY), HEIGHTS, [], []) is not None
