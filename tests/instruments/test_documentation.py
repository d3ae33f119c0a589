from __future__ import annotations

import dataclasses
from pathlib import Path

from cqi.instruments import definition, documentation, library


def test_the_page_lists_items_questions_facts_and_rules(tiny: definition.Instrument) -> None:
    page = documentation.markdown(tiny)
    assert "## SAF, Safety (3)" in page
    assert (
        "| **SAF01** Reports answered (core) | a. Did somebody go in time? | `report_in_pur` |"
    ) in page
    assert "c. Did the family take part? (or NA; when `a = yes`)" in page
    assert (
        "| `report_in_pur` | Was there a report? *(agency to confirm)* | Yes; No | SAF01 |" in page
    )
    assert "3. Substantially achieved: at most 1 area needing improvement" in page
    assert "For PLN alone:" in page


def test_the_pages_are_written_one_a_version(tiny_folder: Path, tmp_path: Path) -> None:
    top = tiny_folder / "1.0" / "instrument.toml"
    text = top.read_text(encoding="utf-8").replace("Invented for tests.", "Señora, “invented”.")
    top.write_text(text, encoding="utf-8")
    folder = tmp_path / "new" / "docs"
    for _ in range(2):  # and written over
        [page] = documentation.write(tiny_folder.parent, folder)
    assert page == folder / "tiny-1.0.md"
    wanted = documentation.markdown(library.load(tiny_folder.parent, "tiny", "1.0"))
    assert "“invented”" in wanted
    assert page.read_text(encoding="utf-8") == wanted


def test_the_page_shows_every_shape(shapes: definition.Instrument) -> None:
    page = Path(__file__).with_name("shapes") / "page.md"
    assert page.read_text(encoding="utf-8") == documentation.markdown(shapes)


def test_what_is_rare_is_written_too(shapes: definition.Instrument) -> None:
    items = tuple(
        dataclasses.replace(item, core=True) if item.code == "NEDF" else item
        for item in shapes.items
    )
    unused = dataclasses.replace(shapes.facts[1], name="unused", question="Is a | b\nnamed?")
    rows = (dataclasses.replace(shapes.component_ratings[0], confirm=True),)
    page = documentation.markdown(
        dataclasses.replace(
            shapes,
            items=items,
            facts=(*shapes.facts, unused),
            component_ratings=(*rows, *shapes.component_ratings[1:]),
        )
    )
    assert "| **NEDF** Needs of the foster parents (part of NED) (core) |" in page
    assert "| `unused` | Is a \\| b named? | Yes; No | none |" in page
    marked = "no area needing improvement *(agency to confirm against the state office)*"
    assert f"1. Substantially achieved: {marked}\n" in page


def test_items_with_the_same_rows_stand_together(tiny: definition.Instrument) -> None:
    page = documentation.markdown(tiny)
    assert (
        "\nSAF01, SAF03:\n\n1. Area needing improvement: a is No\n2. Strength: a is Yes\n" in page
    )
    assert "1. Not applicable: a is No and the case is not a foster care case\n" in page
    assert "*(agency to confirm)*" in page
    assert "Scale" not in page
    assert "repeated for" not in page
