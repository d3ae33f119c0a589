"""E-mails leave through a real mail server or into files, once, whatever dies in between."""

from __future__ import annotations

import dataclasses
import datetime as dt
import email
import logging
import threading
from email import policy

import pytest

from cqi.core import configuration, errors
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.notices import actions, queries
from cqi.notices.rules import Mail
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.mail import MailServer
from tests.notices import telling

MINUTE = dt.timedelta(minutes=1)


def at(minutes: int = 0) -> Clock:
    return Clock(telling.ZONE, frozen_at=build.NOW + minutes * MINUTE)


@pytest.fixture
def post(settings: configuration.Configuration, mail_server: MailServer) -> actions.Post:
    named = {"smtp_url": mail_server.url, "public_url": "https://cqi.example"}
    return actions.poster(dataclasses.replace(settings, **named))


def test_a_notice_is_mailed_once_with_a_link_and_no_name(
    database: Database, cast: Cast, post: actions.Post, mail_server: MailServer
) -> None:
    telling.told(database, cast.supervisor, cast.regional_director)
    assert actions.send_due(database, at(), post) == (2, 0)
    assert actions.send_due(database, at(600), post) == (0, 0)
    assert {str(each["To"]) for each in mail_server.letters} == {
        cast.supervisor.email,
        cast.regional_director.email,
    }
    first = telling.rows(database)[0]
    [body, _] = mail_server.bodies()
    assert f"https://cqi.example/notices/{first.public_id}" in body
    assert cast.supervisor.name not in body
    assert str(mail_server.letters[0]["From"]) == "case-review@agency.example"
    assert (first.sent_at, first.send_at, first.tries) == (build.NOW, None, 1)


def test_what_is_refused_is_tried_again_after_longer_and_longer_and_shows(
    database: Database,
    cast: Cast,
    post: actions.Post,
    mail_server: MailServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    telling.told(database, cast.supervisor)
    mail_server.refuses = f"550 no such user {cast.supervisor.email}"
    with caplog.at_level(logging.WARNING):
        assert actions.send_due(database, at(), post) == (0, 1)
    assert actions.send_due(database, at(), post) == (0, 0), "not before its pause is over"
    assert actions.send_due(database, at(1), post) == (0, 1)
    assert actions.send_due(database, at(5), post) == (0, 0)
    [row] = telling.rows(database)
    assert (row.tries, row.problem) == (2, "SMTPRecipientsRefused 550")
    assert row.send_at == build.NOW + 6 * MINUTE
    assert cast.supervisor.email not in caplog.text
    with database.reading() as session:
        assert [each.failed for each in queries.waiting(session)] == [True]
    mail_server.refuses = ""
    assert actions.send_due(database, at(6), post) == (1, 0)
    [row] = telling.rows(database)
    assert (row.problem, row.sent_at) == (None, build.NOW + 6 * MINUTE)


def test_a_mail_server_that_is_down_loses_nothing(
    database: Database, cast: Cast, settings: configuration.Configuration
) -> None:
    telling.told(database, cast.supervisor)
    away = dataclasses.replace(settings, smtp_url="smtp://127.0.0.1:9")
    assert actions.send_due(database, at(), actions.poster(away)) == (0, 1)
    [row] = telling.rows(database)
    assert row.problem == "Connection refused"
    assert row.sent_at is None


def test_a_process_that_dies_before_it_sends_leaves_the_next_try(
    database: Database, cast: Cast, post: actions.Post, mail_server: MailServer
) -> None:
    telling.told(database, cast.supervisor)
    with database.writing() as session:
        assert actions.claim(session, now=build.NOW, zone=telling.ZONE) is not None
    assert mail_server.letters == []  # here it died
    assert actions.send_due(database, at(), post) == (0, 0)
    assert actions.send_due(database, at(1), post) == (1, 0)
    assert len(mail_server.letters) == 1


def test_two_runners_never_try_the_same_one(database: Database, cast: Cast) -> None:
    telling.told(database, *[cast.supervisor, cast.regional_director] * 10)
    telling.told(database, cast.cqi_director)
    tried: list[Mail] = []
    runners = [
        threading.Thread(target=actions.send_due, args=(database, at(), tried.append))
        for _ in range(4)
    ]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert len(tried) == len(telling.rows(database)) == len({mail.id for mail in tried})


def test_what_was_given_up_with_its_change_is_not_sent(
    database: Database, cast: Cast, post: actions.Post, mail_server: MailServer
) -> None:
    def fail() -> None:
        with database.writing() as session:
            kind = telling.NoticeKind.ALERT_RAISED
            people = [cast.supervisor.id]
            actions.tell(session, kind, people=people, subject=telling.SUBJECT, now=build.NOW)
            raise RuntimeError("before the commit")

    with pytest.raises(RuntimeError):
        fail()
    assert actions.send_due(database, at(), post) == (0, 0)
    assert mail_server.letters == []


def test_nobody_who_left_gets_mail(
    database: Database, cast: Cast, post: actions.Post, mail_server: MailServer
) -> None:
    telling.told(database, cast.supervisor)
    with database.writing() as session:
        session.get_one(type(cast.supervisor), cast.supervisor.id).active = False
    assert actions.send_due(database, at(), post) == (0, 0)
    assert mail_server.letters == []


def test_without_a_mail_server_each_is_a_file_of_its_own(
    database: Database, cast: Cast, settings: configuration.Configuration
) -> None:
    telling.told(database, cast.supervisor)
    post = actions.poster(settings)
    assert actions.send_due(database, at(), post) == (1, 0)
    [row] = telling.rows(database)
    [file] = settings.mail_folder.iterdir()
    assert file.name == f"{row.public_id}.eml"
    read = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (read["To"], read["From"]) == (cast.supervisor.email, "case-review@localhost")
    assert f"http://127.0.0.1:8000/notices/{row.public_id}" in read.get_content()
    assert settings.mail_folder.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_a_failed_try(
    database: Database, cast: Cast, settings: configuration.Configuration
) -> None:
    telling.told(database, cast.supervisor)
    settings.mail_folder.write_text("in the way")
    assert actions.send_due(database, at(), actions.poster(settings)) == (0, 1)
    assert telling.rows(database)[0].problem == "File exists"


@pytest.mark.parametrize("url", ["mail.agency.gov", "http://mail", "smtp://", "smtp://mail:x"])
def test_an_address_that_names_no_server_is_refused_without_repeating_it(
    settings: configuration.Configuration, url: str
) -> None:
    with pytest.raises(errors.BadInput, match="CQI_SMTP_URL names no mail server") as refused:
        actions.poster(dataclasses.replace(settings, smtp_url=url))
    assert "http://mail" not in str(refused.value)


def test_a_password_never_travels_unencrypted(
    database: Database, cast: Cast, settings: configuration.Configuration, mail_server: MailServer
) -> None:
    telling.told(database, cast.supervisor)
    with_password = mail_server.url.replace("smtp://", "smtp://somebody:secret@")
    post = actions.poster(dataclasses.replace(settings, smtp_url=with_password))
    assert actions.send_due(database, at(), post) == (0, 1)
    problem = telling.rows(database)[0].problem or ""
    assert "offers no encryption" in problem
    assert mail_server.letters == []
