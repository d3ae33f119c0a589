"""A report's definition is refused with every problem and its remedy at once."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cqi.core import errors, folders
from cqi.reporting.queries import definitions
from cqi.reporting.rules import definition

SHIPPED = folders.data_folder("reports") / "region.toml"


@pytest.fixture
def raw() -> dict[str, Any]:
    return copy.deepcopy(tomllib.loads(SHIPPED.read_text("utf-8")))


def problems(raw: dict[str, Any]) -> str:
    with pytest.raises(errors.BadInput) as refused:
        definition.parse(raw, "region.toml")
    return str(refused.value)


def test_the_shipped_definition_holds() -> None:
    found = definitions.shipped("region")
    kinds = [section.kind for section in found.sections if section.kind != "narrative"]
    assert kinds == [kind for kind in definition.KINDS if kind in kinds]


@pytest.mark.parametrize("name", ["region", "county", "state"])
def test_every_shipped_definition_holds(name: str) -> None:
    assert definitions.shipped(name).texts["id"] == name


def test_every_kind_of_section_stands_in_a_shipped_definition() -> None:
    shipped = [definitions.shipped(name) for name in ("region", "county", "state")]
    assert {one.kind for each in shipped for one in each.sections} == set(definition.KINDS)


def test_a_definition_has_what_it_extends_and_says_the_rest_itself(
    raw: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "region.toml").write_text(SHIPPED.read_text("utf-8"), "utf-8")
    own = 'extends = "region"\nid = "own"\n[settings]\nneeds_listed = 5\n'
    own += '[[sections]]\nkind = "component_pages"\nparts = "Own words."\n'
    (tmp_path / "own.toml").write_text(own, "utf-8")
    found = definitions.read(tmp_path / "own.toml")
    assert found.texts["id"] == "own"
    assert found.texts["heading"] == raw["heading"]
    assert found.settings.needs_listed == 5
    assert found.settings.strengths_listed == raw["settings"]["strengths_listed"]
    (section,) = found.sections
    assert section.texts["parts"] == "Own words."
    assert section.texts["look"] == raw["sections"][3]["look"]


def test_an_unknown_parent_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('extends = "nowhere"\n', "utf-8")
    with pytest.raises(errors.BadInput, match=r"no report definition nowhere\.toml"):
        definitions.read(tmp_path / "own.toml")


def test_all_problems_are_said_at_once_with_their_place(raw: dict[str, Any]) -> None:
    del raw["heading"]
    raw["sections"][0]["titel"] = "x"
    raw["settings"]["needs_listed"] = "two"
    said = problems(raw).splitlines()
    assert len(said) == 3
    assert all(line.startswith("region.toml: ") for line in said)


def test_a_missing_text_is_named(raw: dict[str, Any]) -> None:
    del raw["sections"][0]["doubt"]
    assert "section 1 (summary): doubt: is missing; give it a text" in problems(raw)


def test_an_unknown_kind_lists_those_that_there_are(raw: dict[str, Any]) -> None:
    raw["sections"][1]["kind"] = "map"
    assert "section 2: no kind is called 'map'; there are summary, components" in problems(raw)


def test_a_word_that_cannot_be_filled_in_is_named(raw: dict[str, Any]) -> None:
    raw["place"] = "Region {region}"
    assert "place: {region} cannot be filled in; it may have {place}" in problems(raw)


def test_a_lonely_brace_is_named(raw: dict[str, Any]) -> None:
    raw["use"] = "Use { this"
    assert "use: has a brace without its partner" in problems(raw)


def test_a_setting_outside_its_range_is_named(raw: dict[str, Any]) -> None:
    raw["settings"]["build_on_from"] = 700
    assert "[settings] build_on_from is 700; give a whole number from 0 to 100" in problems(raw)


def test_a_glossary_needs_terms_with_meanings(raw: dict[str, Any]) -> None:
    raw["sections"][-1]["entries"][0] = {"term": "n"}
    assert "entry 1 needs a term and a meaning" in problems(raw)


def test_a_report_without_sections_is_refused(raw: dict[str, Any]) -> None:
    raw["sections"] = []
    assert "there are no sections" in problems(raw)


def test_the_summary_needs_the_words_of_the_component_pages(raw: dict[str, Any]) -> None:
    raw["sections"] = [raw["sections"][0]]
    assert "there is no section of kind component_pages" in problems(raw)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("a = ", encoding="utf-8")
    with pytest.raises(errors.BadInput, match=r"broken\.toml is no TOML"):
        definitions.read(broken)


def test_a_narrative_needs_an_id_of_its_own(raw: dict[str, Any]) -> None:
    stories = [each for each in raw["sections"] if each["kind"] == "narrative"]
    stories[0]["id"], stories[1]["id"] = "The story", "The story"
    said = problems(raw)
    assert "section 2 (narrative): id is 'The story'; use small letters" in said
    assert "more than one narrative has the id 'The story'; give each an id of its own" in said


def test_the_words_of_a_publication_are_all_there_or_none(raw: dict[str, Any]) -> None:
    del raw["published"]["counties"]
    raw["published"]["items"] = "Fewer than {fewest}"
    said = problems(raw)
    assert "[published] counties: is missing; give it a text" in said
    assert "[published] items: {fewest} cannot be filled in; it may have {smallest}" in said
    del raw["published"]
    assert definition.parse(raw, "region.toml").published == {}
