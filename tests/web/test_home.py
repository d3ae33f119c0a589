"""The first page, by role."""

from __future__ import annotations

import pytest

from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.web.pages import home
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk


def test_a_reviewer_sees_what_to_start(desk: Desk, client_for: ClientFor) -> None:
    text = client_for(desk.cast.reviewer).get("/").text
    assert "My reviews" in text
    assert f"Start case {desk.case_number}" in text
    assert "Fri 12 Mar" in text


def test_a_reviewer_sees_what_is_missing_and_goes_straight_to_it(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.facts()
    client = client_for(desk.cast.reviewer)
    text = client.get("/").text
    assert f"Continue case {desk.case_number}" in text
    assert "missing things" in text
    answer = client.get(f"/reviews/{desk.public_id}")
    assert answer.location.endswith("/components/MAS#MAS01-a")


def test_what_qa_returned_comes_first_with_its_reason(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    desk.submit()
    desk.begin_qa()
    desk.give_back("Look at SRM05 again.")
    text = client_for(desk.cast.reviewer).get("/").text
    assert f"Answer QA on case {desk.case_number}" in text
    assert "Look at SRM05 again." in text


def test_what_is_with_qa_is_what_a_reviewer_waits_for(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    desk.submit()
    text = client_for(desk.cast.reviewer).get("/").text
    assert "Nothing needs you today." in text
    assert "QA of case" in text


def test_a_reviewer_who_waits_for_nobody_is_not_told_so(desk: Desk, client_for: ClientFor) -> None:
    text = client_for(desk.cast.reviewer).get("/").text
    assert "You wait for" not in text


def test_who_has_no_role_is_told_so_and_whom_to_ask(cast: Cast, client_for: ClientFor) -> None:
    answer = client_for(cast.outsider).get("/")
    assert answer.status_code == 403
    assert "You have no role yet" in answer.text
    assert "Ask your administrator for a role." in answer.text
    assert "You have no role yet" not in client_for(cast.caseworker).get("/settings").text


@pytest.mark.parametrize("who", ["cqi_director", "cqi_liaison"])
def test_who_runs_rounds_sees_them(desk: Desk, client_for: ClientFor, who: str) -> None:
    text = client_for(getattr(desk.cast, who)).get("/").text
    assert "Rounds under way" in text
    assert desk.cast.round.name in text


def test_who_runs_rounds_sees_the_first_of_the_stuck_cases_and_how_many_there_are(
    cast: Cast, database: Database, client_for: ClientFor
) -> None:
    with database.writing() as session:
        for _ in range(home.STUCK_SHOWN + 2):
            case = build.case(session, cast.county)
            build.case_review(session, cast.round, case)  # nobody reviews it
    page = client_for(cast.cqi_liaison).get("/").text
    assert page.count("It has no reviewer: assign somebody.") == home.STUCK_SHOWN
    assert f"All {home.STUCK_SHOWN + 2} stuck cases of {cast.round.name}" in page
    assert f"/rounds/{cast.round.public_id}#stuck" in page


def test_who_reviews_and_also_runs_the_round_sees_what_that_asks_for(
    cast: Cast, database: Database, client_for: ClientFor
) -> None:
    with database.writing() as session:
        build.grant(session, cast.reviewer, Role.SITE_LEADER, round=cast.round)
        build.case_review(session, cast.round, build.case(session, cast.county))
    page = client_for(cast.reviewer).get("/").text
    assert "My reviews" in page
    assert "1 stuck case" in page
    assert f"/rounds/{cast.round.public_id}#stuck" in page
    assert "Nothing needs you today" not in page


def test_a_qa_lead_begins_with_the_queue(desk: Desk, client_for: ClientFor) -> None:
    assert client_for(desk.cast.qa_lead).get("/").location == "/qa"


@pytest.mark.parametrize("who", ["administrator", "regional_director", "supervisor", "caseworker"])
def test_everybody_else_lands_somewhere(desk: Desk, client_for: ClientFor, who: str) -> None:
    client = client_for(getattr(desk.cast, who))
    answer = client.get("/", follow_redirects=True)
    assert answer.status_code == 200
    assert desk.case_number not in answer.text


def test_nobody_is_asked_to_sign_in_and_an_outsider_sees_nothing(
    desk: Desk, client_for: ClientFor
) -> None:
    assert "/sign-in" in client_for(None).get("/").location
    assert client_for(desk.cast.outsider).get("/").status_code == 403


def test_a_reviewer_of_another_round_sees_none_of_these_cases(
    desk: Desk, client_for: ClientFor
) -> None:
    assert desk.case_number not in client_for(desk.cast.other_reviewer).get("/").text
