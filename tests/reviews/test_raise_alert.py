"""Raising a safety alert from any page of a case."""

from __future__ import annotations

import uuid

import pytest

from cqi.core import identifiers
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk
from tests.reviews import alerting as alertings
from tests.reviews.alerting import Alerting

alerting = alertings.alerting


def url(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/alerts/new"


def sent(**other: str) -> dict[str, str]:
    given = {
        "alert": str(identifiers.uuid7()),
        "hotline": "yes",
        "hotline_at": "2027-03-10T09:30",
        "seen": alertings.SEEN,
        "child": "T.",
        "urgency": "now",
        "about_unit": "no",
    }
    return given | other


@pytest.mark.parametrize("page", ["facts", "components/SRM", "submit"])
def test_every_page_of_a_case_leads_there_in_one_step(
    desk: Desk, client_for: ClientFor, page: str
) -> None:
    text = client_for(desk.cast.reviewer).get(f"/reviews/{desk.public_id}/{page}").text
    assert f'href="{url(desk)}" data-raise-alert' in text


def test_the_hotline_is_asked_about_first(desk: Desk, client_for: ClientFor) -> None:
    text = client_for(desk.cast.reviewer).get(url(desk)).text
    places = [text.index(f'name="{name}"') for name in ("hotline", "seen", "child", "urgency")]
    assert places == sorted(places)
    assert "2 hours to acknowledge it" in text
    assert "data-raise-alert" not in text, "the key would empty the form"
    assert "agency to confirm" in text


def test_it_is_raised_and_stands_on_every_page_of_the_case(
    alerting: Alerting, client_for: ClientFor
) -> None:
    desk = alerting.desk
    client = client_for(desk.cast.reviewer)
    answer = client.post(url(desk), data=sent())
    assert answer.status_code == 303
    assert desk.cast.supervisor.name not in answer.location
    page = client.get(answer.location).text
    assert alertings.SEEN in page
    assert "called 10 Mar, 09:30" in page
    case = client.get(f"/reviews/{desk.public_id}/components/SRM").text
    assert "Open safety alert" in case
    assert answer.location in case


def test_the_same_form_sent_twice_raises_one(alerting: Alerting, client_for: ClientFor) -> None:
    client, data = client_for(alerting.cast.reviewer), sent()
    first, second = (client.post(url(alerting.desk), data=data) for _ in range(2))
    assert first.location == second.location == f"/alerts/{data['alert']}"
    assert alerting.seen_by(alerting.cast.cqi_director) == [uuid.UUID(data["alert"])]


@pytest.mark.parametrize("typed", ["2027-03-10T09:30", "2027-03-10T10:30", "yesterday"])
def test_what_was_typed_of_a_call_that_was_not_made_is_ignored(
    alerting: Alerting, client_for: ClientFor, typed: str
) -> None:
    client = client_for(alerting.cast.reviewer)
    answer = client.post(url(alerting.desk), data=sent(hotline="no", hotline_at=typed))
    assert answer.status_code == 303, answer.text
    assert "not called when the alert was raised" in client.get(answer.location).text


@pytest.mark.parametrize(
    ("lacks", "says"),
    [
        ({"hotline": ""}, "Say whether the hotline has been called."),
        ({"hotline_at": ""}, "Say when the hotline was called."),
        ({"hotline_at": "yesterday"}, "Write a day and a time"),
        ({"hotline_at": "2027-03-10T10:30"}, "This time is still to come."),
        ({"child": ""}, "Say which child"),
        ({"child": "x" * 41}, "Use at most 40 characters."),
        ({"urgency": ""}, "Say how urgent it is."),
        ({"about_unit": ""}, "Say whether it is about the unit."),
    ],
)
def test_what_was_written_stays_while_something_is_missing(
    desk: Desk, client_for: ClientFor, lacks: dict[str, str], says: str
) -> None:
    data = sent(**lacks)
    answer = client_for(desk.cast.reviewer).post(url(desk), data=data)
    assert answer.status_code == 422
    assert says in answer.text
    assert alertings.SEEN in answer.text
    assert data["alert"] in answer.text


def test_without_a_call_to_the_hotline_it_goes_out_all_the_same_and_says_so(
    alerting: Alerting, client_for: ClientFor
) -> None:
    client = client_for(alerting.cast.reviewer)
    data = sent(hotline="no", hotline_at="")
    page = client.post(url(alerting.desk), data=data, follow_redirects=True).text
    assert "not called when the alert was raised" in page
    assert "Note the call" in page
    call = {"step": "note_hotline_call", "hotline_at": "2027-03-10T09:55"}
    page = client.post(f"/alerts/{data['alert']}", data=call, follow_redirects=True).text
    assert "called 10 Mar, 09:55" in page
    assert "Call to the hotline noted" in page


def test_without_script_what_was_typed_is_saved_on_the_way_there(
    desk: Desk, client_for: ClientFor
) -> None:
    client = client_for(desk.cast.reviewer)
    desk.facts()
    page = f"/reviews/{desk.public_id}/components/SRM"
    answer = client.post(page, data={"SRM05-narrative": alertings.SEEN, "go": "alert"})
    assert answer.location == url(desk)
    assert desk.sheet().narratives["SRM05"].value == alertings.SEEN


@pytest.mark.parametrize("who", ["qa_lead", "cqi_director", "supervisor"])
def test_those_who_do_not_score_the_case_raise_none(
    desk: Desk, client_for: ClientFor, who: str
) -> None:
    client = client_for(getattr(desk.cast, who))
    assert client.get(url(desk)).status_code == 403
    assert client.post(url(desk), data=sent()).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_nothing(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(desk.cast, who))
    assert client.get(url(desk)).status_code == status
    assert client.post(url(desk), data=sent()).status_code == status


def test_an_alert_whose_form_lost_its_key_is_raised_all_the_same(
    alerting: Alerting, client_for: ClientFor
) -> None:
    given = sent()
    del given["alert"]
    assert (
        client_for(alerting.cast.reviewer).post(url(alerting.desk), data=given).status_code == 303
    )
