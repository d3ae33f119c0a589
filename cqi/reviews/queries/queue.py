"""What waits for QA: for whom, how long, returned how often, with which notes open."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.reviews.models import CaseReview, ReviewPerson, ReviewStep
from cqi.reviews.queries import lists, notes
from cqi.reviews.queries.notes import NoteCount
from cqi.reviews.rules import Part, ReviewState
from cqi.reviews.workflow import Step


@dataclass(frozen=True)
class QueueLine:
    """A case review that QA has or waits for. `waiting` are days since it was handed in last,
    `mine`: the actor did its first level."""

    line: lists.ReviewLine
    waiting: int
    returned: int
    notes: NoteCount
    mine: bool

    @property
    def for_another(self) -> bool:
        """Waits for another QA lead: the second level is never the first-level person's."""
        return self.mine and self.line.state is ReviewState.SECOND_LEVEL_QA


def queue(session: orm.Session, actor: Actor, now: dt.datetime) -> list[QueueLine]:
    """What waits for QA where `actor` may approve, and what is back with its reviewers: the
    longest waiting first; never what they scored."""
    found = [*lists.qa_queue(session, actor, now), *lists.returned_by_qa(session, actor, now)]
    ids = _ids(session, [line.public_id for line in found])
    beside = _Beside(session, actor, ids.values())
    made = [beside.line(each, ids[each.public_id], now) for each in found]
    return sorted(made, key=lambda each: (-each.waiting, each.line.case_number))


def _ids(session: orm.Session, public_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = sa.select(CaseReview.public_id, CaseReview.id)
    return dict(session.execute(query.where(CaseReview.public_id.in_(public_ids))).all())


class _Beside:
    """Steps, notes and first-level leads of some case reviews, in three queries."""

    def __init__(self, session: orm.Session, actor: Actor, ids: Collection[int]) -> None:
        self.notes = notes.counts(session, ids)
        self.mine = self._mine(session, actor, ids)
        self.submitted: dict[int, dt.datetime] = {}
        self.returned: dict[int, int] = {}
        query = sa.select(ReviewStep.review_id, ReviewStep.step, ReviewStep.at)
        for review_id, step, at in session.execute(query.where(ReviewStep.review_id.in_(ids))):
            if step == Step.SUBMIT_FOR_QA:
                self.submitted[review_id] = max(at, self.submitted.get(review_id, at))
            elif step == Step.RETURN_TO_REVIEWERS:
                self.returned[review_id] = self.returned.get(review_id, 0) + 1

    def _mine(self, session: orm.Session, actor: Actor, ids: Collection[int]) -> frozenset[int]:
        query = sa.select(ReviewPerson.review_id).where(
            ReviewPerson.review_id.in_(ids),
            ReviewPerson.person_id == actor.person_id,
            ReviewPerson.part == Part.FIRST_LEVEL_QA,
        )
        return frozenset(session.scalars(query))

    def line(self, line: lists.ReviewLine, review_id: int, now: dt.datetime) -> QueueLine:
        since = self.submitted.get(review_id, line.state_since)
        return QueueLine(
            line=line,
            waiting=(now - since).days,
            returned=self.returned.get(review_id, 0),
            notes=self.notes.get(review_id, NoteCount()),
            mine=review_id in self.mine,
        )
