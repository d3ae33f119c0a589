"""What somebody who writes an instrument begins with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cqi.instruments import library, loading, problems, scaffolding
from cqi.instruments.definition import Answer, Rating
from cqi.instruments.problems import Rule, Where

FORM = 'ID: "{}" is not written as it must be. Use small letters, digits and _, a letter first.'


def test_the_scaffold_is_a_whole_instrument_in_which_nothing_is_wrong(tmp_path: Path) -> None:
    folder = scaffolding.start(tmp_path, "county_check")
    assert folder == tmp_path / "county_check" / "0.1"
    assert library.check(tmp_path) == ()
    made = library.load(tmp_path, "county_check", "0.1")
    [component] = made.components
    [item] = made.items
    assert component.items == (item.code,)
    assert [question.answer for question in item.questions] == [Answer.YES_NO, Answer.YES_NO_NA]
    assert item.evidence.prompts
    assert {row.rating for row in item.ratings} >= {
        Rating.STRENGTH,
        Rating.AREA_NEEDING_IMPROVEMENT,
    }


def test_every_file_of_the_scaffold_teaches_in_remarks(tmp_path: Path) -> None:
    folder = scaffolding.start(tmp_path, "county_check")
    files = sorted(folder.rglob("*.toml"))
    assert len(files) == 3
    for path in files:
        assert sum(line.startswith("#") for line in path.read_text().splitlines()) >= 2, path


@pytest.mark.parametrize(
    ("name", "rule", "words"),
    [
        ("County Check", Rule.NAME_FORM, f'{FORM} For example "county_check".'),
        ("../Up", Rule.NAME_FORM, f'{FORM} For example "up".'),
        ("2027", Rule.NAME_FORM, FORM),
        ("", Rule.NAME_FORM, FORM),
        (
            "core",
            Rule.RESERVED_NAME,
            'ID: "core" is a word of the condition language. Choose another name.',
        ),
    ],
)
def test_a_bad_name_is_refused_with_a_good_one_beside_it(
    tmp_path: Path, name: str, rule: Rule, words: str
) -> None:
    with pytest.raises(problems.InputError) as caught:
        scaffolding.start(tmp_path, name)
    [problem] = caught.value.problems
    assert str(problem) == words.format(name)
    assert (problem.rule, problem.place) == (rule, "")
    assert list(tmp_path.iterdir()) == []


def test_an_instrument_that_is_there_is_refused_and_the_way_to_a_new_version_is_said(
    tiny_folder: Path,
) -> None:
    for older in ("0.8", "0.9"):
        shutil.copytree(tiny_folder / "1.0", tiny_folder / older)
    before = sorted(tiny_folder.rglob("*"))
    with pytest.raises(problems.InputError, match=r"cqi instruments new tiny --from tiny 1\.0$"):
        scaffolding.start(tiny_folder.parent, "tiny")
    assert sorted(tiny_folder.rglob("*")) == before


def test_a_folder_of_that_name_without_a_version_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "county_check").mkdir()
    with pytest.raises(problems.InputError, match="already"):
        scaffolding.start(tmp_path, "county_check")


def test_a_copy_gets_the_next_number_and_says_the_same_otherwise(tiny_folder: Path) -> None:
    root, source = tiny_folder.parent, scaffolding.Source("tiny", "1.0")
    folder = scaffolding.start(root, "tiny", source=source)
    assert folder.name == "1.1"
    assert library.check(tiny_folder) == ()
    old, new = (loading.read(tiny_folder / name) for name in ("1.0", "1.1"))
    assert new.instrument is not None
    assert old.instrument is not None
    assert new.instrument.table == {**old.instrument.table, "version": "1.1"}
    assert new.items == old.items


def test_a_copy_may_have_a_number_or_a_name_of_its_own(tiny_folder: Path) -> None:
    root, source = tiny_folder.parent, scaffolding.Source("tiny", "1.0")
    assert scaffolding.start(root, "tiny", "3.0", source) == tiny_folder / "3.0"
    assert scaffolding.start(root, "small", source=source) == root / "small" / "0.1"
    assert library.check(root / "small") == ()
    assert library.load(root, "small", "0.1").id == "small"
    with pytest.raises(problems.InputError, match=r"^VERSION: .*Use numbers joined by dots"):
        scaffolding.start(root, "tiny", "v4", source)


def test_a_version_that_is_there_is_never_written_over(tiny_folder: Path) -> None:
    source = scaffolding.Source("tiny", "1.0")
    before = (tiny_folder / "1.0" / "instrument.toml").read_bytes()
    with pytest.raises(problems.InputError) as caught:
        scaffolding.start(tiny_folder.parent, "tiny", "1.0", source)
    assert caught.value.problems == (
        Where("ID").problem(
            Rule.INPUT,
            "tiny 1.0 is there already.",
            "Change it where it lies, or choose another number with --version.",
        ),
    )
    assert (tiny_folder / "1.0" / "instrument.toml").read_bytes() == before


def test_a_source_that_is_not_there_is_named_with_the_nearest(tiny_folder: Path) -> None:
    with pytest.raises(problems.UnknownInstrumentError, match='Did you mean "tiny"'):
        scaffolding.start(tiny_folder.parent, "small", source=scaffolding.Source("tinny", "1.0"))


def test_remarks_behind_id_and_version_stay_and_inner_ids_are_not_touched(
    shapes_folder: Path,
) -> None:
    file = shapes_folder / "1.0" / "instrument.toml"
    text = file.read_text(encoding="utf-8")
    assert 'id = "six_point"' in text
    file.write_text(text.replace('id = "shapes"', "id = 'shapes' # ours"), encoding="utf-8")
    source = scaffolding.Source("shapes", "1.0")
    folder = scaffolding.start(shapes_folder.parent, "forms", source=source)
    copied = (folder / "instrument.toml").read_text(encoding="utf-8")
    assert 'id = "forms" # ours' in copied
    assert 'id = "six_point"' in copied
    assert library.check(folder) == ()
