"""The queue of a QA lead: what waits for whom, how long, returned how often, with which notes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient

from cqi.reviews import actions, queries
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk
from tests.reviews.test_qa_notes import another_qa_lead


@pytest.fixture
def checked(desk: Desk) -> Desk:
    return desk.with_qa()


def line(desk: Desk, days: int = 0, person: object = None) -> queries.QueueLine:
    with desk.database.reading() as session:
        actor = desk.actor(session, person or desk.cast.qa_lead)
        [found] = queries.qa_lines(session, actor, desk.now + dt.timedelta(days=days))
        return found


def test_a_line_says_how_long_and_how_often_and_what_is_open(checked: Desk) -> None:
    note_id = checked.open_note()
    checked.open_note("SRM03", "")
    checked.answer_note(note_id, "The visit of 3 May.")
    checked.give_back("See the notes.")
    checked.submit()
    found = line(checked, days=4)
    assert (found.waiting, found.returned) == (4, 1)
    assert (found.notes.open, found.notes.answered) == (2, 1)


def test_the_page_has_the_words(checked: Desk, client_for: ClientFor) -> None:
    checked.open_note()
    text = client_for(checked.cast.qa_lead).get("/qa").text
    assert "1 open, 0 answered" in text
    assert "never" in text


def test_the_second_level_waits_for_another_lead(checked: Desk, client_for: ClientFor) -> None:
    checked.do(actions.send_to_second_level)
    assert line(checked).for_another
    other = another_qa_lead(checked)
    assert not line(checked, person=other).for_another
    assert "Waits for another QA lead" in client_for(checked.cast.qa_lead).get("/qa").text
    assert "Waits for another QA lead" not in client_for(other).get("/qa").text


def test_what_is_back_with_its_reviewers_stands_apart(checked: Desk, client_for: ClientFor) -> None:
    checked.give_back("See the notes.")
    text = client_for(checked.cast.qa_lead).get("/qa").text
    assert "Nothing waits for QA." in text
    assert "Back with the reviewers" in text
    assert text.index("Back with the reviewers") < text.index(checked.case_number)


@pytest.mark.parametrize("who", ["outsider", "reviewer", "cqi_director"])
def test_others_have_no_queue(checked: Desk, client_for: ClientFor, who: str) -> None:
    assert client_for(getattr(checked.cast, who)).get("/qa").status_code == 403


def above(client: FlaskClient, desk: Desk) -> str:
    """The first of the breadcrumbs of a case's page."""
    text = client.get(f"/reviews/{desk.public_id}/facts").text
    found = re.search(r'usa-breadcrumb__link" href="([^"]+)"', text)
    assert found
    return found[1]


def test_a_case_leads_back_to_the_queue_where_it_stands_and_else_to_its_round(
    checked: Desk, client_for: ClientFor
) -> None:
    in_round = f"/rounds/{checked.cast.round.public_id}"
    lead = client_for(checked.cast.qa_lead)
    assert above(lead, checked) == "/qa"
    assert above(client_for(checked.cast.cqi_director), checked) == in_round
    assert above(client_for(checked.cast.reviewer), checked) == "/"
    checked.give_back("See SRM05.")
    assert above(lead, checked) == "/qa"
    checked.submit()
    checked.begin_qa()
    checked.approve()
    assert above(lead, checked) == in_round
