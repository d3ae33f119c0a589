"""Who has yet to acknowledge a memo: people by release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.models import GrantRow, Person
from cqi.access.permissions import Role
from cqi.cases.models import Case, CaseStaff
from cqi.cases.rules import StaffKind
from cqi.feedback.models import Acknowledgement, MemoRelease
from cqi.feedback.queries import reach
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewState


def waiting(
    session: orm.Session, which: sa.ColumnElement[bool], today: dt.date
) -> dict[int, dict[int, StaffKind]]:
    """Release id -> person id -> as what, of memos that stand: active people who work or supervise
    the case, or its unit, and have not acknowledged. `which` is a where-clause on releases."""
    found: dict[int, dict[int, StaffKind]] = {}
    for release_id, person_id, kind in session.execute(_people(which, today)):
        mine = found.setdefault(release_id, {})
        if mine.get(person_id) is not StaffKind.CASEWORKER:  # who does both is the caseworker
            mine[person_id] = StaffKind(kind)
    return found


def _people(
    which: sa.ColumnElement[bool], today: dt.date
) -> sa.CompoundSelect[int, int, StaffKind]:
    by_staff = (
        reach.of_releases(sa.select(MemoRelease.id, Person.id, CaseStaff.kind))
        .join(CaseStaff, CaseStaff.case_id == Case.id)
        .join(Person, sa.and_(Person.staff_id == CaseStaff.staff_id, Person.active))
        .where(which, *_open(), reach.on_the_case(CaseStaff, today))
    )
    unit = sa.literal(StaffKind.SUPERVISOR, CaseStaff.kind.type)
    by_unit = (
        reach.of_releases(sa.select(MemoRelease.id, Person.id, unit))
        .join(GrantRow, GrantRow.place_id == Case.unit_id)
        .join(Person, sa.and_(Person.id == GrantRow.person_id, Person.active))
        .where(which, *_open(), GrantRow.role == Role.SUPERVISOR, *access.in_force(today))
    )
    return by_staff.union(by_unit)


def _open() -> Iterator[sa.ColumnElement[bool]]:
    """Of memos that stand, by somebody who has not acknowledged."""
    said = sa.exists().where(
        Acknowledgement.release_id == MemoRelease.id, Acknowledgement.person_id == Person.id
    )
    yield CaseReview.state == ReviewState.FINAL
    yield CaseReview.final_at == MemoRelease.final_at
    yield ~said
