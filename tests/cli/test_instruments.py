"""`cqi instruments`, without any database."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cqi.core import folders
from tests.fixtures.commands import Command

ID, VERSION = "mississippi_practice_model", "1.0"
SHIPPED = folders.data_folder("review_instruments")
CASE = {
    "facts": {"case_type": "foster_care", "household_changed": True},
    "answers": {"SRM05": {"a": "yes", "b": "no"}},
}


def test_the_instrument_has_six_components_of_9_9_6_7_10_and_7_items(command: Command) -> None:
    shown = command("instruments", "show", ID, VERSION, "--format", "json").good().json
    assert [one["code"] for one in shown["components"]] == [
        "MAS", "SRM", "INV", "SNA", "PCR", "ICP",
    ]  # fmt: skip
    assert [len(one["items"]) for one in shown["components"]] == [9, 9, 6, 7, 10, 7]
    questions = [
        q for one in shown["components"] for item in one["items"] for q in _of(shown, item)
    ]
    assert len(questions) >= 96, "two questions an item, nearly everywhere"


def _of(shown: dict[str, list[dict[str, object]]], item: object) -> list[object]:
    if isinstance(item, dict):
        return list(item["questions"])
    [found] = [one for one in shown["items"] if one["code"] == item]
    questions = found["questions"]
    assert isinstance(questions, list)
    return questions


def test_show_in_words_names_components_and_items(command: Command) -> None:
    shown = command("instruments", "show", ID, VERSION).good().out
    assert "SRM Safety Assurance and Risk Management" in shown
    assert "SRM05" in shown


def _row(command: Command) -> dict[str, str | None]:
    """What the list says of the practice model."""
    rows = command("instruments", "list", "--format", "json").good().json
    [row] = [row for row in rows if (row["id"], row["version"]) == (ID, VERSION)]
    assert isinstance(row, dict)
    return row


def test_list_says_which_version_is_published(command: Command) -> None:
    row = _row(command)
    assert set(row) == {"id", "version", "published_on", "digest"}
    assert f"{ID} {VERSION}: " in command("instruments", "list").good().out


def test_one_case_is_rated_as_interface_md_says(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(CASE), encoding="utf-8")
    rated = command("instruments", "rate", ID, VERSION, "--input", file).good().json
    assert list(rated) == ["instrument", "version", "digest", "items", "components"]
    assert (rated["instrument"], rated["version"]) == (ID, VERSION)
    assert rated["items"]["SRM05"] == {
        "rating": "area_needing_improvement",
        "because": ["b is no"],
        "missing": [],
    }
    component = rated["components"]["SRM"]
    assert component["rating"] is None
    assert component["because"] == []
    assert component["missing"][0] == "SRM01"
    assert "SRM05" not in component["missing"]
    assert (len(rated["items"]), len(rated["components"])) == (48, 6)
    assert len(rated["digest"]) == 64


def test_check_reads_which_setting_a_fact_follows_too(command: Command, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED / ID, tmp_path / ID))
    (folder / "settings.toml").write_text('[facts.plan_due]\nsetting = "reviews.days"\n')
    ran = command("instruments", "check", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert f'{ID}/settings.toml: facts.plan_due: {ID} 1.0 has no fact "plan_due".' in ran.err
    assert 'There is no setting "reviews.days".' in ran.err
    assert "2 to mend" in ran.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("[]", 'an object with "facts" and "answers"'),
        ('{"facts": {"case_typ": "foster_care"}}', "case_type"),
        ('{"answers": {"SRM55": {}}}', "SRM05"),
        ('{"answers": {"SRM05": {"a": "maybe"}}}', "maybe"),
    ],
)
def test_bad_input_is_named_and_ends_with_2(
    command: Command, tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "case.json"
    file.write_text(text, encoding="utf-8")
    ran = command("instruments", "rate", ID, VERSION, "--input", file)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_a_missing_file_and_an_unknown_instrument_are_bad_input(
    command: Command, tmp_path: Path
) -> None:
    nowhere = command("instruments", "rate", ID, VERSION, "--input", tmp_path / "none.json")
    assert (nowhere.code, nowhere.out) == (2, "")
    assert "none.json cannot be read" in nowhere.err
    unknown = command("instruments", "show", "mississipi_practice_model", VERSION)
    assert (unknown.code, unknown.out) == (2, "")
    assert ID in unknown.err


def test_check_finds_nothing_in_the_shipped_definitions(command: Command) -> None:
    assert command("instruments", "check").good().out == "nothing is wrong\n"


def test_check_names_everything_that_is_wrong_with_file_and_remedy(
    command: Command, tmp_path: Path
) -> None:
    folder = tmp_path / ID / VERSION
    shutil.copytree(SHIPPED / ID / VERSION, folder)
    [srm05] = (folder / "items").glob("srm_05*.toml")
    text = srm05.read_text(encoding="utf-8")
    srm05.write_text(text.replace('component = "SRM"', 'component = "SRX"'), encoding="utf-8")
    [mas01] = (folder / "items").glob("mas_01*.toml")
    mas01.write_text(mas01.read_text(encoding="utf-8") + "\nspare = 1\n", encoding="utf-8")
    ran = command("instruments", "check", folder)
    assert ran.code == 2
    assert srm05.name in ran.err
    assert mas01.name in ran.err
    assert "to mend" in ran.err


def test_publish_freezes_a_version_by_its_digest(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "instruments"
    shutil.copytree(SHIPPED, root)
    (root / ID / "published.toml").unlink(missing_ok=True)
    monkeypatch.setenv("CQI_INSTRUMENTS", str(root))
    assert _row(command)["published_on"] is None
    said = command("instruments", "publish", ID, VERSION).good().out
    published = _row(command)
    assert published["published_on"] is not None
    assert str(published["digest"]) in said


SHAPES = Path(__file__).parents[1] / "instruments" / "shapes"


@pytest.fixture
def shapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an instrument that has every shape, alone in a library."""
    monkeypatch.setenv("CQI_INSTRUMENTS", str(tmp_path / "instruments"))
    return Path(shutil.copytree(SHAPES, tmp_path / "instruments" / "shapes"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_counts_subjects_and_parts_are_rated_from_a_file(
    command: Command, shapes: Path, tmp_path: Path
) -> None:
    file = tmp_path / "case.json"
    case = {
        "subjects": {"parent": ["mother", "father"]},
        "answers": {"NEDP": {"a": {"mother": "no", "father": "no"}, "c": {"mother": 0}}},
    }
    file.write_text(json.dumps(case), encoding="utf-8")
    rated = command("instruments", "rate", "shapes", "1.0", "--input", file).good().json
    assert rated["items"]["NEDP"]["missing"] == ["c for father"]
    assert rated["items"]["NED"]["missing"] == ["NEDC", "NEDP", "NEDF"]
    assert rated["components"]["WEL"]["missing"] == ["NED", "VIS"]


def test_publish_refuses_a_version_that_was_changed_and_says_what(
    command: Command, shapes: Path
) -> None:
    command("instruments", "publish", "shapes", "1.0").good()
    edit(shapes / "1.0" / "items" / "mov.toml", "most = 9", "most = 8")
    (shapes / "1.0" / "items" / "stb.toml").rename(shapes / "1.0" / "items" / "status.toml")
    (shapes / "1.0" / "items" / "nedf.toml").unlink()
    edit(shapes / "1.0" / "items" / "ned.toml", ', "NEDF"]', "]")
    edit(shapes / "1.0" / "items" / "ned.toml", ', "NEDF = area_needing_improvement"', "")
    ran = command("instruments", "publish", "shapes", "1.0")
    assert (ran.code, ran.out) == (2, "")
    assert "items/mov.toml: The file of MOV was changed since version 1.0 was published" in ran.err
    assert "items/nedf.toml: The file was removed since" in ran.err
    assert "STB" not in ran.err, "another name of a file is no change"
    assert "stb.toml" not in ran.err
    assert "copy the folder to a new version" in ran.err


def test_compare_says_what_a_new_version_says_differently(command: Command, shapes: Path) -> None:
    new = Path(shutil.copytree(shapes / "1.0", shapes / "1.1"))
    edit(new / "instrument.toml", 'version = "1.0"', 'version = "1.1"')
    edit(new / "items" / "mov.toml", "most = 9", "most = 8")
    edit(new / "items" / "vis.toml", "Did visits help?", "Do visits help?")
    assert command("instruments", "compare", "shapes", "1.0", "1.1").good().out.splitlines() == [
        "shapes 1.0 and 1.1: of the items 8 same, 1 reworded, 1 changed rule",
        "MOV changed rule: question a",
        "VIS reworded: purpose",
    ]
    told = command("instruments", "compare", "shapes", "1.0", "1.1", "--format", "json").good().json
    assert told["items"]["MOV"] == {
        "change": "changed_rule",
        "what": ["question a"],
        "comparable": False,
    }
    unknown = command("instruments", "compare", "shapes", "1.0", "2.0")
    assert (unknown.code, unknown.out) == (2, "")
    assert 'has no version "2.0"' in unknown.err


def test_a_new_instrument_passes_the_check_as_it_is(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CQI_INSTRUMENTS", str(tmp_path / "ours"))
    made = command("instruments", "new", "county_check").good().out
    folder = tmp_path / "ours" / "county_check" / "0.1"
    assert f"made {folder}" in made
    assert f"cqi instruments check {folder}" in made
    assert f"cqi instruments preview {folder}" in made
    assert command("instruments", "check", folder).good().out == "nothing is wrong\n"
    copied = command("instruments", "new", "county_check", "--from", "county_check", "0.1")
    assert str(folder.with_name("0.2")) in copied.good().out


def test_a_new_instrument_is_refused_where_it_cannot_be(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = command("instruments", "new", ID)
    assert (there.code, there.out) == (2, "")
    assert f"There is an instrument {ID} already." in there.err
    bad = command("instruments", "new", "County Check")
    assert (bad.code, bad.out) == (2, "")
    assert '"county_check"' in bad.err
    (tmp_path / "a_file").write_text("")
    monkeypatch.setenv("CQI_INSTRUMENTS", str(tmp_path / "a_file"))
    shut = command("instruments", "new", "county_check")
    assert (shut.code, shut.out) == (2, "")
    assert "cannot be written to" in shut.err


def test_the_blank_form_is_printed_as_pdf_or_page(command: Command, tmp_path: Path) -> None:
    paper, page = tmp_path / "form.pdf", tmp_path / "form.HTML"
    assert command("instruments", "print", "osri", "1.0", "--out", paper).good().out == (
        f"wrote {paper}\n"
    )
    assert paper.read_bytes().startswith(b"%PDF")
    command("instruments", "print", "osri", "1.0", "--out", page).good()
    assert "Time with parents, brothers and sisters" in page.read_text(encoding="utf-8")


def test_a_form_is_not_printed_where_it_cannot_be(command: Command, tmp_path: Path) -> None:
    sheet = command("instruments", "print", "osri", "1.0", "--out", tmp_path / "form.xlsx")
    assert (sheet.code, sheet.out) == (2, "")
    assert "use one of .pdf, .html" in sheet.err
    nowhere = command("instruments", "print", "osri", "1.0", "--out", tmp_path / "no" / "form.pdf")
    assert nowhere.code == 2
    assert "cannot be written" in nowhere.err
    unknown = command("instruments", "print", "osri", "9.0", "--out", tmp_path / "form.pdf")
    assert unknown.code == 2
    assert not (tmp_path / "form.pdf").exists()
