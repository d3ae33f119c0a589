"""The QA queue and the page on which a QA lead decides."""

from __future__ import annotations

import pytest

from cqi.reviews.rules import ReviewState
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk


@pytest.fixture
def submitted(desk: Desk) -> Desk:
    desk.complete()
    desk.submit()
    return desk


def url(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/decision"


def test_the_queue_lists_what_waits(submitted: Desk, client_for: ClientFor) -> None:
    text = client_for(submitted.cast.qa_lead).get("/qa").text
    assert submitted.case_number in text
    assert submitted.cast.reviewer.name in text


def test_an_empty_queue_says_what_comes_next(desk: Desk, client_for: ClientFor) -> None:
    assert "Nothing waits for QA." in client_for(desk.cast.qa_lead).get("/qa").text


def test_from_submitted_to_final(submitted: Desk, client_for: ClientFor) -> None:
    client = client_for(submitted.cast.qa_lead)
    assert "Begin QA" in client.get(url(submitted)).text
    client.post(url(submitted), data={"step": "begin_qa"})
    text = client.get(url(submitted)).text
    assert "Approve, make it final" in text
    assert "Return to the reviewers" in text
    answer = client.post(url(submitted), data={"step": "approve"}, follow_redirects=True)
    assert f"Case {submitted.case_number} is final." in answer.text
    assert submitted.sheet().standing.state is ReviewState.FINAL


def test_a_second_click_hears_that_it_is_final_already(
    submitted: Desk, client_for: ClientFor
) -> None:
    submitted.begin_qa()
    client = client_for(submitted.cast.qa_lead)
    assert client.post(url(submitted), data={"step": "approve"}).status_code == 303
    answer = client.post(url(submitted), data={"step": "approve"})
    assert answer.status_code == 422
    assert "final" in answer.text


def test_a_return_takes_a_reason(submitted: Desk, client_for: ClientFor) -> None:
    submitted.begin_qa()
    client = client_for(submitted.cast.qa_lead)
    answer = client.post(url(submitted), data={"step": "return_to_reviewers", "reason": ""})
    assert answer.status_code == 422
    assert submitted.sheet().standing.state is ReviewState.FIRST_LEVEL_QA
    assert "Say what the reviewers should look at again." in answer.text
    client.post(url(submitted), data={"step": "return_to_reviewers", "reason": "Look at SRM05."})
    sheet = submitted.sheet()
    assert sheet.standing.state is ReviewState.RETURNED
    assert sheet.returned is not None
    assert sheet.returned.reason == "Look at SRM05."


def test_the_cqi_director_reopens_a_final_review(submitted: Desk, client_for: ClientFor) -> None:
    submitted.begin_qa()
    submitted.approve()
    client = client_for(submitted.cast.cqi_director)
    assert "Reopen a final review" in client.get(url(submitted)).text
    client.post(url(submitted), data={"step": "reopen", "reason": "A new record came to light."})
    assert submitted.sheet().standing.state is ReviewState.REOPENED


def test_a_step_that_is_not_possible_comes_back_with_its_reason(
    submitted: Desk, client_for: ClientFor
) -> None:
    client = client_for(submitted.cast.qa_lead)
    answer = client.post(url(submitted), data={"step": "approve"})
    assert answer.status_code == 422
    assert "is not possible now" in answer.text
    assert client.post(url(submitted), data={"step": "burn"}).status_code == 422


def test_a_reviewer_decides_nothing(submitted: Desk, client_for: ClientFor) -> None:
    client = client_for(submitted.cast.reviewer)
    assert client.get(url(submitted)).status_code == 403
    assert client.post(url(submitted), data={"step": "begin_qa"}).status_code in (403, 422)
    assert client.get("/qa").status_code == 403
    assert submitted.sheet().standing.state is ReviewState.SUBMITTED


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_nothing(submitted: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(submitted.cast, who))
    assert client.get(url(submitted)).status_code == status
    assert client.post(url(submitted), data={"step": "begin_qa"}).status_code == status
    assert client.get("/qa").status_code == 403
