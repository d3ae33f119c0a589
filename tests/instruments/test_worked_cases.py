"""The worked cases beside a definition: what is wrong with their files, and with them."""

from __future__ import annotations

from pathlib import Path

from cqi.instruments import library, worked_cases
from cqi.instruments.problems import Rule

LISTED = """
[[cases]]
item = "NEDC"
title = "Two children"
story = "One of them was asked."
subjects = { child = ["one", "two"] }
answers = { a = { one = "yes" }, b = { one = "na" } }
rating = "strength"
because = "The child was asked."
"""


def test_what_is_wrong_with_one_file_hides_neither_the_others_nor_their_cases(
    tiny_folder: Path,
) -> None:
    folder = tiny_folder / "1.0"
    before, found = worked_cases.load(folder)
    assert found == ()
    (folder / "cases" / "a_damaged.toml").write_text("[[cases\n", encoding="utf-8")
    (folder / "cases" / "b_misspelt.toml").write_text('[[case]]\nitem = "SAF01"\n', "utf-8")
    cases, found = worked_cases.load(folder)
    assert cases == before
    assert [(problem.file, problem.rule) for problem in found] == [
        ("cases/a_damaged.toml", Rule.NOT_TOML),
        ("cases/b_misspelt.toml", Rule.UNKNOWN_KEY),
        ("cases/b_misspelt.toml", Rule.MISSING_KEY),
    ]


def test_a_case_is_rated_with_the_subjects_that_it_lists(shapes_folder: Path) -> None:
    path = shapes_folder / "1.0" / "cases" / "listed.toml"
    path.write_text(LISTED, encoding="utf-8")
    [problem] = library.check(shapes_folder)
    assert (problem.rule, problem.file) == (Rule.CASE_RATING, "1.0/cases/listed.toml")
    assert problem.message == (
        '"Two children" says strength. Not rated yet: a for two and b for two are not answered.'
    )
    path.write_text(LISTED.replace(', "two"', ""), encoding="utf-8")
    assert library.check(shapes_folder) == ()
