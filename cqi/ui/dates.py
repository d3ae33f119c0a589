"""Dates and times as pages write them: "20 Nov", "20 Nov 2026", "Mon 23 Nov", "10:42"."""

from __future__ import annotations

import datetime as dt


def day(date: dt.date) -> str:
    """ "20 Nov"."""
    return f"{date.day} {date:%b}"


def full_day(date: dt.date) -> str:
    """ "20 Nov 2026"."""
    return f"{date.day} {date:%b %Y}"


def weekday(date: dt.date) -> str:
    """ "Mon 23 Nov"."""
    return f"{date:%a} {date.day} {date:%b}"


def span(first: dt.date, last: dt.date) -> str:
    """ "16 to 27 Nov 2026", with as little repeated as possible."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {full_day(last)}"
    start = day(first) if first.year == last.year else full_day(first)
    return f"{start} to {full_day(last)}"


def clock(local: dt.datetime) -> str:
    """ "10:42"; the caller has put the instant into the agency's zone."""
    return f"{local:%H:%M}"


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 case", "3 cases"; `many` where an s does not make it."""
    return f"{number} {one if number == 1 else many or one + 's'}"
