"""`cqi measures` and `cqi report` on the demonstration state."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from cqi.core import folders
from cqi.instruments import library
from tests.fixtures.commands import Command
from tests.fixtures.demonstration import Demonstration

FOLLOW_UP, BASELINE, SMALL = "I-South follow-up", "I-South baseline", "I-North baseline"
ROW = {
    "component", "item", "place", "applicable", "rate", "interval", "interval_method",
    "confidence", "excluded",
}  # fmt: skip
OF_ITEM = ROW | {"strength"}
OF_COMPONENT = ROW | {"substantially_achieved", "partially_achieved", "not_achieved"}
EXCLUDED = {"practice", "eliminated", "not_final", "not_rated", "not_applicable"}
COMPARISON = {
    "component", "item", "baseline", "follow_up", "difference", "interval", "interval_method",
    "finding", "overlap",
}  # fmt: skip
FINDINGS = {"improved", "declined", "no_clear_change", "too_few", "not_compared", None}


@pytest.fixture
def demo(command: Command, demonstration_copy: Path) -> Command:
    return command.on(demonstration_copy)


@pytest.fixture
def on_both(
    command: Command, engine_name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Command:
    """A demonstration on each engine; runs are append-only, so reading figures does no harm."""
    if engine_name == "embedded":
        return command.on(request.getfixturevalue("demonstration_copy"))
    made: Demonstration = request.getfixturevalue("postgresql_demonstration")
    return command.on(made.folder, made.url)


def round_named(command: Command, begins: str) -> str:
    rows = command("rounds", "list", "--format", "json").good().json
    [name] = [row["name"] for row in rows if row["name"].startswith(begins)]
    return str(name)


def figures(command: Command, begins: str, *more: str) -> dict[str, Any]:
    name = round_named(command, begins)
    found: dict[str, Any] = (
        command("measures", "--round", name, *more, "--format", "json").good().json
    )
    return found


def four(part: int, whole: int) -> float:
    return float((Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def percent(part: int, whole: int) -> str:
    return f"{(Decimal(100 * part) / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def test_measures_have_the_keys_of_interface_md(on_both: Command) -> None:
    found = figures(on_both, FOLLOW_UP)
    assert {"round", "instrument", "version", "run_id", "as_of", "rows", "comparisons"} <= set(
        found
    )
    assert re.fullmatch("[0-9a-f]{64}", found["run_id"])
    assert len(found["rows"]) == 6 + 48
    for row in found["rows"]:
        assert set(row) == (OF_ITEM if row["item"] else OF_COMPONENT)
        assert set(row["excluded"]) == EXCLUDED
        assert (row["place"], row["interval_method"], row["confidence"]) == (None, "wilson", 0.95)
    assert len(found["comparisons"]) == 6 + 48
    for one in found["comparisons"]:
        assert set(one) >= COMPARISON
        achieved = "strength" if one["item"] else "achieved"
        assert set(one["baseline"]) == set(one["follow_up"]) == {"applicable", achieved}
        assert one["interval_method"] == "newcombe"
        assert one["finding"] in FINDINGS
    assert {one["finding"] for one in found["comparisons"] if not one["item"]} >= {"improved"}


def test_rates_come_from_whole_numbers(demo: Command) -> None:
    for row in figures(demo, FOLLOW_UP)["rows"]:
        achieved = row["strength"] if row["item"] else row["substantially_achieved"]
        if row["applicable"] < 10:
            assert (row["rate"], row["interval"]) == (None, None), "counts only"
            continue
        assert row["rate"] == four(achieved, row["applicable"])
        low, high = row["interval"]
        assert low <= row["rate"] <= high
        if not row["item"]:
            parts = ("substantially_achieved", "partially_achieved", "not_achieved")
            assert sum(row[part] for part in parts) == row["applicable"]


@pytest.mark.parametrize("by", ["county", "case_type"])
def test_groups_add_up_to_the_whole(demo: Command, by: str) -> None:
    whole = {(row["component"], row["item"]): row for row in figures(demo, BASELINE)["rows"]}
    parts: dict[tuple[str, str | None], int] = {}
    rows = [r for r in figures(demo, BASELINE, "--by", by)["rows"] if r["place"] or r.get(by)]
    for row in rows:
        key = (row["component"], row["item"])
        parts[key] = parts.get(key, 0) + row["applicable"]
    assert parts == {key: row["applicable"] for key, row in whole.items()}
    if by == "county":
        assert all(re.fullmatch(r"28\d{3}", row["place"]) for row in rows)


def test_a_run_is_worked_out_again_from_its_frozen_rows(on_both: Command) -> None:
    first = figures(on_both, FOLLOW_UP)
    again = on_both("measures", "--run", first["run_id"], "--format", "json").good().json
    short = on_both("measures", "--run", first["run_id"][:12], "--format", "json").good().json
    assert again == short
    frozen_on = again.pop("as_of")  # the day on which it was first frozen, by whatever report
    assert frozen_on <= first.pop("as_of")
    assert again == first


def test_a_run_that_is_none_and_a_bad_choice_are_bad_input(demo: Command) -> None:
    for arguments in (["--run", "0" * 64], ["--run", "abc"], [], ["--round", "x", "--run", "y"]):
        ran = demo("measures", *arguments, "--format", "json")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err


def test_measures_in_words_have_every_measure(demo: Command) -> None:
    said = demo("measures", "--round", round_named(demo, SMALL)).good().out
    assert re.search(r"^SRM: \d of 9$", said, re.MULTILINE), "9 cases are counts only"


@pytest.mark.parametrize(
    ("strength", "applicable", "expected"),
    [(40, 65, (0.6154, 0.0772, 0.6926)), (64, 65, (0.9846, 0.0195, 1.0))],
)
def test_the_goal_of_a_plan(
    command: Command, strength: int, applicable: int, expected: tuple[float, float, float]
) -> None:
    arguments = ["--strength", str(strength), "--applicable", str(applicable)]
    found = command("measures", "goal", *arguments, "--format", "json").good().json
    assert (found["baseline"], found["sampling_error"], found["goal"]) == expected


@pytest.mark.parametrize(("strength", "applicable"), [(0, 30), (30, 30), (3, 9)])
def test_a_goal_without_meaning_is_negotiated(
    command: Command, strength: int, applicable: int
) -> None:
    arguments = ["--strength", str(strength), "--applicable", str(applicable)]
    found = command("measures", "goal", *arguments, "--format", "json").good().json
    assert found["goal"] is None
    assert found["reason"]


def test_more_strengths_than_cases_are_bad_input(command: Command) -> None:
    ran = command("measures", "goal", "--strength", "3", "--applicable", "2")
    assert (ran.code, ran.out) == (2, "")


def report(command: Command, begins: str, out: Path) -> Path:
    ran = command("report", "region", "--round", round_named(command, begins), "--out", out)
    assert ran.good().out == f"wrote {out}\n"
    return out


def text_of(pdf: Path) -> str:
    ran = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    return ran.stdout.decode()


def component_names() -> Iterator[tuple[str, str]]:
    root = folders.data_folder("review_instruments")
    instrument = library.load(root, "mississippi_practice_model", "1.0")
    return ((one.code, one.title) for one in instrument.components)


@pytest.mark.parametrize("begins", [FOLLOW_UP, BASELINE])
def test_the_pdf_holds_the_six_names_and_the_percentages_that_measures_imply(
    demo: Command, tmp_path: Path, begins: str
) -> None:
    text = text_of(report(demo, begins, tmp_path / "report.pdf"))
    flat = " ".join(text.split())
    for _, title in component_names():
        assert title in flat
    for row in figures(demo, begins)["rows"]:
        if not row["item"]:
            assert percent(row["substantially_achieved"], row["applicable"]) in flat
    assert re.search(r"Page 1 of \d+", flat)
    assert figures(demo, begins)["run_id"] in flat.replace(" ", "")


def test_nine_cases_are_printed_as_counts(demo: Command, tmp_path: Path) -> None:
    text = text_of(report(demo, SMALL, tmp_path / "report.pdf"))
    rows = [row for row in figures(demo, SMALL)["rows"] if not row["item"]]
    assert all(row["applicable"] == 9 for row in rows)
    for row in rows:
        assert f"{row['substantially_achieved']} of 9" in text
        assert percent(row["substantially_achieved"], 9) not in text


def test_a_report_is_written_in_each_form(on_both: Command, tmp_path: Path) -> None:
    run_id = figures(on_both, FOLLOW_UP)["run_id"]
    page = report(on_both, FOLLOW_UP, tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert run_id in page
    as_json = json.loads(report(on_both, FOLLOW_UP, tmp_path / "r.json").read_text("utf-8"))
    assert as_json["title"] == "Region I-South"
    table = report(on_both, FOLLOW_UP, tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    assert len(list(csv.reader(io.StringIO(table)))) > 54
    with zipfile.ZipFile(report(on_both, FOLLOW_UP, tmp_path / "r.xlsx")) as book:
        assert "xl/workbook.xml" in book.namelist()
    pdf = report(on_both, FOLLOW_UP, tmp_path / "R.PDF").read_bytes()
    assert pdf.startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["report.doc", "report", "no/such/folder/report.json"])
def test_a_report_that_cannot_be_written_is_bad_input(
    demo: Command, tmp_path: Path, name: str
) -> None:
    found = round_named(demo, SMALL)
    ran = demo("report", "region", "--round", found, "--out", tmp_path / name)
    assert (ran.code, ran.out) == (2, "")
    assert Path(name).name in ran.err


def test_figures_are_had_without_what_qa_set(demo: Command) -> None:
    used = figures(demo, "II-East baseline")
    without = figures(demo, "II-East baseline", "--without-overrides")
    assert used["overrides"] == {"round": 1, "baseline": 0, "used": True}
    assert without["overrides"] == {"round": 1, "baseline": 0, "used": False}
    assert used["run_id"] == without["run_id"]
    assert used["rows"] != without["rows"]
    again = demo("measures", "--run", used["run_id"], "--without-overrides", "--format", "json")
    assert again.good().json["rows"] == without["rows"]
    printed = demo("measures", "--run", used["run_id"], "--without-overrides").good().out
    assert "ratings that QA set: 1, left out" in printed


def test_a_county_and_the_state_have_reports_too(demo: Command, tmp_path: Path) -> None:
    name = round_named(demo, FOLLOW_UP)
    county = ("report", "county", "--round", name, "--place", "28013", "--out")
    demo(*county, tmp_path / "c.json").good()
    found = json.loads((tmp_path / "c.json").read_text("utf-8"))
    assert found["title"] == "Calhoun County"
    assert demo(*county[:5], "28999", "--out", tmp_path / "x.json").code == 2
    state = ("report", "state", "--as-of", "2026-11-30", "--out", tmp_path / "s.json")
    demo(*state).good()
    tables = {t["key"]: t for t in json.loads((tmp_path / "s.json").read_text("utf-8"))["tables"]}
    for row in tables["runs"]["rows"]:
        again = demo("measures", "--run", row["run"], "--format", "json").good().json
        assert again["run_id"] == row["run"]


def test_the_states_run_adds_up_those_of_its_regions(on_both: Command, tmp_path: Path) -> None:
    out = tmp_path / "s.json"
    on_both("report", "state", "--as-of", "2026-11-30", "--out", out).good()
    found = json.loads(out.read_text("utf-8"))
    [printed] = set(re.findall(r"Run ([0-9a-f]{12})", found["footer"]))
    state = on_both("measures", "--run", printed, "--format", "json").good()
    again = on_both("measures", "--run", state.json["run_id"], "--format", "json").good()
    assert again.out == state.out
    regions = [
        on_both("measures", "--run", row["run"], "--format", "json").good().json
        for table in found["tables"]
        if table["key"] == "runs"
        for row in table["rows"]
        if row["in_the_state_s_figures"] == "yes"
    ]
    assert len(regions) > 1
    for number, row in enumerate(state.json["rows"]):
        assert row["applicable"] == sum(one["rows"][number]["applicable"] for one in regions)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("state", "--as-of", "2999-01-01", "--out", "s.pdf"), "lies ahead"),
        (("state", "--as-of", "2001-01-01", "--out", "s.pdf"), "choose a later day"),
        (("counties", "--as-of", "2001-01-01", "--out", "c.zip"), "no region has a round"),
        (("counties", "--as-of", "2026-11-30", "--out", "c.pdf"), "use .zip"),
        (("counties", "--as-of", "2026-11-30", "--out", "/nowhere/c.zip"), "cannot be written"),
    ],
)
def test_a_report_that_cannot_be_made_says_what_to_do(
    demo: Command, more: tuple[str, ...], words: str
) -> None:
    ran = demo("report", *more)
    assert ran.code == 2
    assert words in ran.err


def test_all_counties_reports_come_in_one_file(demo: Command, tmp_path: Path) -> None:
    ran = demo("report", "counties", "--as-of", "2024-09-30", "--out", tmp_path / "all.zip").good()
    with zipfile.ZipFile(tmp_path / "all.zip") as pack:
        names = pack.namelist()
        assert pack.read(names[0]).startswith(b"%PDF-")
    assert f"({len(names)} reports)" in ran.out
    assert all(re.fullmatch(r"county-28\d{3}\.pdf", name) for name in names)
    assert [path.name for path in tmp_path.glob(".*.part")] == []
