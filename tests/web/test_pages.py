"""The shell's own pages: settings, places, instruments."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from cqi.core import folders
from cqi.core.database import Database
from cqi.places import actions, rules
from cqi.settings import queries, registry
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

FROM = dt.date(2012, 1, 1)


def test_the_settings_page_says_value_default_and_what_the_agency_has_to_confirm(
    client_for: ClientFor, cast: Cast
) -> None:
    page = client_for(cast.cqi_director).get("/settings").text
    for setting in registry.ALL:
        assert setting.title in page
    assert "setting, agency to confirm" in page
    assert "25 points" in page
    assert "/settings/measures.widest_reach" not in page


def test_a_value_that_was_set_says_since_when_in_words(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.administrator)
    form = {"value": "30", "from_on": "2027-03-01", "reason": "Letter of the director"}
    assert "From 10 to 50 points." in client.get("/settings/measures.widest_reach").text
    client.post("/settings/measures.widest_reach", data=form)
    assert "1 Mar 2027" in client.get("/settings").text
    assert "1 Mar 2027" in client.get("/settings/measures.widest_reach").text


def test_an_administrator_sets_a_value(
    client_for: ClientFor, cast: Cast, database: Database, today: dt.date
) -> None:
    client = client_for(cast.administrator)
    form = {"value": "30", "from_on": today.isoformat(), "reason": "Letter of the director"}
    assert client.get("/settings/measures.widest_reach").status_code == 200
    answer = client.post("/settings/measures.widest_reach", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings")
    assert "saved." in client.get("/settings").text
    with database.reading() as session:
        assert queries.value(session, registry.WIDEST_REACH, today) == 30


def test_a_bad_value_is_shown_with_its_reason_and_changes_nothing(
    client_for: ClientFor, cast: Cast, database: Database, today: dt.date
) -> None:
    form = {"value": "300", "from_on": today.isoformat(), "reason": "x"}
    answer = client_for(cast.administrator).post("/settings/measures.widest_reach", data=form)
    assert answer.status_code == 422
    assert "Write a number from 10 to 50" in answer.text
    with database.reading() as session:
        assert queries.value(session, registry.WIDEST_REACH, today) == 25


def test_a_setting_that_does_not_exist_is_not_found(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.administrator).get("/settings/no.such").status_code == 404


def test_the_places_page_says_that_nobody_has_confirmed_the_regions(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    with database.writing() as session:
        source = actions.Source("shipped", FROM)
        text = rules.shipped("counties.csv")
        actions.import_places(session, text, source, actor_id=None, now=build.NOW)
    page = client_for(cast.administrator).get("/places").text
    assert "Not confirmed: demonstration assignment, agency to confirm" in page
    assert "28001" in page
    assert "Not confirmed</span>" not in page, "said once, on top"
    assert "28001" not in client_for(cast.administrator).get("/places?on=2011-12-31").text
    assert client_for(cast.administrator).get("/places?on=soon").status_code == 200


def test_where_some_counties_are_confirmed_the_others_are_marked(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    header = "county,fips,region\n"
    with database.writing() as session:
        for row, confirmed in (("Adams,28001,I-South\n", True), ("Alcorn,28003,I-South\n", False)):
            source = actions.Source("letter", FROM, confirmed=confirmed)
            actions.import_places(session, header + row, source, actor_id=None, now=build.NOW)
    page = client_for(cast.administrator).get("/places").text
    assert page.count("Not confirmed</span>") == 1


def test_the_instrument_can_be_read_in_full(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.reviewer)
    assert "Mississippi Practice Model" in client.get("/instruments").text
    page = client.get("/instruments/mississippi_practice_model/1.0").text
    assert page.count("<summary>") == 48
    assert "open for 30 days." in page
    assert "Setting: 30 days, agency to confirm." in page
    for address in ("/instruments/no_such/1.0", "/instruments/mississippi_practice_model/9"):
        assert client.get(address).status_code == 404
    assert client.get("/instruments/%2e%2e/1.0").status_code == 404


def test_the_page_of_an_instrument_shows_every_shape(
    client_for: ClientFor, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = Path(__file__).parents[1] / "instruments" / "shapes"
    shutil.copytree(shapes, tmp_path / "shapes")
    monkeypatch.setattr(folders, "data_folder", lambda _: tmp_path)
    page = client_for(cast.reviewer).get("/instruments/shapes/1.0").text
    for words in (
        "4 components, 7 items,",
        "Or NA; for each parent.",
        "A number from 1 to 9.",
        "A point of the scale Six points.",
        "For each report; yes is the worse answer.",
        "Not scored.",
        "Each report of the period counts once.",
        "(part of NED)",
        "Rated from its parts: NEDC, NEDP, NEDF.",
        "Applies when the case is a foster care case; else none of its items does.",
        "agency to confirm against the state office",
        "List each child in the home. At least 1.",
        "<b>Refine</b> (acceptable): 3 (Marginal), 4 (Fair)",
        "<b>Strength:</b> a is 0 and b is 0",
        "at least 1 strength <span",
    ):
        assert words in page, words
    assert page.count("agency to confirm against") == 4


def test_the_outsider_opens_none_of_them(client_for: ClientFor, cast: Cast) -> None:
    for path in ("/", "/settings", "/places", "/instruments"):
        assert client_for(cast.outsider).get(path).status_code == 403
