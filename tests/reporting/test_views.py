"""Results and a region's report in the browser: who sees which, and in every form."""

from __future__ import annotations

import csv
import io
import json

import pytest
import sqlalchemy as sa

from cqi.core.database import Database
from cqi.instruments.definition import Rating
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.measures import stored
from tests.measures.stored import Review

STRANGE = "mother said <he hit me>"


@pytest.fixture
def url(database: Database, cast: Cast) -> str:
    """The report of the cast's round, which has twelve final reviews and a strange name."""
    with database.writing() as session:
        session.execute(sa.update(Round).where(Round.id == cast.round.id).values(name=STRANGE))
        for number in range(12):
            rating = Rating.SUBSTANTIALLY_ACHIEVED if number < 9 else Rating.NOT_ACHIEVED
            wanted = Review(f"V-{number}", {"SRM": rating, "SRM05": Rating.STRENGTH})
            stored.review(session, cast.round, cast.county, wanted)
    return f"/reports/rounds/{cast.round.public_id}"


def test_results_list_the_rounds_within_reach(client_for: ClientFor, cast: Cast, url: str) -> None:
    page = client_for(cast.regional_director).get("/reports").text
    assert url in page
    assert "mother said &lt;he hit me&gt;" in page
    assert str(cast.other_round.public_id) not in page


def test_the_director_sees_the_rounds_of_every_region(
    client_for: ClientFor, cast: Cast, url: str
) -> None:
    page = client_for(cast.cqi_director).get("/reports").text
    assert url in page
    assert str(cast.other_round.public_id) in page


def test_the_report_is_a_page(client_for: ClientFor, cast: Cast, url: str) -> None:
    page = client_for(cast.regional_director).get(url)
    assert page.status_code == 200
    assert "Safety Assurance and Risk Management" in page.text
    assert "75.0% of 12 cases" in page.text
    assert STRANGE not in page.text
    assert "mother said &lt;he hit me&gt;" in page.text


def test_the_report_is_a_pdf(client_for: ClientFor, cast: Cast, url: str) -> None:
    answer = client_for(cast.regional_director).get(f"{url}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_report_is_data(client_for: ClientFor, cast: Cast, url: str) -> None:
    client = client_for(cast.regional_director)
    tables = {table["key"]: table for table in json.loads(client.get(f"{url}.json").data)["tables"]}
    srm = next(row for row in tables["components"]["rows"] if row["code"] == "SRM")
    assert (srm["achieved"], srm["applicable"], srm["share"]) == (9, 12, 0.75)
    lines = list(csv.reader(io.StringIO(client.get(f"{url}.csv").data.decode("utf-8-sig"))))
    assert ["SRM", "Safety Assurance and Risk Management", "9", "12"] in [
        line[:4] for line in lines
    ]
    assert client.get(f"{url}.xlsx").data.startswith(b"PK")


def test_other_endings_are_not_found(client_for: ClientFor, cast: Cast, url: str) -> None:
    assert client_for(cast.regional_director).get(f"{url}.doc").status_code == 404


@pytest.mark.parametrize("ending", ["", ".pdf", ".csv", ".json", ".xlsx"])
def test_a_round_of_another_region_is_not_found(
    client_for: ClientFor, cast: Cast, ending: str
) -> None:
    other = f"/reports/rounds/{cast.other_round.public_id}{ending}"
    assert client_for(cast.regional_director).get(other).status_code == 404


def test_a_round_of_counties_needs_all_of_them_within_reach(
    database: Database, client_for: ClientFor, cast: Cast
) -> None:
    with database.writing() as session:
        mixed = build.round(session, cast.region, [cast.county, cast.other_county])
        own = build.round(session, cast.region, [cast.county])
        session.execute(
            sa.update(Round).where(Round.id.in_([mixed.id, own.id])).values(region_id=None)
        )
    client = client_for(cast.regional_director)
    assert client.get(f"/reports/rounds/{mixed.public_id}").status_code == 404
    assert client.get(f"/reports/rounds/{own.public_id}").status_code == 200


@pytest.mark.parametrize("who", ["outsider", "reviewer", "supervisor"])
def test_who_has_no_grant_for_reports_is_forbidden(
    client_for: ClientFor, cast: Cast, url: str, who: str
) -> None:
    client = client_for(getattr(cast, who))
    assert client.get("/reports").status_code == 403
    assert client.get(url).status_code == 403
    assert client.get(f"{url}.pdf").status_code == 403


def test_nobody_is_sent_to_sign_in(client_for: ClientFor, url: str) -> None:
    assert client_for(None).get(url).status_code in {302, 303}
