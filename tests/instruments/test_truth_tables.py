from __future__ import annotations

from pathlib import Path

from cqi.instruments import definition, library, truth_tables

PROJECT = Path(__file__).parents[2]


def tables(page: str) -> dict[str, list[list[str]]]:
    """The lines of each component's table, without its heads, by code."""
    found: dict[str, list[list[str]]] = {}
    for part in page.split("\n## How items")[0].split("\n## ")[1:]:
        lines = [line.strip("| ").split(" | ") for line in part.splitlines() if line[:1] == "|"]
        found[part.split(",")[0]] = lines[2:]
    return found


def test_the_page_of_the_osri_says_what_its_definition_says() -> None:
    instrument = library.load(PROJECT / "review_instruments", "osri", "1.0")
    page = PROJECT / "docs" / "instruments" / truth_tables.file_name(instrument)
    hint = "python -m cqi.instruments.truth_tables review_instruments docs/instruments osri 1.0"
    assert page.read_text(encoding="utf-8") == truth_tables.markdown(instrument), hint


def test_every_way_of_rating_the_items_of_an_outcome_stands_in_one_line() -> None:
    page = (PROJECT / "docs/instruments/osri-1.0-truth-tables.md").read_text(encoding="utf-8")
    ways = {code: sum(int(line[-1]) for line in lines) for code, lines in tables(page).items()}
    wanted = {"S1": 3, "S2": 3 * 2, "P1": 2 * 3 * 2, "P2": 3**5, "WB1": 2 * 3 * 2 * 3}
    assert ways == {**wanted, "WB2": 3, "WB3": 3 * 3}


def test_items_that_the_rules_tell_apart_have_columns_of_their_own(
    tiny: definition.Instrument,
) -> None:
    page = truth_tables.markdown(tiny)
    assert page.startswith("# Tiny instrument 1.0: truth tables\n\nGenerated from the definition;")
    assert "\\* agency to confirm.\n" in page
    assert "| SAF01 | SAF02, SAF03 | outcome | rule | ways |" in page
    assert "| S | 1 S, 1 ANI | Substantially achieved | 3 | 2 |" in page
    assert "| ANI | 2 S | Partially achieved | 4 | 1 |" in page
    assert "| **SAF01** |  | NA | there was no report in the period under review |" in page
