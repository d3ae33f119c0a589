"""Whom a memo is for, and whom its clocks tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases.models import CaseStaff
from cqi.cases.rules import StaffKind
from cqi.places import queries as places
from cqi.reviews import queries as reviews
from cqi.reviews.models import CaseReview


def readers(session: orm.Session, review: CaseReview, today: dt.date) -> dict[int, StaffKind]:
    """Person id -> as what: active people who work or supervise the case today or did in the
    period under review, and whoever supervises its unit."""
    query = (
        sa.select(Person.id, CaseStaff.kind)
        .join(CaseStaff, CaseStaff.staff_id == Person.staff_id)
        .where(
            CaseStaff.case_id == review.case_id,
            CaseStaff.from_on <= today,
            sa.or_(CaseStaff.until_on.is_(None), CaseStaff.until_on >= review.round.pur_from),
            Person.active,
        )
        .order_by(CaseStaff.kind.desc(), Person.id)  # who does both is told as the caseworker
    )
    found: dict[int, StaffKind] = dict.fromkeys(supervisors(session, review, today), _SUPERVISOR)
    return found | dict(session.execute(query).all())


def supervisors(session: orm.Session, review: CaseReview, today: dt.date) -> frozenset[int]:
    """Who supervises the unit that a review's case lies in."""
    unit = review.case.unit_id
    if unit is None:
        return frozenset()
    return access.holders(session, Role.SUPERVISOR, [unit], today)


def releasers(session: orm.Session, review: CaseReview, today: dt.date) -> frozenset[int]:
    """Who is told that a memo waits for its release: the round's site leaders, or where there is
    none the region's CQI liaisons, or the CQI directors."""
    leaders = access.holders_in_round(session, Role.SITE_LEADER, review.round_id, today)
    return leaders - _kept_out(session, review) or above(session, review, today)


def above(session: orm.Session, review: CaseReview, today: dt.date) -> frozenset[int]:
    """The next reach up: the region's CQI liaisons, else the CQI directors."""
    higher = places.above(session, [review.case.county_id], today)
    liaisons = access.holders(session, Role.CQI_LIAISON, higher, today)
    directors = access.holders_in_state(session, Role.CQI_DIRECTOR, today)
    out = _kept_out(session, review)
    return liaisons - out or directors - out


def _kept_out(session: orm.Session, review: CaseReview) -> frozenset[int]:
    """Who scored the case, or has a conflict of interest with it: somebody else releases."""
    here = reviews.standing(session, review)
    return here.scorers | here.declared


def kind_of(found: Mapping[int, StaffKind], person_id: int) -> StaffKind:
    """As what somebody reads a memo; whoever is not among its readers supervises from above."""
    return found.get(person_id, _SUPERVISOR)


_SUPERVISOR = StaffKind.SUPERVISOR
