"""What is filled in by hand: boxes to tick and lines to write on, on paper and on a page."""

from __future__ import annotations

import itertools
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from cqi.documents import html, model, pdf
from tests.documents.test_html import HARMFUL, read

CHOICES = ("Yes", "No", "NA")


def form(*sections: model.Section, compact: bool = True) -> model.Document:
    return model.Document("A form", "", "report", (), sections, compact=compact)


def section(key: str, *blocks: model.Block, part: bool = False) -> model.Section:
    return model.Section(key, f"Title of {key}", "", blocks, part=part)


def pages(document: model.Document) -> list[Any]:
    return list(PdfReader(BytesIO(pdf.render(document))).pages)


def drawn(page: Any) -> tuple[int, int]:
    """How many boxes and how many lines stand on a page."""
    operators = page.get_contents().get_data().split()
    return operators.count(b"re"), operators.count(b"l")


def test_each_choice_and_each_entry_has_its_box_and_each_other_place_its_line() -> None:
    blocks = (
        model.Ticks(("Yes if so.", "No if not.")),
        model.Blanks((model.Blank("Child 1", CHOICES), model.Blank("Child 2", CHOICES)), 2),
        model.Blanks((model.Blank("Number"), model.Blank()), 2),
    )
    empty, filled = (pages(form(section("a", *some)))[1] for some in ((), blocks))
    boxes, lines = (now - before for now, before in zip(drawn(filled), drawn(empty), strict=True))
    assert (boxes, lines) == (2 + 6, 2)
    text = " ".join(filled.extract_text().split())
    assert "Yes if so. No if not. Child 1 Yes No NA Child 2 Yes No NA Number" in text


def test_choices_that_do_not_fit_a_line_go_on_in_the_next() -> None:
    long = tuple(f"Choice {number} with many words to read" for number in range(9))
    page = pages(form(section("a", model.Blanks((model.Blank("Which?", long),)))))[1]
    text = page.extract_text()
    assert all(choice in text for choice in long)
    assert len({line for line in text.split("\n") if "Choice" in line}) > 1


def test_what_stands_beside_a_box_is_printed_as_it_stands() -> None:
    blocks = (
        model.Ticks((HARMFUL,)),
        model.Blanks((model.Blank(HARMFUL, (HARMFUL,)),)),
        model.SideHeads((model.SideHead("a", (), note=HARMFUL),)),
    )
    text = " ".join(pages(form(section("a", *blocks)))[1].extract_text().split())
    assert text.count("<he hit me> &") == 4
    page = html.render_blocks(blocks)
    assert "<he" not in page
    assert "".join(read(page).text).count(HARMFUL) == 4


def test_a_page_shows_boxes_and_lines_and_reads_no_empty_entries_aloud() -> None:
    page = html.render_blocks(
        (
            model.Ticks(("Yes if so.",)),
            model.Blanks((model.Blank("Child 1", CHOICES), model.Blank("Number"))),
            model.Blanks((model.Blank(),) * 3),
        )
    )
    seen = read(page).seen
    boxes = [attributes for _, attributes in seen if attributes.get("class") == "doc-box"]
    lines = [attributes for _, attributes in seen if attributes.get("class") == "doc-line"]
    assert (len(boxes), len(lines)) == (1 + 3, 1 + 3)
    assert all(attributes["aria-hidden"] == "true" for attributes in (*boxes, *lines))
    assert [tag for tag, _ in seen].count("li") == 3


def test_a_part_has_a_bookmark_under_its_section_and_no_line_in_the_contents() -> None:
    document = form(section("one"), section("inner", part=True), section("two"))
    reader = PdfReader(BytesIO(pdf.render(document)))
    outline: Any = reader.outline
    assert [getattr(entry, "title", None) for entry in outline] == [
        "Title of one",
        None,
        "Title of two",
    ]
    assert [entry.title for entry in outline[1]] == ["Title of inner"]
    assert "Title of inner" not in reader.pages[0].extract_text()
    links = [a["href"] for tag, a in read(html.contents(document)).seen if tag == "a"]
    assert links == ["#doc-one", "#doc-two"]


def test_a_compact_document_looks_alike_on_every_page() -> None:
    words = model.Text("The plan was not updated after the move. " * 4)
    few, many = section("few", words), section("many", *([words] * 20))
    short, _, long, *_ = pages(form(few, section("x"), many))[1:]
    looks = [set(_sizes(page)) for page in (short, long)]
    assert looks[0] == looks[1]
    loose = pages(form(few, compact=False))[1]
    assert max(set(_sizes(loose)) - {17}) > max(looks[0] - {17})


def _sizes(page: Any) -> list[float]:
    """The sizes of type on a page."""
    words = page.get_contents().get_data().split()
    return [float(before) for before, word in itertools.pairwise(words) if word == b"Tf"]


def head(name: str, lines: int) -> model.SideHead:
    return model.SideHead(name, (model.Blanks((model.Blank(),) * lines),))


def test_a_head_is_not_parted_between_pages_and_heads_may_stay_together() -> None:
    filling = model.SideHeads((head("First", 28),))
    for together in (False, True):
        heads = model.SideHeads((head("Second", 2), head("Third", 8)), together=together)
        first, second = pages(form(section("a", filling, heads)))[1:]
        assert ("Second" in first.extract_text()) is not together
        assert "Third" in second.extract_text()
        assert drawn(second)[1] >= 8, "each of its lines stands there"
