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
    desk.record(rules.narrative("SRM03", THEIRS))
    return client_for(desk.cast.reviewer)


def url(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/items/SRM03/conflict"


def stands(desk: Desk) -> str:
    return desk.sheet().narratives["SRM03"].value


def versions(desk: Desk) -> list[str | None]:
    with desk.database.reading() as session:
        return [saved.text for saved in queries.history(session, desk.review(session), "SRM03")]


def test_both_texts_are_shown_and_combining_is_chosen(desk: Desk, client: FlaskClient) -> None:
    text = client.post(url(desk), data={"SRM03-narrative": MINE}).text
    assert "Two people changed the narrative of SRM03" in text
    assert "D. was <mark>not, although D. speaks freely.</mark>" in text
    assert 'value="combine" id="choice-combine" checked' in text
    assert "D. was not, although D. speaks freely. D. was not; the caregiver stayed." in text
    assert stands(desk) == THEIRS


@pytest.mark.parametrize(
    ("choice", "expected"), [("combine", "Both, edited."), ("mine", MINE), ("theirs", THEIRS)]
)
def test_the_chosen_text_stands_and_the_others_stay_in_the_history(
    desk: Desk, client: FlaskClient, choice: str, expected: str
) -> None:
    sent = {"choice": choice, "mine": MINE, "combined": "Both, edited.", "revision": "1"}
    answer = client.post(url(desk), data=sent)
    assert answer.status_code == 303
    assert answer.location.endswith("/components/SRM#SRM03")
    assert stands(desk) == expected
    assert {MINE, THEIRS} <= set(versions(desk))


def test_a_third_text_that_came_meanwhile_asks_again(desk: Desk, client: FlaskClient) -> None:
    desk.record(rules.narrative("SRM03", "A third.", expected=1))
    sent = {"choice": "mine", "mine": MINE, "combined": "", "revision": "1"}
    answer = client.post(url(desk), data=sent)
    assert answer.status_code == 409
    assert "A third." in answer.text
    assert stands(desk) == "A third."


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_nothing(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    desk.facts()
    client = client_for(getattr(desk.cast, who))
    assert client.post(url(desk), data={"SRM03-narrative": MINE}).status_code == status


def test_what_makes_no_sense_is_refused_in_words(desk: Desk, client: FlaskClient) -> None:
    desk.record(rules.narrative("SRM03", THEIRS))
    at = url(desk).replace("SRM03", "ZZZ")
    assert client.post(at, data={"ZZZ-narrative": MINE}).status_code == 404
    for revision in ("x", "9" * 5000):
        sent = {"choice": "mine", "mine": MINE, "combined": "", "revision": revision}
        assert client.post(url(desk), data=sent).status_code in (303, 409)
    long = {"choice": "mine", "mine": "a" * (forms.LONGEST_TEXT + 1), "revision": "1"}
    assert client.post(url(desk), data=long).status_code == 422
    assert stands(desk) in (MINE, THEIRS)
