"""`cqi places import` and `cqi cases import`, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from cqi.cases.rules import lists as rules
from cqi.core.database import Database
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from tests.fixtures.commands import Command

PLACES = "county,fips,region\nAdams County,28001,I-South\nAlcorn County,28003,I-North\n"
HEAD = ",".join(rules.COLUMNS)
CASE = "{},foster_care,28001,,W-1,S-1,2024-03-01,,2024-03-02,,K,2015,F-1,"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def with_places(command: Command, file: Path) -> Command:
    file.write_text(PLACES, encoding="utf-8")
    command("places", "import", file).good()
    return command


def test_places_are_tried_and_then_imported(
    installed: Command, database: Database, file: Path
) -> None:
    file.write_text("# an export\n" + PLACES, encoding="utf-8")
    tried = installed("places", "import", file, "--dry-run", "--from", "2024-01-01").good()
    assert tried.out == (
        "2 counties in 2 regions of Mississippi: 5 would be added, 0 would be moved, 0 unchanged\n"
    )
    with database.reading() as session:
        assert not list(places.of_kind(session, PlaceKind.COUNTY))
    done = installed("places", "import", file, "--from", "2024-01-01").good()
    assert "5 added, 0 moved, 0 unchanged" in done.out
    again = installed("places", "import", file, "--from", "2024-01-01").good()
    assert "0 added, 0 moved, 2 unchanged" in again.out
    with database.reading() as session:
        found = list(places.of_kind(session, PlaceKind.COUNTY))
        assert sorted(one.code for one in found) == ["28001", "28003"]


def test_every_bad_row_of_places_is_named_with_its_line(installed: Command, file: Path) -> None:
    file.write_text(
        "county,fips,region\nAdams County,2800,I-South\nAlcorn County,28003,I-North\n"
        "Amite County,28003,I-North\n,28007,\n",
        encoding="utf-8",
    )
    ran = installed("places", "import", file)
    assert (ran.code, ran.out) == (2, "")
    assert all(f"\nline {number}, " in ran.err for number in (2, 4, 5))
    assert "\nline 3" not in ran.err
    assert "nothing was changed" in ran.err or "was not imported" in ran.err


def test_cases_are_tried_and_then_imported(installed: Command, file: Path) -> None:
    with_places(installed, file)
    file.write_text(
        f"# from the case system\n{HEAD}\n{CASE.format('24-1')}\n# more\n{CASE.format('24-2')}\n",
        encoding="utf-8",
    )
    tried = installed("cases", "import", file, "--dry-run").good()
    assert tried.out == "2 rows are good; nothing was changed (dry run)\n"
    assert installed("cases", "import", file).good().out == "2 cases were imported\n"
    again = installed("cases", "import", file)
    assert (again.code, again.out) == (2, "")
    assert "line 3, case_number" in again.err
    assert "line 5, case_number" in again.err


@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_every_bad_row_of_cases_is_named_with_its_line_and_column(
    installed: Command, file: Path, dry: list[str]
) -> None:
    with_places(installed, file)
    rows = [
        CASE.format("24-1"),
        CASE.format("24-2").replace("28001", "28999"),
        CASE.format("24-3").replace("foster_care", "foster"),
        CASE.format("24-4").replace("2024-03-01", "01/03/2024"),
        CASE.format("24-1"),
    ]
    file.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    ran = installed("cases", "import", file, *dry)
    assert (ran.code, ran.out) == (2, "")
    for place in ("line 3, county_fips", "line 4, case_type", "line 5, opened_on", "line 6"):
        assert place in ran.err
    assert "\nline 2" not in ran.err
    good = file.with_name("good.csv")
    good.write_text(f"{HEAD}\n{CASE.format('24-1')}\n", encoding="utf-8")
    assert "1 cases were imported" in installed("cases", "import", good).good().out


def test_a_missing_column_and_a_missing_file_are_bad_input(
    installed: Command, file: Path, tmp_path: Path
) -> None:
    file.write_text("case_number,case_type\n24-1,foster_care\n", encoding="utf-8")
    ran = installed("cases", "import", file)
    assert (ran.code, ran.out) == (2, "")
    assert "county_fips: the column is missing" in ran.err
    for kind in ("cases", "places"):
        gone = installed(kind, "import", tmp_path / "gone.csv")
        assert (gone.code, gone.out) == (2, "")
        assert "gone.csv cannot be read" in gone.err


def test_a_file_of_places_that_is_not_utf_8_is_bad_input(installed: Command, file: Path) -> None:
    file.write_bytes(PLACES.replace("Adams", "Adãms").encode("latin-1"))
    ran = installed("places", "import", file)
    assert (ran.code, ran.out) == (2, "")
    assert "is not UTF-8" in ran.err


def test_a_file_that_is_too_large_is_never_read_whole(installed: Command, file: Path) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(10 * 1024**4)  # ten terabytes, none of them written
    for group in ("cases", "places"):
        ran = installed(group, "import", file)
        assert ran.code == 2
        assert "larger than" in ran.err


def test_places_are_limited_in_rows_and_in_the_length_of_a_line(
    installed: Command, file: Path
) -> None:
    file.write_text("county,fips,region\n" + "Ada,28001,North\n" * 5_001)
    assert "more than 5,000 rows" in installed("places", "import", file).err
    file.write_text("county,fips,region\n" + "A" * 200_000 + ",28001,North\n")
    assert "line 2: longer than 1000" in installed("places", "import", file).err
