"""How long what people write may be, and numbers that pages carry along."""

from __future__ import annotations

TITLE = 200
WORDS = 4000
_DIGITS = 9


def number(sent: object) -> int:
    """A revision from a hidden field; 0 where somebody wrote anything else into it."""
    text = str(sent or "")
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else 0
