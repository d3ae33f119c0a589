"""Shares over rounds: where a round stands, what joins two, and what is left out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from reportlab.graphics.shapes import Circle, Line, Path

from cqi.documents import charts, model, palette, pen, trends
from cqi.documents.trends import Panel, Point
from tests.documents import looks, sample_places
from tests.documents.sample import share

CAPTION = charts.Caption("rounds", "Visits", "Invented.")
FIRST = Point("Baseline", dt.date(2025, 1, 31), share(20, 40))
SECOND = Point("Ongoing", dt.date(2025, 8, 1), share(26, 40))
THIRD = Point("Follow-up", dt.date(2026, 2, 1), share(30, 40))
KEY_DOTS = 1


def drawn(*points: Point, target: charts.Target | None = None) -> model.Figure:
    return trends.trend(CAPTION, [Panel("SRM03", "", points)], target)


def dots(figure: model.Figure) -> list[Circle]:
    return [s for s in figure.drawing.contents if isinstance(s, Circle)][KEY_DOTS:]


def slanted(figure: model.Figure) -> list[Line]:
    """Lines from one round to the next: blue, and neither level nor upright."""
    blue = pen.colour(palette.BLUE)
    lines = [s for s in figure.drawing.contents if isinstance(s, Line) and s.strokeColor == blue]
    return [line for line in lines if line.x1 != line.x2]


def place(figure: model.Figure, text: str) -> float:
    return float(next(s.y for s in looks.strings(figure.drawing) if s.text == text)) + 2.4


def test_a_round_stands_at_its_day_and_its_share() -> None:
    figure = drawn(FIRST, SECOND, THIRD)
    low, high = place(figure, "0%"), place(figure, "100%")
    assert [round((dot.cy - low) / (high - low), 2) for dot in dots(figure)] == [0.5, 0.65, 0.75]
    xs = [dot.cx for dot in dots(figure)]
    days = [(point.on - FIRST.on).days for point in (FIRST, SECOND, THIRD)]
    assert round((xs[1] - xs[0]) / (xs[2] - xs[0]), 3) == round(days[1] / days[2], 3)


def test_each_round_prints_share_n_name_and_month() -> None:
    texts = looks.texts(drawn(FIRST, THIRD).drawing)
    assert {"50.0%", "75.0%", "n 40", "Baseline", "Jan 2025", "Follow-up", "Feb 2026"} <= set(texts)
    assert texts.count("n 40") == 2


def test_each_round_has_its_interval() -> None:
    figure = drawn(FIRST)
    low, high = place(figure, "0%"), place(figure, "100%")
    x = dots(figure)[0].cx
    [line] = [
        s
        for s in figure.drawing.contents
        if isinstance(s, Line) and s.x1 == s.x2 == x and s.strokeWidth == 1.6
    ]
    ends = sorted((y - low) / (high - low) for y in (line.y1, line.y2))
    assert FIRST.share is not None
    assert [round(end, 4) for end in ends] == [
        round(FIRST.share.low, 4),
        round(FIRST.share.high, 4),
    ]


def test_rounds_are_joined_in_the_order_of_their_days() -> None:
    figure = drawn(THIRD, FIRST, SECOND)
    assert len(slanted(figure)) == 2
    assert [model.shown(row.cells[0]) for row in figure.rows] == [
        "Baseline",
        "Ongoing",
        "Follow-up",
    ]


def test_an_interim_review_is_a_ring_that_no_line_reaches() -> None:
    figure = drawn(FIRST, replace(SECOND, compared=False), THIRD)
    [line] = slanted(figure)
    ring = next(dot for dot in dots(figure)[1:] if dot.fillColor == pen.colour(palette.PAPER))
    assert line.x1 < ring.cx < line.x2
    assert "Interim review, not in comparisons" in looks.texts(figure.drawing)
    assert "Ongoing (interim, not in comparisons), August 2025: 65.0%" in figure.description


def test_too_few_cases_are_a_hatched_strip_with_counts_and_break_the_line() -> None:
    figure = drawn(FIRST, replace(SECOND, share=share(2, 9)), THIRD)
    assert slanted(figure) == []
    assert sum(isinstance(s, Path) for s in figure.drawing.contents) == 2, "key and strip"
    texts = looks.texts(figure.drawing)
    assert "2 of 9" in texts
    assert "Fewer than 10 cases: counts only" in texts
    assert not any(text.startswith("22") for text in texts)


def test_a_round_without_cases_says_so() -> None:
    figure = drawn(FIRST, replace(SECOND, share=None))
    assert "not reviewed" in looks.texts(figure.drawing)
    assert len(dots(figure)) == 1


def test_a_target_is_a_dashed_line_with_its_words_in_the_key() -> None:
    figure = drawn(FIRST, target=charts.Target(0.8, "Target 80%"))
    dashed = [s for s in figure.drawing.contents if isinstance(s, Line) and s.strokeDashArray]
    low, high = place(figure, "0%"), place(figure, "100%")
    assert round((dashed[-1].y1 - low) / (high - low), 2) == 0.8
    assert "Target 80%" in looks.texts(figure.drawing)


def test_two_points_are_not_called_a_trend() -> None:
    figure = drawn(FIRST, THIRD)
    said = [figure.title, figure.measure, figure.description, *figure.notes]
    said += [*looks.texts(figure.drawing), *(column.heading for column in figure.columns)]
    assert not [text for text in said if "trend" in text.lower()]


def test_panels_share_their_days() -> None:
    panels = [Panel("A", "One", (FIRST, THIRD)), Panel("B", "Two", (SECOND, THIRD))]
    figure = trends.trend(CAPTION, panels)
    one, last, two, last_of_two = (dot.cx for dot in dots(figure))
    shift = last_of_two - last
    assert one < two - shift < last
    assert [model.shown(row.cells[0]) for row in figure.rows] == ["One", "One", "Two", "Two"]


def test_more_rounds_than_fit_are_left_to_the_table_and_the_note_says_so() -> None:
    figure = sample_places.crowded_trends()
    [note] = figure.notes
    shown = int(note.split()[5])
    assert note == f"The drawing shows the latest {shown} rounds, the table all 29."
    assert len(dots(figure)) == shown * 2
    assert len(figure.rows) == 29 * 2


def test_one_round_or_none_is_drawn_too() -> None:
    assert len(dots(drawn(FIRST))) == 1
    assert dots(drawn()) == []
    assert trends.trend(CAPTION, []).rows == ()
