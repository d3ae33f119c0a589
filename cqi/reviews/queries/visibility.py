"""Which case reviews somebody sees, and one of them."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor, Reach
from cqi.access.permissions import Permission, Role
from cqi.cases import queries as cases
from cqi.cases.models import Case, CaseStaff, ConflictOfInterest
from cqi.core import database, errors, folders
from cqi.instruments import definition, excerpt, library
from cqi.reviews import policy
from cqi.reviews.models import CaseReview, ReviewPerson, SafetyAlert
from cqi.reviews.rules import AlertState, Part, ReviewPurpose, ReviewState
from cqi.rounds.models import Round

_LOCKED = ("state", "state_since", "pur_to", "first_submitted_at", "final_at", "revision")


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: reviewers see what they are assigned to, others by reach;
    nobody what they have a conflict of interest with, or the other reading of a case that they
    read. Every query over case reviews begins here.
    """
    return sa.and_(reached_by(actor), blind(actor))


def reached_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The same with other readings: a safety alert goes to whoever runs a round, in any case."""
    others = tuple(grant for grant in actor.grants if grant.role is not Role.REVIEWER)
    reach = dataclasses.replace(actor, grants=others).reach(Permission.REVIEW_SEE)
    return sa.and_(sa.or_(within(reach), _assigned(actor)), free_of_conflict(actor))


def blind(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: not the other reading of a case that `actor` reads in the same
    round, or did, and no second reading of others where `actor` reviews. Two readings say something
    about agreement only while they are apart and nobody who reviews knows which cases have two."""
    own = orm.aliased(CaseReview)
    other = sa.and_(
        own.round_id == CaseReview.round_id,
        own.case_id == CaseReview.case_id,
        own.id != CaseReview.id,
        own.purpose != ReviewPurpose.PRACTICE,
        CaseReview.purpose != ReviewPurpose.PRACTICE,
        own.id.in_(read_by(actor)),
    )
    of_others = sa.and_(
        CaseReview.purpose == ReviewPurpose.RELIABILITY,
        CaseReview.round_id.in_(sorted(_reviewed_rounds(actor))),
        CaseReview.id.not_in(read_by(actor)),
    )
    return sa.and_(~sa.exists().where(other).correlate(CaseReview), ~of_others)


def _reviewed_rounds(actor: Actor) -> set[int]:
    """Ids of the rounds that `actor` has a reviewer's grant on."""
    return {
        grant.round_id
        for grant in actor.grants
        if grant.role is Role.REVIEWER and grant.round_id is not None
    }


def read_by(actor: Actor) -> sa.Select[int]:
    """Ids of the case reviews that `actor` is a reviewer of, or was."""
    return sa.select(ReviewPerson.review_id).where(
        ReviewPerson.person_id == actor.person_id, ReviewPerson.part == Part.REVIEWER
    )


def one_a_case(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: one reading of each case, so that cases are counted. It is the
    first; where `actor` reads the second, that: no number then tells that it is one."""
    mine = sa.and_(
        CaseReview.purpose == ReviewPurpose.RELIABILITY, CaseReview.id.in_(read_by(actor))
    )
    return sa.or_(mine, sa.and_(CaseReview.purpose == ReviewPurpose.SCORED, blind(actor)))


def free_of_conflict(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: no conflict of interest, declared or known by staff number."""
    return CaseReview.case_id.not_in(cases.conflicted(actor.person_id, actor.staff_id))


def undeclared(actor: Actor) -> sa.ColumnElement[bool]:
    """The same but for staff numbers: feedback and safety alerts are for those who work a case."""
    return CaseReview.case_id.not_in(cases.declared(actor.person_id))


def within(reach: Reach) -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: those that lie within the reach of a permission."""
    if reach.everywhere:
        return sa.true()
    return sa.or_(sa.false(), *_parts(reach))


def _parts(reach: Reach) -> Iterator[sa.ColumnElement[bool]]:
    if reach.rounds:
        yield CaseReview.round_id.in_(sorted(reach.rounds))
    if reach.places:
        places = sorted(reach.places)
        there = sa.or_(Case.county_id.in_(places), Case.unit_id.in_(places))
        yield CaseReview.case_id.in_(sa.select(Case.id).where(there))


def found_by(session: orm.Session, actor: Actor, case_id: int | None) -> list[uuid.UUID]:
    """Public ids of the case reviews, of one case or of all, that `actor` sees."""
    here = sa.true() if case_id is None else CaseReview.case_id == case_id
    query = sa.select(CaseReview.public_id).where(here, visible_to(actor))
    return list(session.scalars(query.order_by(CaseReview.id)))


def scored_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: those that `actor` is assigned to, on rounds granted."""
    return sa.and_(_assigned(actor), free_of_conflict(actor))


def checked_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: those whose QA `actor` may do by reach."""
    reach = actor.reach(Permission.REVIEW_APPROVE)
    return sa.and_(within(reach), free_of_conflict(actor), blind(actor))


def _assigned(actor: Actor) -> sa.ColumnElement[bool]:
    rounds = actor.reach(Permission.REVIEW_SCORE).rounds
    if not rounds:
        return sa.false()
    assigned = sa.select(ReviewPerson.review_id).where(
        ReviewPerson.person_id == actor.person_id,
        ReviewPerson.part == Part.REVIEWER,
        ReviewPerson.until_at.is_(None),
    )
    return sa.and_(CaseReview.round_id.in_(sorted(rounds)), CaseReview.id.in_(assigned))


def case_review(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> CaseReview:
    """A case review that `actor` sees, with its case, county and round loaded. Raises NotFound."""
    query = (
        sa.select(CaseReview)
        .options(orm.joinedload(CaseReview.case).joinedload(Case.county))
        .options(orm.joinedload(CaseReview.round))
        .where(CaseReview.public_id == public_id, visible_to(actor))
    )
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such case review")
    return found


def is_visible(session: orm.Session, actor: Actor, review: CaseReview) -> bool:
    """Whether `actor` may open a case review that they came upon by another way."""
    query = sa.select(CaseReview.id).where(CaseReview.id == review.id, visible_to(actor))
    return session.scalar(query) is not None


def case_review_to_score(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> CaseReview:
    """The same by the shorter way of those who are assigned to it; others go the long way."""
    rounds = actor.reach(Permission.REVIEW_SCORE).rounds
    who = {"public_id": public_id, "person": actor.person_id, "staff": actor.staff_id}
    who["rounds"] = sorted(rounds)
    found = session.scalar(_ASSIGNED, who) if rounds else None
    return found or case_review(session, actor, public_id)


# Made once: every saved answer asks, and building a statement costs more than running it.
_ASSIGNED = (
    sa.select(CaseReview)
    .options(
        orm.joinedload(CaseReview.case).load_only(Case.county_id, Case.unit_id, Case.case_type),
        orm.joinedload(CaseReview.round).load_only(Round.items),
    )
    .join(ReviewPerson, ReviewPerson.review_id == CaseReview.id)
    .where(
        CaseReview.public_id == sa.bindparam("public_id"),
        CaseReview.round_id.in_(sa.bindparam("rounds", expanding=True)),
        ReviewPerson.person_id == sa.bindparam("person"),
        ReviewPerson.part == Part.REVIEWER,
        ReviewPerson.until_at.is_(None),
        CaseReview.case_id.not_in(cases.conflicted(sa.bindparam("person"), sa.bindparam("staff"))),
    )
)


def standing(session: orm.Session, review: CaseReview, *, lock: bool = False) -> policy.Standing:
    """What `policy` needs to know. An action locks: it then sees the newest state, alone."""
    if lock and not database.alone(session):
        session.refresh(review, _LOCKED, with_for_update=True)
    people, staff, alerts, declared = _beside(session, review)
    return policy.Standing(
        state=review.state,
        places=frozenset(
            place for place in (review.case.county_id, review.case.unit_id) if place is not None
        ),
        round_id=review.round_id,
        reviewers=frozenset(who for who, part, on in people if part is Part.REVIEWER and on),
        scorers=frozenset(who for who, part, _ in people if part is Part.REVIEWER),
        checkers=frozenset(who for who, part, _ in people if part is not Part.REVIEWER),
        first_level=frozenset(who for who, part, _ in people if part is Part.FIRST_LEVEL_QA),
        case_staff=staff,
        second_level_due=_second_level_due(review),
        open_alerts=alerts,
        declared=declared,
    )


def _second_level_due(review: CaseReview) -> bool:
    """Asked in first-level QA only: nothing else turns on it, and saving need not load a round.
    Practice is never drawn: it would take a second lead's time for nothing."""
    first = review.state is ReviewState.FIRST_LEVEL_QA
    counted = review.purpose is not ReviewPurpose.PRACTICE
    return first and counted and review.round.second_level.due(review.case.case_number)


_STAFF, _ALERT, _DECLARED = "", "alert", "declared"  # what stands in the place of a part


def _beside(
    session: orm.Session, review: CaseReview
) -> tuple[list[tuple[int, Part, bool]], frozenset[str], tuple[str, ...], frozenset[int]]:
    """(person, part, still on it) of the review, the staff numbers of its case, the public ids
    of its open safety alerts, who declared a conflict of interest: one query."""
    session.flush()
    who = {"review": review.id, "case": review.case_id}
    rows = session.connection().execute(_BESIDE, who).all()
    people = [(who, Part(part), bool(on)) for who, part, on, _ in rows if part in set(Part)]
    staff = frozenset(text for _, part, _, text in rows if part == _STAFF)
    alerts = tuple(str(uuid.UUID(text)) for _, part, _, text in rows if part == _ALERT)
    declared = frozenset(who for who, part, _, _ in rows if part == _DECLARED)
    return people, staff, alerts, declared


_BESIDE = sa.union_all(
    sa.select(
        ReviewPerson.person_id,
        sa.cast(ReviewPerson.part, sa.String(40)),
        ReviewPerson.until_at.is_(None),
        sa.literal(""),
    ).where(ReviewPerson.review_id == sa.bindparam("review")),
    sa.select(sa.literal(0), sa.literal(_STAFF), sa.literal(True), CaseStaff.staff_id).where(
        CaseStaff.case_id == sa.bindparam("case")
    ),
    sa.select(
        sa.literal(0),
        sa.literal(_ALERT),
        sa.literal(True),
        sa.cast(SafetyAlert.public_id, sa.String(40)),
    ).where(
        SafetyAlert.review_id == sa.bindparam("review"), SafetyAlert.state != AlertState.CLOSED
    ),
    sa.select(ConflictOfInterest.person_id, sa.literal(_DECLARED), sa.literal(True), sa.literal(""))
    .join(Case, cases.about(ConflictOfInterest, Case))
    .where(Case.id == sa.bindparam("case"), ConflictOfInterest.withdrawn_at.is_(None)),
)


def instrument_of(review: CaseReview) -> definition.Instrument:
    """The pinned instrument, or what its round asks of it. Errors as for `pinned`."""
    return pinned(review, review.round.items)


def pinned(review: Any, items: Sequence[str] | None) -> definition.Instrument:
    """The instrument that a case review, or a row with its columns, pins; of `items` only.

    Raises BadInput where its files no longer have the pinned digest.
    """
    root = folders.data_folder("review_instruments")
    loaded = library.load(root, review.instrument, review.instrument_version)
    if loaded.digest != review.instrument_digest:
        message = (
            f"{review.instrument} {review.instrument_version} is not what this case review was"
            " scored with: its files were changed. Restore the published version."
        )
        raise errors.BadInput(message)
    return excerpt.of(loaded, items) if items else loaded
