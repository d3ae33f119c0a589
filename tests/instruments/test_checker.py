from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from cqi.instruments import library, problems

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
    assert "There is no instrument here" in problem.message
