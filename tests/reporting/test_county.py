"""A county's report: its own cases beside the rest of the region's, who reads it, in every form."""

from __future__ import annotations

import csv
import io
import uuid

import pytest

from cqi.access.permissions import Role
from cqi.core import errors
from cqi.core.database import Database
from cqi.documents import model, pdf
from cqi.instruments.definition import Rating
from cqi.places.models import Place
from cqi.reporting import queries
from cqi.rounds.models import Round, RoundCounty
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.measures import stored
from tests.measures.stored import Review


@pytest.fixture
def neighbour(database: Database, cast: Cast) -> Place:
    """A second county of the cast's round: twelve reviews in each, three of four and half."""
    with database.writing() as session:
        other = build.county(session, cast.region, "Fennel <County>")
        session.add(RoundCounty(round_id=cast.round.id, county_id=other.id))
        for county, achieved in ((cast.county, 9), (other, 6)):
            for number in range(12):
                done = number < achieved
                whole = Rating.SUBSTANTIALLY_ACHIEVED if done else Rating.NOT_ACHIEVED
                item = Rating.STRENGTH if done else Rating.AREA_NEEDING_IMPROVEMENT
                wanted = Review(f"{county.code}-{number}", {"SRM": whole, "SRM05": item})
                stored.review(session, cast.round, county, wanted)
        return other


def url(cast: Cast, county: Place, ending: str = "") -> str:
    return f"/reports/rounds/{cast.round.public_id}/counties/{county.public_id}{ending}"


def table(document: model.Document, key: str) -> model.Table:
    return next(each for each in document.tables() if each.key == key)


def made(database: Database, cast: Cast, county: str) -> model.Document:
    with database.reading() as session:
        one = session.get(Round, cast.round.id)
        assert one is not None
        wanted = queries.Wanted(one, build.NOW.date(), county=county)
        return queries.region_report(session, wanted)


def test_the_county_stands_beside_the_rest_of_the_round(
    database: Database, cast: Cast, neighbour: Place
) -> None:
    document = made(database, cast, cast.county.code)
    rows = {row.cells[0].values[0]: row for row in table(document, "beside_components").rows}
    assert [model.shown(cell) for cell in rows["SRM"].cells[1:3]] == [
        "9 of 12 (75.0%)",
        "6 of 12 (50.0%)",
    ]
    assert model.shown(rows["SRM"].cells[4]) == "Cannot be told apart"
    item = next(
        row for row in table(document, "beside_items_SRM").rows if row.cells[0].values[0] == "SRM05"
    )
    assert [cell.values for cell in item.cells[1:]] == [(9, 12), (6, 12)]
    assert pdf.render(document).startswith(b"%PDF-")


def test_both_counties_add_up_to_the_region_under_one_run(
    database: Database, cast: Cast, neighbour: Place
) -> None:
    with database.reading() as session:
        one = session.get(Round, cast.round.id)
        assert one is not None
        day = build.NOW.date()
        whole, *parts = (
            queries.report(session, queries.Wanted(one, day, county=code)).measures
            for code in ("", cast.county.code, neighbour.code)
        )
    assert {whole.run_id} == {part.run_id for part in parts}
    for row in whole.rows:
        counties = [part.row(row.measure.code) for part in parts]
        assert row.achieved == sum(each.achieved for each in counties)
        assert row.applicable == sum(each.applicable for each in counties)


def test_a_county_that_is_all_of_the_round_stands_beside_nothing(
    database: Database, cast: Cast
) -> None:
    document = made(database, cast, cast.county.code)
    assert "beside" not in {section.key for section in document.sections}


def test_a_county_that_is_not_in_the_round_is_refused_with_those_that_are(
    database: Database, cast: Cast
) -> None:
    with pytest.raises(errors.BadInput, match=f"28999 is no county of.*{cast.county.code}"):
        made(database, cast, "28999")


def test_the_page_and_its_files_hold_the_countys_figures(
    client_for: ClientFor, cast: Cast, neighbour: Place
) -> None:
    client = client_for(cast.regional_director)
    page = client.get(url(cast, neighbour)).text
    assert "Fennel &lt;County&gt; beside the rest of" in page
    assert url(cast, neighbour, ".pdf") in page
    assert f"/reports/rounds/{cast.round.public_id}" in page
    assert client.get(url(cast, neighbour, ".pdf")).data.startswith(b"%PDF-")
    text = client.get(url(cast, neighbour, ".csv")).data.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert ["SRM", "Safety Assurance and Risk Management", "6", "12", "9", "12"] in [
        line[:6] for line in lines
    ]


def test_the_regions_page_leads_to_its_counties(
    client_for: ClientFor, cast: Cast, neighbour: Place
) -> None:
    page = client_for(cast.regional_director).get(f"/reports/rounds/{cast.round.public_id}").text
    assert url(cast, cast.county) in page
    assert url(cast, neighbour) in page


def test_who_reaches_one_county_reads_its_report_and_no_other(
    database: Database, client_for: ClientFor, cast: Cast, neighbour: Place
) -> None:
    with database.writing() as session:
        person = build.person(session)
        build.grant(session, person, Role.ANALYST, place=neighbour)
    client = client_for(person)
    page = client.get(url(cast, neighbour))
    assert page.status_code == 200
    assert f'href="/reports/rounds/{cast.round.public_id}"' not in page.text
    assert client.get(url(cast, cast.county)).status_code == 404
    assert client.get(f"/reports/rounds/{cast.round.public_id}").status_code == 404


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_nobody_finds_a_county_of_another_region_or_none(
    client_for: ClientFor, cast: Cast, ending: str
) -> None:
    director = client_for(cast.cqi_director)
    assert director.get(url(cast, cast.other_county, ending)).status_code == 404
    away = f"/reports/rounds/{cast.round.public_id}/counties/{uuid.uuid4()}{ending}"
    assert director.get(away).status_code == 404
    there = f"/reports/rounds/{cast.other_round.public_id}/counties/{cast.other_county.public_id}"
    assert director.get(there + ending).status_code == 200
    assert client_for(cast.regional_director).get(there + ending).status_code == 404


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.outsider).get(url(cast, cast.county)).status_code == 403
    assert client_for(cast.outsider).get(url(cast, cast.county, ".csv")).status_code == 403
