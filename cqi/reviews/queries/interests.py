"""Conflicts of interest as whoever assigns cases sees them, and the assignments that they hit."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.cases import queries as cases
from cqi.cases.models import Case, CaseStaff, ConflictOfInterest
from cqi.cases.rules import ConflictKind
from cqi.core import errors
from cqi.reviews.models import CaseReview, ReviewPerson
from cqi.reviews.queries import visibility
from cqi.reviews.rules import ENDED_STATES, Part, ReviewPurpose
from cqi.rounds.models import Round

_PARTS = {Part.REVIEWER: "Reviewer", Part.FIRST_LEVEL_QA: "First-level QA"}


@dataclass(frozen=True)
class ConflictLine:
    """A conflict of interest in a list; `note` is there for whoever may withdraw it."""

    public_id: uuid.UUID
    person: str
    person_id: int
    about: str
    kind: ConflictKind
    note: str
    declared_at: dt.datetime
    declared_by: str
    withdrawn_at: dt.datetime | None
    withdrawn_by: str
    withdrawal_reason: str


@dataclass(frozen=True)
class Affected:
    """Somebody who is on a case review that they have a conflict of interest with."""

    review: uuid.UUID
    case_number: str
    round: uuid.UUID
    round_name: str
    person: str
    part: str
    known: bool


def conflicts(session: orm.Session, actor: Actor) -> list[ConflictLine]:
    """Those of others with cases where `actor` assigns them: in force first, then the newest."""
    order = (ConflictOfInterest.withdrawn_at.is_not(None), ConflictOfInterest.id.desc())
    where = (_within_reach(actor), ConflictOfInterest.person_id != actor.person_id)
    return _lines(session, _with_names().where(*where).order_by(*order))


def own(session: orm.Session, actor: Actor) -> list[ConflictLine]:
    """One's own, the newest first."""
    where = ConflictOfInterest.person_id == actor.person_id
    return _lines(session, _with_names().where(where).order_by(ConflictOfInterest.id.desc()))


def conflict(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> ConflictOfInterest:
    """One of them, to withdraw; one's own too, which policy then refuses. Raises NotFound."""
    query = sa.select(ConflictOfInterest).where(ConflictOfInterest.public_id == public_id)
    mine = ConflictOfInterest.person_id == actor.person_id
    found = session.scalar(query.where(sa.or_(_within_reach(actor), mine)))
    if found is None:
        raise errors.NotFound("there is no such conflict of interest")
    return found


def _with_names() -> sa.Select[*tuple[Any, ...]]:
    by, undone_by = orm.aliased(Person), orm.aliased(Person)
    return (
        sa.select(ConflictOfInterest, Person.name, by.name, undone_by.name)
        .join(Person, Person.id == ConflictOfInterest.person_id)
        .join(by, by.id == ConflictOfInterest.declared_by_id)
        .outerjoin(undone_by, undone_by.id == ConflictOfInterest.withdrawn_by_id)
    )


def _within_reach(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `ConflictOfInterest`: with a case that `actor` assigns, and is free of. What
    bears on no case that is here yet is for those who assign everywhere."""
    reach = actor.reach(Permission.ROUND_ASSIGN)
    here = sa.select(Case.id).where(cases.about(ConflictOfInterest, Case))
    reviewed = (
        here.join(CaseReview, CaseReview.case_id == Case.id)
        .where(visibility.within(reach), visibility.free_of_conflict(actor))
        .correlate(ConflictOfInterest)
        .exists()
    )
    if not reach.everywhere:
        return reviewed
    own = here.where(Case.id.in_(cases.conflicted(actor.person_id, actor.staff_id)))
    return ~own.correlate(ConflictOfInterest).exists()


def _lines(session: orm.Session, query: sa.Select[*tuple[Any, ...]]) -> list[ConflictLine]:
    return [_line(*row) for row in session.execute(query)]


def _line(row: ConflictOfInterest, person: str, by: str, undone_by: str | None) -> ConflictLine:
    family = f" and family {row.family_id}" if row.family_id else ""
    return ConflictLine(
        public_id=row.public_id,
        person=person,
        person_id=row.person_id,
        about=f"Case {row.case_number}{family}",
        kind=row.kind,
        note=row.note or "",
        declared_at=row.declared_at,
        declared_by=by,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=undone_by or "",
        withdrawal_reason=row.withdrawal_reason or "",
    )


def affected(session: orm.Session, actor: Actor, in_round: Round | None = None) -> list[Affected]:
    """Who is on a case review that is not over and has a conflict of interest with its case, where
    `actor` assigns cases: somebody else has to be assigned."""
    known = sa.exists().where(CaseStaff.case_id == Case.id, CaseStaff.staff_id == Person.staff_id)
    declared = sa.exists().where(
        ConflictOfInterest.person_id == Person.id,
        ConflictOfInterest.withdrawn_at.is_(None),
        cases.about(ConflictOfInterest, Case),
    )
    query: Any = (
        sa.select(CaseReview.public_id, Case.case_number, Round.public_id, Round.name)
        .add_columns(Person.name, ReviewPerson.part, known)
        .join(Case, Case.id == CaseReview.case_id)
        .join(Round, Round.id == CaseReview.round_id)
        .join(ReviewPerson, ReviewPerson.review_id == CaseReview.id)
        .join(Person, Person.id == ReviewPerson.person_id)
        .where(
            ReviewPerson.part.in_(_PARTS),
            ReviewPerson.until_at.is_(None),
            CaseReview.state.not_in(sorted(ENDED_STATES)),
            sa.or_(known, declared),
            visibility.within(actor.reach(Permission.ROUND_ASSIGN)),
            visibility.free_of_conflict(actor),
            visibility.blind(actor),
            CaseReview.round_id == in_round.id if in_round is not None else sa.true(),
        )
        .order_by(Round.name, Case.case_number, Person.name)
    )
    rows: list[Any] = list(session.execute(query))
    return [
        Affected(review, number, place, round_name, person, _PARTS[part], bool(works))
        for review, number, place, round_name, person, part, works in rows
    ]


def reviewed_by(session: orm.Session, new_person_id: int, case: Case) -> list[CaseReview]:
    """The case reviews of a case, not over, that somebody reviews now."""
    on_it = sa.select(ReviewPerson.review_id).where(
        ReviewPerson.person_id == new_person_id,
        ReviewPerson.part == Part.REVIEWER,
        ReviewPerson.until_at.is_(None),
    )
    query = sa.select(CaseReview).where(
        CaseReview.case_id == case.id,
        CaseReview.state.not_in(sorted(ENDED_STATES)),
        CaseReview.id.in_(on_it),
    )
    return list(session.scalars(query.order_by(CaseReview.id)))


def readers(session: orm.Session, review: CaseReview) -> frozenset[int]:
    """Who reviews the case in the same round on another reading, or did."""
    query = (
        sa.select(ReviewPerson.person_id)
        .join(CaseReview, CaseReview.id == ReviewPerson.review_id)
        .where(
            CaseReview.round_id == review.round_id,
            CaseReview.case_id == review.case_id,
            CaseReview.id != review.id,
            CaseReview.purpose != ReviewPurpose.PRACTICE,
            ReviewPerson.part == Part.REVIEWER,
        )
    )
    return frozenset(session.scalars(query))
