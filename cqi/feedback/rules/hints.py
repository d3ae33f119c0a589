"""What to look at before a memo is released: words that may say who said what.

A hint never stops anybody: whoever releases the memo knows the case, and decides.
"""

from __future__ import annotations

import re

_QUOTED = re.compile('[“”"„«»]')
_PEOPLE = (
    r"(?:he|she|they|mother|father|parents?|child(?:ren)?|boys?|girls?|sons?|daughters?|teens?"
    r"|teenagers?|youth|brothers?|sisters?|aunts?|uncles?|grand\w+|relatives?|caregivers?"
    r"|foster \w+|therapists?|counsell?ors?|teachers?|doctors?|providers?|caseworkers?|workers?"
    r"|supervisors?|neighbou?rs?|(?:Mr|Ms|Mrs)\.? ?[A-Z]\.?|[A-Z]\.)"
)
_VERBS = r"(?:said|says|told|tells|states?|stated|reported|complained|admitted|explained|remembers)"
_SAID = re.compile(rf"\b{_PEOPLE}(?:,? \w+){{0,2}}? {_VERBS}\b", re.IGNORECASE)
_HEARD = re.compile(
    r"\b(?:according to|in (?:the|her|his|their) interviews?|interviewed"
    r"|told (?:us|the reviewers?))\b",
    re.IGNORECASE,
)


def hints(text: str) -> list[str]:
    """Why some words are worth another look; none where nothing stands out."""
    found = ["It quotes somebody."] if _QUOTED.search(text) else []
    said = _HEARD.search(text) or _SAID.search(text)
    return [*found, f"“{said[0]}” may tell who said what."] if said else found
