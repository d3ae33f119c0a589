"""What may change in a plan after its approval, by asking: nothing else does."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any


class AmendmentKind(enum.StrEnum):
    """What shall change."""

    EXTENSION = "extension"
    STEP = "step"
    TARGET = "target"
    DROP = "drop"


class AmendmentState(enum.StrEnum):
    """Where a request for a change stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


KIND_WORDS = {
    AmendmentKind.EXTENSION: "More time for a step",
    AmendmentKind.STEP: "A change of a step",
    AmendmentKind.TARGET: "A change of a target",
    AmendmentKind.DROP: "Dropping a step",
}
STATE_WORDS = {
    AmendmentState.ASKED: "Asked",
    AmendmentState.GRANTED: "Granted",
    AmendmentState.REFUSED: "Refused",
    AmendmentState.WITHDRAWN: "Withdrawn",
}
ASK_WORDS = {
    AmendmentKind.EXTENSION: "Ask for more time",
    AmendmentKind.STEP: "Ask to change this step",
    AmendmentKind.TARGET: "Ask for another target",
    AmendmentKind.DROP: "Ask to drop this step",
}
SHORT_WORDS = {
    AmendmentKind.EXTENSION: "more time for",
    AmendmentKind.STEP: "a change of",
    AmendmentKind.TARGET: "a new target for",
    AmendmentKind.DROP: "dropping",
}
PART_WORDS = {
    "due_on": "Due",
    "title": "Step",
    "owner_id": "Owner",
    "evidence_asked": "What will prove it",
    "partner": "Partner organisation",
    "partner_contact": "How to reach the partner",
    "help_needed": "Help that is needed",
    "depends_on_id": "Waits for another step",
    "negotiated_target": "Target",
    "state": "State",
}
_TEXTS = frozenset({"title", "evidence_asked", "partner", "partner_contact", "help_needed"})
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")
Values = Mapping[str, Any]  # what an amendment changes, by the name of the part


def changed(now: Values, wish: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parts that a wish changes: what they are, and what they shall be."""
    parts = [part for part in wish if wish[part] != now.get(part)]
    return {part: now.get(part) for part in parts}, {part: wish[part] for part in parts}


def meanwhile(kind: AmendmentKind, old: Values, now: Values) -> tuple[str, ...]:
    """The parts that no longer are what they were when the change was asked for. How an open step
    is doing does not matter to dropping it."""
    if kind is AmendmentKind.DROP:
        return ()
    return tuple(part for part in old if old[part] != now.get(part))


def due_on(first: dt.date, granted: Iterable[Values]) -> dt.date:
    """The due date after these granted changes, in order: the last one that was granted."""
    due = first
    for new in granted:
        due = dt.date.fromisoformat(new["due_on"]) if "due_on" in new else due
    return due


def told(values: Values, digest: Callable[[str], str]) -> dict[str, Any]:
    """Values as an event may hold them: texts as digests."""
    hidden = {part: digest(values[part]) for part in _TEXTS if values.get(part)}
    return {**values, **hidden}


def extension_words(number: int) -> str:
    """ "Second extension of this step"."""
    if number > len(_ORDINALS):
        return f"Extension number {number} of this step"
    return f"{_ORDINALS[number - 1]} extension of this step"


def extended_words(count: int) -> str:
    """ "extended once", "extended 3 times"; empty where it was not."""
    if not count:
        return ""
    return f"extended {({1: 'once', 2: 'twice'}).get(count, f'{count} times')}"
