"""What two pairs first handed in of the cases that both read, for whoever may compare them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.core import errors, events
from cqi.reviews import policy
from cqi.reviews.models import CaseReview, ReviewPerson
from cqi.reviews.queries import visibility
from cqi.reviews.rules import Part, ReviewPurpose, ReviewState
from cqi.reviews.rules import readings as rules
from cqi.reviews.rules.readings import Reading, ReadingsOfRound, ReadTwice
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round

_SUBMITTED = "review.submit_for_qa"
_Row = sa.Row[*tuple[Any, ...]]


def may_compare(session: orm.Session, actor: Actor, in_round: Round) -> bool:
    """Whether `actor` sees how far readings agree: nobody who reads in the round does, or did."""
    if not policy.compares_readings(actor, rounds.thing(session, in_round)):
        return False
    own = sa.select(CaseReview.id).where(
        CaseReview.round_id == in_round.id,
        CaseReview.purpose != ReviewPurpose.PRACTICE,
        CaseReview.id.in_(visibility.read_by(actor)),
    )
    return session.scalar(own.limit(1)) is None


def read_twice(session: orm.Session, actor: Actor, in_round: Round) -> ReadingsOfRound:
    """The cases of a round with two readings that `actor` may both open. Raises Forbidden.

    A case counts when both were handed in, with the ratings of each pair's first submission,
    whatever QA asked for or set since (ADR 0024). Withdrawn readings are left out.
    """
    if not may_compare(session, actor, in_round):
        raise errors.Forbidden(policy.AGREEMENT_IS_FOR_OTHERS)
    both = [pair for pair in _of_each_case(session, actor, in_round) if len(pair) > 1]
    done = [pair for pair in both if all(row.first_submitted_at for row in pair)]
    rows = [row for pair in done for row in pair]
    ratings = _first_submitted(session, [row.public_id for row in rows])
    people = _people(session, [row.id for row in rows])
    made = {row.id: Reading(people.get(row.id, ()), ratings[row.public_id]) for row in rows}
    pairs = tuple(ReadTwice(made[first.id], made[second.id]) for first, second in done)
    return ReadingsOfRound(pairs, len(both) - len(done))


def _of_each_case(session: orm.Session, actor: Actor, in_round: Round) -> list[list[_Row]]:
    """The readings of each case that has a second one, the first first."""
    second = sa.select(CaseReview.case_id).where(
        CaseReview.round_id == in_round.id, CaseReview.purpose == ReviewPurpose.RELIABILITY
    )
    query = (
        sa.select(
            CaseReview.id, CaseReview.public_id, CaseReview.case_id, CaseReview.first_submitted_at
        )
        .where(
            CaseReview.round_id == in_round.id,
            CaseReview.purpose != ReviewPurpose.PRACTICE,
            CaseReview.state != ReviewState.WITHDRAWN,
            CaseReview.case_id.in_(second),
            visibility.visible_to(actor),
        )
        .order_by(CaseReview.case_id, CaseReview.reading)
    )
    found: defaultdict[int, list[_Row]] = defaultdict(list)
    for row in session.execute(query):
        found[row.case_id].append(row)
    return list(found.values())


def _first_submitted(
    session: orm.Session, ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, Mapping[str, str | None]]:
    """Public id -> ratings, from the chain of events up to the first submission."""
    here = (events.Event.stream_kind == "review", events.Event.stream_id.in_(ids))
    ends = (
        sa.select(events.Event.stream_id, sa.func.min(events.Event.sequence).label("at"))
        .where(*here, events.Event.kind == _SUBMITTED)
        .group_by(events.Event.stream_id)
        .subquery()
    )
    query = (
        sa.select(events.Event.stream_id, events.Event.payload)
        .join(ends, ends.c.stream_id == events.Event.stream_id)
        .where(*here, events.Event.sequence < ends.c.at)
        .order_by(events.Event.stream_id, events.Event.sequence)
    )
    payloads: dict[uuid.UUID, list[Mapping[str, Any]]] = {each: [] for each in ids}
    for stream_id, payload in session.execute(query):
        payloads[stream_id].append(payload)
    return {each: rules.ratings_after(told) for each, told in payloads.items()}


def _people(
    session: orm.Session, ids: Collection[int]
) -> Mapping[int, tuple[tuple[int, str], ...]]:
    """Case review -> those who were its reviewers when it was first handed in."""
    then = CaseReview.first_submitted_at
    query = (
        sa.select(ReviewPerson.review_id, Person.id, Person.name)
        .join(CaseReview, CaseReview.id == ReviewPerson.review_id)
        .join(Person, Person.id == ReviewPerson.person_id)
        .where(
            ReviewPerson.review_id.in_(ids),
            ReviewPerson.part == Part.REVIEWER,
            ReviewPerson.from_at <= then,
            sa.or_(ReviewPerson.until_at.is_(None), ReviewPerson.until_at > then),
        )
        .order_by(Person.name, Person.id)
    )
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for review_id, person_id, name in session.execute(query):
        found[review_id] = (*found.get(review_id, ()), (person_id, name))
    return found
