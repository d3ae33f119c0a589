"""Saving one control of an item, as the page's script sends it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cqi.core import errors
from cqi.reviews import rules
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk

FETCH = {"X-Requested-With": "fetch", "Accept": "application/json"}


@pytest.fixture
def client(desk: Desk, client_for: ClientFor) -> FlaskClient:
    desk.facts(household_changed="yes")
    return client_for(desk.cast.reviewer)


def url(desk: Desk, code: str = "SRM05") -> str:
    return f"/reviews/{desk.public_id}/items/{code}"


def shown(client: FlaskClient, desk: Desk, code: str = "SRM05") -> dict[str, str]:
    """The hidden revisions of an item, as its page shows them."""
    text = client.get(f"/reviews/{desk.public_id}/components/{code[:3]}").text
    found = re.findall(r'name="([^"]+-revision)" value="([^"]*)"', text)
    return {name: value for name, value in found if name.startswith(code)}


def save(client: FlaskClient, desk: Desk, name: str, value: str, **more: str) -> TestResponse:
    sent = {**shown(client, desk), **more, "changed": name, name: value}
    return client.post(url(desk), data=sent, headers=FETCH)


def swaps(answer: TestResponse) -> dict[str, str]:
    assert answer.json is not None
    return {swap["id"]: swap["html"] for swap in answer.json["swaps"]}


def test_one_answer_is_saved_and_the_small_places_come_back(
    desk: Desk, client: FlaskClient
) -> None:
    answer = save(client, desk, "SRM05-a", "no")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["saved_at"] == "10:00"
    assert "b is not answered" in answer.json["status"]
    assert desk.sheet().answers["SRM05"]["a"].value == "no"
    found = swaps(answer)
    assert {"SRM05-head", "SRM05-marker", "component-rating", "missing", "bar-done"} <= set(found)
    assert "To do: answer b, " in found["SRM05-head"]
    assert not any("<textarea" in html or 'type="radio"' in html for html in found.values())


def test_the_rating_comes_with_its_reason(desk: Desk, client: FlaskClient) -> None:
    save(client, desk, "SRM05-a", "yes")
    answer = save(client, desk, "SRM05-b", "no")
    assert answer.json is not None
    assert "area needing improvement" in answer.json["status"]
    head = swaps(answer)["SRM05-head"]
    assert "Area needing improvement" in head
    assert "b is No. One No makes the item an area needing improvement." in head


def test_an_na_takes_its_reason(desk: Desk, client: FlaskClient) -> None:
    save(client, desk, "SRM05-b", "na")
    save(client, desk, "SRM05-b-why", "Known two days before the end.")
    entry = desk.sheet().answers["SRM05"]["b"]
    assert (entry.value, entry.reason) == ("na", "Known two days before the end.")


def test_a_text_is_saved_as_it_was_written(desk: Desk, client: FlaskClient) -> None:
    text = "Mother said <he hit me>.\r\nThe worker came the same day."
    assert save(client, desk, "SRM05-narrative", text).status_code == 200
    assert desk.sheet().narratives["SRM05"].value == text.replace("\r\n", "\n")


def test_the_note_at_a_narrative_comes_back_with_every_save(
    desk: Desk, client: FlaskClient
) -> None:
    assert "To write." in swaps(save(client, desk, "SRM05-a", "yes"))["SRM05-narrative-missing"]
    written = swaps(save(client, desk, "SRM05-narrative", "Seen."))["SRM05-narrative-missing"]
    assert "To write." not in written
    assert "data-missing" not in written
    emptied = swaps(save(client, desk, "SRM05-narrative", ""))["SRM05-narrative-missing"]
    assert "data-missing" in emptied


def test_the_first_save_starts_the_review_and_records_the_kind_of_case(
    desk: Desk, client_for: ClientFor
) -> None:
    client = client_for(desk.cast.reviewer)
    save(client, desk, "SRM05-a", "yes")
    sheet = desk.sheet()
    assert sheet.facts["case_type"].value == "foster_care"
    assert sheet.standing.state is rules.ReviewState.IN_PROGRESS


@pytest.mark.parametrize(
    ("name", "value"), [("SRM05-a", "maybe"), ("SRM05-a", "na"), ("SRM05-narrative", "x" * 60_001)]
)
def test_what_the_definition_does_not_allow_is_refused_in_words(
    desk: Desk, client: FlaskClient, name: str, value: str
) -> None:
    answer = save(client, desk, name, value)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["message"]
    assert "SRM05" not in desk.sheet().answers


def test_two_texts_of_one_place_are_a_conflict_and_the_saved_one_stands(
    desk: Desk, client: FlaskClient
) -> None:
    old = shown(client, desk)
    desk.theirs(rules.narrative("SRM05", "Theirs."))
    sent = {**old, "changed": "SRM05-narrative", "SRM05-narrative": "Mine."}
    answer = client.post(url(desk), data=sent, headers=FETCH)
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["conflict_url"] == f"/reviews/{desk.public_id}/components/SRM"
    assert desk.sheet().narratives["SRM05"].value == "Theirs."


def test_an_answer_that_was_overtaken_is_said_and_the_question_shown_anew(
    desk: Desk, client: FlaskClient
) -> None:
    old = shown(client, desk)
    desk.theirs(rules.answer("SRM05", "a", "yes"))
    sent = {**old, "changed": "SRM05-a", "SRM05-a": "no"}
    answer = client.post(url(desk), data=sent, headers=FETCH)
    assert answer.status_code == 409
    assert answer.json is not None
    assert "chose “Yes”" in answer.json["message"]
    assert set(swaps(answer)) == {"SRM05-revisions", "SRM05-a"}
    assert desk.sheet().answers["SRM05"]["a"].value == "yes"


def test_the_same_again_is_no_conflict(desk: Desk, client: FlaskClient) -> None:
    old = shown(client, desk)
    sent = {**old, "changed": "SRM05-narrative", "SRM05-narrative": "Mine."}
    for _ in range(2):  # the first answer was lost on its way back
        assert client.post(url(desk), data=sent, headers=FETCH).status_code == 200


def test_a_frozen_review_cannot_be_saved(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    desk.submit()
    client = client_for(desk.cast.reviewer)
    answer = save(client, desk, "SRM05-a", "no")
    assert answer.status_code == 422
    assert desk.sheet().answers["SRM05"]["a"].value == "yes"


def test_an_item_that_is_not_there_is_not_found(desk: Desk, client: FlaskClient) -> None:
    assert client.post(url(desk, "SRM77"), data={}).status_code == 404


def test_a_qa_lead_does_not_score(desk: Desk, client_for: ClientFor) -> None:
    sent = {"changed": "SRM05-a", "SRM05-a": "yes"}
    answer = client_for(desk.cast.qa_lead).post(url(desk), data=sent, headers=FETCH)
    assert answer.status_code == 403
    with pytest.raises(errors.Forbidden):
        desk.record(rules.answer("SRM05", "a", "yes"), person=desk.cast.qa_lead)


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_save_nothing(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    sent = {"changed": "SRM05-a", "SRM05-a": "yes"}
    client = client_for(getattr(desk.cast, who))
    assert client.post(url(desk), data=sent, headers=FETCH).status_code == status
    assert "SRM05" not in desk.sheet().answers


def test_an_answer_of_na_brings_back_that_its_reason_is_missing_until_it_is_given(
    desk: Desk, client: FlaskClient
) -> None:
    mark = "SRM05-b-why-missing"
    assert "Say why it does not apply." in swaps(save(client, desk, "SRM05-b", "na"))[mark]
    page = client.get(f"/reviews/{desk.public_id}/components/SRM").text
    assert page.count("Say why it does not apply.") == 1
    given = swaps(save(client, desk, "SRM05-b-why", "Nothing changed."))
    assert "Say why" not in given[mark]
    assert mark not in swaps(save(client, desk, "SRM05-a", "yes"))
