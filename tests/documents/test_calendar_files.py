"""Calendar files as the standard has them, read back by the library and by eye."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import icalendar

from cqi.documents import calendar_files
from cqi.documents.calendar_files import Event

UID = uuid.UUID(int=7)
AT = dt.datetime(2027, 3, 11, 9, 0, tzinfo=ZoneInfo("America/Chicago"))
CHANGED = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)


def event(**more: object) -> Event:
    values = {"summary": "Interview", "first": AT, "end": AT + dt.timedelta(hours=1), **more}
    return Event(uid=UID, sequence=2, changed_at=CHANGED, **values)


def lines(*events: Event) -> list[str]:
    content = calendar_files.render(events, "Interviews").decode()
    assert content.count("\n") == content.count("\r\n"), "every line ends as the standard says"
    return content.split("\r\n")


def test_times_stand_in_utc_and_say_which_version_they_are() -> None:
    found = lines(event())
    for line in (
        "VERSION:2.0", "METHOD:PUBLISH", "DTSTART:20270311T150000Z", "DTEND:20270311T160000Z",
        "DTSTAMP:20270301T000000Z", "SEQUENCE:2", "STATUS:CONFIRMED", "CLASS:PRIVATE",
        f"UID:{UID.urn}",
    ):  # fmt: skip
        assert line in found


def test_whole_days_end_on_the_day_after_and_take_no_time() -> None:
    found = lines(event(first=dt.date(2027, 3, 8), end=dt.date(2027, 3, 12)))
    assert "DTSTART;VALUE=DATE:20270308" in found
    assert "DTEND;VALUE=DATE:20270313" in found
    assert "TRANSP:TRANSPARENT" in found


def test_what_is_off_is_cancelled() -> None:
    assert "STATUS:CANCELLED" in lines(event(cancelled=True))


def test_words_are_escaped_folded_and_come_back_as_they_were() -> None:
    words = "Interview, case 27-1; mother\\father, " + "in person " * 12
    content = calendar_files.render([event(summary=words)], "Interviews")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    [back] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert back["summary"] == words


def test_an_empty_calendar_is_a_calendar() -> None:
    assert lines()[0] == "BEGIN:VCALENDAR"
