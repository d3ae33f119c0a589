"""Putting a case into a round by hand, and changing who scores it."""

from __future__ import annotations

import pytest
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.rules import StaffKind
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk, case_in


def url(desk: Desk) -> str:
    return f"/rounds/{desk.cast.round.public_id}/cases"


def another_reviewer(session: orm.Session, desk: Desk, staff_id: str | None = None) -> Person:
    person = build.person(session, "Second Reviewer", staff_id=staff_id)
    build.grant(session, person, Role.REVIEWER, round=desk.cast.round)
    return person


def test_a_case_of_the_rounds_counties_is_assigned(desk: Desk, client_for: ClientFor) -> None:
    with desk.database.writing() as session:
        case = case_in(session, desk.cast.county)
        elsewhere = case_in(session, desk.cast.other_county)
    client = client_for(desk.cast.cqi_liaison)
    text = client.get(url(desk)).text
    assert case.case_number in text
    assert elsewhere.case_number not in text
    assert desk.case_number not in text
    sent = {"case": str(case.public_id), "reviewers": [str(desk.cast.reviewer.public_id)]}
    answer = client.post(url(desk), data=sent, follow_redirects=True)
    assert f"Case {case.case_number} is in the round." in answer.text


def test_who_has_the_fewest_cases_is_offered_first(desk: Desk, client_for: ClientFor) -> None:
    with desk.database.writing() as session:
        second = another_reviewer(session, desk)
        case_in(session, desk.cast.county)
    text = client_for(desk.cast.cqi_liaison).get(url(desk)).text
    free, busy = f"{second.name}, no case yet", f"{desk.cast.reviewer.name}, 1 open case"
    assert 0 < text.index(free) < text.index(busy)


def test_a_conflict_of_interest_comes_back_as_a_reason(desk: Desk, client_for: ClientFor) -> None:
    with desk.database.writing() as session:
        staff = {StaffKind.CASEWORKER: "W-200"}
        case = build.case(session, desk.cast.county, staff=staff)
        worker = another_reviewer(session, desk, staff_id="W-200")
    client = client_for(desk.cast.cqi_liaison)
    sent = {"case": str(case.public_id), "reviewers": [str(worker.public_id)]}
    answer = client.post(url(desk), data=sent)
    assert answer.status_code == 422
    assert "works or supervises this case" in answer.text


def test_a_case_must_be_chosen(desk: Desk, client_for: ClientFor) -> None:
    with desk.database.writing() as session:
        case_in(session, desk.cast.county)
    answer = client_for(desk.cast.cqi_liaison).post(url(desk), data={"case": ""})
    assert answer.status_code == 422
    assert "Choose a case." in answer.text


def test_where_no_case_is_left_a_page_says_who_brings_more(
    desk: Desk, client_for: ClientFor
) -> None:
    with desk.database.writing() as session:
        leader = build.person(session, "Site Leader")
        build.grant(session, leader, Role.SITE_LEADER, round=desk.cast.round)
    ask = "Ask the CQI liaison or the CQI director to import more."
    led = client_for(leader).get(url(desk)).text
    assert ask in led
    assert "/cases/import" not in led
    may = client_for(desk.cast.cqi_liaison).get(url(desk)).text
    assert "/cases/import" in may
    assert ask not in may


def test_reviewers_are_put_on_and_taken_off(desk: Desk, client_for: ClientFor) -> None:
    with desk.database.writing() as session:
        second = another_reviewer(session, desk)
    client, where = client_for(desk.cast.cqi_liaison), f"/reviews/{desk.public_id}/reviewers"
    assert "Second Reviewer" in client.get(where).text
    client.post(where, data={"add": str(second.public_id)})
    assert second.id in desk.sheet().standing.reviewers
    client.post(where, data={"remove": str(second.public_id)})
    assert second.id not in desk.sheet().standing.reviewers
    answer = client.post(where, data={"add": str(desk.cast.reviewer.public_id)})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 403), ("other_reviewer", 403), ("reviewer", 403)]
)
def test_others_assign_nothing(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(desk.cast, who))
    assert client.get(url(desk)).status_code == status
    assert client.post(url(desk), data={}).status_code == status
    assert client.get(f"/reviews/{desk.public_id}/reviewers").status_code == status


def test_who_assigns_in_another_round_only_does_not_look_at_who_could(
    desk: Desk, client_for: ClientFor
) -> None:
    with desk.database.writing() as session:
        leader, elsewhere = desk.cast.reviewer, desk.cast.other_round
        build.grant(session, leader, Role.SITE_LEADER, round=elsewhere)
    client, path = client_for(desk.cast.reviewer), f"/reviews/{desk.public_id}/reviewers"
    assert client.get(f"/reviews/{desk.public_id}/facts").status_code == 200
    assert client.get(path).status_code == 403
    assert client.post(path).status_code == 403
