"""How far feedback reaches: by place or round, or because the case is one's own work."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor, Reach
from cqi.access.permissions import Permission
from cqi.cases.models import Case, CaseStaff
from cqi.feedback.models import MemoRelease
from cqi.reviews.models import CaseReview
from cqi.reviews.queries import visibility
from cqi.reviews.rules import ReviewPurpose
from cqi.rounds.models import Round

_Query = TypeVar("_Query")


def releases() -> sa.Select[MemoRelease]:
    """Released memos with their reviews, cases and rounds loaded."""
    inner = orm.contains_eager(MemoRelease.review)
    return of_releases(sa.select(MemoRelease)).options(
        inner.contains_eager(CaseReview.case).selectinload(Case.staff),
        inner.contains_eager(CaseReview.round),
    )


def of_releases(query: _Query) -> _Query:
    """A select of anything, joined with releases, their reviews, cases and rounds. The reviews are
    in any state: who was sent a memo keeps it."""
    any_select: Any = query
    joined: _Query = (
        any_select.join_from(MemoRelease, CaseReview, CaseReview.id == MemoRelease.review_id)
        .join(Case, Case.id == CaseReview.case_id)
        .join(Round, Round.id == CaseReview.round_id)
    )
    return joined


def newest() -> sa.ColumnElement[bool]:
    """Where-clause on releases: the last one of each review."""
    later = orm.aliased(MemoRelease)
    return ~sa.exists().where(
        later.review_id == MemoRelease.review_id, later.number > MemoRelease.number
    )


def of_feedback() -> sa.ColumnElement[bool]:
    """Where-clause on `CaseReview`: those that feedback goes back from: first readings that count;
    what was brought in had its feedback where it was scored."""
    return sa.and_(
        CaseReview.purpose == ReviewPurpose.SCORED,
        CaseReview.reading == 1,
        CaseReview.imported_digest.is_(None),
    )


def visible(
    actor: Actor, today: dt.date, permission: Permission = Permission.FEEDBACK_SEE
) -> sa.ColumnElement[bool]:
    """Where-clause on reviews joined with their cases and rounds: by place or round, but for a
    declared conflict of interest and cases of which one reads the other reading; and cases that
    are one's own work, for those who read feedback."""
    by_place = within(actor, actor.reach(permission))
    reads = actor.holds(Permission.FEEDBACK_SEE) and actor.holds(permission)
    if not actor.staff_id or not reads:
        return by_place
    own = sa.exists().where(
        CaseStaff.case_id == Case.id,
        CaseStaff.staff_id == actor.staff_id,
        on_the_case(CaseStaff, today),
    )
    return sa.or_(by_place, own)


def on_the_case(staff: type[CaseStaff], today: dt.date) -> sa.ColumnElement[bool]:
    """Where-clause on staff joined with rounds: on the case today or in the period under review:
    those who did the work or take it on."""
    return sa.and_(
        staff.from_on <= today,
        sa.or_(staff.until_on.is_(None), staff.until_on >= Round.pur_from),
    )


def within(actor: Actor, reach: Reach) -> sa.ColumnElement[bool]:
    """Where-clause, joined alike: what lies within the reach of a permission, and is neither a
    declared conflict of interest nor the other reading of a case that one reads."""
    here = sa.or_(
        Case.county_id.in_(reach.places),
        Case.unit_id.in_(reach.places),
        CaseReview.round_id.in_(reach.rounds),
        sa.literal(reach.everywhere),
    )
    return sa.and_(here, visibility.undeclared(actor), visibility.blind(actor))


def works(one: CaseStaff, since: dt.date, today: dt.date) -> bool:
    """The same as `on_the_case`, of a row at hand."""
    return one.from_on <= today and (one.until_on is None or one.until_on >= since)
