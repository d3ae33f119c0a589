"""One case review as a page shows it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.instruments import completeness, definition
from cqi.instruments.rating import CaseRating
from cqi.reviews import policy
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import EvidenceKind, EvidenceSource, Part, ReviewState
from cqi.reviews.workflow import Step


@dataclass(frozen=True)
class Entry:
    """One saved value: a fact, an answer (with the reason of an NA) or a narrative."""

    value: str
    revision: int
    by: str
    by_id: int
    at: dt.datetime
    reason: str = ""


@dataclass(frozen=True)
class Source:
    """One evidence source of an item."""

    public_id: uuid.UUID
    item: str
    kind: EvidenceKind
    source: EvidenceSource
    detail: str
    protected: bool
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Involved:
    """Somebody on a case review; `until_at` is None while they are."""

    person_id: int
    name: str
    part: Part
    from_at: dt.datetime
    until_at: dt.datetime | None


@dataclass(frozen=True)
class StepTaken:
    """One step of the workflow: who, when, why."""

    step: Step
    from_state: ReviewState
    to_state: ReviewState
    reason: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Count:
    """How much of something is complete: items of a component, facts, items of the review."""

    complete: int
    of: int
    missing: int


@dataclass(frozen=True)
class Progress:
    """An item is complete when it is rated and nothing is missing beside it."""

    items: Count
    facts: Count
    components: Mapping[str, Count]


@dataclass(frozen=True)
class ReviewSheet:
    """Everything that is on a case review; mappings are by fact name, item code, question id."""

    instrument: definition.Instrument
    standing: policy.Standing
    facts: Mapping[str, Entry]
    answers: Mapping[str, Mapping[str, Entry]]
    narratives: Mapping[str, Entry]
    evidence: Mapping[str, tuple[Source, ...]]
    rating: CaseRating
    missing: tuple[completeness.Missing, ...]
    progress: Progress
    people: tuple[Involved, ...]
    steps: tuple[StepTaken, ...]

    @property
    def returned(self) -> StepTaken | None:
        """The return that the reviewers work on: who returned it, when and why."""
        last = self.steps[-1] if self.steps else None
        return last if last and last.to_state is ReviewState.RETURNED else None


@dataclass(frozen=True)
class TextSaved:
    """One version of a text; `text` is None where retention has emptied it."""

    revision: int
    text: str | None
    by: str
    at: dt.datetime


def sheet(session: orm.Session, review: CaseReview) -> ReviewSheet:
    """All of a case review, rated anew, in eight queries."""
    raise NotImplementedError


def history(session: orm.Session, review: CaseReview, place: str) -> list[TextSaved]:
    """Every version of a text, newest first; `place` is "SRM05" or "SRM05.b" (an NA's reason)."""
    raise NotImplementedError
