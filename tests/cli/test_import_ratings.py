"""`cqi reviews import`, and what measures and a region's report make of it, on both engines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_imports import PLACES
from tests.fixtures.commands import Command
from tests.reviews.importing import CODES, HEAD

ROUND = "I-South baseline 2025"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ratings.csv"


@pytest.fixture
def with_round(installed: Command, file: Path) -> Command:
    """A round of a region that has one county."""
    file.write_text(PLACES, encoding="utf-8")
    installed("places", "import", file, "--from", "2024-01-01").good()
    asked = ["--name", ROUND, "--kind", "baseline", "--region", "I-South"]
    asked += ["--instrument", "mississippi_practice_model", "--version", "1.0"]
    asked += ["--pur-from", "2025-03-01", "--on-site-from", "2025-11-03"]
    installed("rounds", "create", *asked, "--on-site-to", "2025-11-07").good()
    return installed


def rows(number: str, **given: str) -> list[str]:
    return [
        f"{ROUND},28001,{number},foster_care,{code},{given.get(code, 'strength')},2025-11-20"
        for code in CODES
    ]


def written(file: Path, cases: int) -> Path:
    need = {"SRM01": "area_needing_improvement", "SRM02": "area_needing_improvement"}
    lines = [line for n in range(cases) for line in rows(f"25-{n}", **(need if n % 2 else {}))]
    file.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    return file


def test_ratings_are_tried_imported_and_known_the_next_time(
    with_round: Command, file: Path
) -> None:
    written(file, 2)
    tried = with_round("reviews", "import", file, "--dry-run").good()
    assert tried.out.splitlines() == [
        "2 case reviews with 96 item ratings would come in; nothing was changed (dry run)",
        f"{ROUND}: 2 case reviews",
        "2 cases would be new here",
    ]
    done = with_round("reviews", "import", file).good()
    assert done.out.startswith("2 case reviews with 96 item ratings were imported\n")
    again = with_round("reviews", "import", file).good()
    assert again.out.startswith("this file was imported on ")
    assert again.out.endswith("(2 case reviews): nothing was changed\n")
    checked = with_round("instruments", "recheck").good()
    assert "2 imported ones have no answers" in checked.out
    assert with_round("audit", "verify").good()


def test_a_bad_row_is_named_and_nothing_comes_in(with_round: Command, file: Path) -> None:
    written(file, 1)
    file.write_text(file.read_text().replace("SRM05,strength", "SRM05,good"), encoding="utf-8")
    ran = with_round("reviews", "import", file)
    assert (ran.code, ran.out) == (2, "")
    assert ", rating: “good” is no rating of an item" in ran.err
    assert "nothing was changed" in ran.err
    listed = json.loads(with_round("rounds", "list", "--format", "json").good().out)
    assert [each["finished"] for each in listed] == [False]


def test_measures_and_the_regions_report_count_them(
    with_round: Command, file: Path, tmp_path: Path
) -> None:
    with_round("reviews", "import", written(file, 12)).good()
    found = json.loads(with_round("measures", "--round", ROUND, "--format", "json").good().out)
    said = json.dumps(found)
    assert '"SRM"' in said
    target = tmp_path / "report.json"
    with_round("report", "region", "--round", ROUND, "--out", target).good()
    report = target.read_text(encoding="utf-8")
    assert "of these, imported" in report
    [line] = [
        row
        for table in json.loads(report)["tables"]
        for row in table["rows"]
        if "of these, imported" in json.dumps(row)
    ]
    assert "12" in json.dumps(line)
    listed = json.loads(with_round("rounds", "list", "--format", "json").good().out)
    assert [each["finished"] for each in listed] == [True]
