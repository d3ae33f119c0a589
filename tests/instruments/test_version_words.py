"""Where two versions differ, both are told in words that differ."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from cqi.instruments import definition, library, version_words, versions
from cqi.instruments.version_words import Told
from cqi.instruments.versions import Change
from tests.instruments import generated

TOP, TIM, NEDF, NEDP = "instrument.toml", *(f"items/{n}.toml" for n in ("tim", "nedf", "nedp"))
FOSTER = 'applies_when = { all = ["case_type = foster_care"] }\n'
NEEDED = "A narrative is needed for an area needing improvement."
NOT_HOME = 'applies_when = { all = ["case_type != in_home"] }\n'


def edited(folder: Path, *edits: tuple[str, str, str]) -> versions.Differences:
    """The instrument of every shape beside a next version of it with these edits."""
    new = Path(shutil.copytree(folder / "1.0", folder / "1.1"))
    for file, before, after in ((TOP, '"1.0"', '"1.1"'), *edits):
        text = (new / file).read_text(encoding="utf-8")
        assert before in text, before
        (new / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    return versions.compare(library.read(folder / "1.0"), library.read(new))


def test_a_text_is_told_as_each_version_has_it(shapes_folder: Path) -> None:
    found = edited(shapes_folder, (TIM, "Look at the dates", "Look at all dates"))
    [told] = version_words.of_item(found, "TIM")
    assert told.place == "question a, wording"
    assert told.old.replace("the dates", "all dates") == told.new
    assert told.old.startswith("How many reports were not begun in time?\n")


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            (TIM, "most = 9", "most = 8"),
            Told("question b", "A number from 0 to 9.", "A number from 0 to 8."),
        ),
        (
            (NEDF, FOSTER, ""),
            Told(
                "when it applies",
                "Applies when the case is a foster care case.",
                "Applies to every case.",
            ),
        ),
        (
            (NEDP, 'asked_when = { all = ["a = yes"] }', 'asked_when = { all = ["a != na"] }'),
            Told("question b, when it is asked", "Asked when a is Yes.", "Asked when a applies."),
        ),
        (
            (TIM, "sources = { at_least = 1 }", "sources = { at_least = 3 }"),
            Told("evidence", f"{NEEDED}\nEvidence sources: 1 at least.",
                 f"{NEEDED}\nEvidence sources: 3 at least."),
        ),
    ],
)  # fmt: skip
def test_a_rule_is_told_in_words(
    shapes_folder: Path, edit: tuple[str, str, str], told: Told
) -> None:
    found = edited(shapes_folder, edit)
    code = edit[0].removeprefix("items/").removesuffix(".toml").upper()
    assert version_words.of_item(found, code) == (told,)


def test_conditions_that_read_alike_are_told_as_they_are_written(shapes_folder: Path) -> None:
    item = (shapes_folder / "1.0" / NEDF).read_text(encoding="utf-8")
    top = (shapes_folder / "1.0" / TOP).read_text(encoding="utf-8")
    same_words = top.replace("the case is not an in-home case", "the case is a foster care case")
    (shapes_folder / "1.0" / TOP).write_text(same_words, encoding="utf-8")
    assert FOSTER in item
    [told] = version_words.of_item(edited(shapes_folder, (NEDF, FOSTER, NOT_HOME)), "NEDF")
    assert told.old == "Applies when all of case_type = foster_care."
    assert told.new == "Applies when all of case_type != in_home."


def test_a_new_question_is_told_in_full_beside_nothing(shapes_folder: Path) -> None:
    question = (
        '[[questions]]\nid = "d"\ntext = "Was it kind?"\nanswer = "yes_no_na"\nguidance = "Ask."\n'
        'yes = "Yes if so."\nno = "No if not."\nna = "NA if nobody knows."\nscored = false\n\n'
        "[[ratings]]"
    )
    told = version_words.of_item(edited(shapes_folder, (TIM, "[[ratings]]", question)), "TIM")
    assert [(each.place, each.old) for each in told] == [("question d, new", "")]
    for words in ("Was it kind?", "NA if nobody knows.", "Answers: Yes, No, NA.", "Not scored."):
        assert words in told[0].new


def test_components_and_facts_are_told_too(shapes_folder: Path) -> None:
    found = edited(
        shapes_folder,
        (TOP, 'question = "Was there a report?"', 'question = "Did a report come in?"'),
        (TOP, 'title = "Status"', 'title = "How the child is"'),
    )
    [fact] = version_words.of_fact(found, "report_in_pur")
    assert (fact.place, fact.new.split("\n")[0]) == ("wording", "Did a report come in?")
    [component] = version_words.of_component(found, "STA")
    assert component == Told("title", "Status\nShort: Status", "How the child is\nShort: Status")


def told_of_fact(
    instrument: definition.Instrument, name: str, **changes: object
) -> tuple[Told, ...]:
    """What is told of a fact beside the same fact with these changes."""
    facts = tuple(
        dataclasses.replace(fact, **changes) if fact.name == name else fact
        for fact in instrument.facts
    )
    new = dataclasses.replace(instrument, facts=facts)
    return version_words.of_fact(versions.compare(instrument, new), name)


def test_a_fact_is_told_with_all_its_texts(tiny: definition.Instrument) -> None:
    said = "there was a report in the period under review"
    said_not = "there was no report in the period under review"
    report = "report_in_pur"
    assert told_of_fact(tiny, report, help="Each counts.", yes="one came", no="none came") == (
        Told(
            "wording",
            f"Was there a report?\nCount each report.\n{said}\n{said_not}",
            "Was there a report?\nEach counts.\none came\nnone came",
        ),
    )
    assert told_of_fact(tiny, report, no="none came")[0].place == "wording"
    assert told_of_fact(tiny, report, confirm=False) == (
        Told("mark to confirm", "Agency to confirm.", "No mark."),
    )
    two = (definition.Choice("one", "One", "it is one", "it is not one"),)
    assert told_of_fact(tiny, report, answer=definition.Answer.CHOICE, choices=two) == (
        Told("answers", "Yes · No", "One (one)"),
        Told(
            "wording",
            f"Was there a report?\nCount each report.\n{said}\n{said_not}",
            f"Was there a report?\nCount each report.\n{said}\n{said_not}\n"
            "One: it is one; else it is not one.",
        ),
    )


def test_what_is_the_same_new_or_gone_has_nothing_to_tell(shapes_folder: Path) -> None:
    found = edited(shapes_folder)
    assert [version_words.of_item(found, code) for code in found.items] == [()] * 10


@settings(deadline=None, max_examples=60, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(generated.accepted(), generated.accepted())
def test_every_place_that_differs_is_told_in_words_that_differ(
    one: tuple[generated.Drawn, definition.Instrument],
    other: tuple[generated.Drawn, definition.Instrument],
) -> None:
    found = versions.compare(one[1], other[1])
    for differences, tell in (
        (found.items, version_words.of_item),
        (found.components, version_words.of_component),
        (found.facts, version_words.of_fact),
    ):
        for name, difference in differences.items():
            told = tell(found, name)
            changed = difference.change in (Change.REWORDED, Change.CHANGED_RULE)
            assert bool(told) is changed
            assert all(each.old != each.new for each in told)
            assert {each.place for each in told} <= set(difference.what)
            silent = set(difference.what) - {each.place for each in told}
            assert silent <= {"marks to confirm", "core items"}
