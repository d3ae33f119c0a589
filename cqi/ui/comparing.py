"""Two texts of one place beside each other: which words differ, and both put together.

Texts are compared sentence by sentence, so that the combined text reads as sentences; inside
sentences that differ, the differing words are marked.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

# a single letter before the point is a name ("M.", "D."), not the end of a sentence
_SENTENCE = re.compile(r"\S.*?(?:(?<!\b\w)[.!?…][\"”')\]]*(?=\s|$)|(?=\n)|$)\s*", re.DOTALL)
_WORD = re.compile(r"\S+\s*")
Parts = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Comparison:
    """Both texts as (words, whether they differ), and a text that holds all of both."""

    mine: Parts
    theirs: Parts
    combined: str


def compare(mine: str, theirs: str) -> Comparison:
    """Compare two texts that were written at the same place."""
    ours, others = _sentences(mine), _sentences(theirs)
    marked_mine: list[tuple[str, bool]] = []
    marked_theirs: list[tuple[str, bool]] = []
    combined: list[str] = []
    for same, left, right in _blocks(ours, others):
        first, second = "".join(left), "".join(right)
        if same:
            marked_mine.append((first, False))
            marked_theirs.append((second, False))
            combined.append(first)
        else:
            marked_mine += _marked(first, second)
            marked_theirs += _marked(second, first)
            combined += [first, second]
    return Comparison(_joined(marked_mine), _joined(marked_theirs), _as_text(combined))


def _sentences(text: str) -> list[str]:
    return _SENTENCE.findall(text.strip())


def _blocks(
    left: Sequence[str], right: Sequence[str]
) -> list[tuple[bool, Sequence[str], Sequence[str]]]:
    """(whether alike, a run of the left, a run of the right), in order; blanks do not count."""
    bare = [[part.strip() for part in side] for side in (left, right)]
    matcher = difflib.SequenceMatcher(None, bare[0], bare[1], autojunk=False)
    return [(tag == "equal", left[a:b], right[c:d]) for tag, a, b, c, d in matcher.get_opcodes()]


def _marked(text: str, other: str) -> list[tuple[str, bool]]:
    blocks = _blocks(_WORD.findall(text), _WORD.findall(other))
    return [("".join(words), not same) for same, words, _ in blocks if words]


def _joined(parts: list[tuple[str, bool]]) -> Parts:
    joined: list[tuple[str, bool]] = []
    for words, differs in parts:
        if joined and joined[-1][1] == differs:
            joined[-1] = (joined[-1][0] + words, differs)
        elif words:
            joined.append((words, differs))
    return tuple(joined)


def _as_text(passages: list[str]) -> str:
    text = ""
    for passage in passages:
        blank = "" if not text or text[-1].isspace() or not passage else " "
        text += blank + passage
    return text.strip()
