"""Every clock counts alike, wherever it is read: list, page, PDF, reminders."""

from __future__ import annotations

import datetime as dt
import io
from zoneinfo import ZoneInfo

import pypdf
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from cqi.cli import jobs
from cqi.core import holidays, working_days
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.documents import pdf
from cqi.feedback import actions, queries
from cqi.feedback.rules.clocks import Allowed, Calendar, due
from cqi.notices.models import Notice
from cqi.reviews import actions as reviews
from cqi.reviews.models import CaseReview
from cqi.ui import dates
from tests import build
from tests.feedback import invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ZONE

ZONES = ["America/Chicago", "America/Anchorage", "Pacific/Guam", "Europe/Warsaw", "UTC"]
INSTANTS = st.datetimes(
    dt.datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis puts the zone on
    dt.datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2028, 3, 31))
# the hour that a spring forward skips, the one that an autumn runs twice, the day before a holiday
SPRING = dt.datetime(2027, 3, 14, 8, 30, tzinfo=dt.UTC)
AUTUMN = dt.datetime(2027, 11, 7, 6, 30, tzinfo=dt.UTC)


@given(INSTANTS, st.sampled_from(ZONES), st.integers(1, 60), DAYS)
@example(SPRING, "America/Chicago", 10, dt.date(2027, 3, 26))
@example(AUTUMN, "America/Chicago", 10, dt.date(2027, 11, 22))
def test_what_is_late_follows_from_the_agencys_dates_alone(
    start: dt.datetime, zone: str, days: int, today: dt.date
) -> None:
    calendar = Calendar(today, ZoneInfo(zone), holidays.days())
    found = due(start, Allowed(days), calendar)
    begins = start.astimezone(ZoneInfo(zone)).date()
    passed = [
        begins + dt.timedelta(days=k)
        for k in range(1, (found.on - begins).days + 1)
        if working_days.is_working_day(begins + dt.timedelta(days=k), holidays.days())
    ]
    assert len(passed) == days
    assert passed[-1] == found.on  # never on a weekend or a holiday
    assert found.late == (today > found.on)
    assert (found.words == "due today") == (today == found.on)


@given(INSTANTS, st.sampled_from(ZONES), st.integers(0, 86_399))
def test_the_hour_never_matters_only_the_agencys_day(
    start: dt.datetime, zone: str, seconds: int
) -> None:
    calendar = Calendar(dt.date(2027, 3, 10), ZoneInfo(zone), holidays.days())
    local = start.astimezone(ZoneInfo(zone))
    midnight = dt.datetime.combine(local.date(), dt.time(), ZoneInfo(zone))
    other = (midnight + dt.timedelta(seconds=seconds)).astimezone(dt.UTC)
    same_day = other.astimezone(ZoneInfo(zone)).date() == local.date()
    assert (due(start, Allowed(10), calendar) == due(other, Allowed(10), calendar)) or not same_day


@given(DAYS, st.lists(st.tuples(DAYS, st.integers(1, 60)), max_size=4))
def test_a_setting_that_changes_moves_no_clock_that_runs(
    day: dt.date, changes: list[tuple[dt.date, int]]
) -> None:
    newest_first = tuple(sorted(changes, reverse=True))
    allowed = Allowed(10, newest_first)
    later = (day + dt.timedelta(days=1), 59)
    assert Allowed(10, (later, *newest_first)).on(day) == allowed.on(day)
    before = [days for since, days in newest_first if since <= day]
    assert allowed.on(day) == (before[0] if before else 10)


def test_list_page_and_paper_say_the_same_day(database: Database, cast: Cast) -> None:
    review = invented.final_review(database, cast)
    clocks = invented.on(dt.date(2027, 3, 22))
    with database.reading() as session:
        for person in (cast.supervisor, cast.caseworker, cast.regional_director):
            actor = build.actor(session, person)
            [row] = queries.memos(session, actor, clocks)
            sheet = queries.memo(session, actor, review, clocks)
            assert row.due == sheet.row.due
            assert row.due.on == dt.date(2027, 3, 24)
        paper = pypdf.PdfReader(io.BytesIO(pdf.render(queries.document(sheet))))
        text = " ".join(" ".join(page.extract_text().split()) for page in paper.pages)
        assert f"by {dates.full_day(dt.date(2027, 3, 24))}" in text


def told(database: Database) -> list[tuple[str, int]]:
    with database.reading() as session:
        query = sa.select(Notice.kind, Notice.person_id).order_by(Notice.id)
        return [(kind, person) for kind, person in session.execute(query)]


def run(database: Database, day: dt.date) -> str:
    """The job as it runs on a day."""
    at = dt.datetime.combine(day, dt.time(16), dt.UTC)
    works = jobs.Works(database, Clock(ZONE, at), lambda _: None)
    return jobs.JOBS["feedback-clocks"](works)


def test_whoever_leads_is_told_once_that_a_memo_waits_and_once_that_it_is_late(
    database: Database, cast: Cast
) -> None:
    invented.final_review(database, cast, released=False)
    liaison = cast.cqi_liaison.id  # the round has no site leader: the next reach up
    assert run(database, dt.date(2027, 3, 10)) == "1 memo told of"
    assert told(database) == [("memo_to_release", liaison)]
    assert run(database, dt.date(2027, 3, 24)) == ""
    assert run(database, dt.date(2027, 3, 25)) == "1 memo told of"
    assert told(database)[1:] == [("memo_release_late", liaison)]
    assert run(database, dt.date(2027, 3, 26)) == ""


def test_readers_are_reminded_before_and_after_the_day_unless_they_have_read(
    database: Database, cast: Cast
) -> None:
    review_id = invented.final_review(database, cast)
    with database.writing() as session:
        actor = build.actor(session, cast.caseworker)
        release = queries.released(session, actor, review_id, build.NOW.date())
        actions.acknowledge(
            session, release=release, actor=actor, now=build.NOW, today=build.NOW.date()
        )
    before = len(told(database))
    assert run(database, dt.date(2027, 3, 18)) == ""
    assert run(database, dt.date(2027, 3, 19)) == "1 memo told of"
    assert run(database, dt.date(2027, 3, 24)) == ""
    assert run(database, dt.date(2027, 3, 25)) == "1 memo told of"
    assert run(database, dt.date(2027, 4, 25)) == ""
    supervisor = cast.supervisor.id
    assert told(database)[before:] == [
        ("memo_read_soon", supervisor),
        ("memo_read_late", supervisor),
    ]


def test_a_memo_whose_review_was_reopened_reminds_nobody_but_of_that(
    database: Database, cast: Cast
) -> None:
    invented.final_review(database, cast)
    with database.writing() as session:
        review = session.scalars(sa.select(CaseReview)).one()
        director = build.actor(session, cast.cqi_director)
        reviews.reopen(session, review=review, reason="Again.", actor=director, now=build.NOW)
    before = len(told(database))
    assert run(database, dt.date(2027, 3, 25)) == "1 memo told of"
    assert sorted(told(database)[before:]) == sorted(
        ("memo_reopened", person.id) for person in (cast.caseworker, cast.supervisor)
    )
    assert run(database, dt.date(2027, 3, 26)) == ""
