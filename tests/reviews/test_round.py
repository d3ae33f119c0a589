"""The list of rounds and the page of one."""

from __future__ import annotations

import pytest

from cqi.reviews import actions
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk


def url(desk: Desk) -> str:
    return f"/rounds/{desk.cast.round.public_id}"


def test_the_list_holds_the_rounds_within_reach(desk: Desk, client_for: ClientFor) -> None:
    text = client_for(desk.cast.cqi_liaison).get("/rounds").text
    assert desk.cast.round.name in text
    assert desk.cast.other_round.name not in text
    assert "Open a round" not in text
    assert "Open a round" in client_for(desk.cast.cqi_director).get("/rounds").text


def test_a_round_shows_one_row_a_case_with_items_complete(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.facts()
    text = client_for(desk.cast.cqi_liaison).get(url(desk)).text
    assert desk.case_number in text
    assert "Where each case stands" in text
    assert "/9</span>" in text
    assert "8 to 12 Mar 2027" in text


def test_after_submission_the_ratings_stand_there(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    desk.submit()
    text = client_for(desk.cast.cqi_liaison).get(url(desk)).text
    assert text.count("glyph--substantially") >= 6


def test_a_stuck_case_stands_first_with_what_would_move_it(
    desk: Desk, client_for: ClientFor
) -> None:
    with desk.database.writing() as session:
        actions.remove_reviewer(
            session,
            review=desk.review(session, desk.cast.cqi_liaison),
            person_id=desk.cast.reviewer.id,
            actor=desk.actor(session, desk.cast.cqi_liaison),
            now=desk.now,
        )
    text = client_for(desk.cast.cqi_liaison).get(url(desk)).text
    assert "Stuck, and what would move it" in text
    assert "It has no reviewer: assign somebody." in text
    assert f"/reviews/{desk.public_id}/reviewers" in text


def test_a_stage_filters_the_rows(desk: Desk, client_for: ClientFor) -> None:
    client = client_for(desk.cast.cqi_liaison)
    assert desk.case_number in client.get(f"{url(desk)}?stage=assigned").text
    assert desk.case_number not in client.get(f"{url(desk)}?stage=final").text


def test_a_reviewer_sees_only_their_own_cases(desk: Desk, client_for: ClientFor) -> None:
    text = client_for(desk.cast.reviewer).get(url(desk)).text
    assert desk.case_number in text
    assert "Put a case into the round" not in text


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_nothing(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(desk.cast, who))
    assert client.get(url(desk)).status_code == status


def test_the_numbers_of_a_round_are_the_same_for_everybody_who_sees_it(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.facts()
    director = client_for(desk.cast.regional_director)
    page = director.get(f"/rounds/{desk.cast.round.public_id}").text
    assert "of 1 case" in page
    assert desk.case_number not in page
    assert "all cases move" not in page
    assert "0 of 1" in director.get("/rounds").text
