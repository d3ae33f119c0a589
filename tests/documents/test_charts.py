"""Figures: what is drawn for whom, and the SVG that pages show."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from reportlab.graphics.shapes import Circle, Drawing, String
from reportlab.pdfbase import pdfmetrics

from cqi.documents import charts, fonts, metrics, palette, pen
from cqi.documents.shares import ComparisonRow, RoundRow, Share
from tests.documents import sample

MANY = Share(41, 65, 0.509, 0.738)
FEW = Share(2, 3, 0.2, 0.9)
KEY_MARKS = 2  # the ring and the dot in the key


def texts(drawing: Drawing) -> list[str]:
    return [shape.text for shape in drawing.contents if isinstance(shape, String)]


def rounds(drawing: Drawing) -> int:
    return sum(isinstance(shape, Circle) for shape in drawing.contents) - KEY_MARKS


def test_each_value_has_its_share_and_its_n_beside_it() -> None:
    row = ComparisonRow("a", "Visits", MANY, MANY, 0, (-0.1, 0.1), "no_clear_change")
    drawn = texts(charts.paired_dots([row]))
    assert drawn.count("63.1%") == 2
    assert drawn.count("65") == 2
    assert "No clear change" in drawn
    assert "0.0 (−10.0 to +10.0)" in drawn


def test_fewer_than_ten_cases_are_counted_and_not_drawn() -> None:
    row = ComparisonRow("a", "Visits", FEW, MANY, finding=None)
    drawing = charts.paired_dots([row])
    assert "2 of 3" in texts(drawing)
    assert "41 of 65" in texts(drawing)
    assert not any("%" in text for text in texts(drawing) if text not in _axis())
    assert rounds(drawing) == 0


def test_without_a_finding_no_word_is_drawn() -> None:
    row = ComparisonRow("a", "Visits", MANY, MANY, 0.1, (-0.1, 0.3))
    drawn = texts(charts.paired_dots([row]))
    assert "Finding" not in drawn
    assert not set(drawn) & {palette.MARKS[name].words for name in palette.FINDINGS}
    assert "+10.0 (−10.0 to +30.0)" in drawn


def test_one_round_alone_has_one_dot_a_row() -> None:
    rows = [RoundRow("a", "A", MANY), RoundRow("b", "B", FEW), RoundRow("c", "C", None)]
    drawing = charts.dots(rows)
    assert rounds(drawing) + KEY_MARKS == 2  # one in the key
    assert {"63.1%", "2 of 3", "no cases"} <= set(texts(drawing))


def test_no_label_is_wider_than_its_column() -> None:
    for code in sample.ITEMS:
        for drawing in sample.items_figure(code).drawings:
            for shape in drawing.contents:
                if isinstance(shape, String) and not shape.x:
                    width = metrics.width(shape.text, shape.fontSize)
                    assert width <= charts.ITEMS.label_width, shape.text


def test_change_column_stays_inside_the_drawing() -> None:
    row = ComparisonRow("a", "A", MANY, MANY, -0.444, (-0.999, -0.888), "declined")
    for shape in charts.paired_dots([row]).contents:
        if isinstance(shape, String) and shape.textAnchor == "start":
            width = metrics.width(shape.text, shape.fontSize, _weight(shape))
            assert shape.x + width <= charts.WIDTH


def test_tighter_drawings_are_lower() -> None:
    heights = [drawing.height for drawing in sample.items_figure("PCR").drawings]
    assert len(heights) == 4
    assert heights == sorted(heights, reverse=True)


def test_svg_has_presentation_attributes_only() -> None:
    figure = sample.components_figure()
    svg = str(charts.svg(figure.drawing, figure.title, figure.description, "components"))
    root = Xml.fromstring(svg)  # noqa: S314 - our own text, and it must be well formed
    assert not re.search(r"\b(style|class)=\"[^d]|<style|<script|\bon\w+=", svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "components-title components-desc"
    assert root[0].text == figure.title
    assert root[1].text == figure.description


def test_svg_escapes_what_people_wrote() -> None:
    drawing = charts.dots([RoundRow("a", '<he hit me> & "x"', MANY)])
    svg = str(charts.svg(drawing, "<b>", "a & b"))
    assert "&lt;he hit me&gt; &amp;" in svg
    assert "<b>" not in svg


def test_description_says_every_row() -> None:
    figure = sample.items_figure("SRM")
    for row in sample.item_rows("SRM"):
        assert f"{row.label}: baseline" in figure.description


def test_marks_are_drawn_for_every_name() -> None:
    for name in palette.MARKS:
        assert pen.mark_drawing(name).contents


def test_widths_are_those_of_the_typeface() -> None:
    fonts.register()
    text = "".join(map(chr, range(32, 127)))
    weights: tuple[metrics.Weight, ...] = ("Regular", "Italic", "Semibold", "Bold")
    for weight in weights:
        real = pdfmetrics.stringWidth(text, pen.FACE.format(weight), 1000)
        assert abs(metrics.width(text, 1000, weight) - real) < 1


def _weight(shape: String) -> metrics.Weight:
    name = shape.fontName.rpartition("-")[2]
    return "Semibold" if name == "Semibold" else "Regular"


def _axis() -> set[str]:
    return {"0%", "100%", "Lines show 95% intervals", "Points (95% interval)"}
