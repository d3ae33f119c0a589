"""The map: whose shapes it has, what is shaded, hatched and white, and where regions meet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path as File

import pytest
from reportlab.graphics.shapes import Drawing, Path, Polygon

from cqi.documents import charts, maps, model, outlines, palette, pen
from cqi.documents.shares import RoundRow
from tests.documents import looks, sample_places
from tests.documents.sample import share

CAPTION = charts.Caption("map", "Safety by county", "Invented.")
COUNTIES = sample_places.county_rows()
MANY = [replace(row, share=share(26, 52)) for row in COUNTIES]


def drawn(counties: list[RoundRow], regions: list[RoundRow] | None = None) -> model.Figure:
    found = sample_places.map_regions(counties) if regions is None else regions
    return maps.county_map(CAPTION, counties, found)


def changed(code: str, **values: object) -> list[RoundRow]:
    return [replace(row, **values) if row.code == code else row for row in MANY]


def paths(drawing: Drawing, stroke: pen.Stroke) -> list[Path]:
    return [
        shape
        for shape in drawing.contents
        if isinstance(shape, Path)
        and shape.strokeWidth == stroke.width
        and shape.strokeColor == pen.colour(stroke.colour)
    ]


def shapes_of(drawing: Drawing, code: str) -> int:
    fill = pen.colour(code)
    return sum(isinstance(s, Polygon) and s.fillColor == fill for s in drawing.contents)


def test_mississippi_has_its_82_counties_by_code_and_name() -> None:
    known = outlines.fitting("28", 300, 400).counties
    assert len(known) == 82
    assert {code: county.name for code, county in known.items()} == {
        row.code: row.label for row in COUNTIES
    }


def test_it_fits_its_box_and_is_taller_than_wide() -> None:
    outline = outlines.fitting("28", 300, 400)
    assert outline.height == pytest.approx(400)
    assert 230 < outline.width < 260


def test_every_county_is_drawn_in_the_shade_of_its_share() -> None:
    drawing = drawn(MANY).drawing
    rings = sum(len(c.rings) for c in outlines.fitting("28", 300, 400).counties.values())
    assert rings > 82, "some counties have islands"
    assert shapes_of(drawing, palette.RAMP[1]) == rings
    one_other = drawn(changed("28001", share=share(52, 52))).drawing
    assert shapes_of(one_other, palette.RAMP[4]) == 1


def test_region_borders_are_the_lines_between_counties_of_two_regions() -> None:
    outline = outlines.fitting("28", 300, 400)
    region = {row.code: row.part_of for row in COUNTIES}
    between = [b for b in outline.borders if len({region[code] for code in b.counties}) == 2]
    [thick] = paths(drawn(MANY).drawing, maps._REGION)
    assert 40 < len(between) < 200
    assert list(thick.operators).count(0) == len(between)
    [thin] = paths(drawn(MANY).drawing, maps._COUNTY)
    [edge] = paths(drawn(MANY).drawing, maps._EDGE)
    lines = sum(list(path.operators).count(0) for path in (thick, thin, edge))
    assert lines == len(outline.borders), "each line once"


def test_a_county_that_moves_to_another_region_moves_the_border() -> None:
    before, after = (
        list(paths(drawn(rows).drawing, maps._REGION)[0].operators).count(0)
        for rows in (MANY, changed("28049", part_of="I-North"))
    )
    assert before != after


def test_without_regions_there_is_no_border_between_any() -> None:
    rows = [replace(row, part_of="") for row in MANY]
    assert paths(drawn(rows, []).drawing, maps._REGION) == []


def test_too_few_cases_are_hatched_inside_their_county_and_print_no_number() -> None:
    plain = drawn(MANY).drawing
    figure = drawn(changed("28049", share=share(2, 9)))
    hatch = paths(figure.drawing, pen.Stroke(palette.MUTED, 0.5))
    assert len(hatch) == len(paths(plain, pen.Stroke(palette.MUTED, 0.5))) + 1
    known = outlines.fitting("28", charts.WIDTH - 2 * maps._MARGIN, 430)
    ring = known.counties["28049"].rings[0]
    left = (charts.WIDTH - known.width) / 2
    xs = hatch[-1].points[::2]
    assert min(x for x, _ in ring) <= min(xs) - left + 1e-6
    assert max(xs) - left <= max(x for x, _ in ring) + 1e-6
    assert looks.texts(figure.drawing).count("50.0") == looks.texts(plain).count("50.0") - 1
    assert "hatched: 1. Not yet reviewed, white: 0." in figure.description


def test_what_is_not_reviewed_is_white_and_said_in_words() -> None:
    figure = drawn(changed("28049", share=None))
    assert shapes_of(figure.drawing, palette.PAPER) == 1
    assert "hatched: 0. Not yet reviewed, white: 1." in figure.description
    assert "Hinds (Region III-South): not reviewed." in figure.description
    assert "not yet reviewed" in looks.texts(figure.drawing)


def test_each_region_has_its_name_and_figure_at_a_side() -> None:
    texts = looks.texts(sample_places.map_figure().drawing)
    for row in sample_places.map_regions(COUNTIES):
        words = (
            f"{row.share.percent} of {row.share.applicable}" if row.share else "not yet reviewed"
        )
        assert texts[texts.index(row.label) + 1] == words


def test_a_county_that_the_map_does_not_know_is_named_and_stays_in_the_table() -> None:
    figure = drawn([*MANY, RoundRow("28999", "Newland", share(30, 40), "VI")])
    assert any("Newland (28999)" in note for note in figure.notes)
    assert any(row.cells[0] == model.Cell("Newland", ("28999", "Newland")) for row in figure.rows)
    assert "Newland (Region VI): 75.0%" in figure.description


def test_a_county_without_a_row_is_white_and_named() -> None:
    figure = drawn([row for row in MANY if row.label != "Hinds"])
    assert "White because no figures were given: Hinds." in figure.notes
    assert shapes_of(figure.drawing, palette.PAPER) == 1


def test_the_table_has_counties_by_name_and_then_the_regions() -> None:
    figure = sample_places.map_figure()
    names = [model.shown(row.cells[0]) for row in figure.rows]
    assert names[:2] == ["Adams", "Alcorn"]
    assert len(names) == 82 + 13
    assert names[82:] == [row.label for row in sample_places.map_regions(COUNTIES)]
    assert [row.strong for row in figure.rows] == [False] * 82 + [True] * 13


def test_the_limit_is_the_one_that_is_asked_for() -> None:
    rows = changed("28049", share=share(9, 10))
    figure = maps.county_map(CAPTION, rows, [], fewest=11)
    assert "With fewer than 11 cases, hatched: 1." in figure.description
    assert "fewer than 11 cases" in looks.texts(figure.drawing)


@pytest.mark.parametrize("state", ["02", "11", "48", "51", "72"])
def test_other_states_are_drawn_too(state: str) -> None:
    known = outlines.fitting(state, 504, 430).counties
    rows = [RoundRow(code, c.name, share(26, 52), "R") for code, c in known.items()]
    figure = drawn(rows, [RoundRow("R", "Region R", share(26, 52))])
    for drawing in figure.drawings:
        assert looks.overlapping(looks.boxes(drawing)) == []
        assert looks.outside(looks.boxes(drawing), drawing) == []
        assert drawing.width == charts.WIDTH


def test_a_map_without_counties_or_of_no_state_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="a map needs counties"):
        drawn([])
    for code in ("99001", "../x"):
        with pytest.raises(ValueError, match="there is no map of a state"):
            drawn([RoundRow(code, "Nowhere", None)])


def test_maps_that_are_not_there_say_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: File
) -> None:
    monkeypatch.setattr(outlines, "folder", lambda: tmp_path / "none")
    outlines._read.cache_clear()
    with pytest.raises(outlines.OutlinesMissingError, match="Run `make assets`"):
        outlines.fitting("44", 100, 100)


def test_a_state_is_read_and_projected_once() -> None:
    assert outlines.fitting("28", 300, 400) is outlines.fitting("28", 300, 400)
