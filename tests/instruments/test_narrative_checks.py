"""What is worth a second look in a narrative, and what is left alone."""

from __future__ import annotations

import pytest

from cqi.core import folders
from cqi.instruments import library, narrative_checks, worked_cases
from tests import build

NAMES = ("Pia Quillwort", "Owen Hazel")
LONG = "The caseworker saw both children alone in May and June and asked about the weekends."


def found(text: str, code: str = "SRM05") -> list[str]:
    item = build.instrument().item(code)
    return list(narrative_checks.look_again(item, text, NAMES))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fine.", "says only “Fine.”."),
        ("See above.", "points elsewhere (“See above.”)"),
        ("  SEE ABOVE  ", "points elsewhere (“SEE ABOVE”)"),
        ("See narrative above.", "points elsewhere"),
        ("See my notes below", "points elsewhere"),
        ("As stated above, no concerns were found here.", "points elsewhere"),
        ("Refer to the comments above.", "points elsewhere"),
        ("Above.", "points elsewhere"),
        ("See SRM03.", "points elsewhere"),
        ("Same as SRM03, nothing to add for this item.", "points elsewhere"),
        ("As before; refer to item 4 for the visits.", "points elsewhere"),
        ("Ditto.", "points elsewhere"),
        (f"{LONG} Quillwort said so.", "has the name “Quillwort”"),
        (f"{LONG} Pia Quillwort said so.", "has the name “Pia Quillwort”"),
        (f"{LONG} Mrs. Alder said so.", "has the name “Mrs. Alder”"),
    ],
)
def test_what_is_worth_a_look(text: str, words: str) -> None:
    [said] = found(text)
    assert said.startswith(words)


def test_a_narrative_that_only_restates_a_question() -> None:
    question = build.instrument().item("SRM05").questions[0]
    [said] = found(f"Yes, {question.text.rstrip('?').lower()}.")
    assert said == "says little more than question a asks: say what was seen."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        LONG,
        f"{LONG} The visits took place in Hazel County.",
        f"{LONG} Owen told the worker that he sleeps well.",
        f"{LONG} As the record says below 3 May, the plan was changed with the family.",
        "The mother did not see the worker before the plan changed in May.",
        "The ceiling above the bed was mended; the worker saw it in June.",
        f"See above. {LONG}",
        f"{LONG} The quillwort in the garden was mentioned.",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("id_", ["mississippi_practice_model", "osri"])
def test_the_stories_of_worked_cases_would_pass_but_for_short_ones(id_: str) -> None:
    pages = build.instrument(id_)
    root = folders.data_folder("review_instruments")
    cases, _ = worked_cases.load(library.folder_of(root, id_, "1.0"))
    said = [
        (case.item, words)
        for case in cases
        for words in narrative_checks.look_again(pages.item(case.item), case.story, NAMES)
        if not words.startswith("says only")
    ]
    assert said == []
