"""What is worth a second look in a narrative before it goes to QA. Warnings, never walls. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cqi.instruments.definition import Item

_SHORT = 40  # characters
_POINTER_WITHIN = 90  # a longer text that mentions another place says something of its own
_RESTATED = 0.8  # of the longer words of a text
_LETTERS = 4  # a longer word has so many or more
_WORD = re.compile(r"[A-Za-z']+")
_BETWEEN = r"(?:(?:the|my|narratives?|comments?|notes?|answers?|stated|said|noted|described)\s+)*"
_POINTER = re.compile(
    rf"\b(?:see|as|same as|refer(?:red)? to|refer)\s+{_BETWEEN}"
    r"(?:above|below|before|earlier|previous(?:ly)?|prior|item\s+\w+|[A-Z]{1,4}\d+\w*)\b"
    r"|\bditto\b|^\s*above\W*$",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+[A-Z][a-z]+")
_PLACES = r"(?!\s+(?:County|Street|Road|Unit|unit|School|Region))"


def look_again(item: Item, text: str, names: Iterable[str]) -> Iterator[str]:
    """What to look at in the narrative of an item, each as the rest of "the narrative ...".

    `names` are of the people who work or supervise the case. A text without words is no warning
    here: whether one is needed is the instrument's affair.
    """
    words = text.strip()
    if not words:
        return
    if _points_elsewhere(words):
        yield f"points elsewhere (“{_shown(words)}”): say here what you saw and heard."
    elif len(words) < _SHORT:
        yield f"says only “{words}”."
    elif question := _restated(item, words):
        yield f"says little more than {question} asks: say what was seen."
    for name in _named(words, names):
        yield f"has the name “{name}”: write who they are to the case instead."


def _points_elsewhere(text: str) -> bool:
    return len(text) < _POINTER_WITHIN and _POINTER.search(text) is not None


def _shown(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT].rstrip()} ..."


def _restated(item: Item, text: str) -> str:
    """The question whose words a text repeats without adding any; empty where it adds some."""
    said = _long_words(text)
    for question in item.questions:
        shared = said & _long_words(question.text)
        if said and len(shared) >= _RESTATED * len(said):
            return f"question {question.id}"
    return "its title" if said and said <= _long_words(f"{item.title} {item.purpose}") else ""


def _long_words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text) if len(word) >= _LETTERS}


def _named(text: str, names: Iterable[str]) -> list[str]:
    """Family names of those people, unless a place bears it, and anybody with a title.

    A first name alone is no warning: a child of the case may bear it.
    """
    found = {match.group() for match in _TITLED.finditer(text)}
    for name in names:
        family = name.split()[-1] if name.split() else ""
        if len(family) > 2 and re.search(rf"\b{re.escape(family)}\b{_PLACES}", text):
            found.add(name if name in text else family)
    return sorted(found)
