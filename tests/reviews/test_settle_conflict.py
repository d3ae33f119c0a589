"""Choosing between two texts of one place, with nothing lost."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from cqi.reviews import forms, queries, rules
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk

MINE = "M. was seen alone. D. was not, although D. speaks freely."
THEIRS = "M. was seen alone. D. was not; the caregiver stayed."


@pytest.fixture
def client(desk: Desk, client_for: ClientFor) -> FlaskClient:
    desk.facts()
    desk.theirs(rules.narrative("SRM03", THEIRS))
    return client_for(desk.cast.reviewer)


def page(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/components/SRM"


def url(desk: Desk) -> str:
    return f"{page(desk)}/conflict"


def chosen(choice: str, item: str = "SRM03", **more: str) -> dict[str, str]:
    """What the page sends for one item."""
    sent = {"choice": choice, "mine": MINE, "combined": "Both, edited.", "revision": "1", **more}
    return {f"{item}-{name}": value for name, value in sent.items()}


def stands(desk: Desk, item: str = "SRM03") -> str:
    return desk.sheet().narratives[item].value


def versions(desk: Desk) -> list[str | None]:
    with desk.database.reading() as session:
        return [saved.text for saved in queries.history(session, desk.review(session), "SRM03")]


def test_both_texts_are_shown_and_combining_is_chosen(desk: Desk, client: FlaskClient) -> None:
    text = client.post(page(desk), data={"SRM03-narrative": MINE}).text
    assert "Two people changed the narrative of SRM03" in text
    assert "D. was <mark>not, although D. speaks freely.</mark>" in text
    assert 'value="combine" id="SRM03-choice-combine" checked' in text
    assert "D. was not, although D. speaks freely. D. was not; the caregiver stayed." in text
    assert stands(desk) == THEIRS


@pytest.mark.parametrize(
    ("choice", "expected"), [("combine", "Both, edited."), ("mine", MINE), ("theirs", THEIRS)]
)
def test_the_chosen_text_stands_and_the_others_stay_in_the_history(
    desk: Desk, client: FlaskClient, choice: str, expected: str
) -> None:
    answer = client.post(url(desk), data=chosen(choice))
    assert answer.status_code == 303
    assert answer.location.endswith("/components/SRM#SRM03")
    assert stands(desk) == expected
    assert {MINE, THEIRS} <= set(versions(desk))


def test_a_third_text_that_came_meanwhile_asks_again(desk: Desk, client: FlaskClient) -> None:
    desk.theirs(rules.narrative("SRM03", "A third.", expected=1))
    answer = client.post(url(desk), data=chosen("mine"))
    assert answer.status_code == 409
    assert "A third." in answer.text
    assert "D. speaks freely." in answer.text
    assert stands(desk) == "A third."


def test_what_was_combined_is_kept_when_a_third_text_came(desk: Desk, client: FlaskClient) -> None:
    desk.theirs(rules.narrative("SRM03", "A third.", expected=1))
    answer = client.post(url(desk), data=chosen("combine"))
    assert answer.status_code == 409
    assert 'name="SRM03-mine" type="hidden" value="Both, edited."' in answer.text
    client.post(url(desk), data=chosen("mine", mine="Both, edited.", revision="2"))
    assert stands(desk) == "Both, edited."
    assert "A third." in versions(desk)


def test_two_narratives_are_settled_together(desk: Desk, client: FlaskClient) -> None:
    desk.theirs(rules.narrative("SRM05", "Their fifth."))
    sent = {**chosen("mine"), **chosen("combine", "SRM05", mine="My fifth.")}
    answer = client.post(url(desk), data=sent)
    assert answer.location.endswith("/components/SRM#SRM03")
    assert stands(desk) == MINE
    assert stands(desk, "SRM05") == "Both, edited."


def test_of_two_the_one_that_was_overtaken_is_asked_about_again(
    desk: Desk, client: FlaskClient
) -> None:
    desk.theirs(rules.narrative("SRM05", "Their fifth."))
    desk.theirs(rules.narrative("SRM03", "A third.", expected=1))
    sent = {**chosen("mine"), **chosen("mine", "SRM05", mine="My fifth.")}
    answer = client.post(url(desk), data=sent)
    assert answer.status_code == 409
    assert "Two people changed the narrative of SRM03<" in answer.text
    assert stands(desk, "SRM05") == "My fifth."


def test_a_text_that_is_too_long_saves_neither_and_keeps_both(
    desk: Desk, client: FlaskClient
) -> None:
    desk.theirs(rules.narrative("SRM05", "Their fifth."))
    long = "long " * forms.LONGEST_TEXT
    sent = {**chosen("combine", combined=long), **chosen("mine", "SRM05", mine="My fifth.")}
    answer = client.post(url(desk), data=sent)
    assert answer.status_code == 422
    assert "long long long" in answer.text
    assert "My fifth." in answer.text
    assert stands(desk, "SRM05") == "Their fifth."


def test_a_review_that_was_submitted_meanwhile_shows_the_text_that_came_late(
    desk: Desk, client: FlaskClient
) -> None:
    desk.complete()
    desk.submit()
    answer = client.post(url(desk), data=chosen("mine"))
    assert answer.status_code == 422
    assert "Nothing was saved." in answer.text
    assert "D. speaks freely." in answer.text


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_nothing(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    desk.facts()
    client = client_for(getattr(desk.cast, who))
    assert client.post(url(desk), data=chosen("mine")).status_code == status
    assert client.post(page(desk), data={"SRM03-narrative": MINE}).status_code == status


def test_what_makes_no_sense_is_refused_in_words(desk: Desk, client: FlaskClient) -> None:
    assert client.post(url(desk).replace("SRM", "ZZZ"), data={}).status_code == 404
    for revision in ("x", "9" * 5000):
        answer = client.post(url(desk), data=chosen("mine", revision=revision))
        assert answer.status_code in (303, 409)
    long = chosen("mine", mine="a" * (2 * forms.LONGEST_TEXT + 1))
    assert client.post(url(desk), data=long).status_code == 422
    assert client.post(url(desk), data=chosen("neither")).status_code == 422
    assert stands(desk) in (MINE, THEIRS)
