"""`cqi sampling`, on both engines: draw, verify, and lists that are none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.test_lists import workbook
from tests.cli import test_rounds
from tests.fixtures.commands import Command, Ran
from tests.fixtures.samples import DESIGN, HEAD, case_list

placed = test_rounds.placed
ROW = "A-1,28001,foster_care,2025-05-01,,2025-05-03,"


@pytest.fixture
def opened(placed: Command) -> Command:
    test_rounds.create(placed, "South", "baseline", "--region", "I-South").good()
    return placed


@pytest.fixture
def sample(opened: Command, tmp_path: Path) -> Callable[..., Ran]:
    """`sample(list, ...)` draws by the usual design, or by `design=`."""

    def run(content: str | bytes, *more: str, design: str = DESIGN) -> Ran:
        frame, plan = tmp_path / "frame.csv", tmp_path / "design.toml"
        frame.write_bytes(content.encode() if isinstance(content, str) else content)
        plan.write_text(design, encoding="utf-8")
        given = ("--round", "South", "--frame", str(frame), "--design", str(plan))
        return opened("sampling", "draw", *given, *more)

    return run


def in_words(document: dict, cases: list[tuple[str, str, str]]) -> dict:
    """The ten lines of docs/sampling.md: strata as anybody derives them from the frame."""
    lines = "".join(sorted(f"{number}|{fips}|{kind}\n" for number, fips, kind in cases))
    digest = hashlib.sha256(lines.encode()).hexdigest()
    assert document["frame_digest"] == digest

    def key(number: str) -> str:
        return hashlib.sha256(f"{document['seed']}\n{digest}\n{number}".encode()).hexdigest()

    return {
        kind: sorted((number for number, _, other in cases if other == kind), key=key)
        for kind in document["strata"]
    }


def test_a_draw_prints_what_anybody_derives_from_frame_and_seed(
    sample: Callable[..., Ran], opened: Command
) -> None:
    text = case_list("28001")
    document = json.loads(sample(text, "--format", "json").good().out)
    assert not document["seed_given"]
    cases = [tuple(line.split(",")[:3]) for line in text.splitlines()[1:]]
    for kind, order in in_words(document, cases).items():
        stratum = document["strata"][kind]
        drawn = stratum["drawn"]
        assert drawn == order[: len(drawn)]
        assert stratum["reserve"] == order[len(drawn) : len(drawn) + len(stratum["reserve"])]
    assert document["strata"]["foster_care"]["weight"] == 3.3333
    assert "derives" in opened("sampling", "verify", "--round", "South").good().out


def test_a_replay_with_the_seed_gives_the_same_and_says_given(sample: Callable[..., Ran]) -> None:
    first = json.loads(sample(case_list("28001"), "--format", "json").good().out)
    refused = sample(case_list("28001"), "--seed", first["seed"])
    assert refused.code == 2
    assert "has a draw already" in refused.err
    again = sample(
        case_list("28001"), "--seed", first["seed"], "--reason", "Replay", "--format", "json"
    )
    second = json.loads(again.good().out)
    assert second["strata"] == first["strata"]
    assert second["seed_given"]


def test_a_frame_in_a_workbook_with_other_names_draws_the_same(sample: Callable[..., Ran]) -> None:
    text = case_list("28001")
    rows = [line.split(",")[:3] for line in text.splitlines()[1:]]
    rows = [[number, int(fips), kind] for number, fips, kind in rows]
    sheet = workbook(["Case ID", "County", "Kind"], *rows)
    names = [
        f"--column={one}" for one in ("case_number=Case ID", "county_fips=County", "case_type=kind")
    ]
    first = sample(sheet, *names, "--seed", "s", "--format", "json").good()
    bare = "\n".join(",".join(line.split(",")[:3]) for line in text.splitlines())
    second = sample(bare, "--seed", "s", "--reason", "again", "--format", "json").good()
    assert json.loads(first.out)["strata"] == json.loads(second.out)["strata"]


def test_a_dry_run_keeps_nothing(sample: Callable[..., Ran], opened: Command) -> None:
    assert "nothing was kept" in sample(case_list("28001"), "--dry-run").good().out
    verified = opened("sampling", "verify", "--round", "South")
    assert (verified.code, "nothing was drawn" in verified.err) == (1, True)


def test_a_dry_run_asks_for_the_reason_of_a_second_draw_too(sample: Callable[..., Ran]) -> None:
    text = case_list("28001")
    sample(text).good()
    ran = sample(text, "--dry-run")
    assert ran.code != 0
    assert "This round has a draw already" in ran.err
    sample(text, "--dry-run", "--reason", "A county was missing.").good()


def test_a_dry_run_says_what_is_wrong_with_the_design(sample: Callable[..., Ran]) -> None:
    refused = sample(case_list("28001"), "--dry-run", design=DESIGN.replace("= 6", "= 600"))
    assert (refused.code, "the frame has 20" in refused.err) == (2, True)


def test_verify_notices_another_file(
    sample: Callable[..., Ran], opened: Command, tmp_path: Path
) -> None:
    sample(case_list("28001")).good()
    file = tmp_path / "frame.csv"
    asked = ("sampling", "verify", "--round", "South", "--frame", str(file))
    opened(*asked).good()
    file.write_text(file.read_text(encoding="utf-8").replace("FC-000", "FC-900"), encoding="utf-8")
    changed = opened(*asked)
    assert (changed.code, "the file has the digest" in changed.err) == (1, True)


# one list each: (what stands in the file, what the refusal says, and on which line)
BAD = {
    "empty": ("", "the column is missing"),
    "only a comment": ("# our export\n", "the column is missing"),
    "no case number": ("county_fips,case_type\n28001,in_home\n", "line 1, case_number"),
    "no county": ("case_number,case_type\nA,in_home\n", "line 1, county_fips"),
    "no kind": ("case_number,county_fips\nA,28001\n", "line 1, case_type"),
    "an unknown column": (f"{HEAD},worker\n{ROW},Q\n", "line 1, worker: there is no such column"),
    "a column twice": (f"{HEAD},case_type\n{ROW},in_home\n", "the column stands twice"),
    "an empty number": (f"{HEAD}\n,28001,in_home,,,,\n", "line 2, case_number: this is required"),
    "an empty county": (f"{HEAD}\nA,,in_home,,,,\n", "line 2, county_fips: this is required"),
    "an empty kind": (f"{HEAD}\nA,28001,,,,,\n", "line 2, case_type: this is required"),
    "an unknown kind": (f"{HEAD}\nA,28001,kinship,,,,\n", "“kinship” is not known"),
    "an unknown county": (f"{HEAD}\nA,28999,in_home,,,,\n", "“28999” is no county's FIPS code"),
    "a county's name": (f"{HEAD}\nA,Adams,in_home,,,,\n", "“Adams” is no county's FIPS code"),
    "a number twice": (f"{HEAD}\n{ROW}\n{ROW}\n", "line 3, case_number: “A-1” stands on line 2"),
    "a date as written here": (f"{HEAD}\nA,28001,in_home,5/1/2025,,,\n", "write it as YYYY-MM-DD"),
    "a day that is none": (f"{HEAD}\nA,28001,in_home,2025-02-30,,,\n", "“2025-02-30” is no date"),
    "a day to come": (f"{HEAD}\nA,28001,in_home,2099-01-01,,,\n", "lies in the future"),
    "closed before opened": (
        f"{HEAD}\nA,28001,in_home,2025-05-01,2025-04-01,,\n",
        "is before opened_on",
    ),
    "left before it came": (
        f"{HEAD}\nA,28001,foster_care,,,2025-05-01,2025-04-01\n",
        "is before entered_care_on",
    ),
    "too many values": (f"{HEAD}\n{ROW},one,more\n", "9 values for 7 columns"),
    "an open quote": (f'{HEAD}\n"A,28001,in_home,,,,\n', "this is no CSV file"),
    "a number that is too long": (
        f"{HEAD}\n{'A' * 61},28001,in_home,,,,\n",
        "this case number cannot be used",
    ),
    "an invisible character": (
        f"{HEAD}\nA\u200b1,28001,in_home,,,,\n",
        "this case number cannot be used",
    ),
    "a null byte": (f"{HEAD}\nA\x001,28001,in_home,,,,\n", "line "),
    "a header and nothing else": (f"{HEAD}\n", "line 2: the list has no case"),
    "a number that is a formula": (
        f"{HEAD}\n=A1,28001,in_home,,,,\n",
        "“=” at its beginning makes it a formula in spreadsheets: remove it",
    ),
    "an unknown hold": (f"{HEAD},hold\n{ROW},court\n", "“court” is not known"),
    "a child's name": (
        f"{HEAD},child_initial\n{ROW},Mary\n",
        "the first letter only, never a name",
    ),
    "a year of two digits": (f"{HEAD},child_birth_year\n{ROW},19\n", "is no year of birth"),
    "an unknown unit": (f"{HEAD},unit\n{ROW},Unit Z\n", "“Unit Z” is no unit of the county"),
    "bytes that are no text": (b"\x81\x8d\x8f\x90\x9d\xff", "this is no text file"),
    "a broken workbook": (b"PK\x03\x04 no workbook", "this is no workbook"),
    "an unfinished encoding": (b"\xff\xfec\x00a", "this is no text file"),
    "two faults, both told": (f"{HEAD}\nA,28999,kinship,,,,\n", "“kinship” is not known"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_list_says_where_and_why_and_changes_nothing(
    name: str, sample: Callable[..., Ran], opened: Command
) -> None:
    content, words = BAD[name]
    refused = sample(content)
    assert refused.code == 2
    assert words in refused.err
    assert "Traceback" not in refused.err
    assert "nothing was drawn" in opened("sampling", "verify", "--round", "South").err


@pytest.mark.parametrize(
    ("design", "words"),
    [
        ("strata = 5", "the design cannot be used"),
        (DESIGN.replace("= 6", "= 600"), "the frame has 20"),
        (DESIGN.replace("foster_care", "kinship"), "says nothing about foster_care"),
    ],
)
def test_a_design_that_cannot_be_drawn_keeps_no_frame_either(
    design: str, words: str, sample: Callable[..., Ran], opened: Command
) -> None:
    refused = sample(case_list("28001"), design=design)
    assert refused.code
    assert words in refused.err
    assert sample(case_list("28001")).good()  # and no reason is asked for: nothing was drawn
