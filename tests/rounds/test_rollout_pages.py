"""The pages of the roll-out: the calendar, a region, and the forms that change its plan."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from cqi.core.database import Database
from cqi.rounds.rules import RoundKind
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.rounds import test_rollout
from tests.rounds.test_rollout import PLAN

URL = "/rollout"


@pytest.fixture
def planned(database: Database, cast: Cast) -> Cast:
    """Region One planned from 4 January 2027; its baseline round is on site on 8 March."""
    with database.writing() as session:
        test_rollout.plan(session, cast)
        test_rollout.order(session, cast, cast.other_region.id, cast.region.id)
    return cast


def of_region(cast: Cast, page: str = "") -> str:
    return f"{URL}/regions/{cast.region.public_id}{page}"


def dates(**other: str) -> dict[str, str]:
    days = {name: day.isoformat() for name, day in dataclasses.asdict(PLAN).items()}
    return {**days, "seen": "0", **other}


def test_without_a_plan_the_calendar_says_what_to_do(cast: Cast, client_for: ClientFor) -> None:
    text = client_for(cast.cqi_director).get(URL).text
    assert "No region is planned yet. Open a region" in text
    assert "doc-drawing" not in text
    assert "The CQI director plans each region" in client_for(cast.regional_director).get(URL).text


def test_the_calendar_shows_picture_table_order_and_warnings(
    planned: Cast, client_for: ClientFor
) -> None:
    text = client_for(planned.cqi_director).get(URL).text
    assert "2 of 2 regions have begun, 0 had the follow-up review, none are late" in text
    assert 'class="doc-drawing"' in text
    assert "1. Region Two" in text
    assert "planned 6 Sep 2027" not in text
    assert "Readiness of staff" in text
    assert "East is ready first" in text
    assert "Region Two has no plan: all regions begin within 48 months." in text
    assert "setting, agency to confirm" in text


def test_interim_reviews_stand_in_the_calendar_and_with_their_region(
    planned: Cast, database: Database, client_for: ClientFor
) -> None:
    client = client_for(planned.cqi_director)
    assert (
        "Before a region begins, and between its scheduled rounds"
        in client.get(of_region(planned)).text
    )
    before = client.get(URL).text
    assert "interim review" not in before.partition("doc-drawing")[2]
    with database.writing() as session:
        made = build.round(session, planned.region, [planned.county], kind=RoundKind.INTERIM_PEER)
        made.on_site_from, made.on_site_to = dt.date(2026, 10, 5), dt.date(2026, 10, 9)
    assert "interim review 5 Oct 2026" in client.get(URL).text
    assert "on site 5 to 9 Oct 2026" in client.get(of_region(planned)).text


def test_somebody_of_one_region_sees_that_one_alone(planned: Cast, client_for: ClientFor) -> None:
    text = client_for(planned.regional_director).get(URL).text
    assert "Region One" in text
    assert "Region Two" not in text
    assert "Decide the order" not in text


def test_dates_are_suggested_from_the_day_planning_begins(
    cast: Cast, client_for: ClientFor
) -> None:
    text = client_for(cast.cqi_director).get(of_region(cast, "/plan?start=2027-01-04")).text
    for day in dataclasses.asdict(PLAN).values():
        assert f'value="{day.isoformat()}"' in text
    wrong = client_for(cast.cqi_director).get(of_region(cast, "/plan?start=soon")).text
    assert "Write a date as year-month-day" in wrong


def test_a_region_is_planned_and_its_page_shows_what_is_late(
    cast: Cast, client_for: ClientFor
) -> None:
    early = {"planning_from": "2026-01-05", "baseline_from": "2026-08-03"}
    early |= {"baseline_to": "2026-08-14", "implementation_from": "2026-08-17"}
    client = client_for(cast.cqi_director)
    sent = client.post(of_region(cast, "/plan"), data=dates(**early), follow_redirects=True)
    assert "The stages of Region One are planned." in sent.text
    assert cast.round.name in sent.text
    assert "8 to 12 Mar 2027" in sent.text
    assert "Initial implementation" in sent.text
    assert "205 days late" in sent.text
    assert "Nobody has written down that it began." in sent.text
    assert "Initial implementation is longer than about 12 months: end it earlier." in sent.text
    again = client.get(URL).text
    assert "Initial implementation 205 days late" in again


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"baseline_from": ""}, "Give this date."),
        ({"baseline_from": "2026-01-01"}, "Baseline review begins after planning does."),
        ({"follow_up_to": "2027-01-01"}, "Follow-up review ends before it begins."),
    ],
)
def test_what_is_refused_comes_back_with_what_was_typed(
    cast: Cast, client_for: ClientFor, other: dict[str, str], words: str
) -> None:
    answer = client_for(cast.cqi_director).post(of_region(cast, "/plan"), data=dates(**other))
    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error: " in answer.text
    assert f'value="{PLAN.support_from.isoformat()}"' in answer.text


def test_who_was_overtaken_sees_both_and_loses_nothing(
    planned: Cast, client_for: ClientFor
) -> None:
    client = client_for(planned.cqi_director)
    mine = (PLAN.support_from + dt.timedelta(days=9)).isoformat()
    sent = dates(seen="0", support_from=mine, reason="Longer")
    answer = client.post(of_region(planned, "/plan"), data=sent)
    assert answer.status_code == 422
    assert "Somebody changed it meanwhile" in answer.text
    assert "What stands now" in answer.text
    assert f'value="{mine}"' in answer.text
    assert 'value="1"' in answer.text
    after = client.post(of_region(planned, "/plan"), data={**sent, "seen": "1"})
    assert after.status_code == 303


def test_days_on_which_stages_began_are_written_down(planned: Cast, client_for: ClientFor) -> None:
    client, page = client_for(planned.cqi_director), of_region(planned, "/beginnings")
    sent = {"planning_on": "2027-01-11", "seen": "1"}
    answer = client.post(page, data=sent, follow_redirects=True)
    assert "Began 11 Jan 2027" in answer.text
    refused = client.post(page, data={**sent, "planning_on": "2031-01-01", "seen": "2"})
    assert "Planning: this day is still to come." in refused.text
    assert 'value="2027-01-11"' in client.get(page).text


def test_the_order_is_decided_on_its_page_and_no_place_is_given_twice(
    planned: Cast, client_for: ClientFor
) -> None:
    client = client_for(planned.cqi_director)
    first, second = f"place_{planned.region.id}", f"place_{planned.other_region.id}"
    sent = {first: "1", second: "1", "criteria": "Size", "reason": "Small first", "seen": "1"}
    refused = client.post(f"{URL}/order", data=sent)
    assert refused.status_code == 422
    assert "Place 1 is taken: choose another." in refused.text
    seen = client.get(f"{URL}/order").text.partition('name="seen"')[2].split('"')[3]
    sent |= {second: "2", "seen": seen}
    answer = client.post(f"{URL}/order", data=sent, follow_redirects=True)
    assert "The order of the regions is decided." in answer.text
    assert "Earlier decisions" in answer.text
    assert "Region One, Region Two" in answer.text


def test_an_outsider_gets_nothing(planned: Cast, client_for: ClientFor) -> None:
    client = client_for(planned.outsider)
    for page in (URL, of_region(planned), of_region(planned, "/plan"), f"{URL}/order"):
        assert client.get(page).status_code == 403
