"""The register of safety alerts, and the count of open ones on top."""

from __future__ import annotations

import pytest

from tests.fixtures.installation import ClientFor
from tests.reviews import alerting as alertings
from tests.reviews.alerting import Alerting

alerting = alertings.alerting
COUNT = '<span class="count">1<span class="usa-sr-only"> open</span></span>'


def test_the_register_has_the_times_of_each(alerting: Alerting, client_for: ClientFor) -> None:
    alert = alerting.raised()
    alerting.climb(3)
    alerting.answer(alert, after=30)
    page = client_for(alerting.cast.cqi_director).get("/alerts").text
    assert alerting.desk.case_number in page
    assert "10 Mar, 10:00" in page
    assert "10 Mar, 13:00" in page, "when it climbed"
    assert "11 Mar, 16:00, late" in page
    assert alertings.SEEN not in page
    assert "T." not in page


def test_closed_ones_stand_below_the_open_ones(alerting: Alerting, client_for: ClientFor) -> None:
    closed = alerting.raised()
    alerting.answer(closed)
    alerting.accept(closed)
    still_open = alerting.raised()
    page = client_for(alerting.site_leader).get("/alerts").text
    assert page.index(f"/alerts/{still_open}") < page.index(f"/alerts/{closed}")


def test_what_nobody_has_in_hand_yet_stands_first(
    alerting: Alerting, client_for: ClientFor
) -> None:
    in_hand = alerting.raised()
    alerting.acknowledge(in_hand)
    unseen = alerting.raised()
    page = client_for(alerting.site_leader).get("/alerts").text
    assert page.index(f"/alerts/{unseen}") < page.index(f"/alerts/{in_hand}")


@pytest.mark.parametrize("who", ["supervisor", "regional_director"])
def test_open_alerts_are_counted_on_every_page(
    alerting: Alerting, client_for: ClientFor, who: str
) -> None:
    client = client_for(getattr(alerting.cast, who))
    assert COUNT not in client.get("/feedback").text
    alert = alerting.raised()
    assert COUNT in client.get("/feedback").text
    alerting.answer(alert)
    alerting.accept(alert)
    assert COUNT not in client.get("/feedback").text


def test_the_first_page_of_those_who_run_rounds_says_how_many_are_open(
    alerting: Alerting, client_for: ClientFor
) -> None:
    client = client_for(alerting.cast.cqi_director)
    assert "None is open." in client.get("/").text
    alerting.raised()
    assert 'href="/alerts"' in client.get("/").text
    assert "None is open." not in client.get("/").text
    assert "All safety alerts" not in client_for(alerting.cast.cqi_liaison).get("/").text


def test_a_rounds_page_says_how_many_were_raised_and_are_open(
    alerting: Alerting, client_for: ClientFor
) -> None:
    alert = alerting.raised()
    alerting.answer(alert)
    alerting.accept(alert)
    alerting.raised()
    page = (
        client_for(alerting.cast.cqi_liaison).get(f"/rounds/{alerting.cast.round.public_id}").text
    )
    assert '<dt>Safety alerts open</dt><dd><b class="is-late">1</b>' in page
    assert "of 2 raised" in page


@pytest.mark.parametrize("who", ["outsider", "reviewer", "qa_lead", "administrator", "cqi_liaison"])
def test_others_have_no_register(alerting: Alerting, client_for: ClientFor, who: str) -> None:
    alerting.raised()
    assert client_for(getattr(alerting.cast, who)).get("/alerts").status_code == 403
