"""Which rows can be reached: the search answers what the engine asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from cqi.instruments import definition, library
from cqi.instruments.checking import reach
from cqi.instruments.definition import Rating
from cqi.instruments.problems import Rule

STRENGTH, NEED, NA = definition.ITEM_RATINGS
NEDP = "1.0/items/nedp.toml"
ROW = 'any = ["a = no", "b = no", "c > 2"]'


def unreachable(folder: Path, *edits: tuple[str, str, str]) -> list[str]:
    """The places of rows that the checker calls unreachable after these edits."""
    for file, old, new in edits:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [each for each in library.check(folder) if each.rule is not Rule.CASE_RATING]
    assert {each.rule for each in found} <= {Rule.UNREACHABLE_ROW}
    return [each.place for each in found]


@pytest.mark.parametrize(
    ("row", "reached"),
    [
        ('all = ["a = no", "b = no"]', True),  # by two parents: the first No, the second asked b
        ('all = ["a = no", "b = no", "c = 0"]', True),
        ('all = ["a = no", "c > 30"]', True),  # by three parents with 12 months each
        ('all = ["a = yes", "c = 100"]', True),
        ('all = ["a = na", "c = 0"]', True),  # with nobody listed
        ('all = ["a = na", "c = 1"]', False),
        ('all = ["a = na", "b = yes"]', False),
        ('all = ["a = no", "a = yes"]', False),
        ('all = ["case_type = in_home", "a = no"]', True),
        ('all = ["case_type = in_home", "case_type = foster_care"]', False),
    ],
)
def test_rows_over_repeated_questions(shapes_folder: Path, row: str, reached: bool) -> None:
    places = unreachable(shapes_folder, (NEDP, ROW, row))
    assert places == ([] if reached else ["ratings[1]"])


def test_an_own_answer_of_each_subject_decides_what_is_asked_of_it(shapes_folder: Path) -> None:
    asked = 'asked_when = { all = ["a = yes"] }'
    edits = (NEDP, asked, asked.replace("yes", "no")), (NEDP, ROW, 'all = ["a = yes", "b = yes"]')
    assert unreachable(shapes_folder, *edits) == ["ratings[1]"]


def test_nobody_listed_is_not_tried_where_one_must_be(shapes_folder: Path) -> None:
    row = 'all = ["a = yes", "b != no"]'
    edit = ("1.0/items/nedc.toml", row, 'all = ["b = na", "a != no", "a != yes"]')
    assert unreachable(shapes_folder, edit) == ["ratings[1]"]


@pytest.mark.parametrize(
    ("row", "reached"),
    [
        ('all = ["a = 9", "c = yes"]', True),
        ('all = ["a < 2", "b = yes"]', False),
        ('all = ["a < 2", "b = na"]', True),
        ('all = ["a > 3", "a < 5"]', True),
        ('all = ["a > 3", "a < 4"]', False),
        ('all = ["a != 1", "b = na"]', False),
    ],
)
def test_rows_over_counts(shapes_folder: Path, row: str, reached: bool) -> None:
    edit = ("1.0/items/mov.toml", 'all = ["a = 1", "c = yes"]', row)
    assert unreachable(shapes_folder, edit) == ([] if reached else ["ratings[1]"])


def test_an_earlier_row_may_take_all_that_a_later_one_looks_for(shapes_folder: Path) -> None:
    edit = ("1.0/items/stb.toml", '["b != 3"]', '["a > 5", "b = acceptable"]')
    assert unreachable(shapes_folder, edit) == ["ratings[3]"]


def test_a_row_behind_what_switches_the_item_off_is_not_reached(shapes_folder: Path) -> None:
    mov = "1.0/items/mov.toml"
    own = (mov, '["a = 1", "c = yes"]', '["case_type = in_home", "c = yes"]')
    assert unreachable(shapes_folder, own) == ["ratings[1]"]
    nedf = "1.0/items/nedf.toml"
    whole = ("1.0/items/ned.toml", "parts", 'applies_when = { all = ["report_in_pur"] }\nparts')
    row = (nedf, '["a = no"]', '["report_in_pur = no"]')
    (shapes_folder / mov).write_text((Path(__file__).parent / "shapes" / mov).read_text("utf-8"))
    assert unreachable(shapes_folder, whole, row) == ["ratings[1]"]


def test_a_part_has_the_ratings_of_its_rows_and_na_where_it_may_not_apply(
    shapes: definition.Instrument,
) -> None:
    assert reach.ratings_of(shapes.item("NEDC")) == (STRENGTH, NEED)
    assert reach.ratings_of_part(shapes, "NEDF") == (STRENGTH, NEED, NA)
    assert reach.ratings_of_part(shapes, "NEDX") == definition.ITEM_RATINGS


def test_ratings_of_a_component_are_tried_as_far_as_counts_tell_them_apart(
    shapes: definition.Instrument,
) -> None:
    tried = list(reach.component_ratings(shapes, shapes.component("SAF")))
    assert {tuple(each.values()) for each in tried} == {
        (tim, rsk) for tim in (STRENGTH, NEED, NA) for rsk in (STRENGTH, NEED)
    }
    alike = list(reach.component_ratings(shapes, shapes.component("STA")))
    assert alike == [{"STB": Rating.STRENGTH}, {"STB": Rating.AREA_NEEDING_IMPROVEMENT}]


def test_a_shared_row_is_reached_where_one_component_reaches_it(shapes_folder: Path) -> None:
    rows = '[[component_ratings]]\nrating = "substantially'
    na_row = (
        '[[component_ratings]]\nrating = "not_applicable"\nwhen = { all = [{ count = "applicable"'
    )
    row = f"{na_row}, at_most = 0 }}] }}\n"
    edit = ("1.0/instrument.toml", rows, f"{row}{rows}")
    assert unreachable(shapes_folder, edit) == ["component_ratings[1]"]
    na = '[[ratings]]\nrating = "not_applicable"\nwhen = { all = ["a = 1"] }\n[[ratings]]'
    assert unreachable(shapes_folder, ("1.0/items/stb.toml", "[[ratings]]", na)) == []


def test_a_search_that_takes_too_long_reports_nothing(
    shapes_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shadowed = (NEDP, '["a = yes"] }\n[[ratings]]', '["a = yes", "b = no"] }\n[[ratings]]')
    assert unreachable(shapes_folder, shadowed) == ["ratings[2]"]
    monkeypatch.setattr(reach, "_TRIES", 3)
    assert unreachable(shapes_folder) == []


def test_a_search_over_components_that_takes_too_long_reports_nothing(
    shapes_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = ("1.0/instrument.toml", 'of = ["NED"], at_least = 1', 'of = ["NED"], at_least = 2')
    assert unreachable(shapes_folder, never) == ["components[WEL].ratings[1]"]
    monkeypatch.setattr(reach, "_TRIES", 2)
    assert unreachable(shapes_folder) == []
