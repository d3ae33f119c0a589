"""Which setting a fact follows: a small file beside the versions, checked like a definition."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cqi.core import folders
from cqi.instruments import definition, fact_settings, library, problems
from cqi.settings import registry

KNOWN = ("reviews.days",)
GOOD = '[facts.report_in_pur]\nsetting = "reviews.days"\ndue = "a plan"\n'
BROKEN = [
    ('[facts.report_in_pru]\nsetting = "reviews.days"\n', "facts.report_in_pru",
     ['no fact "report_in_pru"', 'Did you mean "report_in_pur"?']),
    ('[facts.report_in_pur]\nsetting = "reviews.dais"\n', "facts.report_in_pur.setting",
     ['no setting "reviews.dais"', 'Did you mean "reviews.days"?']),
    ('[facts.report_in_pur]\nsetting = "reviews.days"\ndeu = "a plan"\n', "facts.report_in_pur",
     ['"deu" is not known here', 'Did you mean "due"?']),
    ("[facts.report_in_pur]\n", "facts.report_in_pur", ['"setting" is missing', "Add setting"]),
    ('[facts]\nreport_in_pur = "reviews.days"\n', "facts.report_in_pur", ["must be a table"]),
    ("[fact]\n", "", ['"fact" is not known here', 'Did you mean "facts"?']),
    ("[facts\n", "", ["This is not TOML"]),
]  # fmt: skip


def write(tiny_folder: Path, text: str) -> None:
    (tiny_folder / fact_settings.FILE).write_text(text, encoding="utf-8")


def test_an_instrument_without_the_file_follows_no_setting(
    tiny_folder: Path, tiny: definition.Instrument
) -> None:
    assert fact_settings.load(tiny_folder.parent, tiny, KNOWN) == {}
    assert fact_settings.check(tiny_folder, KNOWN) == ()


def test_a_fact_follows_the_setting_that_the_file_names(
    tiny_folder: Path, tiny: definition.Instrument
) -> None:
    write(tiny_folder, GOOD)
    found = fact_settings.load(tiny_folder.parent, tiny, KNOWN)
    assert found == {"report_in_pur": fact_settings.FactSetting("reviews.days", "a plan")}


@pytest.mark.parametrize(("text", "place", "words"), BROKEN)
def test_what_is_wrong_is_named_with_file_place_and_remedy(
    tiny_folder: Path, tiny: definition.Instrument, text: str, place: str, words: list[str]
) -> None:
    write(tiny_folder, text)
    for path in (tiny_folder.parent, tiny_folder, tiny_folder / "1.0"):
        problem = fact_settings.check(path, KNOWN)[0]
        assert (problem.file, problem.place) == ("tiny/settings.toml", place)
        assert [word for word in words if word not in str(problem)] == []
        assert problem.remedy
    with pytest.raises(problems.DefinitionError):
        fact_settings.load(tiny_folder.parent, tiny, KNOWN)


def test_everything_wrong_comes_at_once_and_beside_other_instruments(tiny_folder: Path) -> None:
    for name in ("another", "zoo"):  # folders before and behind it are of no account
        shutil.copytree(tiny_folder, tiny_folder.with_name(name))
    newer = Path(shutil.copytree(tiny_folder / "1.0", tiny_folder / "2.0"))
    (newer / "items" / "pln_01_plan.toml").unlink()  # left to library.check
    write(tiny_folder, "".join(text for text, _, _ in BROKEN[:2]))
    unknown, setting = fact_settings.check(tiny_folder, KNOWN)
    assert (unknown.rule, setting.rule) == (problems.Rule.UNKNOWN_NAME,) * 2
    assert unknown.message == 'tiny 1.0 has no fact "report_in_pru".'
    assert setting.message == 'There is no setting "reviews.dais".'
    zoo = tiny_folder.with_name("zoo")
    top = zoo / "1.0" / "instrument.toml"
    top.write_text(top.read_text("utf-8").replace('id = "tiny"', 'id = "zoo"'), encoding="utf-8")
    write(zoo, BROKEN[0][0])
    below = [fact_settings.check(folder, KNOWN) for folder in (tiny_folder, zoo)]
    assert [len(found) for found in below] == [2, 1]
    assert fact_settings.check(tiny_folder.parent, KNOWN) == (*below[0], *below[1])
    shutil.rmtree(tiny_folder / "1.0")
    assert fact_settings.check(tiny_folder, KNOWN) == ()


def test_a_version_that_does_not_hold_together_hides_no_other(tiny_folder: Path) -> None:
    (tiny_folder / "1.0" / "items" / "pln_01_plan.toml").rename(tiny_folder / "kept.toml")
    newer = Path(shutil.copytree(tiny_folder / "1.0", tiny_folder / "2.0"))
    (tiny_folder / "kept.toml").rename(newer / "items" / "pln_01_plan.toml")
    top = newer / "instrument.toml"
    text = top.read_text(encoding="utf-8").replace('version = "1.0"', 'version = "2.0"')
    top.write_text(text, encoding="utf-8")
    write(tiny_folder, BROKEN[0][0])
    [problem] = fact_settings.check(tiny_folder, KNOWN)
    assert problem.message == 'tiny 2.0 has no fact "report_in_pru".'


def test_the_file_is_outside_the_digest_of_a_version(
    tiny_folder: Path, tiny: definition.Instrument
) -> None:
    write(tiny_folder, GOOD)
    assert library.read(tiny_folder / "1.0").digest == tiny.digest
    assert library.check(tiny_folder) == ()


def test_the_shipped_files_hold_and_their_texts_name_the_defaults() -> None:
    root = folders.data_folder("review_instruments")
    assert fact_settings.check(root, registry.BY_KEY) == ()
    followed = 0
    for version in library.versions(root):
        instrument = library.load(root, version.instrument_id, version.version)
        for name, one in fact_settings.load(root, instrument, registry.BY_KEY).items():
            setting = registry.BY_KEY[one.setting]
            assert f"{setting.default} {setting.unit}" in instrument.fact(name).help
            assert isinstance(setting.default, int)
            followed += 1
    assert followed, "case_plan_due follows a setting"
