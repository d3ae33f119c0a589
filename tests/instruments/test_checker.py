from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from cqi.instruments import library, problems
from cqi.instruments.problems import Where

BROKEN = Path(__file__).parent / "broken"
CASES = sorted(folder.name for folder in BROKEN.iterdir())


def rule_of(case: str) -> problems.Rule:
    return problems.Rule(case.split("__")[0])


def is_of_shapes(case: str) -> bool:
    """Whether it is the instrument of every shape that was broken, not the tiny one."""
    return 'of = "shapes"' in (BROKEN / case / "expected.toml").read_text(encoding="utf-8")


def broken_copy(folder: Path, case: str) -> dict[str, object]:
    """Lay the changed files of a broken definition over the instrument that it is made of."""
    expected = tomllib.loads((BROKEN / case / "expected.toml").read_text(encoding="utf-8"))
    shutil.copytree(BROKEN / case, folder, dirs_exist_ok=True)
    for name in expected.get("removed", []):
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return expected


def test_the_instruments_that_are_broken_here_have_no_problem_of_their_own(
    tiny_folder: Path, shapes_folder: Path
) -> None:
    assert (library.check(tiny_folder), library.check(shapes_folder)) == ((), ())


@pytest.mark.parametrize("case", CASES)
def test_a_broken_definition_is_reported_where_it_is_broken_and_nowhere_else(
    tiny_folder: Path, shapes_folder: Path, case: str
) -> None:
    folder = shapes_folder if is_of_shapes(case) else tiny_folder
    expected = broken_copy(folder, case)
    [problem] = library.check(folder)
    assert problem.rule is rule_of(case)
    assert (problem.file, problem.place) == (expected["file"], expected["place"])
    if "says" in expected:
        assert f"{problem.message} {problem.remedy}" == expected["says"]
    words = expected["words"]
    assert isinstance(words, list)
    assert [word for word in words if word not in str(problem)] == []
    assert problem.remedy


def test_every_rule_has_a_broken_definition() -> None:
    assert {rule_of(case) for case in CASES} == set(problems.Rule) - {problems.Rule.INPUT}


def test_all_problems_come_at_once(tiny_folder: Path) -> None:
    for case in ("missing_key", "na_text", "fact_phrases"):
        broken_copy(tiny_folder, case)
    found = {problem.rule for problem in library.check(tiny_folder)}
    assert found == {
        problems.Rule.MISSING_KEY,
        problems.Rule.NA_TEXT,
        problems.Rule.FACT_PHRASES,
    }


def test_a_definition_with_problems_is_not_loaded(tiny_folder: Path) -> None:
    broken_copy(tiny_folder, "unknown_name")
    with pytest.raises(problems.DefinitionError, match="report_in_pru"):
        library.read(tiny_folder / "1.0")


def test_problems_are_named_relative_to_the_folder_that_is_checked(tiny_folder: Path) -> None:
    broken_copy(tiny_folder, "crosswalk_code")
    [from_above] = library.check(tiny_folder.parent)
    assert from_above.file == "tiny/crosswalks/other.toml"
    broken_copy(tiny_folder, "unknown_name")
    [from_inside] = library.check(tiny_folder / "1.0")
    assert from_inside.file == "items/saf_01_reports.toml"


def test_a_folder_without_an_instrument_says_so(tmp_path: Path) -> None:
    [problem] = library.check(tmp_path)
    assert problem == Where(str(tmp_path)).problem(
        problems.Rule.FILE_MISSING,
        "There is no instrument here.",
        "Give a folder that holds ID/VERSION.",
    )


def test_a_part_whose_name_is_misspelt_is_named_with_the_nearest(shapes_folder: Path) -> None:
    whole = shapes_folder / "1.0" / "items" / "ned.toml"
    text = whole.read_text(encoding="utf-8")
    whole.write_text(text.replace('"NEDF"]', '"NEDG"]'), encoding="utf-8")
    found = {problem.rule: problem for problem in library.check(shapes_folder)}
    assert set(found) == {
        problems.Rule.UNKNOWN_PART,
        problems.Rule.ITEM_NOT_LISTED,
        problems.Rule.NOT_ITS_PART,
    }
    assert found[problems.Rule.UNKNOWN_PART].remedy == 'Did you mean "NEDF"?'


def test_a_whole_that_cannot_be_read_leaves_its_parts_alone(shapes_folder: Path) -> None:
    whole = shapes_folder / "1.0" / "items" / "ned.toml"
    whole.write_text(whole.read_text(encoding="utf-8").replace("title", "titel"), encoding="utf-8")
    found = {problem.file for problem in library.check(shapes_folder)}
    assert found == {"1.0/items/ned.toml"}


def test_a_part_that_cannot_be_read_is_not_missing_too(shapes_folder: Path) -> None:
    part = shapes_folder / "1.0" / "items" / "nedp.toml"
    part.write_text(part.read_text(encoding="utf-8").replace("title", "titel"), encoding="utf-8")
    found = {problem.file for problem in library.check(shapes_folder)}
    assert found == {"1.0/items/nedp.toml"}


def test_a_component_counts_only_items_of_its_own(shapes_folder: Path) -> None:
    top = shapes_folder / "1.0" / "instrument.toml"
    text = top.read_text(encoding="utf-8")
    top.write_text(text.replace('of = ["NED"]', 'of = ["TIM"]'), encoding="utf-8")
    [problem] = library.check(shapes_folder)
    assert str(problem) == (
        "1.0/instrument.toml: components[WEL].ratings[1].when:"
        ' "TIM" is not an item that is rated here. Possible here: NED, VIS.'
    )


def test_codes_are_told_where_they_stand(tiny_folder: Path) -> None:
    top, item = tiny_folder / "1.0/instrument.toml", tiny_folder / "1.0/items/pln_01_plan.toml"
    text = top.read_text(encoding="utf-8").replace('code = "PLN"', 'code = "SAF"')
    text = text.replace('name = "school_age"', 'name = "School"')
    text = text.replace('version = "1.0"', 'version = "one"')
    top.write_text(text, encoding="utf-8")
    text = item.read_text(encoding="utf-8").replace('item = "PLN01"', 'item = "pln01"')
    item.write_text(text, encoding="utf-8")
    told = [str(problem) for problem in library.check(tiny_folder)]
    assert (
        '1.0/items/pln_01_plan.toml: item: "pln01" is not written as it must be.'
        " Use capital letters and digits, a letter first."
    ) in told
    assert (
        '1.0/instrument.toml: facts[School].name: "School" is not written as it must be.'
        " Use small letters, digits and _, a letter first."
    ) in told
    assert (
        '1.0/instrument.toml: version: "one" is not written as it must be.'
        " Use numbers joined by dots, for example 1.0."
    ) in told
    twice = 'The component "SAF" stands here twice. Rename or remove one.'
    assert f"1.0/instrument.toml: components: {twice}" in told


def test_a_component_whose_condition_is_wrong_is_told_once(shapes_folder: Path) -> None:
    top = shapes_folder / "1.0" / "instrument.toml"
    text = top.read_text(encoding="utf-8")
    top.write_text(text.replace('["case_type = foster', '["case_tip = foster'), encoding="utf-8")
    [problem] = library.check(shapes_folder)
    assert problem.place == "components[PER].applies_when"
