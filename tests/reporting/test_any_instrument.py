"""A region's report on an instrument with parts of items, components without a middle rating and
components that a kind of case switches off: the federal one."""

from __future__ import annotations

import dataclasses
import io
import random

import pytest
from pypdf import PdfReader

from cqi.documents import model, pdf
from cqi.instruments import rating
from cqi.instruments.definition import Instrument, Rating
from cqi.measures import queries
from cqi.measures.rules import frozen
from cqi.reporting.queries import document
from cqi.reporting.rules.content import Report
from tests import build
from tests.reporting import invented

PARTS = ["I12A", "I12B", "I12C"]


@pytest.fixture(scope="module")
def pages() -> Instrument:
    return build.instrument("osri")


def a_round(pages: Instrument, name: str, count: int, seed: int) -> frozen.FrozenRound:
    """Every third case is in-home; items are rated by chance, components by their rules."""
    draw = random.Random(seed)  # noqa: S311 - invented data, not secrets
    cases = []
    for number in range(count):
        kind = "foster_care" if number % 3 else "in_home"
        items = {item.code: _rated(draw, pages, item.code, kind) for item in pages.items}
        rated = rating.rate_components(pages, items, {"case_type": kind})
        components = {code: one.rating for code, one in rated.items()}
        ratings = {code: one.value for code, one in {**items, **components}.items() if one}
        county = invented.COUNTIES[number % 4][0]
        cases.append(frozen.FrozenCase(f"{seed}-{number:03}", county, kind, dict(ratings)))
    return frozen.FrozenRound(name, pages.id, pages.version, pages.digest, tuple(cases))


def _rated(draw: random.Random, pages: Instrument, code: str, kind: str) -> Rating:
    conditions = pages.applies_when(pages.item(code))
    foster_only = any("case_type" in str(term) for each in conditions for term in each.terms)
    if foster_only and kind == "in_home" and len(conditions) == 1:
        return Rating.NOT_APPLICABLE
    return Rating.STRENGTH if draw.random() < 0.7 else Rating.AREA_NEEDING_IMPROVEMENT


def report(pages: Instrument, counts: tuple[int, ...]) -> Report:
    *before, this = [
        a_round(pages, f"Round {seed}", count, seed) for seed, count in enumerate(counts, 1)
    ]
    part_of = {part: item.code for item in pages.items for part in item.parts}
    rows = frozen.Frozen(this, queries.parts_of(pages), *before, part_of=part_of)
    return dataclasses.replace(invented.report(rows), instrument=pages)


@pytest.fixture(scope="module")
def made(pages: Instrument) -> model.Document:
    return document.document(report(pages, (30,)))


def table(made: model.Document, key: str) -> model.Table:
    return next(each for each in made.tables() if each.key == key)


def first_values(found: model.Table) -> list[str]:
    cells = [row.cells[0] for row in found.rows]
    return [str(cell.values[0]) for cell in cells if isinstance(cell, model.Cell)]


def said(made: model.Document, key: str) -> str:
    section = next(each for each in made.sections if each.key == key)
    return "\n".join(text for block in section.blocks for text in model.texts(block))


def test_components_and_items_are_counted_from_the_definition(made: model.Document) -> None:
    facts = {fact.name: str(fact.words) for fact in made.facts}
    assert facts["Instrument"].endswith("seven components, 18 items")
    names = [section.name for section in made.sections]
    assert "Seven components at a glance" in names
    everything = "\n".join([*facts.values(), *names, *(said(made, s.key) for s in made.sections)])
    assert "six" not in everything.lower()
    assert "48" not in facts["Instrument"]


def test_what_is_left_out_adds_up_without_counting_a_part_twice(made: model.Document) -> None:
    rows = {str(row.cells[0]): row.cells[1] for row in table(made, "ratings_counted").rows}
    possible = rows.pop("Item ratings possible (reviews times 18)")
    assert possible == 30 * 18
    assert sum(int(str(count)) for count in rows.values()) == possible


def test_the_tiles_count_items_and_no_parts(made: model.Document) -> None:
    [tiles] = [b for s in made.sections for b in s.blocks if isinstance(b, model.Tiles)]
    counted = [int(tile.number) for tile in tiles.tiles if "item" in str(tile.words)]
    assert sum(counted) == 18


def test_parts_stand_indented_under_their_item_and_are_picked_out_nowhere(
    made: model.Document, pages: Instrument
) -> None:
    found = table(made, "items_WB1")
    codes = first_values(found)
    at = codes.index("I12")
    assert codes[at + 1 : at + 4] == PARTS
    assert [row.indent for row in found.rows] == [int(code in PARTS) for code in codes]
    [note] = found.notes
    assert note.startswith("An item that has parts")
    assert table(made, "items_P2").notes == ()
    lists = "".join(said(made, key) for key in ("summary", "component_WB1"))
    for code in PARTS:
        assert f"{pages.item(code).title} ({code})" not in lists


def test_a_component_has_the_ratings_of_its_own_rules(made: model.Document) -> None:
    assert "partially achieved" not in said(made, "component_S1")
    assert "partially achieved" in said(made, "component_S2")
    assert "10 not applicable" in said(made, "component_P1")


def test_the_method_says_what_the_agency_has_to_confirm(
    made: model.Document, pages: Instrument
) -> None:
    note = said(made, "method")
    assert "Not confirmed yet: the rating rules of P1, WB1, WB2 and WB3; the items " in note
    assert "five facts of the face sheet" in note
    assert "Agency to confirm against the federal instrument." in note
    nothing = dataclasses.replace(
        pages,
        facts=tuple(dataclasses.replace(fact, confirm=False) for fact in pages.facts),
        items=tuple(
            dataclasses.replace(
                item,
                confirm=False,
                ratings=tuple(dataclasses.replace(row, confirm=False) for row in item.ratings),
            )
            for item in pages.items
        ),
        components=tuple(
            dataclasses.replace(
                one,
                ratings=tuple(dataclasses.replace(row, confirm=False) for row in one.ratings),
            )
            for one in pages.components
        ),
    )
    clean = document.document(dataclasses.replace(report(pages, (30,)), instrument=nothing))
    assert "Not confirmed" not in said(clean, "method")


def test_a_theme_of_one_component_is_not_shown_across_components(made: model.Document) -> None:
    assert not [each for each in made.sections if each.key.startswith("theme_")]


def test_a_report_of_two_rounds_compares_parts_and_picks_out_wholes(pages: Instrument) -> None:
    made = document.document(report(pages, (30, 34)))
    codes = first_values(table(made, "items_WB1"))
    assert codes[codes.index("I12") + 1 :][:3] == PARTS
    look = said(made, "component_WB1").partition("Worth a closer look")[2]
    assert look
    assert not [code for code in PARTS if f"({code})" in look]
    assert "30% of reports on seven components" in said(made, "method")


@pytest.mark.parametrize(("counts", "most"), [((10,), 10), ((30,), 10), ((30, 34), 12)])
def test_short_components_share_a_page_and_none_is_nearly_empty(
    pages: Instrument, counts: tuple[int, ...], most: int
) -> None:
    content = pdf.render(document.document(report(pages, counts)))
    found = [" ".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(content)).pages]
    assert len(found) <= most
    assert min(len(page) for page in found) > 700
