"""Two texts of one place: what differs, and both together."""

from __future__ import annotations

import pytest

from cqi.ui import comparing

ALONE = "M. was seen alone once. D. was not alone, although D. speaks freely.\n\nThe plan changed."
IN_ROOM = "M. was seen alone once. D. was not alone; the caregiver stayed.\n\nThe plan changed."


def test_only_differing_words_are_marked() -> None:
    found = comparing.compare(ALONE, IN_ROOM)
    assert [words for words, differs in found.mine if differs] == [
        "alone, although D. speaks freely.\n\n"
    ]
    assert "".join(words for words, _ in found.theirs) == IN_ROOM
    assert "".join(words for words, _ in found.mine) == ALONE


def test_an_initial_does_not_end_a_sentence() -> None:
    combined = comparing.compare("M. was seen. D. was not.", "M. was seen. D. was, once.").combined
    assert combined == "M. was seen. D. was not. D. was, once."


def test_the_combined_text_holds_every_sentence_of_both_once() -> None:
    combined = comparing.compare(ALONE, IN_ROOM).combined
    for sentence in ("although D. speaks freely.", "the caregiver stayed.", "The plan changed."):
        assert combined.count(sentence) == 1
    assert combined.count("M. was seen alone once.") == 1


@pytest.mark.parametrize(
    ("mine", "theirs", "combined"),
    [
        ("", "Only theirs.", "Only theirs."),
        ("Only mine", "", "Only mine"),
        ("Same.", "Same.", "Same."),
        ("no end", "another end", "no end another end"),
        ("Dr. A. said so", "Dr. A. said so. And more.", "Dr. A. said so A. said so. And more."),
    ],
)
def test_nothing_is_lost_whatever_the_texts(mine: str, theirs: str, combined: str) -> None:
    assert comparing.compare(mine, theirs).combined == combined
