"""One e-mail a working day for those who chose it: all that waits, once, whatever dies."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import threading
from email import policy

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.core import configuration, events
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.core.events import Event
from cqi.notices import actions, queries
from cqi.notices.rules import Mail, MailChoice, NoticeKind
from cqi.settings import actions as settings_actions
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.mail import MailServer
from tests.notices import telling

HOUR = dt.timedelta(hours=1)
SEVEN = 21 * HOUR  # from Wednesday 10:00 to Thursday 7:00
READY, BACK = NoticeKind.REPORT_TO_APPROVE, NoticeKind.REPORT_SENT_BACK


def at(later: dt.timedelta = dt.timedelta()) -> Clock:
    return Clock(telling.ZONE, frozen_at=build.NOW + later)


def see(database: Database, person: Person, number: int) -> None:
    key = telling.rows(database)[number].public_id
    with database.writing() as session:
        actor = build.actor(session, person)
        actions.mark_seen(session, actor=actor, now=build.NOW, notice=key)


@pytest.fixture
def post(settings: configuration.Configuration, mail_server: MailServer) -> actions.Post:
    named = {"smtp_url": mail_server.url, "public_url": "https://cqi.example"}
    return actions.poster(dataclasses.replace(settings, **named))


@pytest.fixture
def director(database: Database, cast: Cast) -> Person:
    """Somebody who wants one e-mail a day."""
    telling.choose(database, cast.cqi_director)
    return cast.cqi_director


def test_what_can_wait_goes_in_one_e_mail_at_the_hour(
    database: Database, director: Person, post: actions.Post, mail_server: MailServer
) -> None:
    for kind in (READY, READY, BACK):
        telling.told(database, director, kind=kind)
    assert actions.send_due(database, at(SEVEN - HOUR), post) == (0, 0)
    assert actions.send_due(database, at(SEVEN), post) == (1, 0)
    [letter] = mail_server.letters
    body = letter.get_content()
    assert letter["To"] == director.email
    assert letter["Subject"] == "3 notices for you"
    assert "2 reports wait for your approval:" in body
    assert "A report came back to you: read what should change:" in body
    for row in telling.rows(database):
        assert f"https://cqi.example/notices/{row.public_id}" in body
        assert (row.sent_at, row.send_at) == (build.NOW + SEVEN, None)
    assert actions.send_due(database, at(30 * SEVEN), post) == (0, 0)


def test_what_cannot_wait_goes_at_once_to_everybody(
    database: Database, director: Person, post: actions.Post, mail_server: MailServer
) -> None:
    telling.told(database, director, kind=READY)
    for kind in (NoticeKind.ALERT_RAISED, NoticeKind.REVIEWER_IN_CONFLICT):
        telling.told(database, director, kind=kind)
    assert actions.send_due(database, at(), post) == (2, 0)
    subjects = {str(each["Subject"]) for each in mail_server.letters}
    assert "A safety alert was raised" in subjects
    assert "A report waits for your approval" not in subjects


def test_others_get_theirs_at_once(
    database: Database, cast: Cast, director: Person, post: actions.Post, mail_server: MailServer
) -> None:
    telling.told(database, director, cast.reviewer, kind=READY)
    assert actions.send_due(database, at(), post) == (1, 0)
    assert mail_server.letters[0]["To"] == cast.reviewer.email


def test_there_is_one_a_day_and_what_comes_after_its_hour_waits_for_the_next(
    database: Database, director: Person, post: actions.Post, mail_server: MailServer
) -> None:
    telling.told(database, director, kind=READY)
    assert actions.send_due(database, at(SEVEN), post) == (1, 0)
    telling.told(database, director, kind=READY, now=build.NOW + SEVEN - HOUR)  # written late
    telling.told(database, director, kind=BACK, now=build.NOW + SEVEN + HOUR)
    assert actions.send_due(database, at(SEVEN + 9 * HOUR), post) == (0, 0)
    assert actions.send_due(database, at(SEVEN + 24 * HOUR), post) == (1, 0)
    assert len(mail_server.letters) == 2
    assert mail_server.letters[1]["Subject"] == "2 notices for you"


def test_what_was_seen_before_is_left_out_and_needs_no_e_mail(
    database: Database, director: Person, post: actions.Post, mail_server: MailServer
) -> None:
    telling.told(database, director, kind=READY)
    telling.told(database, director, kind=BACK)
    see(database, director, 0)
    assert actions.send_due(database, at(SEVEN), post) == (1, 0)
    [letter] = mail_server.letters
    assert letter["Subject"] == "A report came back to you: read what should change"
    seen = telling.rows(database)[0]
    assert (seen.send_at, seen.sent_at, seen.tries) == (None, None, 0)
    telling.told(database, director, kind=READY)
    see(database, director, 2)
    assert actions.send_due(database, at(30 * SEVEN), post) == (0, 0), "nothing is left to say"


def test_a_daily_e_mail_that_fails_goes_again_with_the_same_words_and_message_id(
    database: Database, director: Person, post: actions.Post, mail_server: MailServer
) -> None:
    tried: list[Mail] = []

    def half(mail: Mail) -> None:
        tried.append(mail)
        post(mail)
        raise OSError(0, "the line broke after the mail server took it")

    telling.told(database, director, kind=READY)
    telling.told(database, director, kind=BACK)
    assert actions.send_due(database, at(SEVEN), half) == (0, 1)
    telling.told(database, director, kind=READY, now=build.NOW + SEVEN)
    see(database, director, 0)
    assert actions.send_due(database, at(SEVEN + HOUR), post) == (1, 0)
    first, second = mail_server.letters
    assert first["Message-ID"] == second["Message-ID"] == f"<{tried[0].id}@cqi.example>"
    assert first.get_content() == second.get_content()
    assert first["Date"] == second["Date"]
    problems = [row.problem for row in telling.rows(database)]
    assert problems == [None, None, None]


def test_a_failed_one_and_the_next_days_stay_two(
    database: Database, director: Person, post: actions.Post, mail_server: MailServer
) -> None:
    telling.told(database, director, kind=READY)
    mail_server.refuses = "451 later"
    assert actions.send_due(database, at(SEVEN), post) == (0, 1)
    telling.told(database, director, kind=BACK, now=build.NOW + SEVEN)
    mail_server.refuses = ""
    assert actions.send_due(database, at(SEVEN + 24 * HOUR), post) == (2, 0)
    assert len({str(each["Message-ID"]) for each in mail_server.letters}) == 2


def test_a_process_that_dies_leaves_the_next_try_of_all_of_it(
    database: Database, director: Person, post: actions.Post, mail_server: MailServer
) -> None:
    telling.told(database, director, kind=READY)
    telling.told(database, director, kind=BACK)
    with database.writing() as session:
        mail = actions.claim(session, now=build.NOW + SEVEN, zone=telling.ZONE)
    assert mail is not None
    assert len(mail.told) == 2
    assert actions.send_due(database, at(SEVEN), post) == (0, 0)  # here it died
    assert actions.send_due(database, at(SEVEN + HOUR), post) == (1, 0)
    assert mail_server.letters[0]["Message-ID"] == f"<{mail.id}@cqi.example>"


def test_runners_beside_each_other_make_each_daily_e_mail_once(
    database: Database, cast: Cast
) -> None:
    people = [cast.cqi_director, cast.supervisor, cast.regional_director, cast.qa_lead]
    telling.choose(database, *people)
    for kind in (READY, BACK) * 5:
        telling.told(database, *people, cast.reviewer, kind=kind)
    tried: list[Mail] = []
    given = (database, at(SEVEN), tried.append)
    for _ in range(3):  # a runner that came a moment too late to a row leaves it to the next round
        runners = [threading.Thread(target=actions.send_due, args=given) for _ in range(4)]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
    told = [each.notice for mail in tried for each in mail.told]
    assert len(told) == len(set(told)) == len(telling.rows(database))
    assert sorted(len(mail.told) for mail in tried) == [1] * 10 + [10] * 4


def test_whoever_wants_them_at_once_again_gets_what_waits_now(
    database: Database, director: Person, post: actions.Post
) -> None:
    telling.told(database, director, kind=READY)
    assert actions.send_due(database, at(), post) == (0, 0)
    telling.choose(database, director, choice=MailChoice.AT_ONCE)
    assert actions.send_due(database, at(), post) == (1, 0)


def test_what_was_tried_goes_on_though_one_a_day_was_chosen_since(
    database: Database, cast: Cast, post: actions.Post, mail_server: MailServer
) -> None:
    telling.told(database, cast.cqi_director, kind=READY)
    mail_server.refuses = "451 later"
    assert actions.send_due(database, at(), post) == (0, 1)
    telling.choose(database, cast.cqi_director)
    telling.told(database, cast.cqi_director, kind=BACK)
    mail_server.refuses = ""
    assert actions.send_due(database, at(HOUR), post) == (1, 0)
    assert mail_server.letters[0]["Subject"] == "A report waits for your approval"


def test_the_hour_is_a_setting_by_date(
    database: Database, director: Person, post: actions.Post
) -> None:
    change = settings_actions.Change(
        "notices.digest_hour", "15", dt.date(2027, 3, 11), "After the meeting"
    )
    with database.writing() as session:
        settings_actions.set_value(session, change, actor_id=director.id, now=build.NOW)
    telling.told(database, director, kind=READY)
    assert actions.send_due(database, at(SEVEN + 7 * HOUR), post) == (0, 0)
    assert actions.send_due(database, at(SEVEN + 8 * HOUR), post) == (1, 0)


def test_nobody_who_left_gets_a_daily_e_mail(
    database: Database, director: Person, post: actions.Post, mail_server: MailServer
) -> None:
    telling.told(database, director, kind=READY)
    with database.writing() as session:
        session.get_one(Person, director.id).active = False
    assert actions.send_due(database, at(SEVEN), post) == (0, 0)
    assert mail_server.letters == []


def test_without_a_mail_server_it_is_one_file(
    database: Database, director: Person, settings: configuration.Configuration
) -> None:
    telling.told(database, director, kind=READY)
    telling.told(database, director, kind=READY)
    assert actions.send_due(database, at(SEVEN), actions.poster(settings)) == (1, 0)
    [file] = settings.mail_folder.iterdir()
    read = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert read["Subject"] == "2 reports wait for your approval"


def test_each_change_of_a_choice_is_an_event_of_that_person(
    database: Database, director: Person
) -> None:
    telling.choose(database, director)  # the same again is no change
    telling.choose(database, director, choice=MailChoice.AT_ONCE)
    chosen = sa.select(Event.payload).where(
        Event.kind == "notices.mail_chosen", Event.stream_id == director.public_id
    )
    with database.reading() as session:
        found = session.scalars(chosen.order_by(Event.sequence)).all()
        assert found == [{"choice": "daily"}, {"choice": "at_once"}]
        assert queries.mail_choice(session, director.id) is MailChoice.AT_ONCE
        assert events.verify(session).problem == ""
