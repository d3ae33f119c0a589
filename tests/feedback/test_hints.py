"""Words that may say who said what in an interview are worth another look."""

from __future__ import annotations

import pytest

from cqi.feedback.rules import hints


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The plan says what changed, and the record tells why.", []),
        ("He told the reviewer that nobody asked.", ["told the reviewer"]),
        ("The mother later said that she was glad.", ["mother later said"]),
        ("Ms. B. says that it helped.", ["B. says"]),
        ("According to the record it was late.", ["According to"]),
        ("In her interview it was another day.", ["In her interview"]),
        ("It was “the first time”.", ["quotes"]),
        ("", []),
    ],
)
def test_what_stands_out(text: str, found: list[str]) -> None:
    hint = hints.hints(text)
    assert len(hint) == len(found)
    for words, one in zip(found, hint, strict=True):
        assert words in one
