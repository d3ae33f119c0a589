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
from cqi.cases.models import Case, CaseStaff
from cqi.core import database, errors, folders
from cqi.instruments import definition, excerpt, library
from cqi.reviews import policy
from cqi.reviews.models import CaseReview, ReviewPerson, SafetyAlert
from cqi.reviews.rules import AlertState, Part, ReviewState
from cqi.rounds.models import Round

_LOCKED = ("state", "state_since", "pur_to", "first_submitted_at", "final_at", "revision")


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: reviewers see what they are assigned to, others by reach."""
    others = tuple(grant for grant in actor.grants if grant.role is not Role.REVIEWER)
    reach = dataclasses.replace(actor, grants=others).reach(Permission.REVIEW_SEE)
    return sa.or_(within(reach), scored_by(actor))


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


def scored_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: those that `actor` is assigned to, on rounds granted."""
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


def case_review_to_score(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> CaseReview:
    """The same by the shorter way of those who are assigned to it; others go the long way."""
    rounds = actor.reach(Permission.REVIEW_SCORE).rounds
    who = {"public_id": public_id, "person": actor.person_id, "rounds": sorted(rounds)}
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
    )
)


def standing(session: orm.Session, review: CaseReview, *, lock: bool = False) -> policy.Standing:
    """What `policy` needs to know. An action locks: it then sees the newest state, alone."""
    if lock and not database.alone(session):
        session.refresh(review, _LOCKED, with_for_update=True)
    people, staff, alerts = _beside(session, review)
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
    )


def _second_level_due(review: CaseReview) -> bool:
    """Asked in first-level QA only: nothing else turns on it, and saving need not load a round."""
    first = review.state is ReviewState.FIRST_LEVEL_QA
    return first and review.round.second_level.due(review.case.case_number)


_STAFF, _ALERT = "", "alert"  # what stands in the place of a part


def _beside(
    session: orm.Session, review: CaseReview
) -> tuple[list[tuple[int, Part, bool]], frozenset[str], tuple[str, ...]]:
    """(person, part, still on it) of the review, the staff numbers of its case and the public ids
    of its open safety alerts: one query."""
    session.flush()
    who = {"review": review.id, "case": review.case_id}
    rows = session.connection().execute(_BESIDE, who).all()
    people = [(who, Part(part), bool(on)) for who, part, on, _ in rows if part in set(Part)]
    staff = frozenset(text for _, part, _, text in rows if part == _STAFF)
    alerts = tuple(str(uuid.UUID(text)) for _, part, _, text in rows if part == _ALERT)
    return people, staff, alerts


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
