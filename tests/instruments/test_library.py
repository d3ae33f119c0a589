from __future__ import annotations

import dataclasses
import datetime
import json
import shutil
from pathlib import Path

import pytest

from cqi.instruments import crosswalk, definition, library, problems

DAY = datetime.date(2026, 1, 5)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_versions_are_listed_with_what_was_published(tiny_folder: Path) -> None:
    [draft] = library.versions(tiny_folder.parent)
    assert (draft.instrument_id, draft.version, draft.published_on) == ("tiny", "1.0", None)
    assert not library.is_published(tiny_folder.parent, "tiny", "1.0")
    published = library.publish(tiny_folder.parent, "tiny", "1.0", on=DAY)
    [version] = library.versions(tiny_folder.parent)
    assert (version.published_on, version.digest) == (DAY, published.digest)
    instrument = library.read(tiny_folder / "1.0")
    assert library.published_on(tiny_folder.parent, instrument) == DAY
    other = dataclasses.replace(instrument, version="2.0")
    assert library.published_on(tiny_folder.parent, other) is None
    asked = [("tiny", "1.0"), ("tiny", "2.0"), ("small", "1.0")]
    assert [library.is_published(tiny_folder.parent, *each) for each in asked] == [
        True, False, False,
    ]  # fmt: skip


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
    [problem] = caught.value.problems
    assert (problem.rule, problem.file) == (
        problems.Rule.INPUT,
        version if version != "1.0" else name,
    )
    assert words in str(problem)


def test_the_digest_is_of_what_the_files_say_not_of_their_layout(tiny_folder: Path) -> None:
    before = library.read(tiny_folder / "1.0").digest
    item = tiny_folder / "1.0/items/saf_01_reports.toml"
    item.write_text("# a remark\r\n\r\n" + item.read_text(encoding="utf-8"), encoding="utf-8")
    item.rename(item.with_name("zz_renamed.toml"))
    change(tiny_folder / "1.0/cases/all.toml", "It was in time.", "They came in time.")
    assert library.read(tiny_folder / "1.0").digest == before
    change(item.with_name("zz_renamed.toml"), "Reports answered", "Reports answered in time")
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
    shutil.copytree(tiny_folder, root / "zoo")
    found = library.verify(root)
    assert [problem.file for problem in found] == [
        "tiny/1.0/items/saf_01_reports.toml",
        "zoo/1.0/items/saf_01_reports.toml",
    ]
    assert found[0].message == (
        "The file of SAF01 was changed since version 1.0 was published on 2026-01-05."
    )


def test_a_published_version_that_lost_a_file_is_refused(tiny_folder: Path) -> None:
    library.publish(tiny_folder.parent, "tiny", "1.0", on=DAY)
    (tiny_folder / "1.0/items/pln_01_plan.toml").unlink()
    [problem] = library.verify(tiny_folder.parent)
    assert problem.message == (
        "The file was removed since version 1.0 was published on 2026-01-05."
    )


def test_a_file_that_came_after_publishing_is_named(tiny_folder: Path) -> None:
    library.publish(tiny_folder.parent, "tiny", "1.0", on=DAY)
    change(tiny_folder / "1.0/instrument.toml", "Tiny instrument", "Small instrument")
    first = tiny_folder / "1.0/items/saf_01_reports.toml"
    again = first.read_text(encoding="utf-8").replace("Reports answered", "Reports begun")
    first.with_name("saf_09_again.toml").write_text(again, encoding="utf-8")
    since = "since version 1.0 was published on 2026-01-05."
    assert [(problem.file, problem.message) for problem in library.verify(tiny_folder.parent)] == [
        ("tiny/1.0/instrument.toml", f"The file was changed {since}"),
        ("tiny/1.0/items/saf_09_again.toml", f"The file of SAF01 was added {since}"),
    ]


def test_a_changed_file_that_names_no_item_is_told_by_its_name_alone(tiny_folder: Path) -> None:
    library.publish(tiny_folder.parent, "tiny", "1.0", on=DAY)
    change(tiny_folder / "1.0/items/pln_01_plan.toml", 'item = "PLN01"\n', "")
    [problem] = library.verify(tiny_folder.parent)
    assert problem.message == (
        "The file was changed since version 1.0 was published on 2026-01-05."
    )


def test_a_published_version_that_lost_its_first_file_is_refused(tiny_folder: Path) -> None:
    library.publish(tiny_folder.parent, "tiny", "1.0", on=DAY)
    (tiny_folder / "1.0/instrument.toml").unlink()
    [problem] = library.verify(tiny_folder.parent)
    assert problem.file == "tiny/1.0/instrument.toml"


def test_a_digest_that_is_not_that_of_its_files_is_told_of_the_record(tiny_folder: Path) -> None:
    digest = library.publish(tiny_folder.parent, "tiny", "1.0", on=DAY).digest
    change(tiny_folder / "published.toml", f'"{digest}"', f'"{digest[::-1]}"')
    [problem] = library.verify(tiny_folder.parent)
    assert str(problem) == (
        "tiny/1.0/published.toml: The digest written for 1.0 is not that of its files."
        " Put it back as it was, or copy the folder to a new version and change that."
    )


def test_publishing_again_changes_nothing(tiny_folder: Path) -> None:
    root = tiny_folder.parent
    first = library.publish(root, "tiny", "1.0", on=DAY)
    text = (tiny_folder / "published.toml").read_text(encoding="utf-8")
    later = datetime.date(2026, 2, 1)
    assert library.publish(root, "tiny", "1.0", on=later) == first
    assert (tiny_folder / "published.toml").read_text(encoding="utf-8") == text


def test_each_publication_is_written_down_beside_the_earlier_ones(tiny_folder: Path) -> None:
    root = tiny_folder.parent
    library.publish(root, "tiny", "1.0", on=DAY)
    shutil.copytree(tiny_folder / "1.0", tiny_folder / "1.1")
    change(tiny_folder / "1.1/instrument.toml", 'version = "1.0"', 'version = "1.1"')
    library.publish(root, "tiny", "1.1", on=datetime.date(2026, 2, 1))
    text = (tiny_folder / "published.toml").read_text(encoding="utf-8")
    assert text.startswith(
        "# Written when a version is published. A published version is never changed.\n"
        '\n[versions."1.0"]\ndigest = "'
    )
    assert [each.published_on for each in library.versions(root)] == [
        DAY,
        datetime.date(2026, 2, 1),
    ]
    assert library.verify(root) == ()


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


def test_a_crosswalk_with_problems_is_not_loaded(tiny_folder: Path) -> None:
    change(tiny_folder / "crosswalks/other.toml", 'ours = "SAF01"', 'ours = "SAF10"')
    instrument = library.load(tiny_folder.parent, "tiny", "1.0")
    with pytest.raises(problems.DefinitionError, match='There is no item "SAF10"'):
        library.crosswalks(tiny_folder.parent, instrument)


def test_the_description_says_all_that_an_instrument_has(shapes: definition.Instrument) -> None:
    wanted = Path(__file__).with_name("shapes") / "described.json"
    described = json.loads(json.dumps(library.describe(shapes)))
    assert described.pop("digest") == shapes.digest
    assert described == json.loads(wanted.read_text(encoding="utf-8"))
