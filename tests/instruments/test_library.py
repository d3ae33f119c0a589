from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from cqi.instruments import crosswalk, library, problems

DAY = datetime.date(2026, 1, 5)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_versions_are_listed_with_what_was_published(tiny_folder: Path) -> None:
    [draft] = library.versions(tiny_folder.parent)
    assert (draft.instrument_id, draft.version, draft.published_on) == ("tiny", "1.0", None)
    published = library.publish(tiny_folder.parent, "tiny", "1.0", on=DAY)
    [version] = library.versions(tiny_folder.parent)
    assert (version.published_on, version.digest) == (DAY, published.digest)


def test_a_library_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert library.versions(tmp_path / "nothing") == []


@pytest.mark.parametrize(
    ("name", "version", "words"),
    [
        ("tinny", "1.0", 'no instrument "tinny". Did you mean "tiny"?'),
        ("tiny", "2.0", 'no version "2.0"'),
        ("../tiny", "1.0", "no instrument"),
    ],
)
def test_an_unknown_instrument_is_named_with_the_nearest(
    tiny_folder: Path, name: str, version: str, words: str
) -> None:
    with pytest.raises(problems.UnknownInstrumentError) as caught:
        library.load(tiny_folder.parent, name, version)
    assert words in str(caught.value)


def test_the_digest_is_of_what_the_files_say_not_of_their_layout(tiny_folder: Path) -> None:
    before = library.read(tiny_folder / "1.0").digest
    item = tiny_folder / "1.0/items/saf_01_reports.toml"
    item.write_text("# a remark\r\n\r\n" + item.read_text(encoding="utf-8"), encoding="utf-8")
    item.rename(item.with_name("renamed.toml"))
    change(tiny_folder / "1.0/cases/all.toml", "It was in time.", "They came in time.")
    assert library.read(tiny_folder / "1.0").digest == before
    change(item.with_name("renamed.toml"), "Reports answered", "Reports answered in time")
    assert library.read(tiny_folder / "1.0").digest != before


def test_a_published_version_that_was_changed_is_refused_and_the_files_are_named(
    tiny_folder: Path,
) -> None:
    root = tiny_folder.parent
    library.publish(root, "tiny", "1.0", on=DAY)
    assert library.verify(root) == ()
    change(tiny_folder / "1.0/items/saf_01_reports.toml", "Reports answered", "Reports")
    with pytest.raises(problems.DefinitionError, match=r"items/saf_01_reports\.toml.*changed"):
        library.load(root, "tiny", "1.0")
    with pytest.raises(problems.DefinitionError, match=r"saf_01_reports"):
        library.publish(root, "tiny", "1.0", on=DAY)
    [problem] = library.verify(root)
    assert problem.file == "tiny/1.0/items/saf_01_reports.toml"


def test_a_published_version_that_lost_a_file_is_refused(tiny_folder: Path) -> None:
    library.publish(tiny_folder.parent, "tiny", "1.0", on=DAY)
    (tiny_folder / "1.0/items/pln_01_plan.toml").unlink()
    [problem] = library.verify(tiny_folder.parent)
    assert "removed since version 1.0 was published" in problem.message


def test_publishing_again_changes_nothing(tiny_folder: Path) -> None:
    root = tiny_folder.parent
    first = library.publish(root, "tiny", "1.0", on=DAY)
    text = (tiny_folder / "published.toml").read_text(encoding="utf-8")
    later = datetime.date(2026, 2, 1)
    assert library.publish(root, "tiny", "1.0", on=later) == first
    assert (tiny_folder / "published.toml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("wrong", ["[", "[versions]\nx = 1", "versions = 1"])
def test_a_damaged_record_of_publications_is_reported(tiny_folder: Path, wrong: str) -> None:
    (tiny_folder / "published.toml").write_text(wrong, encoding="utf-8")
    [problem] = library.check(tiny_folder)
    assert problem.file.endswith("published.toml")
    assert problem.rule in (problems.Rule.NOT_TOML, problems.Rule.WRONG_KIND)


@pytest.mark.parametrize("wrong", ["a = " + "[" * 5000, None], ids=["brackets", "a folder"])
def test_a_file_that_cannot_be_read_is_a_problem_among_others(
    tiny_folder: Path, wrong: str | None
) -> None:
    file = tiny_folder / "1.0" / "instrument.toml"
    file.unlink()
    file.mkdir() if wrong is None else file.write_text(wrong, encoding="utf-8")
    found = library.check(tiny_folder)
    [problem] = [each for each in found if each.file == "1.0/instrument.toml"]
    says = ("This is not TOML: too many brackets.", "This cannot be read: Is a directory.")
    assert problem.message in says


def test_nothing_with_problems_is_published(tiny_folder: Path) -> None:
    change(tiny_folder / "1.0/cases/all.toml", 'answers = { a = "yes" }', 'answers = { a = "no" }')
    with pytest.raises(problems.DefinitionError, match="Mend the case or the rules"):
        library.publish(tiny_folder.parent, "tiny", "1.0", on=DAY)
    assert not (tiny_folder / "published.toml").exists()


def test_a_crosswalk_says_which_items_are_equal(tiny_folder: Path) -> None:
    instrument = library.load(tiny_folder.parent, "tiny", "1.0")
    other = library.crosswalks(tiny_folder.parent, instrument)["other"]
    assert (other.equal("SAF01"), other.equal("SAF02")) == (("1",), ())
    assert other.pairs[0].relation is crosswalk.Relation.EQUAL


def test_the_description_has_components_items_and_questions(tiny_folder: Path) -> None:
    described = library.describe(library.load(tiny_folder.parent, "tiny", "1.0"))
    assert [len(component["items"]) for component in described["components"]] == [3, 1]
    item = described["components"][0]["items"][0]
    assert item["applies_when"] == {"all": ["report_in_pur"]}
    assert item["questions"][0]["answers"] == ["yes", "no"]
