"""What the page of a round says of the days ahead: interviews, days left, who has what is stuck."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.reviews import actions
from cqi.rounds.rules import RoundKind
from tests import build
from tests.fixtures import counting, scoring
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk
from tests.reviews import planning
from tests.reviews.planning import TOMORROW


def figures(desk: Desk, client_for: ClientFor, who: str = "cqi_liaison") -> dict[str, str]:
    page = client_for(getattr(desk.cast, who)).get(f"/rounds/{desk.cast.round.public_id}").text
    found = re.findall(r"<dt>(.*?)</dt><dd><b[^>]*>(.*?)</b> <span[^>]*>(.*?)</span>", page)
    return {name: f"{value} {note}" for name, value, note in found}


def test_interviews_are_outstanding_until_held_or_not_held(
    desk: Desk, client_for: ClientFor
) -> None:
    name = "Interviews outstanding"
    assert figures(desk, client_for)[name] == "7 0 have a time ahead"
    planning.plan(desk)
    assert figures(desk, client_for)[name] == "7 1 have a time ahead"
    planning.hold(desk)
    assert figures(desk, client_for)[name] == "6 0 have a time ahead"
    desk.complete()
    assert figures(desk, client_for)[name] == "0 all recorded"


def test_who_may_open_no_case_gets_no_count_of_interviews(
    desk: Desk, client_for: ClientFor
) -> None:
    assert "Interviews outstanding" not in figures(desk, client_for, "regional_director")


def test_a_count_over_a_part_says_so(desk: Desk, client_for: ClientFor) -> None:
    with desk.database.writing() as session:
        case = scoring.case_in(session, session.merge(desk.cast.county))
        build.case_review(session, session.merge(desk.cast.round), case)
    found = figures(desk, client_for, "reviewer")["Interviews outstanding"]
    assert found == "7 0 have a time ahead, in the cases that you may open"
    assert figures(desk, client_for)["Interviews outstanding"] == "14 0 have a time ahead"


def test_days_are_left_on_site_and_until_the_report(desk: Desk, client_for: ClientFor) -> None:
    found = figures(desk, client_for)
    assert found["Working days left"] == "2 on site until Fri 12 Mar"
    assert found["Working days until the report"] == (
        "32 due 23 Apr 2027, the improvement plan 23 May 2027"
    )


def test_the_plan_is_due_after_the_report_and_an_interim_review_has_none(
    desk: Desk, client_for: ClientFor, database: Database
) -> None:
    url = f"/rounds/{desk.cast.round.public_id}"
    assert "the improvement plan" in client_for(desk.cast.cqi_liaison).get(url).text
    with database.writing() as session:
        session.merge(desk.cast.round).kind = RoundKind.INTERIM_PEER
    assert "the improvement plan" not in client_for(desk.cast.cqi_liaison).get(url).text


def test_a_round_says_who_works_on_it(
    desk: Desk, client_for: ClientFor, database: Database
) -> None:
    url = f"/rounds/{desk.cast.round.public_id}"
    text = client_for(desk.cast.reviewer).get(url).text
    card = text.partition('id="team')[2].partition("</dl>")[0]
    assert "<dt>Site leader</dt><dd>Nobody yet: an administrator gives the role.</dd>" in card
    assert f"<dt>QA lead</dt><dd>{desk.cast.qa_lead.name}</dd>" in card  # by a grant on the region
    assert "<dt>Reviewer</dt>" not in card
    told = client_for(desk.cast.cqi_liaison).get(url).text
    assert f"<dt>Reviewer</dt><dd>{desk.cast.reviewer.name}" in told
    with database.writing() as session:
        leader = build.person(session, "Ada Juniper")
        build.grant(session, leader, Role.SITE_LEADER, round=desk.cast.round)
    text = client_for(desk.cast.reviewer).get(url).text
    assert "<dt>Site leader</dt><dd>Ada Juniper</dd>" in text


def test_who_checks_case_reviews_of_the_whole_state_works_on_every_round(
    desk: Desk, client_for: ClientFor, database: Database
) -> None:
    with database.writing() as session:
        build.grant(session, build.person(session, "Mina Sorrel"), Role.QA_LEAD)
    page = client_for(desk.cast.cqi_liaison).get(f"/rounds/{desk.cast.round.public_id}").text
    names = ", ".join(sorted([desk.cast.qa_lead.name, "Mina Sorrel"]))
    assert f"<dt>QA lead</dt><dd>{names}</dd>" in page


def test_a_time_that_is_over_is_told_of(desk: Desk, client_for: ClientFor) -> None:
    planning.plan(desk, at=build.NOW + dt.timedelta(minutes=1), minutes=15)
    with desk.database.writing() as session:
        session.execute(planning.moved(desk, build.NOW - dt.timedelta(hours=2)))
    page = client_for(desk.cast.cqi_liaison).get(f"/rounds/{desk.cast.round.public_id}").text
    assert "One planned interview is over and not recorded." in page


def test_what_is_stuck_says_with_whom(desk: Desk, client_for: ClientFor) -> None:
    desk.do(
        actions.remove_reviewer,
        person=desk.cast.cqi_liaison,
        person_id=desk.cast.reviewer.id,
    )
    page = client_for(desk.cast.cqi_liaison).get(f"/rounds/{desk.cast.round.public_id}").text
    assert "With: nobody 1." in page
    assert "7 interviews are outstanding." in page


@pytest.mark.parametrize("cases", [0, 3])
def test_planned_interviews_and_cases_cost_the_page_no_query_each(
    desk: Desk, client_for: ClientFor, cases: int
) -> None:
    client = client_for(desk.cast.cqi_liaison)
    address = f"/rounds/{desk.cast.round.public_id}"
    client.get(address)
    with counting.queries(desk.database) as before:
        client.get(address)
    with desk.database.writing() as session:
        there = session.merge(desk.cast.round)
        for _ in range(cases):
            case = scoring.case_in(session, session.merge(desk.cast.county))
            build.case_review(session, there, case, [session.merge(desk.cast.reviewer)])
    planning.plan(desk)
    planning.plan(desk, "Father", TOMORROW + dt.timedelta(hours=2))
    with counting.queries(desk.database) as after:
        client.get(address)
    assert len(after) == len(before)
