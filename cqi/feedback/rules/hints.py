"""What to look at before a memo is released: words that may say who said what.

A hint never stops anybody: whoever releases the memo knows the case, and decides.
"""

from __future__ import annotations

import re

_QUOTED = re.compile('[“”"„«»]')
_SAID = re.compile(
    r"\b(said|says|told|tells|stated|states|reported|reports that|according to|complained|admitted"
    r"|in (?:the|her|his|their) interview|interviewed)\b",
    re.IGNORECASE,
)


def hints(text: str) -> list[str]:
    """Why some words are worth another look; none where nothing stands out."""
    found = []
    if _QUOTED.search(text):
        found.append("It quotes somebody.")
    said = _SAID.search(text)
    if said:
        found.append(f"“{said[0]}” may tell who said what.")
    return found
