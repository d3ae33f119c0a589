"""The part of the page Notices that is about e-mails: the choice, the hour, what did not arrive."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from cqi.core.database import Database
from cqi.notices import actions, queries
from cqi.notices.rules import MailChoice, NoticeKind
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.notices import telling

READY = NoticeKind.REPORT_TO_APPROVE


def mail_card(client: FlaskClient) -> str:
    """What the card says, without its marks."""
    card = client.get("/notices").text.partition('id="mail"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", card).split())


def checked(client: FlaskClient) -> list[str]:
    return re.findall(r'<input[^>]*checked[^>]* value="(\w+)"', client.get("/notices").text)


def test_it_is_at_once_until_somebody_chooses_one_a_day(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.cqi_director)
    assert checked(client) == ["at_once"]
    answer = client.post("/notices/choice", data={"choice": "daily"}, follow_redirects=True)
    assert "you get one e-mail a day" in answer.text
    assert checked(client) == ["daily"]
    assert checked(client_for(cast.supervisor)) == ["at_once"]
    with database.reading() as session:
        assert queries.mail_choice(session, cast.cqi_director.id) is MailChoice.DAILY


def test_the_page_says_when_the_next_one_goes_and_what_waits_for_it(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.cqi_director)
    assert "goes on Thu 11 Mar at 07:00" in mail_card(client)
    assert "setting, agency to confirm" in mail_card(client)
    assert "wait for it" not in mail_card(client)
    client.post("/notices/choice", data={"choice": "daily"})
    assert "Nothing waits for it yet" in mail_card(client)
    for kind in (READY, READY, NoticeKind.ALERT_RAISED):
        telling.told(database, cast.cqi_director, kind=kind)
    assert "2 notices wait for it" in mail_card(client)
    client.post("/notices")
    assert "Nothing waits for it yet" in mail_card(client)


def test_the_page_names_every_kind_that_never_waits(cast: Cast, client_for: ClientFor) -> None:
    said = mail_card(client_for(cast.cqi_director))
    assert "Safety alerts, and what else cannot wait, are e-mailed at once either way" in said
    assert "A safety alert is late" in said
    assert "A reviewer has a conflict of interest" in said
    assert "A report waits for your approval" not in said


@pytest.mark.parametrize("choice", ["", "weekly"])
def test_what_is_no_choice_is_refused_at_the_field(
    database: Database, cast: Cast, client_for: ClientFor, choice: str
) -> None:
    client = client_for(cast.cqi_director)
    answer = client.post("/notices/choice", data={"choice": choice})
    assert answer.status_code == 422
    assert 'href="#choice"' in answer.text
    assert checked(client) == ["at_once"]


def test_what_did_not_arrive_is_said_on_ones_own_page_in_plain_words(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    telling.told(database, cast.supervisor)
    with database.writing() as session:
        mail = actions.claim(session, now=build.NOW, zone=telling.ZONE)
        assert mail is not None
        actions.record_failure(session, mail, "SMTPRecipientsRefused 550")
    text = client_for(cast.supervisor).get("/notices").text
    assert "Some e-mails to you have not gone out" in text
    assert f"1 notice could not be sent to <b>{cast.supervisor.email}</b>" in text
    assert "ask an administrator whether the address is right" in text
    assert text.count("Not e-mailed so far") == 1
    assert "SMTP" not in text
    with database.writing() as session:
        actions.record_sent(session, mail, now=build.NOW)
    assert "have not gone out" not in client_for(cast.supervisor).get("/notices").text


def test_the_outsider_chooses_nothing(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.outsider)
    assert client.post("/notices/choice", data={"choice": "daily"}).status_code == 403
    with database.reading() as session:
        assert queries.mail_choice(session, cast.outsider.id) is MailChoice.AT_ONCE
