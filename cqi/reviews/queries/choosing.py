"""Whom and what one can choose from when a case is assigned."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor, Grant
from cqi.access.models import GrantRow, Person
from cqi.access.permissions import Permission, Role
from cqi.cases import queries as cases
from cqi.cases.models import Case
from cqi.core import errors
from cqi.places import queries as places
from cqi.reviews import policy
from cqi.reviews.models import CaseReview, ReviewPerson
from cqi.reviews.rules import Part, ReviewPurpose, ReviewState
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round
from cqi.sampling import queries as sampling


def team(session: orm.Session, in_round: Round, today: dt.date) -> list[Actor]:
    """The people with a reviewer's grant on a round, by name."""
    query = (
        sa.select(Person.id, Person.public_id, Person.name, Person.staff_id)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(
            GrantRow.role == Role.REVIEWER,
            GrantRow.round_id == in_round.id,
            Person.active,
            *access.in_force(today),
        )
        .order_by(Person.name, Person.id)
        .distinct()
    )
    granted = (Grant(Role.REVIEWER, round_id=in_round.id),)
    return [
        Actor(person_id, public_id, name, granted, staff_id or "")
        for person_id, public_id, name, staff_id in session.execute(query)
    ]


_PARTS = (Role.SITE_LEADER, Role.QA_LEAD, Role.REVIEWER)


def who_works_on(
    session: orm.Session, in_round: Round, today: dt.date
) -> list[tuple[Role, list[str]]]:
    """Names by role: who leads a round, checks it, and reviews in it, by a grant on the round, on
    one of its places, or on the whole state."""
    counties = rounds.county_ids(session, in_round)
    there = counties | places.above(session, counties, today)
    ids = {
        role: access.holders_in_round(session, role, in_round.id, today)
        | access.holders(session, role, there, today)
        | access.holders_in_state(session, role, today)
        for role in _PARTS
    }
    everybody = frozenset().union(*ids.values())
    query = sa.select(Person.id, Person.name).where(Person.id.in_(everybody)).order_by(Person.name)
    people = session.execute(query).all()
    return [(role, [name for id_, name in people if id_ in ids[role]]) for role in _PARTS]


def loads(session: orm.Session, in_round: Round) -> dict[int, tuple[int, int]]:
    """Person id -> how many case reviews of a round they are on as reviewer, practice apart: those
    that are not final, and all."""
    unfinished = sa.func.count().filter(CaseReview.state != ReviewState.FINAL)
    query = (
        sa.select(ReviewPerson.person_id, unfinished, sa.func.count())
        .join(CaseReview, CaseReview.id == ReviewPerson.review_id)
        .where(
            CaseReview.round_id == in_round.id,
            CaseReview.purpose != ReviewPurpose.PRACTICE,
            CaseReview.state != ReviewState.WITHDRAWN,
            ReviewPerson.part == Part.REVIEWER,
            ReviewPerson.until_at.is_(None),
        )
        .group_by(ReviewPerson.person_id)
    )
    return {person_id: (left, number) for person_id, left, number in session.execute(query)}


def standing_to_be(session: orm.Session, in_round: Round, case: Case) -> policy.Standing:
    """What will decide about a case review of a case that is put into a round."""
    places = {case.county_id} | ({case.unit_id} if case.unit_id else set())
    return policy.Standing(
        ReviewState.ASSIGNED,
        frozenset(places),
        in_round.id,
        case_staff=cases.staff_ids(session, case.id),
        declared=cases.people_in_conflict(session, case),
    )


def scorers(session: orm.Session, case: Case) -> frozenset[int]:
    """Those who score a case, or did, in any round."""
    query = (
        sa.select(ReviewPerson.person_id)
        .join(CaseReview, CaseReview.id == ReviewPerson.review_id)
        .where(
            CaseReview.case_id == case.id,
            CaseReview.purpose != ReviewPurpose.PRACTICE,
            ReviewPerson.part == Part.REVIEWER,
        )
    )
    return frozenset(session.scalars(query))


def cases_to_assign(session: orm.Session, actor: Actor, in_round: Round) -> list[Case]:
    """The cases of a round's sample that are not in reviewers' hands yet; of its counties where
    nothing was drawn. Raises Forbidden."""
    found = _cases_beside(session, actor, in_round, ReviewPurpose.SCORED)
    drawn = sampling.in_sample(session, [in_round.id]).get(in_round.id)
    return [case for case in found if drawn is None or case.case_number in drawn]


def cases_to_practise_on(session: orm.Session, actor: Actor, in_round: Round) -> list[Case]:
    """Those that nobody practises on in the round; others may score them. Raises Forbidden."""
    return _cases_beside(session, actor, in_round, ReviewPurpose.PRACTICE)


def _cases_beside(
    session: orm.Session, actor: Actor, in_round: Round, purpose: ReviewPurpose
) -> list[Case]:
    if not actor.may(Permission.ROUND_ASSIGN, rounds.thing(session, in_round)):
        raise errors.Forbidden("You may not assign cases in this round.")
    there = sa.select(CaseReview.case_id).where(
        CaseReview.round_id == in_round.id, CaseReview.purpose == purpose
    )
    taken = set(session.scalars(there))
    taken |= set(session.scalars(cases.conflicted(actor.person_id, actor.staff_id)))
    counties = rounds.county_ids(session, in_round)
    return [case for case in cases.of_counties(session, counties) if case.id not in taken]


def names_on_file(session: orm.Session, review: CaseReview) -> list[str]:
    """The names of those who work or supervise the case, as far as they are people here."""
    return cases.names_of_staff(session, review.case_id)
