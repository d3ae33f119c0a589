"""What became of items, components and facts between two versions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cqi.instruments import library, versions
from cqi.instruments.versions import Change

TIM, MOV, NEDP, STB = (f"items/{name}.toml" for name in ("tim", "mov", "nedp", "stb"))
SIB = 'all = ["report_in_pur", "sibling_in_care"]'
ONE_STRENGTH = 'when = { any = [{ count = "strength", at_least = 1 }] }'
ONE_NEED = 'when = { all = [{ count = "area_needing_improvement", at_most = 1 }'
NED, NONE = (
    '{ count = "strength", of = ["NED"], at_least = 1 }',
    '{ count = "area_needing_improvement", at_most = 0 }',
)
NED_FIRST, NED_LAST = f"[{NED}, {NONE}]", f"[{NONE}, {NED}]"
CHOICES_END = 'case is not an in-home case" },\n]'
THIRD = '  { value = "other", label = "Other", says = "it is another", says_not = "it is not" },\n]'
TOP = "instrument.toml"


def compared(folder: Path, *edits: tuple[str, str, str]) -> versions.Differences:
    """The instrument of every shape beside a next version of it with these edits."""
    new = Path(shutil.copytree(folder / "1.0", folder / "1.1"))
    for file, old_text, new_text in ((TOP, '"1.0"', '"1.1"'), *edits):
        text = (new / file).read_text(encoding="utf-8")
        assert old_text in text, (file, old_text)
        (new / file).write_text(text.replace(old_text, new_text, 1), encoding="utf-8")
    return versions.compare(library.read(folder / "1.0"), library.read(new))


def test_a_copy_is_the_same_throughout(shapes_folder: Path) -> None:
    found = compared(shapes_folder)
    for each in (found.items, found.components, found.facts):
        assert {difference.change for difference in each.values()} == {Change.SAME}
        assert {difference.what for difference in each.values()} == {()}
    assert found.counts() == {Change.SAME: 10}
    assert all(found.comparable(code) for code in (*found.items, *found.components))


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "what"),
    [
        (TIM, "In time", "On time", "TIM", "title"),
        (TIM, "begun in time", "begun on time", "TIM", "purpose"),
        (TIM, "Somebody goes", "Someone goes", "TIM", "purpose"),
        (TIM, "core = true", "core = false", "TIM", "core"),
        (TIM, "core = true", 'themes = ["reports"]\ncore = true', "TIM", "themes"),
        (TIM, "core = true", "core = true\nconfirm = true", "TIM", "marks to confirm"),
        (TIM, "confirm = true", "confirm = false", "TIM", "marks to confirm"),
        (TIM, "Look at the dates", "Look at all dates", "TIM", "question a, wording"),
        (TIM, "counts once.", "counts one time.", "TIM", "question a, wording"),
        (TIM, "Yes if nothing", "Yes where nothing", "TIM", "question c, wording"),
        (TIM, 'improvement"] }', 'improvement"], prompts = ["Why?"] }', "TIM", "prompts"),
        (TOP, "Optimal", "Best", "VIS", "question b, wording"),
        (TOP, 'label = "Improve"', 'label = "Mend"', "VIS", "question b, wording"),
        (TOP, "Six points", "Six", "VIS", "question b, wording"),
    ],
)
def test_other_words_and_marks_reword_an_item(
    shapes_folder: Path, file: str, old: str, new: str, code: str, what: str
) -> None:
    found = compared(shapes_folder, (file, old, new))
    assert found.items[code] == versions.Difference(Change.REWORDED, (what,))
    assert found.comparable(code)


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "what"),
    [
        (TIM, 'all = ["report_in_pur"]', SIB, "TIM", "when it applies"),
        (TOP, '["case_type = foster', '["case_type != foster', "MOV", "when it applies"),
        ("items/ned.toml", "parts", 'applies_when = { all = ["sibling_in_care"] }\nparts', "NEDC",
         "when it applies"),
        (TIM, "most = 9", "most = 8", "TIM", "question b"),
        (TIM, "most = 9", "most = 9\nleast = 0", "TIM", ""),
        (MOV, "least = 1", "least = 0", "MOV", "question a"),
        (NEDP, 'for_each = "parent"', 'for_each = "child"', "NEDP", "question a"),
        (TOP, "at_least = 1", "at_least = 2", "NEDC", "question a; question b"),
        ("items/vis.toml", "reverse = true", "reverse = false", "VIS", "question a"),
        ("items/rsk.toml", "scored = false", "scored = true", "RSK", "question e"),
        ("items/rsk.toml", '"yes_no"', '"yes_no_na"\nna = "NA if new."', "RSK",
         "question d; question d, wording"),
        (TOP, 'label = "Fair", zone = "refine"', 'label = "Fair", zone = "maintain"', "STB",
         "question a; question b"),
        (TOP, 'label = "Refine", acceptable = true', 'label = "Refine", acceptable = false', "VIS",
         "question b"),
        (TIM, '"a > 0", "b > 0"', '"a > 0", "b > 1"', "TIM", "question c, when it is asked"),
        (TIM, 'any = ["a > 0"', 'all = ["a > 0"', "TIM", "question c, when it is asked"),
        (TIM, '["c = yes"]', '["c != no"]', "TIM", "rating rows"),
        (STB, "a > 4", "a >= 4", "STB", "rating rows"),
        (TIM, '["area_needing_improvement"]', '["strength"]', "TIM", "evidence"),
        (TIM, "at_least = 1", "at_least = 2", "TIM", "evidence"),
    ],
)  # fmt: skip
def test_another_rule_changes_an_item(
    shapes_folder: Path, file: str, old: str, new: str, code: str, what: str
) -> None:
    found = compared(shapes_folder, (file, old, new))
    difference = found.items[code]
    assert "; ".join(difference.what) == what
    assert difference.change is (Change.CHANGED_RULE if what else Change.SAME)
    assert found.comparable(code) is not bool(what)


def test_how_a_condition_is_written_is_no_change(shapes_folder: Path) -> None:
    found = compared(
        shapes_folder,
        (TIM, 'all = ["report_in_pur"]', 'any = ["report_in_pur = yes"]'),
        (TIM, '["a = 0", "b = 0"]', '["b = 0", "a=0"]'),
        (TOP, 'when = { all = [{ count = "strength", at_least = 1 }] }', ONE_STRENGTH),
        (TOP, NED_FIRST, NED_LAST),
    )
    assert found.items["TIM"].change is Change.SAME
    assert found.components["WEL"].change is Change.SAME


def test_questions_that_come_go_or_move_are_named(shapes_folder: Path) -> None:
    question = (
        '[[questions]]\nid = "f"\ntext = "New?"\nanswer = "yes_no"\nguidance = "Look."\n'
        'yes = "Yes."\nno = "No."\nscored = false\n\n[[ratings]]'
    )
    added = compared(shapes_folder, (STB, "[[ratings]]", question))
    assert added.items["STB"].what == ("question f, new",)
    assert added.items["STB"].change is Change.CHANGED_RULE
    back = versions.compare(added.new, added.old)
    assert back.items["STB"].what == ("question f, gone",)


def test_the_order_of_questions_is_no_rule(shapes_folder: Path) -> None:
    [a, b, rest] = (
        (shapes_folder / "1.0/items/rsk.toml").read_text("utf-8").split("[[questions]]")[1:]
    )
    e, _, ratings = rest.partition("[[ratings]]")
    found = compared(
        shapes_folder,
        ("items/rsk.toml", "[[questions]]".join((a, b, rest)),
         "[[questions]]".join((a, e, f"{b}[[ratings]]{ratings}"))),
    )  # fmt: skip
    difference = found.items["RSK"]
    assert (difference.change, difference.what) == (Change.REWORDED, ("order of questions",))


def test_items_that_come_and_go_are_new_and_gone(shapes_folder: Path) -> None:
    new = shapes_folder / "1.0" / "items" / "stb.toml"
    text = new.read_text(encoding="utf-8").replace('"STB"', '"STC"')
    (shapes_folder / "1.0" / "items" / "stc.toml").write_text(text, encoding="utf-8")
    top = shapes_folder / "1.0" / TOP
    one = top.read_text(encoding="utf-8")
    top.write_text(one.replace('["STB"]', '["STC", "STB"]'), encoding="utf-8")
    more = library.read(shapes_folder / "1.0")
    top.write_text(one, encoding="utf-8")
    (shapes_folder / "1.0" / "items" / "stc.toml").unlink()
    less = library.read(shapes_folder / "1.0")
    found = versions.compare(less, more)
    assert found.items["STC"] == versions.Difference(Change.NEW)
    assert found.components["STA"] == versions.Difference(Change.CHANGED_RULE, ("items",))
    assert not found.comparable("STC")
    assert not found.comparable("STA")
    assert found.comparable("STB")
    assert versions.compare(more, less).items["STC"].change is Change.GONE
    assert list(versions.compare(more, less).items)[-1] == "STC"
    assert not versions.compare(more, less).comparable("STC")
    assert not found.comparable("nothing")


@pytest.mark.parametrize(
    ("old", "new", "code", "change", "what"),
    [
        ('title = "Safety"', 'title = "Safe"', "SAF", Change.REWORDED, "title"),
        ('short_title = "Safety"', 'short_title = "Safe"', "SAF", Change.REWORDED, "title"),
        ("Are children safe?", "Is each child safe?", "SAF", Change.REWORDED, "purpose"),
        ('["TIM", "RSK"]', '["RSK", "TIM"]', "SAF", Change.REWORDED, "order of items"),
        ("confirm = true\n[[comp", "[[comp", "PER", Change.REWORDED, "marks to confirm"),
        ('type = foster_care"]', 'type = in_home"]', "PER", Change.CHANGED_RULE, "when it applies"),
        ("at_most = 1 }", "at_most = 2 }", "PER", Change.CHANGED_RULE, "rating rows"),
        (ONE_NEED, ONE_NEED.replace("all", "any"), "PER", Change.CHANGED_RULE, "rating rows"),
        ('of = ["NED"]', 'of = ["VIS"]', "WEL", Change.CHANGED_RULE, "rating rows"),
        ('of = ["NED"], at_least', "at_least", "WEL", Change.CHANGED_RULE, "rating rows"),
    ],
)
def test_a_component_is_reworded_or_its_rule_is_changed(
    shapes_folder: Path, old: str, new: str, code: str, change: Change, what: str
) -> None:
    found = compared(shapes_folder, (TOP, old, new))
    assert found.components[code] == versions.Difference(change, (what,))
    assert found.comparable(code) is (change is Change.REWORDED)
    others = {found.components[c].change for c in found.components if c != code}
    assert others == {Change.SAME}


def test_which_items_are_core_matters_where_core_items_are_counted(tiny_folder: Path) -> None:
    found = compared(tiny_folder, ("items/saf_01_reports.toml", "core = true\n", ""))
    assert found.items["SAF01"] == versions.Difference(Change.REWORDED, ("core",))
    assert found.components["SAF"] == versions.Difference(Change.CHANGED_RULE, ("core items",))
    assert found.components["PLN"].change is Change.SAME


@pytest.mark.parametrize(
    ("old", "new", "change", "what"),
    [
        ("What kind of case is this?", "Which kind?", Change.REWORDED, "wording"),
        ('label = "In-home"', 'label = "At home"', Change.REWORDED, "wording"),
        ("a foster care case", "in foster care", Change.REWORDED, "wording"),
        ("is not an in-home", "is no in-home", Change.REWORDED, "wording"),
        (CHOICES_END, f"{CHOICES_END}\nconfirm = true", Change.REWORDED, "mark to confirm"),
        (CHOICES_END, f"{CHOICES_END[:-1]}{THIRD}", Change.CHANGED_RULE, "answers; wording"),
    ],
)
def test_a_fact_is_reworded_or_its_answers_are_changed(
    shapes_folder: Path, old: str, new: str, change: Change, what: str
) -> None:
    found = compared(shapes_folder, (TOP, old, new))
    assert found.facts["case_type"].change is change
    assert "; ".join(found.facts["case_type"].what) == what
    keeps = change is Change.REWORDED
    assert [found.comparable(code) for code in ("MOV", "NEDF", "NED", "WEL", "TIM")] == [
        keeps, keeps, keeps, keeps, True,
    ]  # fmt: skip


def test_a_whole_is_comparable_only_where_its_parts_are(shapes_folder: Path) -> None:
    found = compared(shapes_folder, (NEDP, "c > 2", "c > 3"))
    assert found.items["NED"].change is Change.SAME
    assert [code for code in found.items if not found.comparable(code)] == ["NED", "NEDP"]
    assert not found.comparable("WEL")


def test_parts_that_come_change_their_whole(shapes_folder: Path) -> None:
    items = shapes_folder / "1.0" / "items"
    part = (items / "nedf.toml").read_text(encoding="utf-8").replace('"NEDF"', '"NEDX"')
    (items / "nedx.toml").write_text(part, encoding="utf-8")
    whole = (items / "ned.toml").read_text(encoding="utf-8")
    (items / "ned.toml").write_text(whole.replace('"NEDF"]', '"NEDF", "NEDX"]'), encoding="utf-8")
    found = compared(shapes_folder, ("items/ned.toml", '"NEDC", "NEDP"', '"NEDP", "NEDC"'))
    assert found.items["NED"].change is Change.SAME
    more = found.old
    (items / "nedx.toml").unlink()
    (items / "ned.toml").write_text(whole, encoding="utf-8")
    less = library.read(shapes_folder / "1.0")
    grown = versions.compare(less, more)
    assert grown.items["NED"] == versions.Difference(Change.CHANGED_RULE, ("parts",))
    assert grown.items["NEDX"].change is Change.NEW


def test_an_item_that_moves_to_another_component_keeps_its_rule(shapes_folder: Path) -> None:
    found = compared(
        shapes_folder,
        ("items/rsk.toml", 'component = "SAF"', 'component = "STA"'),
        (TOP, '["TIM", "RSK"]', '["TIM"]'),
        (TOP, '["STB"]', '["STB", "RSK"]'),
    )
    assert found.items["RSK"] == versions.Difference(Change.REWORDED, ("component",))
    assert found.components["SAF"].what == found.components["STA"].what == ("items",)
    assert found.comparable("RSK")


def test_a_fact_that_only_a_row_names_counts_too(tiny_folder: Path) -> None:
    choice = '  { value = "in_home", label = "In-home",'
    third = '  { value = "other", label = "Other", says = "it is another", says_not = "no" },\n'
    found = compared(tiny_folder, (TOP, choice, f"{third}{choice}"))
    assert found.items["PLN01"].change is Change.SAME
    assert [code for code in found.items if not found.comparable(code)] == ["SAF03", "PLN01"]


def test_changes_have_names_and_words() -> None:
    assert {change.value: change.label for change in Change} == {
        "same": "same",
        "reworded": "reworded",
        "changed_rule": "changed rule",
        "new": "new",
        "gone": "gone",
    }


def test_which_items_are_core_does_not_matter_where_none_are_counted(shapes_folder: Path) -> None:
    found = compared(shapes_folder, (TIM, "core = true\n", ""))
    assert found.components["SAF"].change is Change.SAME


def test_the_json_has_everything_by_code(shapes_folder: Path) -> None:
    found = compared(shapes_folder, (TIM, "In time", "On time"), (STB, "a > 4", "a >= 4"))
    told = versions.as_json(found)
    assert list(told) == ["instrument", "old", "new", "items", "components", "facts"]
    assert (told["instrument"], told["old"], told["new"]) == ("shapes", "1.0", "1.1")
    assert told["items"]["TIM"] == {"change": "reworded", "what": ["title"], "comparable": True}
    assert told["items"]["STB"] == {
        "change": "changed_rule",
        "what": ["rating rows"],
        "comparable": False,
    }
    assert told["components"]["STA"] == {"change": "same", "what": [], "comparable": False}
    assert told["facts"]["case_type"] == {"change": "same", "what": []}
