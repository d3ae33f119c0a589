"""The page of one safety alert: acknowledge, answer, return, accept."""

from __future__ import annotations

import uuid

import pytest

from cqi.access.permissions import Role
from cqi.reviews import actions, queries
from tests import build
from tests.fixtures.installation import ClientFor
from tests.reviews import alerting as alertings
from tests.reviews.alerting import Alerting

alerting = alertings.alerting
RETURNED = "Who is with the child at night?"


def url(alert: uuid.UUID) -> str:
    return f"/alerts/{alert}"


def test_the_supervisor_acknowledges_and_answers(alerting: Alerting, client_for: ClientFor) -> None:
    alert, client = alerting.raised(), client_for(alerting.cast.supervisor)
    page = client.get(url(alert)).text
    assert "I have this in hand" in page
    assert "Due 10 Mar, 12:00" in page
    assert "/reviews/" not in page, "a supervisor opens no case review"
    client.post(url(alert), data={"step": "acknowledge"})
    page = client.post(
        url(alert), data={"step": "answer", "text": alertings.ANSWER}, follow_redirects=True
    ).text
    assert "Your answer is written down." in page
    assert f"{alertings.ANSWER}</p>" in page
    assert alerting.cast.supervisor.name in page


def test_the_site_leader_returns_an_answer_then_accepts_the_next(
    alerting: Alerting, client_for: ClientFor
) -> None:
    alert = alerting.raised()
    alerting.answer(alert)
    client = client_for(alerting.site_leader)
    answer = client.post(url(alert), data={"step": "return_answer", "text": ""})
    assert answer.status_code == 422
    assert "Say what is missing in the answer." in answer.text
    client.post(url(alert), data={"step": "return_answer", "text": RETURNED})
    assert RETURNED in client_for(alerting.cast.supervisor).get(url(alert)).text
    alerting.answer(alert)
    page = client.post(url(alert), data={"step": "accept_answer"}, follow_redirects=True).text
    assert "The safety alert is closed." in page
    assert not alerting.sheet(alert).open


def test_blanks_are_no_answer_and_a_second_one_keeps_its_text(
    alerting: Alerting, client_for: ClientFor
) -> None:
    alert, client = alerting.raised(), client_for(alerting.cast.supervisor)
    answer = client.post(url(alert), data={"step": "answer", "text": "   "})
    assert answer.status_code == 422
    assert "This was not done" in answer.text
    alerting.answer(alert, alerting.cast.regional_director)
    answer = client.post(url(alert), data={"step": "answer", "text": alertings.SEEN})
    assert answer.status_code == 422
    assert "The safety alert is answered" in answer.text


def test_the_decision_page_says_what_is_in_the_way_before_it_is_tried(
    alerting: Alerting, client_for: ClientFor
) -> None:
    desk = alerting.desk
    desk.complete()
    desk.submit()
    desk.begin_qa()
    alert = alerting.raised()
    client = client_for(desk.cast.qa_lead)
    decision = f"/reviews/{desk.public_id}/decision"
    page = client.get(decision).text
    assert "A safety alert of this case is open." in page
    assert f'href="{url(alert)}"' in page
    assert client.get(url(alert)).status_code == 200
    answer = client.post(decision, data={"step": "approve"})
    assert answer.status_code == 422
    assert f'href="{url(alert)}"' in answer.text


def test_opening_an_alert_is_logged_as_a_reading_of_the_case(
    alerting: Alerting, client_for: ClientFor
) -> None:
    alert = alerting.raised()
    client_for(alerting.cast.supervisor).get(url(alert))
    with alerting.desk.database.reading() as session:
        query = alertings.readings(alerting.desk.public_id)
        assert session.execute(query).all() == [
            (alerting.cast.supervisor.id, "safety_alert"),
        ]


def test_a_step_that_is_none_is_refused(alerting: Alerting, client_for: ClientFor) -> None:
    alert = alerting.raised()
    client = client_for(alerting.cast.supervisor)
    assert client.post(url(alert), data={"step": "burn"}).status_code == 422


def test_about_the_unit_its_supervisor_finds_nothing(
    alerting: Alerting, client_for: ClientFor
) -> None:
    alert = alerting.raised(about_unit=True)
    client = client_for(alerting.cast.supervisor)
    assert client.get(url(alert)).status_code == 404
    assert client.post(url(alert), data={"step": "acknowledge"}).status_code == 404
    assert client_for(alerting.cast.regional_director).get(url(alert)).status_code == 200


@pytest.mark.parametrize("who", ["reviewer", "qa_lead"])
def test_those_who_only_read_it_act_on_nothing(
    alerting: Alerting, client_for: ClientFor, who: str
) -> None:
    alert = alerting.raised()
    client = client_for(getattr(alerting.cast, who))
    page = client.get(url(alert)).text
    assert 'name="step"' not in page
    answer = client.post(url(alert), data={"step": "answer", "text": alertings.ANSWER})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 403), ("other_reviewer", 404), ("administrator", 403)]
)
def test_others_find_nothing(
    alerting: Alerting, client_for: ClientFor, who: str, status: int
) -> None:
    alert = alerting.raised()
    client = client_for(getattr(alerting.cast, who))
    assert client.get(url(alert)).status_code == status
    assert client.post(url(alert), data={"step": "acknowledge"}).status_code == status


def test_whoever_raised_it_still_sees_it_when_off_the_case_and_nothing_else(
    alerting: Alerting, client_for: ClientFor
) -> None:
    alert, reviewer = alerting.raised(), alerting.cast.reviewer
    with alerting.desk.database.writing() as session:
        director = build.actor(session, alerting.cast.cqi_director)
        review = queries.case_review(session, director, alerting.desk.public_id)
        mate = build.person(session, "Mate")
        build.grant(session, mate, Role.REVIEWER, round=review.round)
        doing = {"review": review, "actor": director, "now": build.NOW}
        actions.add_reviewer(session, reviewer=build.actor(session, mate), **doing)
        actions.remove_reviewer(session, person_id=reviewer.id, **doing)
    other = alerting.raise_as(mate, alertings.new())
    alerting.answer(alert)
    client = client_for(reviewer)
    text = client.get(url(alert)).text
    assert alertings.SEEN in text
    assert f"{alertings.ANSWER}</p>" in text
    assert "/reviews/" not in text, "no way into the case"
    assert client.get(url(other)).status_code == 404, "what others raised on it"
    assert client.get(f"/reviews/{alerting.desk.public_id}/overview").status_code == 404
    home = client.get("/").text
    assert url(alert) in home
    assert url(other) not in home
