"""Crosswalks between shipped instruments, and those whose numbers the agency fills in."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from cqi.instruments import library

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
