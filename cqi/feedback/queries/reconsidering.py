"""Requests to look at a rating again: which somebody sees, one of them, and who decides on it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission, Role
from cqi.cases.models import Case
from cqi.core import errors
from cqi.feedback.models import MemoRelease, Reconsideration
from cqi.feedback.policy.reconsidering import Asking, Standing
from cqi.feedback.queries import memos, reach
from cqi.feedback.rules import reconsidering as rules
from cqi.feedback.rules.clocks import Clocks
from cqi.feedback.rules.reconsidering import Outcome, ReconsiderationState
from cqi.instruments.definition import Rating
from cqi.places import queries as places
from cqi.reviews import policy as review_policy
from cqi.reviews import queries as reviews
from cqi.reviews.models import CaseReview, ReviewPerson, StoredRating
from cqi.reviews.rules import Part, ReviewPurpose, ReviewState
from cqi.rounds.models import Round

AWAITS = (ReconsiderationState.ASKED, ReconsiderationState.TO_CHANGE)


def everything() -> sa.Select[Reconsideration]:
    """All requests with their reviews, cases, rounds, memos and steps."""
    review = orm.contains_eager(Reconsideration.review)
    return (
        sa.select(Reconsideration)
        .join(Reconsideration.review)
        .join(Case, Case.id == CaseReview.case_id)
        .join(Round, Round.id == CaseReview.round_id)
        .options(
            review.contains_eager(CaseReview.case).selectinload(Case.staff),
            review.contains_eager(CaseReview.round),
            orm.joinedload(Reconsideration.release),
            orm.selectinload(Reconsideration.steps),
        )
    )


def seen_by(actor: Actor, today: dt.date) -> sa.ColumnElement[bool]:
    """Where-clause beside `everything`: by reach, and cases of one's own where one reads their
    feedback."""
    return reach.visible(actor, today, Permission.RECONSIDERATION_SEE)


def reconsideration(
    session: orm.Session, actor: Actor, public_id: uuid.UUID, today: dt.date
) -> Reconsideration:
    """A request that the actor may read. Raises NotFound."""
    here = (Reconsideration.public_id == public_id, seen_by(actor, today))
    found = session.scalar(everything().where(*here))
    if found is None:
        raise errors.NotFound("there is no such request")
    return found


def ratings(session: orm.Session, release: MemoRelease) -> dict[str, Rating]:
    """Item code -> rating, of every item that counts in a released memo."""
    memo = memos.content(session, release)
    return rules.ratings(memo) if memo is not None else {}


def asking(
    session: orm.Session, release: MemoRelease, clocks: Clocks, *, lock: bool = False
) -> Asking:
    """What decides whether a rating of a memo may be asked about. An action locks its review."""
    if lock:
        reviews.standing(session, release.review, lock=True)
    asked = sa.select(Reconsideration.item).where(
        Reconsideration.release_id == release.id, Reconsideration.state.in_(AWAITS)
    )
    return Asking(
        case=memos.case_facts(release.review, clocks.calendar.today),
        due=clocks.ask_due(release.released_at),
        stands=memos.stands(release) and release.id == _newest(session, release),
        items=frozenset(ratings(session, release)),
        open_items=frozenset(session.scalars(asked)),
    )


def _newest(session: orm.Session, release: MemoRelease) -> int | None:
    query = sa.select(sa.func.max(MemoRelease.id)).where(MemoRelease.review_id == release.review_id)
    return session.scalar(query)


def standing(
    session: orm.Session, one: Reconsideration, today: dt.date, *, lock: bool = False
) -> Standing:
    """What decides about a request. An action locks its review: it then sees it alone."""
    here = reviews.standing(session, one.review, lock=lock)
    if lock:
        session.refresh(one, ("state",))
    leads = _leads(session, one.review, today)
    return Standing(
        state=one.state,
        case=memos.case_facts(one.review, today),
        rating=one.rating,
        asked_by=one.asked_by_id,
        stands=memos.stands(one.release),
        workers=here.scorers | _other_readers(session, one.review),
        checkers=here.checkers,
        case_staff=here.case_staff,
        declared=here.declared,
        leads=_free(session, leads, one.review, here) - {one.asked_by_id},
    )


def deciders(session: orm.Session, one: Reconsideration, today: dt.date) -> frozenset[int]:
    """Who decides on a request: the QA leads who may, or where there is none the CQI directors."""
    here = reviews.standing(session, one.review)
    leads = _leads(session, one.review, today)
    above = access.holders_in_state(session, Role.CQI_DIRECTOR, today)
    found = (
        _free(session, people, one.review, here) - {one.asked_by_id} for people in (leads, above)
    )
    return next((people for people in found if people), frozenset())


def directors(session: orm.Session, review: CaseReview, today: dt.date) -> frozenset[int]:
    """The CQI directors who may reopen a review: those who did not score it."""
    scorers = reviews.standing(session, review).scorers
    return access.holders_in_state(session, Role.CQI_DIRECTOR, today) - scorers


def _leads(session: orm.Session, review: CaseReview, today: dt.date) -> frozenset[int]:
    """The QA leads of a review's region, and of the state."""
    here = {review.case.county_id} | places.above(session, [review.case.county_id], today)
    in_state = access.holders_in_state(session, Role.QA_LEAD, today)
    return access.holders(session, Role.QA_LEAD, here, today) | in_state


def _free(
    session: orm.Session,
    people: Iterable[int],
    review: CaseReview,
    here: review_policy.Standing,
) -> frozenset[int]:
    """Those who had no part in a review, do not work its case and have no conflict of interest."""
    part = here.scorers | here.checkers | here.declared | _other_readers(session, review)
    works = sa.select(Person.id).where(Person.staff_id.in_(sorted(here.case_staff)))
    return frozenset(people) - part - frozenset(session.scalars(works))


def _other_readers(session: orm.Session, review: CaseReview) -> frozenset[int]:
    """Who reads, or read, the same case in the same round in another case review."""
    query = (
        sa.select(ReviewPerson.person_id)
        .join(CaseReview, CaseReview.id == ReviewPerson.review_id)
        .where(
            CaseReview.case_id == review.case_id,
            CaseReview.round_id == review.round_id,
            CaseReview.id != review.id,
            CaseReview.purpose != ReviewPurpose.PRACTICE,
            ReviewPerson.part == Part.REVIEWER,
        )
    )
    return frozenset(session.scalars(query))


def outcomes(
    session: orm.Session, found: Collection[Reconsideration]
) -> dict[int, tuple[Outcome, Rating | None]]:
    """Request id -> what came of it, and what its item is rated where the review was opened again
    and is final again."""
    query = sa.select(StoredRating.review_id, StoredRating.code, StoredRating.counted).where(
        StoredRating.review_id.in_({one.review_id for one in found})
    )
    now = {(review, code): rating for review, code, rating in session.execute(query)}
    return {one.id: _outcome(one, now.get((one.review_id, one.item))) for one in found}


def _outcome(one: Reconsideration, now: Rating | None) -> tuple[Outcome, Rating | None]:
    stands, final = memos.stands(one.release), one.review.state is ReviewState.FINAL
    came = rules.outcome(one.state, one.rating, rules.Since(stands, final, now))
    return came, now if final and not stands else None


def late(session: orm.Session, clocks: Clocks) -> list[Reconsideration]:
    """Every request whose decision is late and was not told of: for the clock, which acts for
    nobody."""
    asked = Reconsideration.state == ReconsiderationState.ASKED
    return [
        one
        for one in session.scalars(everything().where(asked).order_by(Reconsideration.id)).unique()
        if memos.stands(one.release)
        and clocks.decide_due(one.asked_at).late
        and all(step.by_id is not None for step in one.steps)
    ]
