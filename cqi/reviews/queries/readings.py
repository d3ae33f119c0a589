"""Cases that are read twice: which are, which wait for a second pair, who may not be in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.cases import queries as cases
from cqi.cases.models import Case
from cqi.core import errors, events
from cqi.reviews import policy
from cqi.reviews.models import CaseReview, ReviewPerson
from cqi.reviews.queries import visibility
from cqi.reviews.rules import ENDED_STATES, Part, ReviewPurpose, ReviewState
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round

_READ = "review.read"  # what access.reading_log writes down


@dataclass(frozen=True)
class Place:
    """A case in a round; `review_id` is the reading that is asked about, None for one to be."""

    round_id: int
    case_id: int
    review_id: int | None = None


def readings(session: orm.Session, in_round: Round, case_number: str) -> list[CaseReview]:
    """The case reviews of a case in a round but those for practice, the one that counts first;
    whoever may see them: for what follows from them."""
    query = (
        sa.select(CaseReview)
        .join(Case, Case.id == CaseReview.case_id)
        .where(
            CaseReview.round_id == in_round.id,
            Case.case_number == case_number,
            CaseReview.purpose != ReviewPurpose.PRACTICE,
        )
        .order_by(CaseReview.reading)
    )
    return list(session.scalars(query))


def drawn_twice(session: orm.Session, in_round: Round) -> list[tuple[Case, bool]]:
    """The cases in reviewers' hands that are drawn to be read twice, by number, and whether each
    has its second reading. Not for those who review in the round: policy.knows_readings."""
    there = sa.select(CaseReview.case_id).where(
        CaseReview.round_id == in_round.id, CaseReview.purpose == ReviewPurpose.RELIABILITY
    )
    query = (
        sa.select(Case, Case.id.in_(there))
        .join(CaseReview, CaseReview.case_id == Case.id)
        .where(
            CaseReview.round_id == in_round.id,
            CaseReview.purpose == ReviewPurpose.SCORED,
            CaseReview.state != ReviewState.WITHDRAWN,
        )
        .order_by(Case.case_number)
    )
    due = in_round.double_reading.due
    return [(case, bool(has)) for case, has in session.execute(query) if due(case.case_number)]


def first_pairs(session: orm.Session, in_round: Round) -> dict[int, list[str]]:
    """Case id -> the names of those who read it first, for whoever gives it to others."""
    query = (
        sa.select(CaseReview.case_id, Person.name)
        .join(ReviewPerson, ReviewPerson.review_id == CaseReview.id)
        .join(Person, Person.id == ReviewPerson.person_id)
        .where(
            CaseReview.round_id == in_round.id,
            CaseReview.purpose == ReviewPurpose.SCORED,
            ReviewPerson.part == Part.REVIEWER,
            ReviewPerson.until_at.is_(None),
        )
        .order_by(Person.name)
    )
    found: dict[int, list[str]] = {}
    for case_id, name in session.execute(query):
        found.setdefault(case_id, []).append(name)
    return found


def cases_to_read_twice(session: orm.Session, actor: Actor, in_round: Round) -> list[Case]:
    """Those of them that wait for a second pair. Raises Forbidden."""
    if not policy.knows_readings(actor, rounds.thing(session, in_round)):
        raise errors.Forbidden(policy.READINGS_ARE_FOR_OTHERS)
    taken = set(session.scalars(cases.conflicted(actor.person_id, actor.staff_id)))
    found = drawn_twice(session, in_round)
    return [case for case, has in found if not has and case.id not in taken]


def still_out(session: orm.Session, actor: Actor | None = None) -> dict[int, int]:
    """Round id -> how many second readings are neither final nor withdrawn; of those that `actor`
    is told of. No actor: a command."""
    told: sa.ColumnElement[bool] = sa.true()
    if actor is not None:
        mine = visibility.read_by(actor)
        told = sa.and_(visibility.visible_to(actor), CaseReview.id.not_in(mine))
    query = (
        sa.select(CaseReview.round_id, sa.func.count())
        .where(
            CaseReview.purpose == ReviewPurpose.RELIABILITY,
            CaseReview.state.not_in(sorted(ENDED_STATES)),
            told,
        )
        .group_by(CaseReview.round_id)
    )
    return dict(session.execute(query).all())


def know_other(session: orm.Session, place: Place, people: Collection[int]) -> frozenset[int]:
    """Who of `people` knows another reading of a case: reads it or did, did its QA, or opened
    it."""
    others = sa.select(CaseReview.id, CaseReview.public_id).where(
        CaseReview.round_id == place.round_id,
        CaseReview.case_id == place.case_id,
        CaseReview.purpose != ReviewPurpose.PRACTICE,
        CaseReview.id != (place.review_id or 0),
    )
    found = session.execute(others).all()
    if not found:
        return frozenset()
    on_it = sa.select(ReviewPerson.person_id).where(
        ReviewPerson.review_id.in_([row.id for row in found]), ReviewPerson.person_id.in_(people)
    )
    opened = sa.select(events.Event.actor_id).where(
        events.Event.stream_kind == "review",
        events.Event.stream_id.in_([row.public_id for row in found]),
        events.Event.kind == _READ,
        events.Event.actor_id.in_(people),
    )
    return frozenset(session.scalars(on_it)) | frozenset(
        who for who in session.scalars(opened) if who is not None
    )
