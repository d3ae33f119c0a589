"""Counties come from a file: all or nothing, with every bad row, and dated."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.places import actions, queries, rules
from cqi.places.models import Place, PlaceMembership
from cqi.places.rules import PlaceKind
from tests import build

FROM = dt.date(2012, 1, 1)
SOURCE = actions.Source("a file of the tests", FROM)
TWO = "county,fips,region\nAda,28001,North\nBee,28003,South\n"


def bring(database: Database, text: str, *, dry_run: bool = False) -> actions.Imported:
    with database.writing() as session:
        return actions.import_places(
            session, text, SOURCE, actor_id=None, now=build.NOW, dry_run=dry_run
        )


def region_of(database: Database, county: str, on: dt.date) -> str:
    with database.reading() as session:
        place = queries.place(session, PlaceKind.COUNTY, county)
        above = queries.parents(session, on)[place.id]
        return session.get_one(Place, above).name


def test_the_shipped_file_makes_a_state_of_thirteen_regions_and_82_counties(
    database: Database,
) -> None:
    done = bring(database, rules.shipped("counties.csv"))
    assert (done.regions, done.counties, done.added) == (13, 82, 96)
    with database.reading() as session:
        (state,) = queries.tree(session, FROM)
        happened = session.scalars(sa.select(events.Event)).one()
    assert (state.kind, state.name, len(state.below)) == ("state", done.state, 13)
    assert sum(len(region.below) for region in state.below) == 82
    assert not any(county.confirmed for region in state.below for county in region.below)
    assert happened.payload["digest"] == done.digest


def test_a_second_import_of_the_same_file_changes_nothing(database: Database) -> None:
    bring(database, TWO)
    again = bring(database, TWO)
    assert (again.added, again.moved, again.unchanged) == (0, 0, 2)


def test_a_dry_run_says_what_would_happen_and_changes_nothing(database: Database) -> None:
    assert bring(database, TWO, dry_run=True).added == 5
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Place)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(events.Event)) == 0


def test_a_county_moves_on_a_date_and_both_maps_stay_readable(database: Database) -> None:
    bring(database, TWO)
    moved = bring(database, "county,fips,region,from\nAda,28001,South,2020-07-01\n")
    assert (moved.moved, moved.added) == (1, 0)
    assert region_of(database, "28001", dt.date(2020, 6, 30)) == "North"
    assert region_of(database, "Ada", dt.date(2020, 7, 1)) == "South"
    with pytest.raises(errors.BadInput) as refused:
        bring(database, "county,fips,region,from\nAda,28001,North,2019-01-01\n")
    assert [row.line for row in refused.value.rows] == [2]


def test_what_lies_below_follows_the_date(database: Database) -> None:
    bring(database, TWO)
    bring(database, "county,fips,region,from\nAda,28001,South,2020-07-01\n")
    with database.reading() as session:
        south = queries.place(session, PlaceKind.REGION, "South")
        before = queries.below(session, [south.id], dt.date(2020, 6, 30))
        after = queries.below(session, [south.id], dt.date(2020, 7, 1))
        ada = queries.place(session, PlaceKind.COUNTY, "Ada")
        assert after - before == {ada.id}
        assert south.id in queries.above(session, [ada.id], dt.date(2020, 7, 1))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Ada,2800,North", "no FIPS code"),
        ("Ada,03001,North", "no state"),
        ("Ada,01001,North", "another state"),
        (",28005,North", "name is empty"),
        ("Ada,28005,", "region is empty"),
        ("Ada,28005,North,soon", "no date"),
        ("Ada,28001,North", "stands in line 3"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_nothing_is_imported(
    database: Database, row: str, words: str
) -> None:
    text = f"# a note\ncounty,fips,region,from\nFirst,28001,North\n{row}\n"
    with pytest.raises(errors.BadInput) as refused:
        bring(database, text)
    assert [(bad.line, words in bad.message) for bad in refused.value.rows] == [(4, True)]
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PlaceMembership)) == 0


@pytest.mark.parametrize("text", ["", "# only a note\n", "county,region\nAda,North\n"])
def test_a_file_without_its_columns_says_which(text: str) -> None:
    with pytest.raises(errors.BadInput, match="columns"):
        rules.read_rows(text, FROM)


def test_a_unit_is_added_below_a_county(database: Database) -> None:
    bring(database, TWO)
    with database.writing() as session:
        ada = queries.place(session, PlaceKind.COUNTY, "Ada")
        new = actions.NewUnit(ada.id, "A1", "Ada Unit 1", FROM)
        unit = actions.add_unit(session, new, actor_id=None, now=build.NOW)
        assert unit.id in queries.below(session, [ada.id], FROM)
        with pytest.raises(errors.Blocked):
            actions.add_unit(session, new, actor_id=None, now=build.NOW)
