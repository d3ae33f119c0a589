"""Memos that are still to be released, and what a site leader has written into one so far."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases.models import Case
from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.core import errors
from cqi.feedback import policy, rules
from cqi.feedback.models import MemoDraft, MemoRelease
from cqi.feedback.queries import assembling, reach
from cqi.feedback.rules import Wording
from cqi.feedback.rules.clocks import Clocks, Due
from cqi.places import queries as places
from cqi.reviews import queries as reviews
from cqi.reviews.models import CaseReview
from cqi.reviews.queries import visibility
from cqi.reviews.rules import ReviewState
from cqi.rounds.models import Round


@dataclass(frozen=True)
class ToRelease:
    """A final review whose memo is not released. `begun`: somebody put words of their own in;
    `again`: its review was opened again after an earlier memo."""

    public_id: uuid.UUID
    case_number: str
    case_type: str
    county: str
    round: str
    final_on: dt.date
    due: Due
    begun: bool
    again: bool


@dataclass(frozen=True)
class Draft:
    """A memo as it would be released now. `made` is as assembled, `revision` of the wording (0:
    nobody wrote any yet), `by_id` who wrote last. `earlier` are words from before the review was
    opened again: they are shown, and stand in nothing."""

    review: CaseReview
    made: rules.Memo
    wording: Wording
    revision: int
    by_id: int | None
    earlier: Wording = field(default_factory=Wording)

    @property
    def memo(self) -> rules.Memo:
        """In the site leader's words."""
        return rules.worded(self.made, self.wording)


def to_release(session: orm.Session, actor: Actor, clocks: Clocks) -> list[ToRelease]:
    """Memos that the actor may release, the one that is due first on top; not of cases that they
    scored: somebody else does that."""
    free = CaseReview.id.not_in(visibility.read_by(actor))
    query = _to_release().where(_reached(actor), free)
    found = list(session.scalars(query.order_by(CaseReview.id)))
    names = places.names(session, {one.case.county_id for one in found})
    ids = [one.id for one in found]
    begun = set(session.scalars(sa.select(MemoDraft.review_id).where(MemoDraft.review_id.in_(ids))))
    again = sa.select(MemoRelease.review_id).where(MemoRelease.review_id.in_(ids))
    before = set(session.scalars(again))
    rows = [
        ToRelease(
            one.public_id,
            one.case.case_number,
            CASE_TYPE_WORDS[one.case.case_type],
            names[one.case.county_id],
            one.round.name,
            clocks.calendar.day_of(one.final_at),
            clocks.memo_due(one.final_at),
            one.id in begun,
            one.id in before,
        )
        for one in found
        if one.final_at is not None
    ]
    return sorted(rows, key=lambda row: (row.due.on, row.case_number))


def unreleased(
    session: orm.Session, here: sa.ColumnElement[bool] | None = None
) -> list[CaseReview]:
    """Every final review whose memo is not released: of the clock, which acts for nobody, or within
    somebody's reach, which `here` says."""
    query = _to_release() if here is None else _to_release().where(here)
    return list(session.scalars(query.order_by(CaseReview.id)))


def review_to_release(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> CaseReview:
    """A final review whose memo the actor may release, released or not. Raises NotFound."""
    query = _final().where(CaseReview.public_id == public_id, _reached(actor))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such memo")
    return found


def draft(session: orm.Session, review: CaseReview) -> Draft:
    """What stands in a memo so far."""
    made = assembling.assembled(session, review)
    row = written(session, review)
    if row is None:
        return Draft(review, made, Wording(), 0, None)
    if row.final_at != review.final_at:
        return Draft(review, made, Wording(), row.revision, row.by_id, wording(row))
    return Draft(review, made, wording(row), row.revision, row.by_id)


def written(session: orm.Session, review: CaseReview, *, lock: bool = False) -> MemoDraft | None:
    """The row of a memo's own words, if there is one."""
    query = sa.select(MemoDraft).where(MemoDraft.review_id == review.id)
    return session.scalar(query.with_for_update() if lock else query)


def wording(row: MemoDraft) -> Wording:
    """What a row says."""
    texts = json.loads(row.texts) if row.texts else {}
    return Wording(row.opening or "", row.closing or "", texts, frozenset(row.left_out))


def newest(session: orm.Session, review: CaseReview) -> MemoRelease | None:
    """The memo of a review that was released last."""
    query = sa.select(MemoRelease).where(MemoRelease.review_id == review.id)
    return session.scalar(query.order_by(MemoRelease.number.desc()).limit(1))


def standing(session: orm.Session, review: CaseReview) -> policy.Releasing:
    """What decides whether a memo may be released. Locks the review."""
    here = reviews.standing(session, review, lock=True)
    last = newest(session, review)
    return policy.Releasing(
        thing=here.thing,
        final=review.state is ReviewState.FINAL,
        released=last is not None and last.final_at == review.final_at,
        workers=here.scorers,
    )


def _final() -> sa.Select[CaseReview]:
    return (
        sa.select(CaseReview)
        .join(Case, Case.id == CaseReview.case_id)
        .join(Round, Round.id == CaseReview.round_id)
        .options(orm.contains_eager(CaseReview.case), orm.contains_eager(CaseReview.round))
        .where(CaseReview.state == ReviewState.FINAL, reach.of_feedback())
    )


def _to_release() -> sa.Select[CaseReview]:
    sent = sa.exists().where(
        MemoRelease.review_id == CaseReview.id, MemoRelease.final_at == CaseReview.final_at
    )
    return _final().where(~sent)


def _reached(actor: Actor) -> sa.ColumnElement[bool]:
    return reach.within(actor, actor.reach(Permission.FEEDBACK_RELEASE))
