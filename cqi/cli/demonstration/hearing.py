"""The interviews of invented case reviews: most are held, some have a reason why not.

Chosen by the case's place in its round, not by chance: what else is invented stays as it was.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import orm

from cqi.reviews import actions, queries
from cqi.reviews.rules import EvidenceSource
from cqi.reviews.rules.interviews import (
    How,
    Interview,
    InterviewChange,
    InterviewRole,
    NotHeld,
    Outcome,
)

_NOT_HELD = {"Father": NotHeld.NOT_FOUND, "Child A": NotHeld.TOO_YOUNG}  # in every third case
_NOTES = "Asked about the visits of the whole period; told of two changes in the plan."


def hear(
    session: orm.Session, given: Mapping[str, Any], *, place: int, share: float
) -> Mapping[EvidenceSource, uuid.UUID]:
    """Record the interviews of a case; of one that is under way the first ones.

    Returns the source of evidence that each held interview is, with the interview's id.
    """
    people = queries.people(session, given["review"])
    heard = people[: round(len(people) * share)]
    day = given["now"].date()
    changes = [change for one in heard for change in _changes(one, place, day.isoformat())]
    actions.record_interviews(session, changes=changes, today=day, **given)
    return {EvidenceSource(one.role.value): one.id for one in heard if not _reason(one, place)}


def _changes(one: Interview, place: int, day: str) -> Iterator[InterviewChange]:
    reason = _reason(one, place)
    if reason:
        yield InterviewChange(one.id, "outcome", Outcome.NOT_HELD)
        yield InterviewChange(one.id, "reason", reason)
        return
    by_telephone = one.role is InterviewRole.SERVICE_PROVIDER
    yield InterviewChange(one.id, "outcome", Outcome.HELD)
    yield InterviewChange(one.id, "held_on", day)
    yield InterviewChange(one.id, "how", How.TELEPHONE if by_telephone else How.IN_PERSON)
    if one.role is InterviewRole.CASEWORKER:
        yield InterviewChange(one.id, "notes", _NOTES)


def _reason(one: Interview, place: int) -> NotHeld | None:
    return _NOT_HELD.get(one.label) if place % 3 == 1 else None
