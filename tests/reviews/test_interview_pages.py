"""The page of interviews: saved field by field, posted whole, read when nothing may be changed."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from cqi.reviews import queries
from cqi.reviews.rules import interviews
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk

FETCH = {"X-Requested-With": "fetch"}


def url(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/interviews"


def person(desk: Desk, label: str = "Mother") -> interviews.Interview:
    return next(one for one in desk.sheet().interviews if one.label == label)


def control(desk: Desk, name: str, label: str = "Mother") -> str:
    return interviews.place(person(desk, label).id, name)


def shown(client: FlaskClient, desk: Desk) -> dict[str, str]:
    """The hidden revisions that the page shows."""
    page = client.get(url(desk)).text
    return dict(re.findall(r'name="(interview-[^"]+-revision)" value="([^"]*)"', page))


def notes(desk: Desk) -> str:
    with desk.database.reading() as session:
        found = queries.interview_notes(session, desk.review(session))
        return found[person(desk).id].text


@pytest.fixture
def client(desk: Desk, client_for: ClientFor) -> FlaskClient:
    return client_for(desk.cast.reviewer)


def test_everybody_is_listed_and_outstanding_ones_are_links(
    desk: Desk, client: FlaskClient
) -> None:
    page = client.get(url(desk)).text
    for label in ("Target child", "Mother", "Foster caregiver", "Supervisor"):
        assert f"Interview, {label}: not recorded yet." in page
    assert f'href="{url(desk)}#{control(desk, "outcome")}"' in page
    assert "0 of 7" in page


def test_a_field_is_saved_by_itself_and_says_what_is_left(desk: Desk, client: FlaskClient) -> None:
    name = control(desk, "outcome")
    sent = {**shown(client, desk), "changed": name, name: "held"}
    answer = client.post(url(desk), data=sent, headers=FETCH)
    assert answer.json is not None
    swaps = {swap["id"]: swap["html"] for swap in answer.json["swaps"]}
    place = interviews.place(person(desk).id)
    assert {f"{place}-when", f"{place}-head", "side-interviews", "missing"} <= swaps.keys()
    assert 'value="1:' in swaps[f"{name}-revision"]
    assert "data-missing" in swaps[f"{place}-when"]
    assert answer.json["status"] == "Mother: the date is missing."
    assert desk.sheet().facts["case_type"].value == "foster_care", "what the case list knows"


def test_a_day_that_is_still_to_come_is_refused(desk: Desk, client: FlaskClient) -> None:
    name = control(desk, "held_on")
    answer = client.post(url(desk), data={"changed": name, name: "2027-03-11"}, headers=FETCH)
    assert (answer.status_code, "still to come" in answer.text) == (422, True)
    assert person(desk).held_on is None


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2027-03-07", "It is before the round&#39;s first day on site, 8 Mar 2027."),
        ("2027-03-09", "It is before this case was assigned, 10 Mar 2027."),
        ("2027-03-10", ""),
    ],
)
def test_an_early_day_is_saved_and_asked_about(
    desk: Desk, client: FlaskClient, day: str, words: str
) -> None:
    outcome, name = control(desk, "outcome"), control(desk, "held_on")
    client.post(url(desk), data={"changed": outcome, outcome: "held"}, headers=FETCH)
    answer = client.post(url(desk), data={"changed": name, name: day}, headers=FETCH)
    assert answer.json is not None
    [when] = [swap["html"] for swap in answer.json["swaps"] if swap["id"].endswith("-when")]
    assert ("Is this the day?" in when) is bool(words)
    assert words in when
    assert str(person(desk).held_on) == day, "a warning is no wall"
    assert client.get(url(desk)).text.count("Is this the day?") == bool(words)


def test_the_calendar_offers_no_day_that_is_still_to_come(desk: Desk, client: FlaskClient) -> None:
    assert 'max="2027-03-10"' in client.get(url(desk)).text


def test_who_came_second_sees_what_stands(desk: Desk, client: FlaskClient) -> None:
    name, before = control(desk, "outcome"), shown(client, desk)
    client.post(url(desk), data={**before, "changed": name, name: "held"}, headers=FETCH)
    late = client.post(url(desk), data={**before, "changed": name, name: "not_held"}, headers=FETCH)
    assert late.status_code == 409
    assert late.json is not None
    assert "You chose “Held” in another window" in late.json["message"]
    assert f"{name}-part" in {swap["id"] for swap in late.json["swaps"]}
    assert person(desk).outcome == "held"


def test_without_script_the_whole_page_is_saved(desk: Desk, client: FlaskClient) -> None:
    sent = shown(client, desk)
    sent |= {control(desk, "outcome"): "not_held", control(desk, "reason"): "declined"}
    sent |= {control(desk, "notes", "Father"): "He told of two visits."}
    sent |= {"new-role": "relative", "new-label": "Grandmother"}
    answer = client.post(url(desk), data=sent)
    assert (answer.status_code, answer.location) == (303, url(desk))
    assert person(desk).words == "Not held: declined"
    assert person(desk, "Grandmother").role == "relative"
    page = client.get(url(desk)).text
    assert "He told of two visits." in page
    off = {"off": str(person(desk, "Grandmother").id)}
    client.post(url(desk), data={**shown(client, desk), **off})
    assert "Grandmother" not in client.get(url(desk)).text


def test_without_script_a_bad_day_stands_in_its_field_and_the_rest_is_saved(
    desk: Desk, client: FlaskClient
) -> None:
    sent = shown(client, desk)
    sent |= {control(desk, "outcome"): "held", control(desk, "held_on"): "2031-01-01"}
    answer = client.post(url(desk), data=sent)
    assert answer.status_code == 422
    assert "This day is still to come" in answer.text
    assert person(desk).outcome == "held"


def test_a_value_that_was_left_alone_is_not_sent_back_over_another(
    desk: Desk, client: FlaskClient
) -> None:
    old, name = shown(client, desk), control(desk, "outcome")
    client.post(url(desk), data={**old, "changed": name, name: "held"}, headers=FETCH)
    client.post(url(desk), data={**old, control(desk, "reason", "Father"): "declined"})
    assert person(desk).outcome == "held"


def test_two_texts_of_notes_are_asked_about_and_both_stay(desk: Desk, client: FlaskClient) -> None:
    name, old = control(desk, "notes"), shown(client, desk)
    client.post(url(desk), data={**old, "changed": name, name: "Theirs."}, headers=FETCH)
    late = client.post(url(desk), data={**old, "changed": name, name: "Mine."}, headers=FETCH)
    assert late.json is not None
    assert (late.status_code, late.json["conflict_url"]) == (409, url(desk))
    asked = client.post(url(desk), data={**old, name: "Mine."})
    assert asked.status_code == 409
    assert "Two people changed the notes of Mother" in asked.text
    place = interviews.place(person(desk).id)
    sent = {"choice": "combine", "mine": "Mine.", "combined": "Both.", "revision": "1"}
    answer = client.post(
        f"{url(desk)}/conflict", data={f"{place}-{key}": value for key, value in sent.items()}
    )
    assert (answer.status_code, notes(desk)) == (303, "Both.")
    with desk.database.reading() as session:
        kept = queries.history(session, desk.review(session), name)
    assert [text.text for text in kept] == ["Both.", "Mine.", "Theirs."]


def test_a_third_text_is_asked_about_again(desk: Desk, client: FlaskClient) -> None:
    name, place = control(desk, "notes"), interviews.place(person(desk).id)
    for words in ("One.", "Two."):
        client.post(
            url(desk), data={**shown(client, desk), "changed": name, name: words}, headers=FETCH
        )
    sent = {"choice": "mine", "mine": "Mine.", "combined": "", "revision": "1"}
    answer = client.post(
        f"{url(desk)}/conflict", data={f"{place}-{key}": value for key, value in sent.items()}
    )
    assert (answer.status_code, notes(desk)) == (409, "Two.")
    assert "Mine." in answer.text


def test_after_submission_it_is_read_and_late_notes_are_said_back(
    desk: Desk, client: FlaskClient
) -> None:
    old = shown(client, desk)
    desk.complete()
    desk.submit()
    page = client.get(url(desk)).text
    assert "Held in person, 10 Mar 2027" in page
    assert "<textarea" not in page
    late = client.post(url(desk), data={**old, control(desk, "notes"): "Too late."})
    assert late.status_code == 422
    assert "Too late." in late.text


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_nothing(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(desk.cast, who))
    assert client.get(url(desk)).status_code == status
    assert client.post(url(desk), data={"changed": "x"}).status_code == status
    assert client.post(f"{url(desk)}/conflict", data={}).status_code == status


def test_somebody_with_too_long_a_label_comes_back_with_words_and_the_rest_is_saved(
    desk: Desk, client: FlaskClient
) -> None:
    sent = shown(client, desk) | {control(desk, "outcome"): "held"}
    sent |= {"new-role": "relative", "new-label": "Grand" * 13}
    answer = client.post(url(desk), data=sent)
    assert answer.status_code == 422
    assert "Use at most 60 characters." in answer.text
    assert f'value="{"Grand" * 13}"' in answer.text
    assert "maxlength" not in answer.text, "a browser would cut it silently"
    assert person(desk).outcome == "held"
