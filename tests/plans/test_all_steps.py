"""All late steps, and all that fall due soon: what the first page shows the first of."""

from __future__ import annotations

import datetime as dt

import pytest

from cqi.core.database import Database
from cqi.plans.queries import standings
from cqi.plans.views import plans
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
from tests.plans.invented import FAR, LATE, SOON, Made

LATER = dt.date(2027, 3, 8)


@pytest.mark.parametrize(
    ("which", "day", "says"),
    [
        ("late", LATE, "These are the {} latest of {}."),
        ("coming", SOON, "These are the next {} of {} steps."),
    ],
)
def test_the_first_page_says_how_many_more_there_are_and_leads_to_all(
    client_for: ClientFor, database: Database, cast: Cast, which: str, day: dt.date, says: str
) -> None:
    shown = standings.SHOWN
    made = invented.active(database, cast, cast.supervisor, (day,) * (shown + 2))
    client = client_for(cast.cqi_director)
    page = client.get("/plans/home").text
    assert says.format(shown, shown + 2) in page
    assert f'href="/plans/steps/{which}"' in page
    assert str(made.steps[-1]) not in page
    every = client.get(f"/plans/steps/{which}").text
    assert all(f'href="/plans/steps/{each}"' in every for each in made.steps)


def test_a_page_holds_so_many_and_the_ways_on(
    client_for: ClientFor, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "_A_PAGE", 1)
    made = invented.active(database, cast, cast.supervisor, (LATE, LATER, FAR))
    client = client_for(cast.regional_director)
    first, second = (client.get(f"/plans/steps/late?page={page}").text for page in (1, 2))
    assert "1 to 1 of 2" in first
    assert str(made.steps[0]) in first
    assert str(made.steps[1]) not in first
    assert str(made.steps[1]) in second
    assert str(made.steps[2]) not in first + second
    beyond = client.get("/plans/steps/late?page=9").text
    assert "There are 2 in all" in beyond
    assert "No step is late." not in beyond


def test_without_any_it_says_so(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.cqi_liaison)
    assert "No step is late." in client.get("/plans/steps/late").text
    assert "No step falls due in these days." in client.get("/plans/steps/coming").text
    assert client.get("/plans/steps/other").status_code == 404


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, made: Made) -> None:
    assert client_for(cast.outsider).get("/plans/steps/late").status_code == 403
