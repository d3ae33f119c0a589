"""The shipped list of holidays follows its source."""

from __future__ import annotations

import datetime as dt

import pytest

from cqi.core import holidays, working_days


@pytest.mark.parametrize("year", range(2024, 2031))
def test_each_year_has_its_eleven_federal_holidays(year: int) -> None:
    names = {name for day, name in holidays.calendar().names.items() if day.year == year}
    expected = 10 if year == 2028 else 11  # New Year's Day 2028 is kept on 31 December 2027
    assert len(names) == expected


def test_no_holiday_lies_on_a_weekend() -> None:
    assert all(day.weekday() < 5 for day in holidays.days())


def test_the_list_says_where_it_is_from_and_that_the_agency_has_to_confirm_it() -> None:
    calendar = holidays.calendar()
    assert "5 U.S.C. 6103" in calendar.source
    assert calendar.confirm


def test_veterans_day_is_no_working_day() -> None:
    friday, monday = dt.date(2026, 10, 30), dt.date(2026, 11, 23)
    assert working_days.between(friday, monday, holidays.days()) == 15
