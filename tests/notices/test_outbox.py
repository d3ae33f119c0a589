"""The page of e-mails that wait, for whoever manages people."""

from __future__ import annotations

import pytest

from cqi.core.database import Database
from cqi.notices import actions
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.notices import telling


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


def test_an_empty_one_says_so(cast: Cast, client_for: ClientFor) -> None:
    text = client_for(cast.administrator).get("/outbox").text
    assert "every e-mail was sent" in text


@pytest.mark.parametrize("who", ["outsider", "reviewer", "supervisor", "cqi_director"])
def test_others_get_nothing(cast: Cast, client_for: ClientFor, who: str) -> None:
    assert client_for(getattr(cast, who)).get("/outbox").status_code == 403
