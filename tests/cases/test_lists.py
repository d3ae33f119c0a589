"""The shape of a list: workbooks, other names for columns, limits before anything is opened."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import pytest
import xlsxwriter

from cqi.cases.rules import lists
from cqi.cases.rules.lists import Limits
from cqi.core import errors

HEAD = ("case_number", "case_type", "county_fips", "opened_on", "hold")


def workbook(*rows: Sequence[object]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return target.getvalue()


def test_a_workbook_reads_as_the_csv_of_the_same_rows() -> None:
    day = dt.date(2026, 5, 1)
    content = workbook(HEAD, ("A-1", "in_home", 28001, day, ""), (), ("A 2", "in_home", "28003"))
    found = lists.read_list(content)
    assert found.problems == ()
    assert [(line.number, line.values["case_number"]) for line in found.lines] == [
        (2, "A-1"),
        (4, "A 2"),
    ]
    assert found.lines[0].values["county_fips"] == "28001"
    assert found.lines[0].values["opened_on"] == "2026-05-01"


def test_a_county_keeps_the_zero_that_a_spreadsheet_drops() -> None:
    content = workbook(HEAD, ("A-1", "in_home", 1001))
    assert lists.read_list(content).lines[0].values["county_fips"] == "01001"


def test_columns_with_other_names_are_read_and_all_others_passed_over() -> None:
    text = "Case ID,Worker,Kind,County \n7,Ada,in_home,28001\n"
    names = {"case_number": "case id", "case_type": "KIND", "county_fips": "County"}
    found = lists.read_list(text, names=names)
    assert found.header == ("case id", "worker", "kind", "county")
    assert dict(found.lines[0].values) == {
        "case_number": "7",
        "case_type": "in_home",
        "county_fips": "28001",
    }
    (problem,) = lists.read_list(text, names={**names, "case_type": "type"}).problems
    assert (problem.column, "say which one it is" in problem.message) == ("case_type", True)


def test_a_file_that_only_looks_like_a_workbook_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("letter.txt", "no workbook")
    for content in (b"PK\x03\x04 broken", packed.getvalue()):
        with pytest.raises(errors.BadInput, match="no workbook"):
            lists.read_list(content)


def test_a_workbook_that_unpacks_to_too_much_is_not_opened() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 11_000_000)
    assert len(packed.getvalue()) < 100_000
    with pytest.raises(errors.BadInput, match="larger than 5 MB"):
        lists.read_list(packed.getvalue(), Limits(1, 10))


def test_more_rows_than_the_limit_are_refused() -> None:
    text = ",".join(HEAD) + "\n" + "A,in_home,28001,,\n" * 4
    assert len(lists.read_list(text, Limits(1, 4)).lines) == 4
    (problem,) = lists.read_list(text, Limits(1, 3)).problems
    assert "more than 3 rows" in problem.message


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_list_is_read_with_what_its_spreadsheet_writes_between_values(between: str) -> None:
    text = "# our export; of May\ncase_number,county_fips,case_type\nA-1,28001,in_home\n"
    found = lists.read_list(text.replace(",", between))
    assert found.problems == ()
    assert found.lines[0].values["case_type"] == "in_home"
