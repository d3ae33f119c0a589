"""Text as documents hold it: plain, with stretches that look different."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Span:
    """A stretch of text that looks different: semibold, italic, or small and muted."""

    text: str
    look: Literal["strong", "italic", "muted"] = "strong"


Words: TypeAlias = str | Span | tuple[str | Span, ...]


def spans(words: Words) -> tuple[str | Span, ...]:
    """The pieces of `words`, always as a tuple."""
    return words if isinstance(words, tuple) else (words,)


def plain(words: Words) -> str:
    """The text of `words` without its looks."""
    return "".join(part.text if isinstance(part, Span) else part for part in spans(words))
