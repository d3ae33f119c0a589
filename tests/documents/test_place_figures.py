"""The figures that compare places and rounds: what holds for each of them."""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from pypdf import PdfReader

from cqi.documents import charts, html, metrics, model, pdf, table_files
from tests.documents import looks, sample_places
from tests.documents.test_pdf import poppler

FIGURES = sample_places.figures()
CASES = pytest.mark.parametrize("figure", FIGURES, ids=[figure.key for figure in FIGURES])


def memo(figure: model.Figure) -> model.Document:
    section = model.Section("only", "Places", "Figures", (figure,))
    return model.Document("Places", "", "memo", (), (section,))


@CASES
def test_no_text_stands_on_another_or_leaves_the_drawing(figure: model.Figure) -> None:
    for drawing in figure.drawings:
        for boxes in (looks.boxes(drawing), looks.printed_boxes(drawing)):
            assert looks.overlapping(boxes) == []
            assert looks.outside(boxes, drawing) == []


@CASES
def test_no_text_is_smaller_than_seven_points(figure: model.Figure) -> None:
    for drawing in figure.drawings:
        assert min(shape.fontSize for shape in looks.strings(drawing)) >= 7
        assert drawing.width <= charts.WIDTH


@CASES
def test_colours_are_those_of_the_palette(figure: model.Figure) -> None:
    assert looks.strange_colours(figure.drawing) == set()


@CASES
def test_the_description_has_a_sentence_for_every_row(figure: model.Figure) -> None:
    assert figure.rows
    for row in figure.rows:
        values = [model.shown(cell) for cell in row.cells]
        assert values[0] in figure.description
        for value in values[1:]:
            if "%" in value:
                assert value.split("%")[0] in figure.description


@CASES
def test_every_share_that_is_drawn_stands_in_the_table(figure: model.Figure) -> None:
    table = " ".join(model.shown(cell) for row in figure.rows for cell in row.cells)
    for drawing in figure.drawings:
        shares = [word for text in looks.texts(drawing) for word in sample_places.shares_in(text)]
        assert not [word for word in shares if word not in table]


@CASES
def test_it_stands_in_a_pdf_with_embedded_fonts_only(figure: model.Figure, tmp_path: Path) -> None:
    content = pdf.render(memo(figure))
    lines = poppler("pdffonts", content, tmp_path).splitlines()[2:]
    assert lines
    assert "Helvetica" not in str(lines)
    assert all(line.split()[-5] == "yes" for line in lines), lines
    assert figure.title.split()[0] in poppler("pdftotext", content, tmp_path)


@CASES
def test_it_stands_on_a_page_as_one_image_with_words(figure: model.Figure) -> None:
    svg = str(charts.svg(figure.drawing, figure.title, figure.description, figure.key))
    root = Xml.fromstring(svg)  # noqa: S314 - our own text, and it must be well formed
    assert root.attrib["role"] == "img"
    assert root[1].text == figure.description
    assert " style=" not in svg
    assert "NaN" not in svg
    assert figure.title in html.page(memo(figure))


@CASES
def test_its_table_becomes_files_with_a_value_for_every_name(figure: model.Figure) -> None:
    names, *lines = table_files.csv(memo(figure), figure.key).decode("utf-8-sig").splitlines()
    assert len(lines) == len(figure.rows)
    assert len(set(names.split(","))) == len(names.split(","))
    assert all(len(line) == len(names.split(",")) for line in csv.reader(lines))
    assert table_files.xlsx(memo(figure))


def test_a_title_stands_on_the_page_of_its_drawing() -> None:
    figure = sample_places.heat_figure()
    above = model.Text("Words. " * 400)
    section = model.Section("only", "Places", "Figures", (above, figure))
    content = pdf.render(model.Document("Places", "", "memo", (), (section,)))
    texts = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    [titled] = [number for number, text in enumerate(texts) if figure.title[:30] in text]
    [drawn] = [
        number for number, text in enumerate(texts) if "not yet reviewed" in text and "VII-" in text
    ]
    assert titled == drawn


def test_a_name_is_cut_with_an_ellipsis_and_never_wider_than_its_place() -> None:
    for name in (sample_places.LONG, sample_places.GREEK, sample_places.CHINESE, "W" * 80):
        lines = metrics.fold_within(name, 40, (7.5, "Semibold"))
        assert len(lines) <= 2
        assert all(metrics.width(line, 7.5, "Semibold") <= 40 for line in lines)
