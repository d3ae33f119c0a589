"""The heat map: what a cell prints, and what stands where there is no share."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.graphics.shapes import Drawing, Path, Polygon, Rect

from cqi.documents import charts, heat_maps, model, palette, pdf, pen, ramp
from cqi.documents.heat_maps import Head, PlaceRow
from cqi.documents.shares import Share
from tests.documents import looks, sample_places
from tests.documents.sample import share

CAPTION = charts.Caption("heat", "Regions by components", "Invented.")
HEADS = [Head("MAS", "Services")]
KEY_SHADES, KEY_HATCHES, KEY_CORNERS = 5, 1, 1


def drawn(*cells: Share | None) -> Drawing:
    heads = [Head(f"C{number}", f"Component {number}") for number in range(len(cells))]
    return heat_maps.heat_map(CAPTION, heads, [PlaceRow("a", "Region A", cells)]).drawing


def fills(drawing: Drawing) -> list[str]:
    """Fills of the ramp, in the order of the cells."""
    found = [shape for shape in drawing.contents if isinstance(shape, Rect)]
    codes = {pen.colour(code): code for code in palette.RAMP}
    return [codes[s.fillColor] for s in found if s.fillColor in codes][KEY_SHADES:]


def test_a_cell_prints_its_share_and_its_n() -> None:
    texts = looks.texts(drawn(share(41, 65)))
    assert texts[-2:] == ["63.1%", "n 65"]


def test_the_shade_is_the_class_of_what_is_printed() -> None:
    cells = [
        (49, 100),
        (4_999, 10_000),
        (50, 100),
        (60, 100),
        (70, 100),
        (80, 100),
        (7_999, 10_000),
    ]
    printed = [Share(k, n, 0, 1).percent for k, n in cells]
    assert printed == ["49.0%", "50.0%", "50.0%", "60.0%", "70.0%", "80.0%", "80.0%"]
    assert fills(drawn(*(share(*cell) for cell in cells))) == [
        palette.RAMP[place] for place in (0, 1, 1, 2, 3, 4, 4)
    ]


def test_what_is_written_on_a_shade_can_be_read() -> None:
    for shade in ramp.SHADES:
        assert contrast(shade.fill, shade.ink) >= 4.5
        assert contrast(shade.fill, shade.quiet) >= 4.5


def test_too_few_cases_are_hatched_with_their_counts_and_no_share() -> None:
    drawing = drawn(share(2, 9))
    assert count(drawing, Path) == KEY_HATCHES + 1
    assert looks.texts(drawing)[-1] == "2 of 9"
    assert fills(drawing) == []


def test_ten_to_nineteen_cases_have_a_corner_and_twenty_have_none() -> None:
    corners = [count(drawn(share(9, n)), Polygon) - KEY_CORNERS for n in (9, 10, 19, 20)]
    assert corners == [0, 1, 1, 0]


def test_a_place_without_reviews_is_one_white_box_with_words() -> None:
    drawing = drawn(None, None, None)
    assert looks.texts(drawing).count("not yet reviewed") == 1
    assert fills(drawing) == []


def test_one_component_without_reviews_or_cases_says_so() -> None:
    texts = looks.texts(drawn(share(30, 60), None, Share(0, 0, 0, 1)))
    assert texts[-2:] == ["not reviewed", "no cases"]


def test_the_limit_is_the_one_that_is_asked_for() -> None:
    row = PlaceRow("a", "Region A", (share(9, 10),))
    figure = heat_maps.heat_map(CAPTION, HEADS, [row], fewest=11)
    texts = looks.texts(figure.drawing)
    assert {"9 of 10", "fewer than 11 cases", "11–19 cases: wide interval"} <= set(texts)
    assert "Region A: Services 9 of 10 cases." in figure.description


def test_the_table_holds_share_n_and_interval_and_their_data() -> None:
    [row] = heat_maps.heat_map(CAPTION, HEADS, [PlaceRow("a", "A", (share(41, 65),))]).rows
    cell = row.cells[1]
    assert isinstance(cell, model.Cell)
    assert cell.text == "63.1% of 65\n50.9–73.8"
    assert cell.values[:3] == (41, 65, Decimal("0.6308"))


def test_a_long_list_flows_on_in_the_order_of_its_names() -> None:
    rows = sample_places.heat_rows([f"County {n:02}" for n in range(30, 0, -1)])
    total = PlaceRow("28", "State", rows[0].shares)
    parts = heat_maps.heat_maps(CAPTION, sample_places.HEADS, rows, total)
    assert [len(part.rows) for part in parts] == [14, 14, 5]
    assert [part.key for part in parts] == ["heat", "heat-2", "heat-3"]
    assert parts[2].title == "Regions by components (part 3 of 3)"
    names = [model.shown(row.cells[0]) for part in parts for row in part.rows[:-1]]
    assert names == [f"County {n:02}" for n in range(1, 31)]
    assert heat_maps.heat_maps(CAPTION, HEADS, [])[0].title == CAPTION.title


def test_the_table_stays_on_its_page() -> None:
    section = model.Section("only", "Places", "Figures", (sample_places.heat_figure(),))
    content = pdf.render(model.Document("Places", "", "memo", (), (section,)))
    lefts: list[float] = []

    def look(text: str, page: list[float], at: list[float], _font: object, _size: float) -> None:
        if text.strip():
            lefts.append(at[4] * page[0] + at[5] * page[2] + page[4])

    PdfReader(BytesIO(content)).pages[0].extract_text(visitor_text=look)
    assert max(lefts) < 612 - 54


def count(drawing: Drawing, kind: type) -> int:
    return sum(isinstance(shape, kind) for shape in drawing.contents)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(code: str) -> float:
    parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("place", range(5))
def test_the_key_says_what_each_class_holds(place: int) -> None:
    words = ("under 50%", "50–59.9%", "60–69.9%", "70–79.9%", "80% and over")
    assert words[place] in looks.texts(drawn(share(30, 60)))
