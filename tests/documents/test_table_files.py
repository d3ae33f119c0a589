"""Tables as files: values, not prints, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile

import pytest

from cqi.documents import model, table_files
from tests.documents import sample

FORMULAS = ('=HYPERLINK("x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1")


def dangerous() -> model.Document:
    rows = tuple(model.Row((text, 7)) for text in FORMULAS)
    columns = (model.Column("Seen"), model.Column("Cases", "number"))
    table = model.Table("seen", "=caption", columns, rows)
    section = model.Section("s", "S", "", (table,))
    return model.Document("=title", "", "memo", (), (section,))


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_csv_of_one_table_is_plain() -> None:
    header, *rows = read_csv(table_files.csv(sample.document(), "components"))
    assert header[:6] == [
        "code",
        "label",
        "baseline_achieved",
        "baseline_applicable",
        "baseline_share",
        "baseline_low",
    ]
    assert rows[0][:5] == ["MAS", "Mobilizing Appropriate Services Timely", "41", "65", "0.6308"]
    assert rows[-1][-1] == "declined"
    assert len(rows) == 6


def test_csv_of_all_begins_with_what_the_document_rests_on() -> None:
    rows = read_csv(table_files.csv(sample.document()))
    assert rows[0][0] == "Region I-South"
    assert ["Counties", "Calhoun, Chickasaw, Itawamba, Lee, Monroe, Pontotoc"] in rows
    assert sum(row[:1] == ["items-PCR"] for row in rows) == 1


def test_csv_cells_are_never_formulas() -> None:
    for row in read_csv(table_files.csv(dangerous())):
        assert not [cell for cell in row if cell.strip().startswith(("=", "+", "-", "@"))]


def test_negative_numbers_stay_numbers() -> None:
    rows = read_csv(table_files.csv(sample.document(), "components"))
    assert rows[-1][rows[0].index("difference")] == "-0.2553"


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no table is called 'none'"):
        table_files.csv(sample.document(), "none")


def test_json_holds_fractions_counts_and_texts() -> None:
    content = json.loads(table_files.json(sample.document()))
    table = next(table for table in content["tables"] if table["key"] == "components")
    assert table["rows"][0]["baseline_share"] == 0.6308
    assert table["rows"][0]["finding"] == "no_clear_change"
    items = next(table for table in content["tables"] if table["key"] == "items-MAS")
    few = items["rows"][-1]
    assert (few["baseline_applicable"], few["baseline_share"]) == (3, None)
    assert content["sections"][0]["texts"][0].startswith("Reviewers read 62 cases")
    assert content["facts"][0]["name"] == "Rounds"


def test_xlsx_writes_text_as_text_and_a_sheet_a_table() -> None:
    with zipfile.ZipFile(io.BytesIO(table_files.xlsx(dangerous()))) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 2
        assert not [name for name in sheets if b"<f>" in book.read(name)]
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "=HYPERLINK(" in strings


def test_days_and_percentages_are_dates_and_numbers_with_formats() -> None:
    day, share = dt.date(2027, 3, 1), model.Percent("0.5")
    row = model.Row((model.Cell("1 Mar 2027", (day,)), model.Cell("50.0%", (share,))))
    table = model.Table("t", "", (model.Column("Due"), model.Column("Target", "number")), (row,))
    document = model.Document("T", "", "memo", (), (model.Section("s", "S", "", (table,)),))
    with zipfile.ZipFile(io.BytesIO(table_files.xlsx(document))) as book:
        styles = book.read("xl/styles.xml").decode()
        cells = book.read("xl/worksheets/sheet2.xml").decode()
    assert "d mmm yyyy" in styles
    assert "0.0%" in styles
    assert "<v>46447</v>" in cells  # 1 March 2027, as spreadsheets count days
    assert "<v>0.5</v>" in cells
    assert read_csv(table_files.csv(document, "t"))[1] == ["2027-03-01", "0.5"]
    assert json.loads(table_files.json(document))["tables"][0]["rows"] == [
        {"due": "2027-03-01", "target": 0.5}
    ]


def test_files_of_the_same_document_are_the_same() -> None:
    for write in (table_files.csv, table_files.json, table_files.xlsx):
        assert write(sample.document()) == write(sample.document())


def test_values_must_match_their_names() -> None:
    row = model.Row((model.Cell("1/2", (1,)),))
    table = model.Table("t", "", (model.Column("Cases", data=("a", "b")),), (row,))
    with pytest.raises(ValueError, match="1 values for 2 names"):
        table_files.data_rows(table)


def test_names_come_from_heads_and_never_twice() -> None:
    columns = (model.Column(""), model.Column("95% int."), model.Column("Cases"))
    table = model.Table("t", "", (*columns, model.Column("Cases")), (), (model.Group(1, 1, "X"),))
    assert table_files.data_names(table) == ("label", "x_95_int", "cases", "cases_again_1")


def test_keys_of_a_document_differ() -> None:
    section = model.Section("s", "S", "", ())
    with pytest.raises(ValueError, match="more than one section is called s"):
        model.Document("T", "", "memo", (), (section, section))
