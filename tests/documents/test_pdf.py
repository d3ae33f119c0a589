"""The document as a PDF: what is printed, how it fits, and what is embedded."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from cqi.documents import fonts, model, pdf
from cqi.documents.pdf import rendering, styles, tables
from tests.documents import sample

HARMFUL = 'mother said <he hit me> & "x"'


def poppler(tool: str, content: bytes, folder: Path, *more: str) -> str:
    """What a tool of poppler says about a PDF."""
    program = shutil.which(tool)
    if program is None:
        pytest.skip(f"{tool} is not installed")
    file = folder / "document.pdf"
    file.write_bytes(content)
    run = subprocess.run(
        [program, *more, str(file), *(["-"] if tool == "pdftotext" else [])],
        check=True,
        capture_output=True,
        text=True,
    )
    return run.stdout


def memo(*blocks: model.Block, **more: Any) -> model.Document:
    sections = (model.Section("only", "What worked in this case", "Case feedback memo", blocks),)
    return model.Document("Case feedback memo", "", "memo", (), sections, **more)


def text_of(document: model.Document) -> str:
    pages = PdfReader(BytesIO(pdf.render(document))).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_a_region_report_has_twelve_pages() -> None:
    assert len(PdfReader(BytesIO(sample.pdf())).pages) == 12


def test_every_font_is_embedded_and_none_is_helvetica(tmp_path: Path) -> None:
    lines = poppler("pdffonts", sample.pdf(), tmp_path).splitlines()[2:]
    assert lines
    assert not [line for line in lines if "Helvetica" in line]
    assert all(line.split()[-5] == "yes" for line in lines), lines


def test_empty_cells_and_lists_bring_no_other_font(tmp_path: Path) -> None:
    columns = (model.Column(""), model.Column("n", "number"))
    table = model.Table("t", "", columns, (model.Row(("", "")),))
    document = memo(table, model.Bullets(("one",)), model.Columns((), ()))
    assert "Helvetica" not in poppler("pdffonts", pdf.render(document), tmp_path)


def test_what_people_wrote_stands_in_full(tmp_path: Path) -> None:
    content = pdf.render(memo(model.Text(HARMFUL), model.Bullets(((model.Span(HARMFUL),),))))
    assert poppler("pdftotext", content, tmp_path).count(HARMFUL) == 2


def test_what_people_wrote_stands_in_heads_and_tables_too(tmp_path: Path) -> None:
    table = model.Table("t", HARMFUL, (model.Column(HARMFUL),), (model.Row((HARMFUL,)),))
    document = memo(table, running_head=(HARMFUL, HARMFUL), footer_text=HARMFUL)
    assert poppler("pdftotext", pdf.render(document), tmp_path).count(HARMFUL) == 6


def test_pages_say_which_of_how_many_they_are() -> None:
    pages = PdfReader(BytesIO(sample.pdf())).pages
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of 12" in page.extract_text()


def test_contents_and_bookmarks_lead_to_the_sections() -> None:
    reader = PdfReader(BytesIO(sample.pdf()))
    names = [section.name for section in sample.document().sections]
    outline: Any = reader.outline
    assert [entry.title for entry in outline] == names
    listed = reader.pages[0].extract_text().split("Contents")[1]
    numbers = [int(line) for line in listed.split("\n") if line.strip().isdigit()]
    assert sorted(numbers) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12]
    links: Any = reader.pages[0]["/Annots"]
    assert len(links) >= len(names)


def test_language_and_title_are_set() -> None:
    catalog: Any = PdfReader(BytesIO(sample.pdf())).trailer["/Root"]
    assert catalog["/Lang"] == "en-US"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    title = PdfReader(BytesIO(sample.pdf())).metadata
    assert title is not None
    assert title.title == "Region I-South: Case review report: baseline 2025 and follow-up 2026"


def test_the_same_document_is_the_same_file() -> None:
    assert pdf.render(sample.document()) == sample.pdf()


def test_components_stand_one_a_page() -> None:
    pages = PdfReader(BytesIO(sample.pdf())).pages
    for number, code in enumerate(sample.COUNTS, 3):
        text = " ".join(pages[number].extract_text().split())
        assert f"({code})" in text
        assert "What to work on" in text


def test_what_does_not_fit_flows_on() -> None:
    long = model.Text("The plan was not updated after the move. " * 400)
    table = model.Table(
        "t", "Many", (model.Column("Item"),), tuple(model.Row((f"Row {n}",)) for n in range(120))
    )
    heads = model.SideHeads((model.SideHead("Seen", (long,)),))
    text = text_of(memo(long, table, model.Columns((long,), (long, long)), heads))
    assert text.count("updated") == 2000
    assert "Row 0 " in text
    assert "Row 119" in text


def test_a_narrative_in_a_cell_longer_than_a_page_is_printed() -> None:
    row = model.Row(("a", "It was said again and again. " * 600 + "End."))
    columns = (model.Column("Item"), model.Column("Narrative"))
    assert "End." in text_of(memo(model.Table("t", "Narratives", columns, (row,))))


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("−8.2 to +23.5", "–8.2 to +23.5"),
        ("Zoë Muñoz, Ağca", "Zoë Muñoz, Ağca"),
        ("e\u0301tude", "étude"),
        ("share ≥ 80%", "share at least 80%"),
        ("Жж ж", "[U+0416][U+0436] [U+0436]"),
        ("a\U0001f600b", "a[U+1F600]b"),
        ("a\ud800b\x00c", "a[U+D800]b[U+0000]c"),
    ],
)
def test_characters_without_a_glyph_are_replaced_visibly(written: str, printed: str) -> None:
    assert " ".join(fonts.printable(written).split()) == printed
    row = model.Row((written,))
    document = memo(
        model.Text(written), model.Table("t", written, (model.Column(written),), (row,))
    )
    assert pdf.render(replace(document, title=written))


def test_missing_fonts_say_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fonts.register.cache_clear()
    monkeypatch.setattr(fonts, "folder", lambda: tmp_path)
    with pytest.raises(fonts.FontsMissingError, match="Run `make assets`"):
        pdf.render(memo())


def test_only_one_place_makes_paragraphs() -> None:
    folder = Path(pdf.__file__).parent.parent
    made = re.compile(r"\b(?:Paragraph|_Kept)\(")
    makers = [f.name for f in folder.rglob("*.py") if made.search(f.read_text("utf-8"))]
    assert makers == ["text.py"]


def test_a_table_of_many_marks_stays_on_the_page() -> None:
    mark = model.Cell("Strength", mark="strength", mark_only=True)
    row = model.Row(("Individualized and Timely Case Planning", "Partially achieved", *[mark] * 10))
    columns = tuple(model.Column(str(n)) for n in range(12))
    room = styles.Room(styles.WIDTH, styles.SETTINGS[0])
    fonts.register()
    for made in tables.data_table(model.Table("t", "", columns, (row,)), room):
        assert made.wrap(styles.WIDTH, 700)[0] <= styles.WIDTH + 0.1


def section(key: str, lines: int, *, starts_page: bool) -> model.Section:
    words = model.Bullets(tuple(f"Line {n} of {key}." for n in range(lines)))
    return model.Section(key, f"About {key}", f"Kicker {key}", (words,), starts_page=starts_page)


@pytest.mark.parametrize(("lines", "pages"), [(15, 1), (42, 2)])
def test_a_section_follows_on_the_page_before_or_begins_its_own(lines: int, pages: int) -> None:
    sections = (
        section("visits", lines, starts_page=True),
        section("counties", 15, starts_page=False),
    )
    document = model.Document("Region", "", "report", (), sections)
    found = PdfReader(BytesIO(pdf.render(document))).pages
    assert len(found) == 1 + pages
    last = " ".join(found[-1].extract_text().split())
    assert "About counties" in last
    assert "Line 14 of counties." in last


def test_as_many_sections_share_a_page_as_fit_it() -> None:
    lines = {"a": 15, "b": 15, "c": 25, "d": 3, "e": 3}
    sections = [section(key, count, starts_page=key == "a") for key, count in lines.items()]
    document = memo()
    found = replace(document, kind="report", sections=tuple(sections))
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf.render(found))).pages][1:]
    stand = [[key for key in lines if f"About {key}" in page] for page in pages]
    assert stand == [["a", "b"], ["c", "d", "e"]]


@pytest.mark.parametrize(
    ("lines", "tried", "pages"), [(25, [0], 1), (40, [0, 3, 2], 1), (120, [0, 3], 4)]
)
def test_what_is_longer_than_a_page_is_not_laid_out_in_every_setting(
    monkeypatch: pytest.MonkeyPatch, lines: int, tried: list[int], pages: int
) -> None:
    """Most of the time of a long PDF is laying paragraphs out."""
    made, one = [], rendering._section

    def counted(*given: Any) -> Any:
        made.append(styles.SETTINGS.index(given[2].setting))
        return one(*given)

    monkeypatch.setattr(rendering, "_section", counted)
    document = replace(memo(), sections=(section("only", lines, starts_page=True),))
    assert len(PdfReader(BytesIO(pdf.render(document))).pages) == pages
    assert made == tried
