"""The pages of planned interviews: giving a time, the schedules, the calendar file."""

from __future__ import annotations

import datetime as dt

import icalendar
import pytest
import sqlalchemy as sa

from cqi.access.models import Disclosure
from cqi.core.clock import Clock
from cqi.reviews.models import ReviewPerson
from cqi.reviews.rules import ReviewState
from tests import build
from tests.fixtures import counting
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk
from tests.reviews import planning
from tests.reviews.planning import TOMORROW

HOUR = dt.timedelta(hours=1)
STARTS = "2027-03-11T10:00"  # TOMORROW on the agency's clocks


def url(desk: Desk, label: str = "Mother") -> str:
    return f"/reviews/{desk.public_id}/interviews/{planning.who(desk, label)}/time"


def schedule(desk: Desk) -> str:
    return f"/rounds/{desk.cast.round.public_id}/schedule"


def calendar(desk: Desk, client_for: ClientFor) -> list[icalendar.Component]:
    answer = client_for(desk.cast.reviewer).get("/schedule.ics")
    assert answer.mimetype == "text/calendar"
    return icalendar.Calendar.from_ical(answer.data).walk("VEVENT")


def interviews(desk: Desk, client_for: ClientFor) -> dict[str, icalendar.Component]:
    """By summary, without the days on site."""
    events = calendar(desk, client_for)
    return {str(one["summary"]): one for one in events if "On site" not in one["summary"]}


def test_a_time_is_given_on_its_page_and_stands_with_the_interview(
    desk: Desk, client_for: ClientFor
) -> None:
    client = client_for(desk.cast.reviewer)
    page = client.get(url(desk)).text
    assert "A time for: Mother" in page
    assert "Days on site: 8 to 12 Mar 2027." in page
    sent = {"starts": STARTS, "minutes": "60", "how": "video", "place": "Room 2", "seen": "0"}
    answer = client.post(url(desk), data=sent, follow_redirects=True)
    assert "Planned: Mother, Thu 11 Mar, 10:00 to 11:00." in answer.text
    assert "Thu 11 Mar, 10:00 to 11:00, by video, Room 2" in answer.text
    assert planning.stands(desk).starts_at == TOMORROW
    assert 'value="2027-03-11T10:00"' in client.get(url(desk)).text


def test_what_cannot_be_saved_stays_typed_and_says_why(desk: Desk, client_for: ClientFor) -> None:
    client = client_for(desk.cast.reviewer)
    sent = {"starts": "2027-03-10T09:00", "minutes": "60", "how": "video", "place": "Maple room"}
    answer = client.post(url(desk), data=sent)
    assert answer.status_code == 422
    assert "This time has passed: choose one that is still to come." in answer.text
    assert "Maple room" in answer.text
    assert client.post(url(desk), data={}).status_code == 422


def test_a_day_off_site_and_a_second_interview_are_asked_about(
    desk: Desk, client_for: ClientFor
) -> None:
    planning.plan(desk, "Father", dt.datetime(2027, 3, 15, 15, 30, tzinfo=dt.UTC))
    client = client_for(desk.cast.reviewer)
    sent = {"starts": "2027-03-15T10:00", "minutes": "60", "how": "video"}
    page = client.post(url(desk), data=sent, follow_redirects=True).text
    assert "It is outside the days on site, 8 to 12 Mar 2027." in page
    words = f"{desk.cast.reviewer.name} has another interview at that time, of case"
    assert f"{words} {desk.case_number}." in page


def test_a_time_is_taken_away_on_the_same_page(desk: Desk, client_for: ClientFor) -> None:
    planning.plan(desk)
    client = client_for(desk.cast.reviewer)
    page = client.post(url(desk), data={"off": "yes", "seen": "1"}, follow_redirects=True).text
    assert "Mother: the time is taken away." in page
    assert planning.stands(desk).cancelled


def test_saving_beside_keeps_the_time_on_the_page(desk: Desk, client_for: ClientFor) -> None:
    """Whoever only assigns plans on the page that they read."""
    planning.plan(desk)
    page = client_for(desk.cast.cqi_liaison).get(f"/reviews/{desk.public_id}/interviews").text
    assert "Change the time" in page
    assert "Plan a time" in page
    assert "Plan a time" not in _interviews_for(desk, client_for)


def _interviews_for(desk: Desk, client_for: ClientFor) -> str:
    return client_for(desk.cast.qa_lead).get(f"/reviews/{desk.public_id}/interviews").text


def test_the_round_has_its_schedule_by_day_and_time(desk: Desk, client_for: ClientFor) -> None:
    planning.plan(desk)
    planning.plan(desk, "Caseworker", TOMORROW - HOUR)
    page = client_for(desk.cast.cqi_liaison).get(schedule(desk)).text
    assert "Thursday 11 Mar 2027" in page
    assert page.index("09:00 to 10:00") < page.index("10:00 to 11:00")
    for words in (desk.case_number, "Caseworker", desk.cast.reviewer.name, "Without a time"):
        assert words in page


def test_the_schedule_marks_what_has_passed_and_what_overlaps(
    desk: Desk, client_for: ClientFor, clock: Clock
) -> None:
    planning.plan(desk)
    planning.plan(desk, "Father", TOMORROW + HOUR / 2)
    client = client_for(desk.cast.reviewer)
    page = client.get("/schedule").text
    assert page.count("At the same time as another") == 2
    assert "To record:" not in page
    object.__setattr__(clock, "frozen_at", TOMORROW + HOUR)
    page = client_for(desk.cast.reviewer).get("/schedule").text
    assert "one planned time has passed" in page


def test_the_first_page_names_the_next_interviews(desk: Desk, client_for: ClientFor) -> None:
    planning.plan(desk)
    page = client_for(desk.cast.reviewer).get("/").text
    assert "Thursday 11 Mar 2027, 10:00 to 11:00" in page
    assert 'href="/schedule"' in page


def test_a_calendar_says_case_role_and_how_and_nothing_else(
    desk: Desk, client_for: ClientFor
) -> None:
    planning.plan(desk, place="Maple office")
    days, one = calendar(desk, client_for)
    assert one["summary"] == f"Interview, case {desk.case_number}, mother, in person"
    assert one["dtstart"].to_ical() == b"20270311T160000Z"
    assert one["dtend"].to_ical() == b"20270311T170000Z"
    assert (one["status"], one["sequence"]) == ("CONFIRMED", 0)
    assert b"Maple" not in one.to_ical()
    assert days["summary"] == f"On site: {desk.cast.round.name}"
    assert days["dtstart"].to_ical() == b"20270308"
    assert days["dtend"].to_ical() == b"20270313", "the day after the last"


def test_a_second_import_moves_what_moved_and_takes_away_what_is_off(
    desk: Desk, client_for: ClientFor
) -> None:
    planning.plan(desk)
    planning.plan(desk, "Father")
    first = interviews(desk, client_for)
    planning.plan(desk, at=TOMORROW + HOUR, seen=1)
    planning.cancel(desk, "Father")
    second = interviews(desk, client_for)
    mother = f"Interview, case {desk.case_number}, mother, in person"
    assert second[mother]["uid"] == first[mother]["uid"]
    assert second[mother]["sequence"] == first[mother]["sequence"] + 1
    off = second["Interview: off"]
    assert (off["status"], off["sequence"]) == ("CANCELLED", 1)
    assert off["uid"] == first[f"Interview, case {desk.case_number}, father, in person"]["uid"]


def test_whoever_is_taken_off_a_case_loses_it_from_the_calendar(
    desk: Desk, client_for: ClientFor
) -> None:
    planning.plan(desk)
    with desk.database.writing() as session:
        session.execute(sa.update(ReviewPerson).values(until_at=build.NOW))
    assert list(interviews(desk, client_for)) == ["Interview: off"]


def test_a_withdrawn_case_review_takes_its_interviews_along(
    desk: Desk, client_for: ClientFor
) -> None:
    planning.plan(desk)
    with desk.database.writing() as session:
        desk.review(session).state = ReviewState.WITHDRAWN
    assert interviews(desk, client_for)["Interview: off"]["status"] == "CANCELLED"


def test_taking_the_calendar_along_is_written_down_for_each_case(
    desk: Desk, client_for: ClientFor
) -> None:
    client_for(desk.cast.reviewer).get("/schedule.ics")
    assert disclosed(desk) == [], "nothing of a case is in it"
    planning.plan(desk)
    planning.plan(desk, "Father")
    client_for(desk.cast.reviewer).get("/schedule.ics")
    assert disclosed(desk) == [(desk.public_id, "schedule")]


def disclosed(desk: Desk) -> list[tuple[object, str]]:
    with desk.database.reading() as session:
        rows = session.scalars(sa.select(Disclosure).order_by(Disclosure.id))
        return [(row.subject_id, row.purpose) for row in rows]


def test_more_interviews_ask_no_more_queries(desk: Desk, client_for: ClientFor) -> None:
    client = client_for(desk.cast.cqi_liaison)
    planning.plan(desk)
    client.get(schedule(desk))
    with counting.queries(desk.database) as one:
        client.get(schedule(desk))
    for label in ("Father", "Caseworker", "Supervisor"):
        planning.plan(desk, label, TOMORROW + HOUR)
    with counting.queries(desk.database) as four:
        client.get(schedule(desk))
    assert len(four) == len(one)


@pytest.mark.parametrize("who", ["outsider", "supervisor", "caseworker"])
def test_others_find_nothing(desk: Desk, client_for: ClientFor, who: str) -> None:
    client = client_for(getattr(desk.cast, who))
    for address in (url(desk), schedule(desk), "/schedule", "/schedule.ics"):
        assert client.get(address).status_code in (403, 404)
