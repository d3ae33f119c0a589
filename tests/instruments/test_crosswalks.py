"""Crosswalks between shipped instruments, and those whose numbers the agency fills in."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cqi.instruments import crosswalk, library

ROOT = Path(__file__).parents[2] / "review_instruments"
PRACTICE_MODEL, OSRI = "mississippi_practice_model", "osri"
PARTS = ("I12A", "I12B", "I12C")


def read(instrument: str, framework: str) -> dict[str, Any]:
    path = ROOT / instrument / "crosswalks" / f"{framework}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def titles(instrument: str) -> dict[str, str]:
    items = [
        tomllib.loads(path.read_text("utf-8")) for path in ROOT.glob(f"{instrument}/*/items/*")
    ]
    return {item["item"]: item["title"] for item in items}


def test_the_two_directions_between_the_shipped_instruments_have_the_same_pairs() -> None:
    there, back = read(PRACTICE_MODEL, "federal_osri"), read(OSRI, PRACTICE_MODEL)
    wanted = {(f"I{int(p['theirs']):02}", p["ours"], p["relation"]) for p in there["pairs"]}
    found = {(p["ours"], p["theirs"], p["relation"]) for p in back["pairs"]}
    assert {pair for pair in found if pair[0] not in PARTS} == wanted
    paired = {p["theirs"] for p in back["pairs"]}
    assert titles(PRACTICE_MODEL).keys() - paired == set(there["without_counterpart"])


def test_a_part_of_item_12_speaks_only_to_what_the_whole_speaks_to() -> None:
    pairs = read(OSRI, PRACTICE_MODEL)["pairs"]
    whole = {pair["theirs"] for pair in pairs if pair["ours"] == "I12"}
    for part in PARTS:
        of_part = {pair["theirs"] for pair in pairs if pair["ours"] == part}
        assert of_part
        assert of_part <= whole


def test_the_practice_model_is_quoted_with_its_own_titles() -> None:
    theirs = read(OSRI, PRACTICE_MODEL)["theirs"]
    assert {item["code"]: item["title"] for item in theirs} == titles(PRACTICE_MODEL)


def test_numbers_of_requirements_may_be_left_to_the_agency() -> None:
    instrument = library.load(ROOT, PRACTICE_MODEL, "1.0")
    crosswalks = library.crosswalks(ROOT, instrument)
    for framework in ("coa", "settlement"):
        theirs = crosswalks[framework].theirs
        assert {item.number for item in theirs} == {"agency to fill"}
        assert crosswalks[framework].confirm
        assert {item.code for item in theirs} == {p.theirs for p in crosswalks[framework].pairs}
    assert {item.number for item in crosswalks["federal_osri"].theirs} == {""}


WALK = """framework = "other"
title = "Another framework"
{without}
[[theirs]]
code = "1"
title = "First"
[[pairs]]
ours = "{ours}"
theirs = "1"
relation = "{relation}"
"""
REST = ("RSK", "MOV", "SIB", "VIS", "STB", "TIM")
ONE_OF_TWO = "Each of our items stands in exactly one of the two."


@pytest.mark.parametrize(
    ("ours", "relation", "without", "told"),
    [
        ("NED", "equal", REST, []),  # the whole speaks for its parts
        ("NED", "equal", (*REST, "NEDF"), []),
        (
            "NED",
            "equal",
            REST[:3],
            [
                f"without_counterpart: {code} has no pair and is not in without_counterpart."
                f" {ONE_OF_TWO}"
                for code in ("TIM", "VIS", "STB")
            ],
        ),
        (
            "NED",
            "equal",
            (*REST, "NED"),
            [f"without_counterpart: NED has a pair and is in without_counterpart. {ONE_OF_TWO}"],
        ),
        (
            "NET",
            "equal",
            (*REST, "NED"),
            ['pairs[NET].ours: There is no item "NET". Did you mean "NED"?'],
        ),
        (
            "NED",
            "equal",
            (*REST, "SIX"),
            ['without_counterpart: There is no item "SIX". Did you mean "SIB"?'],
        ),
        (
            "NED",
            "equals",
            REST,
            ['pairs[NED].relation: "equals" is not possible here. Did you mean "equal"?'],
        ),
    ],
)
def test_what_is_wrong_with_a_crosswalk_is_told_with_its_place(
    shapes_folder: Path, ours: str, relation: str, without: tuple[str, ...], told: list[str]
) -> None:
    listed = f"without_counterpart = {list(without)}"
    path = shapes_folder / crosswalk.FOLDER / "other.toml"
    path.parent.mkdir()
    path.write_text(WALK.format(without=listed, ours=ours, relation=relation), encoding="utf-8")
    assert [str(problem) for problem in library.check(shapes_folder)] == [
        f"crosswalks/other.toml: {words}" for words in told
    ]


def test_without_the_list_every_item_needs_a_pair(shapes_folder: Path) -> None:
    path = shapes_folder / crosswalk.FOLDER / "other.toml"
    path.parent.mkdir()
    path.write_text(WALK.format(without="", ours="NED", relation="partial"), encoding="utf-8")
    found = library.check(shapes_folder)
    assert {problem.message.split()[0] for problem in found} == set(REST)
