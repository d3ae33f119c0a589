"""Debriefs: of one review, of the reviews of a round, and what people of a case were told."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases.models import Case
from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.core import errors
from cqi.feedback import policy
from cqi.feedback.models import Debrief, MemoRelease
from cqi.feedback.queries import reach
from cqi.feedback.rules.debriefs import Attending
from cqi.reviews import queries as reviews
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import STATE_WORDS, ReviewState
from cqi.rounds.models import Round


@dataclass(frozen=True)
class DebriefTold:
    """A debrief as it was written down, and by whom."""

    held_at: dt.datetime
    attended: tuple[Attending, ...]
    worked: str
    to_work_on: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class DebriefRow:
    """A review of a round, with when its debrief was held, if it was; `open`: one may still be
    written down."""

    public_id: uuid.UUID
    case_number: str
    case_type: str
    round: str
    state: str
    held_at: dt.datetime | None
    open: bool


def debriefs(session: orm.Session, review: CaseReview) -> list[DebriefTold]:
    """Those of a review, the newest first."""
    query = sa.select(Debrief).where(Debrief.review_id == review.id)
    found = list(session.scalars(query.order_by(Debrief.id.desc())))
    names = access.people_names(session, {one.by_id for one in found})
    return [
        DebriefTold(
            one.held_at,
            tuple(map(Attending, one.attended)),
            one.worked or "",
            one.to_work_on or "",
            names[one.by_id],
            one.at,
        )
        for one in found
    ]


def debrief_sent(session: orm.Session, review: CaseReview, key: uuid.UUID) -> Debrief | None:
    """The debrief of a review that a page has sent under its key already: for an action alone."""
    query = sa.select(Debrief).where(Debrief.public_id == key, Debrief.review_id == review.id)
    return session.scalar(query)


def review_to_debrief(
    session: orm.Session, actor: Actor, public_id: uuid.UUID, today: dt.date
) -> CaseReview:
    """A review whose debrief the actor may write down, or read because the case is theirs and one
    was held. Raises NotFound."""
    leads = reach.within(actor, actor.reach(Permission.FEEDBACK_RELEASE))
    told = sa.and_(_held(), reach.visible(actor, today))
    found = session.scalar(_reviews().where(CaseReview.public_id == public_id, leads | told))
    if found is None:
        raise errors.NotFound("there is no such debrief")
    return found


def of_round(session: orm.Session, actor: Actor, round_id: int) -> list[DebriefRow]:
    """Every review of a round whose debrief the actor may write down, by case number."""
    leads = reach.within(actor, actor.reach(Permission.FEEDBACK_RELEASE))
    query = _reviews().where(CaseReview.round_id == round_id, leads)
    return _rows(session, query.order_by(Case.case_number))


def tentative(session: orm.Session, actor: Actor, today: dt.date) -> list[DebriefRow]:
    """Debriefs about cases of one's own that no memo followed yet."""
    mine = reach.visible(actor, today)
    released = sa.exists().where(MemoRelease.review_id == CaseReview.id)
    query = _reviews().where(_held(), mine, ~released)
    return _rows(session, query.order_by(Case.case_number))


def debriefing(
    session: orm.Session, review: CaseReview, *, lock: bool = False
) -> policy.Debriefing:
    """What decides whether a debrief may be written down. An action locks the review."""
    here = reviews.standing(session, review, lock=lock)
    return policy.Debriefing(
        here.thing,
        final=review.state is ReviewState.FINAL,
        withdrawn=review.state is ReviewState.WITHDRAWN,
        begun=review.state is not ReviewState.ASSIGNED,
    )


def _held() -> sa.ColumnElement[bool]:
    return sa.exists().where(Debrief.review_id == CaseReview.id)


def _reviews() -> sa.Select[CaseReview]:
    return (
        sa.select(CaseReview)
        .join(Case, Case.id == CaseReview.case_id)
        .join(Round, Round.id == CaseReview.round_id)
        .options(orm.contains_eager(CaseReview.case), orm.contains_eager(CaseReview.round))
        .where(reach.of_feedback())
    )


def _rows(session: orm.Session, query: sa.Select[CaseReview]) -> list[DebriefRow]:
    found = list(session.scalars(query))
    held = sa.select(Debrief.review_id, sa.func.max(Debrief.held_at)).where(
        Debrief.review_id.in_([one.id for one in found])
    )
    last = dict(session.execute(held.group_by(Debrief.review_id)).all())
    ended = (ReviewState.FINAL, ReviewState.WITHDRAWN)
    return [
        DebriefRow(
            one.public_id,
            one.case.case_number,
            CASE_TYPE_WORDS[one.case.case_type],
            one.round.name,
            STATE_WORDS[one.state],
            last.get(one.id),
            one.state not in ended,
        )
        for one in found
    ]
