"""Slopes: what stands in which panel, and what has no slope."""

from __future__ import annotations

from reportlab.graphics.shapes import Circle, Line

from cqi.documents import charts, model, palette, pen, slopes
from cqi.documents.shares import ComparisonRow
from tests.documents import looks, sample_places
from tests.documents.sample import compared, share

CAPTION = charts.Caption("slopes", "Regions", "Invented.")
KEY_MARKS = 2


def drawn(*rows: ComparisonRow) -> model.Figure:
    return slopes.slopes(CAPTION, rows)


def test_each_panel_says_how_many_of_all_have_its_finding() -> None:
    texts = looks.texts(sample_places.slopes_figure().drawing)
    for finding, count in (("Improved", 4), ("Declined", 1), ("No clear change", 5)):
        assert texts[texts.index(finding) + 1] == f"{count} of 13 regions"
    assert texts[texts.index("Too few cases") + 1] == "2 of 13 regions"


def test_a_slope_ends_at_its_shares_and_its_label_prints_both_with_n() -> None:
    figure = drawn(compared("a", "Region A", (20, 40, 30, 40), "improved"))
    ends = [shape for shape in figure.drawing.contents if isinstance(shape, Circle)][KEY_MARKS:][:2]
    low, high = (_y(figure, percent) for percent in ("0%", "100%"))
    assert [round((end.cy - low) / (high - low), 2) for end in ends] == [0.5, 0.75]
    assert "50.0% (40) to 75.0% (40)" in looks.texts(figure.drawing)


def test_findings_differ_without_their_colours() -> None:
    made = {}
    for finding in palette.FINDINGS:
        figure = drawn(compared("a", "Region A", (20, 40, 30, 40), finding))
        strokes = [shape for shape in figure.drawing.contents if isinstance(shape, Line)]
        blue = pen.colour(palette.mark(finding).colour)
        slope = next(s for s in strokes if s.y1 != s.y2 and s.x1 != s.x2 and s.strokeColor == blue)
        label = next(box for box in looks.boxes(figure.drawing) if box.text == "Region A")
        heading = next(
            b for b in looks.boxes(figure.drawing) if b.text == palette.mark(finding).words
        )
        assert 0 < label.left - heading.left < 60, "it stands in the panel of its words"
        made[finding] = bool(slope.strokeDashArray)
    assert made == {f: f == "too_few_cases" for f in palette.FINDINGS}


def test_fewer_than_ten_cases_have_no_slope_and_stand_below_with_counts() -> None:
    figure = drawn(compared("a", "Region A", (5, 8, 6, 9), "too_few_cases"))
    circles = [shape for shape in figure.drawing.contents if isinstance(shape, Circle)]
    of_marks = KEY_MARKS + 3  # the finding's mark is three dots
    assert len(circles) == of_marks
    said = "Fewer than 10 cases, counts only: Region A (5 of 8 at baseline, 6 of 9 at follow-up)."
    assert said in looks.texts(figure.drawing)
    assert "1 of 1 regions" in looks.texts(figure.drawing)


def test_what_cannot_be_compared_is_named_with_the_reason() -> None:
    figure = drawn(
        ComparisonRow("a", "Region A", share(11, 20), None),
        ComparisonRow("b", "Region B", None, share(11, 20)),
        ComparisonRow("c", "Region C", share(12, 20), share(11, 20)),
    )
    texts = looks.texts(figure.drawing)
    assert "No follow-up yet: Region A (11 of 20 at baseline)." in texts
    assert "No baseline to compare with: Region B (11 of 20 at follow-up)." in texts
    said = "Without a finding: Region C (12 of 20 at baseline, 11 of 20 at follow-up)."
    assert said in texts


def test_places_stand_in_the_order_of_their_names() -> None:
    rows = [
        compared(name, name, (20, 40, 30, 40), "improved") for name in ("Zoe", "Ñandú", "Nye", "Oz")
    ]
    assert [row.cells[0].text for row in drawn(*rows).rows] == ["Ñandú", "Nye", "Oz", "Zoe"]


def test_nothing_to_draw_is_four_empty_panels() -> None:
    texts = looks.texts(drawn().drawing)
    assert texts.count("none") == 4
    assert texts.count("0 of 0 regions") == 4


def _y(figure: model.Figure, label: str) -> float:
    return float(next(s.y for s in looks.strings(figure.drawing) if s.text == label)) + 2.4
