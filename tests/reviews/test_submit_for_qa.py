"""Handing a case review to QA."""

from __future__ import annotations

import pytest

from cqi.access.permissions import Role
from cqi.reviews import rules
from cqi.reviews.rules import ReviewState
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TEXT, Desk


def url(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/submit"


def test_what_is_missing_is_listed_each_with_a_link_to_its_place(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.complete()
    desk.record(rules.narrative("SRM05", "", expected=1))
    desk.record(rules.answer("INV01", "a", "", expected=1))
    text = client_for(desk.cast.reviewer).get(url(desk)).text
    assert "2 things before this case can go to QA" in text
    assert "<title>Error: " in text
    assert f'href="/reviews/{desk.public_id}/components/SRM#SRM05-narrative-field"' in text
    assert f'href="/reviews/{desk.public_id}/components/INV#INV01-a"' in text
    assert " disabled" not in text


def test_a_short_narrative_is_a_warning_and_not_in_the_way(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.complete()
    desk.record(rules.narrative("SRM05", "see above", expected=1))
    text = client_for(desk.cast.reviewer).get(url(desk)).text
    assert "Ready for QA" in text
    assert "Worth a look, but not in the way" in text
    assert "see above" in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("See above.", "the narrative points elsewhere (“See above.”): say here"),
        (f"{TEXT} Mrs. Alder said so.", "the narrative has the name “Mrs. Alder”"),
        (f"{TEXT} Person told it.", "the narrative has the name “Person”"),
    ],
)
def test_what_is_worth_a_look_is_a_link_and_holds_nothing_up(
    desk: Desk, client_for: ClientFor, text: str, words: str
) -> None:
    """The cast's caseworker and supervisor are called "... Person"."""
    desk.complete()
    desk.record(rules.narrative("SRM05", text, expected=1))
    client = client_for(desk.cast.reviewer)
    shown = client.get(url(desk)).text
    assert "Ready for QA" in shown
    assert words in shown
    assert f'href="/reviews/{desk.public_id}/components/SRM#SRM05">Read SRM05 again' in shown
    assert client.post(url(desk)).status_code == 303


def test_a_narrative_that_points_elsewhere_is_told_on_the_page_until_it_says_something(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.complete()
    client, warns = client_for(desk.cast.reviewer), "SRM05</b>: the narrative points elsewhere"
    assert "points elsewhere" not in client.get(url(desk)).text
    desk.record(rules.narrative("SRM05", "See above.", expected=1))
    shown = client.get(url(desk)).text
    assert shown.count("points elsewhere") == 1
    assert warns in shown
    desk.record(rules.narrative("SRM05", TEXT, expected=2))
    assert "points elsewhere" not in client.get(url(desk)).text


def test_a_qa_note_that_waits_for_a_reply_is_worth_a_look_too(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.with_qa()
    note_id = desk.open_note()
    desk.give_back("See the note.")
    client = client_for(desk.cast.reviewer)
    shown = client.get(url(desk)).text
    assert "a QA note waits for your reply." in shown
    assert f"#note-{note_id}" in shown
    desk.answer_note(note_id, "The visit of 3 May.")
    assert "a QA note waits for your reply." not in client.get(url(desk)).text


def test_a_complete_review_goes_to_qa(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    client = client_for(desk.cast.reviewer)
    assert "10 Mar 2027, if you submit today" in client.get(url(desk)).text
    answer = client.post(url(desk), follow_redirects=True)
    assert f"Case {desk.case_number} is with QA" in answer.text
    assert desk.sheet().standing.state is ReviewState.SUBMITTED


def test_an_incomplete_review_does_not(desk: Desk, client_for: ClientFor) -> None:
    desk.facts()
    client = client_for(desk.cast.reviewer)
    answer = client.post(url(desk))
    assert answer.status_code == 422
    assert "things before this case can go to QA" in answer.text
    assert desk.sheet().standing.state is ReviewState.IN_PROGRESS


def test_after_a_return_it_is_handed_in_again(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    desk.submit()
    desk.begin_qa()
    desk.give_back("Say more on SRM05.")
    client = client_for(desk.cast.reviewer)
    assert "Say more on SRM05." in client.get(url(desk)).text
    assert client.post(url(desk)).status_code == 303
    assert desk.sheet().standing.state is ReviewState.SUBMITTED


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_nothing(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(desk.cast, who))
    assert client.get(url(desk)).status_code == status
    assert client.post(url(desk)).status_code == status


def test_who_reviews_in_another_round_only_does_not_hand_it_in(
    desk: Desk, client_for: ClientFor
) -> None:
    with desk.database.writing() as session:
        build.grant(session, desk.cast.other_reviewer, Role.QA_LEAD, place=desk.cast.region)
    client = client_for(desk.cast.other_reviewer)
    assert client.get(f"/reviews/{desk.public_id}/facts").status_code == 200
    assert client.get(url(desk)).status_code == 403
    assert client.post(url(desk)).status_code == 403
