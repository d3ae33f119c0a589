"""Looking at a rating again: what is asked, and what came of it."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from cqi.feedback.rules import Memo
from cqi.instruments.definition import Rating


class ReconsiderationState(enum.StrEnum):
    """Where a request stands; a rating changes by reopening its review alone, which comes after."""

    ASKED = "asked"
    WITHDRAWN = "withdrawn"
    UPHELD = "upheld"
    TO_CHANGE = "to_change"


RECONSIDERATION_STATE_WORDS = {
    ReconsiderationState.ASKED: "Asked",
    ReconsiderationState.WITHDRAWN: "Withdrawn",
    ReconsiderationState.UPHELD: "Upheld",
    ReconsiderationState.TO_CHANGE: "To be changed",
}


class Ground(enum.StrEnum):
    """What a request rests on."""

    NEW_EVIDENCE = "new_evidence"
    REASON = "reason"


GROUND_WORDS = {
    Ground.NEW_EVIDENCE: "New evidence: something that the reviewers did not see",
    Ground.REASON: "A reason: they saw it, and it should be read otherwise",
}
GROUND_SHORT = {Ground.NEW_EVIDENCE: "New evidence", Ground.REASON: "A reason"}


class Outcome(enum.StrEnum):
    """What came of a request so far, derived when it is read."""

    OPEN = "open"
    OVERTAKEN = "overtaken"
    WITHDRAWN = "withdrawn"
    UPHELD = "upheld"
    TO_REOPEN = "to_reopen"
    REOPENED = "reopened"
    CHANGED = "changed"
    SAME_AGAIN = "same_again"


OUTCOME_WORDS = {
    Outcome.OPEN: "Being looked at again",
    Outcome.OVERTAKEN: "Review opened again before a decision",
    Outcome.WITHDRAWN: "Withdrawn",
    Outcome.UPHELD: "Upheld",
    Outcome.TO_REOPEN: "To be changed: the review is to be reopened",
    Outcome.REOPENED: "To be changed: the review is open again",
    Outcome.CHANGED: "Changed",
    Outcome.SAME_AGAIN: "Final again with the same rating",
}
OUTCOME_SHORT = {  # for a tag
    **OUTCOME_WORDS,
    Outcome.OVERTAKEN: "Overtaken",
    Outcome.TO_REOPEN: "To be changed",
    Outcome.REOPENED: "To be changed",
    Outcome.SAME_AGAIN: "Same rating again",
}
# a rating that is looked at again, as far as figures go that rest on it
IN_QUESTION = frozenset({Outcome.OPEN, Outcome.TO_REOPEN, Outcome.REOPENED})
DECIDED_TO_CHANGE = frozenset(
    {Outcome.TO_REOPEN, Outcome.REOPENED, Outcome.CHANGED, Outcome.SAME_AGAIN}
)


@dataclass(frozen=True)
class Since:
    """How a review stands beside the memo that a request is about: final as it was then (`stands`),
    or `final` again; `rating` is the item's now."""

    stands: bool
    final: bool
    rating: Rating | None = None


def outcome(state: ReconsiderationState, before: Rating, since: Since) -> Outcome:
    """What came of a request about a rating that was `before`."""
    if state is ReconsiderationState.ASKED:
        return Outcome.OPEN if since.stands else Outcome.OVERTAKEN
    if state is not ReconsiderationState.TO_CHANGE:
        return Outcome(state.value)
    if since.stands:
        return Outcome.TO_REOPEN
    if not since.final:
        return Outcome.REOPENED
    return Outcome.SAME_AGAIN if since.rating is before else Outcome.CHANGED


def ratings(memo: Memo) -> dict[str, Rating]:
    """Item code -> rating, of every item that counts in a memo: strength, need, not applicable."""
    return dict(_rated(memo))


def _rated(memo: Memo) -> Iterator[tuple[str, Rating]]:
    for component in memo.components:
        for code, rating in component.items:
            if rating is not None:
                yield code, rating
