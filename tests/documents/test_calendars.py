"""The calendar: what is drawn for planned, done, due and late."""

from __future__ import annotations

import datetime as dt

from reportlab.graphics.shapes import Drawing, Path, PolyLine, String

from cqi.documents import calendars, charts, metrics, palette, pen
from cqi.documents.calendars import Key, OnDay, Row, Stretch

DAYS = (dt.date(2026, 1, 1), dt.date(2028, 1, 1))
TODAY = dt.date(2027, 1, 1)
KEY = Key((("striped", "Planning"),), (("B", "baseline", "Baseline"),))


def drawn(*rows: Row) -> Drawing:
    return calendars.draw(rows, DAYS, TODAY, KEY)


def texts(drawing: Drawing) -> dict[str, String]:
    return {shape.text: shape for shape in drawing.contents if isinstance(shape, String)}


def beyond_key(kind: type, drawing: Drawing) -> list:
    empty = sum(isinstance(shape, kind) for shape in drawn().contents)
    return [shape for shape in drawing.contents if isinstance(shape, kind)][empty:]


def test_what_lies_behind_has_a_solid_edge_and_what_is_ahead_a_dashed_one() -> None:
    behind = Stretch("light", dt.date(2026, 3, 1), TODAY, True)
    ahead = Stretch("light", TODAY, dt.date(2027, 6, 1), False)
    first, second = beyond_key(PolyLine, drawn(Row("I-South", (behind, ahead))))
    assert not first.strokeDashArray
    assert second.strokeDashArray


def test_late_is_a_striped_line_up_to_today_with_words_beside_it() -> None:
    drawing = drawn(Row("I-South", late=(dt.date(2026, 7, 1), "Baseline review 184 days late")))
    [stripes] = beyond_key(Path, drawing)
    assert stripes.strokeColor == pen.colour(palette.RUST)
    words = texts(drawing)["Baseline review 184 days late"]
    assert words.x > max(stripes.points[::2])


def test_words_that_have_no_room_at_the_right_stand_at_the_left() -> None:
    days = (dt.date(2024, 1, 1), TODAY)
    late = (dt.date(2026, 7, 1), "Baseline review 184 days late")
    drawing = calendars.draw([Row("I-South", late=late)], days, TODAY, KEY)
    stripes = [shape for shape in drawing.contents if isinstance(shape, Path)][-1]
    words = texts(drawing)["Baseline review 184 days late"]
    assert words.x + metrics.width(words.text, 8, "Semibold") < min(stripes.points[::2])


def test_stripes_end_at_the_edges_of_what_they_fill() -> None:
    made = pen.Pen(100, 100)
    made.stripes(10, 20, (30, 11), pen.Stroke())
    [path] = made.drawing.contents
    xs, ys = path.points[::2], path.points[1::2]
    assert 10 <= min(xs) < max(xs) <= 40
    assert 100 - 31 <= min(ys) < max(ys) <= 100 - 20
    assert len(xs) > 10


def test_marks_carry_their_letters_and_today_its_date() -> None:
    marks = (OnDay("B", "baseline", DAYS[0]), OnDay("F", "due", TODAY))
    found = texts(drawn(Row("I-South", marks=marks), Row("V-East", note="not planned yet")))
    assert {"B", "F", "Today, 1 January 2027", "2026", "2027", "not planned yet"} <= set(found)


def test_the_page_gets_it_as_one_image_with_words() -> None:
    svg = charts.svg(drawn(Row("I-South")), "Seven regions have begun", "I-South: planning.")
    assert 'role="img"' in svg
    assert "Seven regions have begun" in svg
    assert "style=" not in svg
