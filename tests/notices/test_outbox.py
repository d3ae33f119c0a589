"""The page of e-mails that wait, for whoever manages people."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.core.events import Event
from cqi.notices import actions
from cqi.notices.rules import NoticeKind
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.notices import telling

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def test_a_failed_e_mail_shows_with_its_problem(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    telling.told(database, cast.supervisor, cast.cqi_director)
    with database.writing() as session:
        while mail := actions.claim(session, now=build.NOW, zone=telling.ZONE):
            if mail.address == cast.supervisor.email:
                actions.record_failure(session, mail, "SMTPRecipientsRefused 550")
            else:
                actions.record_sent(session, mail, now=build.NOW)
    text = client_for(cast.administrator).get("/outbox").text
    assert cast.supervisor.email in text
    assert "SMTPRecipientsRefused 550" in text
    assert "10 Mar, 10:01" in text
    assert cast.cqi_director.email not in text


def fail_all(database: Database, now: dt.datetime = build.NOW) -> None:
    """Every e-mail that is due fails, now."""
    with database.writing() as session:
        while mail := actions.claim(session, now=now, zone=telling.ZONE):
            actions.record_failure(session, mail, "Connection refused")


def due(database: Database, clock: Clock) -> list[bool]:
    return [row.send_at == clock.now() for row in telling.rows(database)]


def test_a_daily_one_is_one_line_and_says_when_it_goes(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    telling.choose(database, cast.cqi_director)
    for _ in range(2):
        telling.told(database, cast.cqi_director, kind=NoticeKind.REPORT_TO_APPROVE)
    client = client_for(cast.administrator)
    text = client.get("/outbox").text
    assert text.count(cast.cqi_director.email) == 1
    assert "Daily e-mail of 2 notices" in text
    assert "11 Mar, 07:00" in text
    assert "Try again now" not in text
    fail_all(database, build.NOW + 21 * HOUR)
    text = client.get("/outbox").text
    assert text.count("Daily e-mail of 2 notices") == 1
    assert "11 Mar, 07:01" in text


def test_one_that_failed_goes_again_when_an_administrator_says_so(
    database: Database, cast: Cast, client_for: ClientFor, clock: Clock
) -> None:
    before = clock.now() - HOUR
    telling.told(database, cast.supervisor, cast.cqi_director, now=before)
    fail_all(database, before)
    fail_all(database, before + 59 * MINUTE)  # the next try is in four minutes
    assert due(database, clock) == [False, False]
    [first, _] = telling.rows(database)
    client = client_for(cast.administrator)
    answer = client.post(f"/outbox/{first.public_id}", follow_redirects=True)
    assert "tried within seconds" in answer.text
    assert due(database, clock) == [True, False]
    client.post("/outbox")
    assert due(database, clock) == [True, True]
    with database.reading() as session:
        again = sa.select(Event.payload).where(Event.kind == "notices.tried_again")
        found = session.scalars(again.order_by(Event.sequence)).all()
    assert found[0] == {"notices": [str(first.public_id)]}
    assert len(found[1]["notices"]) == 2


def test_all_of_a_daily_e_mail_goes_again_together(
    database: Database, cast: Cast, client_for: ClientFor, clock: Clock
) -> None:
    telling.choose(database, cast.cqi_director)
    before = clock.now() - 24 * HOUR
    for _ in range(2):
        kind = NoticeKind.REPORT_TO_APPROVE
        telling.told(database, cast.cqi_director, kind=kind, now=before)
    fail_all(database, clock.now() - 2 * MINUTE)
    second = telling.rows(database)[1]
    client_for(cast.administrator).post(f"/outbox/{second.public_id}")
    assert due(database, clock) == [True, True]


def test_what_may_be_on_its_way_just_now_is_not_tried_a_second_time(
    database: Database, cast: Cast, client_for: ClientFor, clock: Clock
) -> None:
    telling.told(database, cast.supervisor, now=clock.now() - HOUR)
    fail_all(database, clock.now() - HOUR)
    with database.writing() as session:  # a runner has just taken it, and is not back
        assert actions.claim(session, now=clock.now(), zone=telling.ZONE) is not None
    client = client_for(cast.administrator)
    answer = client.post("/outbox", follow_redirects=True)
    assert "wait a minute, then try again" in answer.text
    assert due(database, clock) == [False]


def test_with_nothing_that_failed_there_is_nothing_to_try(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    telling.told(database, cast.supervisor)
    [row] = telling.rows(database)
    client = client_for(cast.administrator)
    answer = client.post("/outbox", follow_redirects=True)
    assert "No e-mail waits after a try that failed" in answer.text
    assert client.post(f"/outbox/{row.public_id}").status_code == 404


def test_an_empty_one_says_so(cast: Cast, client_for: ClientFor) -> None:
    text = client_for(cast.administrator).get("/outbox").text
    assert "every e-mail was sent" in text


@pytest.mark.parametrize("who", ["outsider", "reviewer", "supervisor", "cqi_director"])
def test_others_get_nothing(cast: Cast, client_for: ClientFor, who: str) -> None:
    assert client_for(getattr(cast, who)).get("/outbox").status_code == 403
    assert client_for(getattr(cast, who)).post("/outbox").status_code == 403
    assert client_for(getattr(cast, who)).post(f"/outbox/{telling.SUBJECT}").status_code == 403
