"""An instrument as a form for paper: all that a reviewer reads, a place for each answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from cqi.core import folders
from cqi.documents import fonts, model, pdf
from cqi.instruments import definition, library
from cqi.web import blank_form
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

ROOT = folders.data_folder("review_instruments")
SHIPPED = sorted({version.instrument_id for version in library.versions(ROOT)})
SHAPES = Path(__file__).parents[1] / "instruments"


@pytest.fixture(scope="module")
def shapes() -> definition.Instrument:
    """An instrument that has every shape."""
    return library.load(SHAPES, "shapes", "1.0")


def section(form: model.Document, key: str) -> model.Section:
    [found] = [each for each in form.sections if each.key == key]
    return found


def head(form: model.Document, key: str, heading: str) -> model.SideHead:
    """The side head of a question, or of what is beside it."""
    blocks = section(form, key).blocks
    heads = [each for block in blocks if isinstance(block, model.SideHeads) for each in block.heads]
    [found] = [each for each in heads if each.heading == heading]
    return found


def places(found: model.SideHead) -> list[tuple[str, tuple[str, ...]]]:
    """What is to be filled in: (label, choices)."""
    blanks = [block for block in found.blocks if isinstance(block, model.Blanks)]
    return [(blank.label, blank.choices) for block in blanks for blank in block.entries]


def ticks(found: model.SideHead) -> list[str]:
    blocks = [block for block in found.blocks if isinstance(block, model.Ticks)]
    return [model.plain(entry) for block in blocks for entry in block.entries]


def read_by_reviewers(instrument: definition.Instrument) -> Iterator[str]:
    """Every text of the definition that the form must hold."""
    for fact in instrument.facts:
        yield from (fact.question, fact.help, *(choice.label for choice in fact.choices))
    yield from (kind.help for kind in instrument.subjects)
    for component in instrument.components:
        yield from (component.title, component.purpose)
    for item in instrument.items:
        yield from (item.code, item.title, item.purpose, item.good_looks_like)
        yield from item.evidence.prompts
        for question in item.questions:
            yield from (question.text, question.guidance, question.counting)
            yield from (question.yes, question.no, question.na)


def squeezed(text: str) -> str:
    """Without blanks and hyphens: a line may end anywhere."""
    return re.sub(r"[\s-]", "", text)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_form_holds_every_word_that_a_reviewer_reads(name: str) -> None:
    instrument = build.instrument(name)
    content = pdf.render(blank_form.document(instrument, dt.date(2026, 1, 5)))
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    text = squeezed("".join(pages))
    missing = [
        words for words in read_by_reviewers(instrument)
        if squeezed(fonts.printable(words)) not in text
    ]  # fmt: skip
    assert not missing
    assert "[U+" not in text, "the typeface lacks a character of the definition"
    assert min(len(page.split()) for page in pages) > 20, "a page is empty"
    assert f"digest{instrument.digest[:12]}" in text


@pytest.mark.parametrize("name", SHIPPED)
def test_each_item_begins_a_page_that_names_it(name: str) -> None:
    instrument = build.instrument(name)
    form = blank_form.document(instrument)
    assert [each.key.upper() for each in form.sections if each.part] == [
        item.code for item in instrument.items
    ]
    pages = PdfReader(BytesIO(pdf.render(form))).pages
    kicker = re.compile(r"^([A-Z]+\d+[A-Z]?) · ", re.MULTILINE)
    begun = [kicker.findall(page.extract_text()) for page in pages]
    assert [codes for codes in begun if codes] == [[item.code] for item in instrument.items]


def test_answers_are_boxes_with_what_makes_each_right(shapes: definition.Instrument) -> None:
    form = blank_form.document(shapes)
    found = head(form, "nedf", "a")
    assert ticks(found) == ["Yes if they were.", "No if they were not."]
    assert places(found) == []
    assert head(form, "nedp", "b").note == "Asked when a is Yes. For each parent."


def test_a_repeated_question_has_boxes_for_each_subject(shapes: definition.Instrument) -> None:
    form = blank_form.document(shapes)
    labels = [f"Parent {number}" for number in range(1, 7)]
    assert places(head(form, "nedp", "b")) == [(label, ("Yes", "No", "NA")) for label in labels]
    assert [label for label, _ in places(head(form, "subjects", "Parents"))] == labels
    assert places(head(form, "nedp", "c")) == [(label, ()) for label in labels]


def test_a_count_has_a_line_and_a_scale_its_points(shapes: definition.Instrument) -> None:
    form = blank_form.document(shapes)
    assert places(head(form, "mov", "a")) == [("A number from 1 to 9", ())]
    [(_, points)] = places(head(form, "stb", "a"))
    assert points[0] == "1 (Adverse)"
    assert len(points) == len(shapes.scales[0].points)


def test_how_it_is_rated_stands_in_words_and_begins_with_what_switches_the_item_off(
    shapes: definition.Instrument,
) -> None:
    form = blank_form.document(shapes)
    rules = ticks(head(form, "sib", "How it is rated"))
    assert rules[0].startswith("Not applicable: the case is not a foster care case or ")
    assert ticks(head(form, "ned", "How it is rated"))[-1].endswith(": in all other cases")
    confirmed = [text for text in _rules(form) if "agency to confirm against" in text]
    rows = [row for item in shapes.items for row in item.ratings if row.confirm]
    rows_of = {row: None for each in shapes.components for row in shapes.rows_of(each)}
    assert len(confirmed) >= len(rows) + sum(row.confirm for row in rows_of) > 0


def _rules(form: model.Document) -> Iterator[str]:
    for each in form.sections:
        for block in each.blocks:
            for found in block.heads if isinstance(block, model.SideHeads) else ():
                yield from ticks(found) if found.heading == "How it is rated" else ()


def test_a_face_sheet_asks_facts_with_a_box_for_each_value(shapes: definition.Instrument) -> None:
    form = blank_form.document(shapes)
    asked = section(form, "face-sheet").blocks[-1]
    assert isinstance(asked, model.SideHeads)
    for fact, found in zip(shapes.facts, asked.heads, strict=True):
        [(_, choices)] = places(found)
        assert len(choices) == len(fact.values)
        assert bool(found.note) is fact.confirm


def test_evidence_and_narrative_have_lines_where_they_are_asked_for() -> None:
    form = blank_form.document(build.instrument())
    narrative = head(form, "srm05", "SRM05: why so")
    assert (
        narrative.note
        == "A narrative is needed for a strength and for an area needing improvement."
    )
    assert len(places(narrative)) >= 3
    learned = head(form, "srm05", "Where learned")
    assert learned.note.startswith("At least 2: ")
    whole = section(blank_form.document(build.instrument("osri")), "i12")
    assert not [block for block in whole.blocks if getattr(block, "together", False)]


def test_a_draft_says_that_it_is_one(shapes: definition.Instrument) -> None:
    assert blank_form.document(shapes).facts[0].words == "1.0, a draft"
    assert blank_form.document(shapes).facts[1].words == "4 components, 7 items, 3 parts of items"
    published = blank_form.document(shapes, dt.date(2026, 1, 5))
    assert published.facts[0].words == "1.0, published 5 Jan 2026"


def test_the_page_of_an_instrument_leads_to_its_form(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.reviewer)
    address = "/instruments/osri/1.0/form.pdf"
    assert f'href="{address}"' in client.get("/instruments/osri/1.0").text
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "osri-1.0-form.pdf" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"%PDF")
    assert client.get("/instruments/osri/7.0/form.pdf").status_code == 404


def test_the_outsider_gets_no_form(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.outsider).get("/instruments/osri/1.0/form.pdf").status_code == 403
