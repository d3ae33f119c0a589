"""The state's report: regions side by side and added up, for whoever reaches the state."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from cqi.access.permissions import Role
from cqi.core import errors, folders
from cqi.core.database import Database
from cqi.documents import html, model, pdf, table_files
from cqi.instruments import library
from cqi.reporting import queries
from cqi.reporting.queries import states
from cqi.rounds.rules import RoundKind
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.reporting import state
from tests.reporting.state import AS_OF, State


@pytest.fixture
def made(database: Database) -> State:
    with database.writing() as session:
        return state.make(session)


def report(database: Database, as_of: dt.date = AS_OF) -> states.StateReport:
    with database.reading() as session:
        return states.report(session, states.Wanted(as_of))


def tables(document: model.Document) -> dict[str, model.Table]:
    return {table.key: table for table in document.tables()}


def test_the_newest_round_of_each_region_is_added_up(database: Database, made: State) -> None:
    found = report(database)
    assert found.reviews == 52
    regions = {one.name: one for one in found.regions}
    assert {name for name, one in regions.items() if one.counted} == {"North", "South"}
    north = regions["North"].measures
    assert north is not None
    assert north.frozen.round.name == "North 2026"
    assert regions["East"].measures is None
    for component in found.instrument.components:
        parts = [one.measures.row(component.code) for one in regions.values() if one.measures]
        row = found.measures.row(component.code)
        assert row.achieved == sum(part.achieved for part in parts)
        assert row.applicable == sum(part.applicable for part in parts)


def test_an_earlier_day_has_the_earlier_round(database: Database, made: State) -> None:
    found = report(database, dt.date(2025, 12, 31))
    assert [one.round.name for one in found.regions if one.round] == ["North 2025"]
    assert found.facts.round.title == "as of 31 December 2025"


def test_before_the_first_round_it_is_refused_with_the_day(database: Database, made: State) -> None:
    with pytest.raises(errors.BadInput, match=r"on site by 1 May 2025: choose a later day"):
        report(database, dt.date(2025, 5, 1))


@pytest.mark.parametrize("change", ["interim", "named items"])
def test_interim_rounds_and_rounds_of_named_items_stay_out(
    database: Database, made: State, change: str
) -> None:
    with database.writing() as session:
        one = session.merge(made.rounds["south"])
        if change == "interim":
            one.kind = RoundKind.INTERIM_PEER
        else:
            one.items = ["SRM05"]
    assert [one.name for one in report(database).regions if one.measures] == ["North"]


def test_a_region_on_another_instrument_stands_beside_and_is_not_added_up(
    database: Database, made: State
) -> None:
    other = library.load(folders.data_folder("review_instruments"), "osri", "1.0")
    with database.writing() as session:
        south = session.merge(made.rounds["south"])
        south.instrument, south.instrument_version = other.id, other.version
        south.instrument_digest, south.on_site_to = other.digest, dt.date(2026, 5, 7)
    found = report(database)
    assert found.reviews == 26
    assert [one.name for one in found.regions if one.measures] == ["North", "South"]
    document = queries.document_of(found)
    lead = next(one for one in document.sections if one.key == "state_summary").blocks[0]
    assert "Not added up, as another version of the instrument was used: South." in str(lead)
    rows = {model.shown(row.cells[0]): row for row in tables(document)["rounds"].rows}
    assert model.shown(rows["South"].cells[1]) == "South 2026 (osri 1.0)"
    assert pdf.render(document).startswith(b"%PDF-")


def test_every_form_holds_it(database: Database, made: State) -> None:
    document = queries.document_of(report(database))
    found = tables(document)
    for component in ("MAS", "SRM", "INV", "SNA", "PCR", "ICP"):
        assert f"map_{component}" in found
        assert f"slopes_{component}" in found
        assert f"items_{component}" in found
    assert {"heat_map", "rounds", "years", "quality", "runs", "map_counties"} <= found.keys()
    text = html.render(document)
    assert "Greene" in text
    assert "not reviewed yet" in text
    assert pdf.render(document).startswith(b"%PDF-")
    assert json.loads(table_files.json(document))["title"] == made.state.name
    assert table_files.xlsx(document).startswith(b"PK")


def test_a_region_whose_round_is_on_its_way_is_not_told_to_open_one(
    database: Database, made: State
) -> None:
    with database.writing() as session:
        on_its_way = build.region(session, "West")
        build.round(session, on_its_way, [build.county(session, on_its_way)])
    section = next(
        one for one in queries.document_of(report(database)).sections if one.key == "state_summary"
    )
    said = "\n".join(text for block in section.blocks for text in model.texts(block))
    assert "Open the baseline review of East." in said
    assert "East and West." in said


def test_each_change_of_a_region_is_counted_in_the_headline(
    database: Database, made: State
) -> None:
    document = queries.document_of(report(database))
    section = next(one for one in document.sections if one.key == "slopes_SRM")
    assert section.title == "Safety and risk: of one region, one improved"


def test_its_run_names_the_regions_runs(database: Database, made: State) -> None:
    found = report(database)
    rows = tables(queries.document_of(found))["runs"].rows
    assert [model.shown(row.cells[0]) for row in rows] == ["North", "South"]
    assert report(database).measures.run_id == found.measures.run_id


def test_years_stand_apart_and_say_why(database: Database, made: State) -> None:
    years = tables(queries.document_of(report(database)))["years"]
    assert any("do not show a change" in note for note in years.notes)
    assert [(year.on.year, year.regions) for year in report(database).years] == [
        (2025, 1),
        (2026, 2),
    ]


def test_a_state_without_a_final_case_review_is_told_so(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.cqi_director).get("/reports/state")
    assert page.status_code == 200
    assert "No region has a round with final case reviews" in page.text
    assert client_for(cast.cqi_director).get("/reports/state.csv").status_code == 404


def test_the_page_is_for_whoever_reaches_the_state(
    database: Database, client_for: ClientFor, cast: Cast, made: State
) -> None:
    client = client_for(cast.cqi_director)
    page = client.get(f"/reports/state?as_of={AS_OF}")
    assert page.status_code == 200
    assert f"/reports/rounds/{made.rounds['after'].public_id}" in page.text
    for ending in ("pdf", "csv", "json", "xlsx"):
        assert client.get(f"/reports/state.{ending}?as_of={AS_OF}").status_code == 200
    assert client.get("/reports/state.doc").status_code == 404
    for who in (cast.regional_director, cast.outsider):
        assert client_for(who).get("/reports/state").status_code == 403
        assert client_for(who).get("/reports/state.csv").status_code == 403
    with database.writing() as session:
        analyst = build.person(session)
        build.grant(session, analyst, Role.ANALYST, place=made.regions["North"])
    assert client_for(analyst).get("/reports/state").status_code == 403


@pytest.mark.parametrize("day", ["tomorrow", "2099-01-01"])
def test_a_day_that_is_none_or_ahead_is_refused_with_what_to_do(
    client_for: ClientFor, cast: Cast, made: State, day: str
) -> None:
    page = client_for(cast.cqi_director).get(f"/reports/state?as_of={day}")
    assert page.status_code == 422
    assert "2026-11-30" in page.text or "choose today" in page.text
