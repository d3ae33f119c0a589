"""Conflicts of interest with the case of a case review: declared, told of, withdrawn."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Role
from cqi.cases import actions as cases
from cqi.cases.policy import NewConflict
from cqi.cases.rules import ConflictKind
from cqi.notices import actions as notices
from cqi.notices.rules import NoticeKind
from cqi.reviews import queries
from cqi.reviews.models import CaseReview
from cqi.reviews.queries import interests


@dataclass(frozen=True)
class Declared:
    """Why somebody cannot judge this case; `whole_family`: nor any other of the family."""

    kind: ConflictKind
    whole_family: bool = False
    note: str = ""


def declare_conflict(
    session: orm.Session,
    *,
    review: CaseReview,
    person_id: int,
    said: Declared,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Declare a conflict of interest with a case: one's own, or somebody else's where one assigns
    cases. The round's site leader is told where a reviewer has to be replaced.

    Raises Forbidden or Blocked.
    """
    case, standing = review.case, queries.standing(session, review, lock=True)
    family = case.family_id if said.whole_family else None
    new = NewConflict(person_id, said.kind, case.case_number, family, said.note)
    cases.declare_conflict(session, new, actor=actor, now=now, lies=standing.thing)
    _tell(session, review, person_id, now)


def declare_ahead(
    session: orm.Session, *, case_number: str, said: Declared, actor: Actor, now: dt.datetime
) -> None:
    """One's own with a case by its number. It says nothing about whether there is such a case, and
    none need be there yet. Raises Blocked."""
    new = NewConflict(actor.person_id, said.kind, case_number, None, said.note)
    cases.declare_conflict(session, new, actor=actor, now=now)


def withdraw_conflict(
    session: orm.Session, conflict_id: uuid.UUID, *, reason: str, actor: Actor, now: dt.datetime
) -> None:
    """Somebody else than the person concerned says that it is none any more. Raises NotFound or
    Blocked."""
    row = interests.conflict(session, actor, conflict_id)
    cases.withdraw_conflict(session, row, reason=reason, actor=actor, now=now)


def _tell(session: orm.Session, review: CaseReview, person_id: int, now: dt.datetime) -> None:
    """Somebody else must be assigned wherever the person reviews this case now."""
    for each in interests.reviewed_by(session, person_id, review.case):
        day = now.date()
        leaders = access.holders_in_round(session, Role.SITE_LEADER, each.round_id, day)
        readers = interests.readers(session, each)  # of either reading: they stay apart
        told = leaders - readers or access.holders_in_state(session, Role.CQI_DIRECTOR, day)
        kind = NoticeKind.REVIEWER_IN_CONFLICT
        told -= readers | {person_id}
        notices.tell(session, kind, people=told, subject=each.public_id, now=now)
