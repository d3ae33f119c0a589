"""Coaching notes: what a supervisor and a caseworker try together after a memo."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

LONGEST = 4000


class EntryKind(enum.StrEnum):
    """What is written on a note after it was shared; an outcome closes it."""

    ADDED = "added"
    ANSWERED = "answered"
    OUTCOME = "outcome"


ENTRY_WORDS = {
    EntryKind.ADDED: "Added",
    EntryKind.ANSWERED: "Answered",
    EntryKind.OUTCOME: "What came of it",
}


@dataclass(frozen=True)
class Wish:
    """What a note says: with whom (a person's id), which activity, what will be tried, by when."""

    worker_id: int | None
    item: str
    trying: str
    follow_up_on: dt.date | None
