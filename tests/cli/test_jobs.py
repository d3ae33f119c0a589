"""`cqi jobs`: what is done without anybody asking."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cqi.cli import jobs
from cqi.core import configuration
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.notices import actions as notices
from cqi.notices import rules as notices_rules
from tests import build
from tests.fixtures import serving
from tests.fixtures.cast import Cast
from tests.fixtures.commands import Command
from tests.fixtures.mail import MailServer
from tests.notices import telling
from tests.reviews import alerting as alertings
from tests.reviews.alerting import Alerting

alerting = alertings.alerting

BEFORE = dt.datetime(2026, 3, 10, 16, 0, tzinfo=dt.UTC)  # commands go by the real clock
WAIT = 30  # seconds until a job must have been done


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not done():
        assert time.monotonic() < end, "the jobs did not come round"
        time.sleep(0.1)


@pytest.fixture
def mailing(
    installed: Command, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> MailServer:
    """The command's installation sends to this server."""
    monkeypatch.setenv("CQI_SMTP_URL", mail_server.url)
    return mail_server


def test_one_round_does_every_job_and_ends(
    installed: Command, database: Database, cast: Cast, mailing: MailServer
) -> None:
    telling.told(database, cast.supervisor, now=BEFORE)
    assert "send-mail: 1 e-mail sent" in installed("jobs", "run", "--once").good().out
    assert len(mailing.letters) == 1
    assert "send-mail: nothing to do" in installed("jobs", "run", "--once").good().out


def test_each_job_is_a_command(
    installed: Command, database: Database, cast: Cast, mailing: MailServer
) -> None:
    telling.told(database, cast.supervisor, cast.cqi_director, now=BEFORE)
    mailing.refuses = "451 later"
    assert installed("jobs", "send-mail").good().out == "2 failed, to be tried again\n"
    [first, _] = installed("jobs", "waiting", "--format", "json").good().json
    assert (first["tries"], first["problem"]) == (1, "SMTPRecipientsRefused 451")
    text = installed("jobs", "waiting").good().out
    assert "1 tries, SMTPRecipientsRefused 451" in text
    assert cast.supervisor.email not in text


def test_what_waits_for_a_daily_e_mail_says_its_hour(
    installed: Command, database: Database, cast: Cast
) -> None:
    telling.choose(database, cast.cqi_director)
    kind = notices_rules.NoticeKind.REPORT_TO_APPROVE
    telling.told(database, cast.cqi_director, kind=kind, now=dt.datetime.now(dt.UTC))
    assert installed("jobs", "send-mail").good().out == "nothing to do\n"
    [row] = installed("jobs", "waiting", "--format", "json").good().json
    next_at = dt.datetime.fromisoformat(row["next_try_at"])
    assert next_at > dt.datetime.now(dt.UTC)
    assert next_at.astimezone(telling.ZONE).hour == 7


def test_what_one_job_tells_the_next_sends(
    alerting: Alerting, settings: configuration.Configuration, mail_server: MailServer, clock: Clock
) -> None:
    alerting.acknowledge(alerting.raised(), after=0.1)
    later = dataclasses.replace(clock, frozen_at=build.NOW + dt.timedelta(hours=25))
    post = notices.poster(dataclasses.replace(settings, smtp_url=mail_server.url))
    works = jobs.Works(alerting.desk.database, later, post)
    said = {name: words for name, job in jobs.JOBS.items() if (words := job(works))}
    assert said.pop("daily-seal").startswith("2027-03-11 is sealed: ")
    assert said == {
        "late-alerts": "1 safety alert climbed",
        "send-mail": "3 e-mails sent",
        "keep-counts": "2 rounds counted",
    }
    told = {(str(each["To"]), str(each["Subject"])) for each in mail_server.letters}
    assert (alerting.cast.cqi_director.email, "A safety alert is late") in told
    for body in mail_server.bodies():
        for secret in (alertings.SEEN, alerting.desk.case_number, alerting.cast.reviewer.name):
            assert secret not in body
    assert {job(works) for job in jobs.JOBS.values()} == {""}


def test_a_job_that_fails_is_logged_and_the_others_go_on(
    database: Database, cast: Cast, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    telling.told(database, cast.supervisor)
    stop = threading.Event()

    def fail(_mail: object) -> None:
        stop.set()
        raise RuntimeError("nobody foresaw this")

    jobs.forever(jobs.Works(database, clock, fail), stop)
    assert "job send-mail failed" in caplog.text
    [row] = telling.rows(database)
    assert row.send_at is not None, "it is tried again"


def test_a_mail_server_that_is_none_ends_the_command(
    installed: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CQI_SMTP_URL", "mail:secret")
    ran = installed("jobs", "run", "--once")
    assert ran.code == 2
    assert "CQI_SMTP_URL" in ran.err
    assert "secret" not in ran.err


def test_the_server_does_the_jobs_beside_it(
    database: Database,
    cast: Cast,
    settings: configuration.Configuration,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CQI_SMTP_URL", mail_server.url)
    with serving.product(settings.data_dir, settings.database_url):
        telling.told(database, cast.supervisor, now=BEFORE)
        until(lambda: len(mail_server.letters) == 1)
        until(lambda: telling.rows(database)[0].sent_at is not None)
    telling.told(database, cast.supervisor, now=BEFORE)
    time.sleep(0.5)
    assert len(mail_server.letters) == 1, "the jobs end with the server"


def test_the_runner_goes_on_until_it_is_stopped(
    database: Database, cast: Cast, settings: configuration.Configuration
) -> None:
    telling.told(database, cast.supervisor, now=BEFORE)
    environment = os.environ | {
        "CQI_DATA_DIR": str(settings.data_dir),
        "CQI_DATABASE_URL": settings.database_url,
        "PYTHONPATH": str(serving.ROOT),
    }
    runner = subprocess.Popen([sys.executable, "-m", "cqi.cli", "jobs", "run"], env=environment)
    try:
        until(lambda: _files(settings.mail_folder) == 1)
        assert runner.poll() is None
    finally:
        runner.terminate()
        runner.wait(timeout=WAIT)


def _files(folder: Path) -> int:
    return len(list(folder.glob("*.eml")))
