"""Cases and who works them."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.cases.models import Case as Case
from cqi.cases.models import CaseStaff
from cqi.core import errors


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `Case`: those that lie where `actor` brings in or assigns cases."""
    imports, assigns = (
        actor.reach(Permission.CASES_IMPORT),
        actor.reach(Permission.ROUND_ASSIGN),
    )
    if imports.everywhere or assigns.everywhere:
        return sa.true()
    return Case.county_id.in_(sorted(imports.places | assigns.places))


def case(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Case:
    """A case that lies where `actor` brings in or assigns cases. Raises NotFound."""
    query = sa.select(Case).where(Case.public_id == public_id, visible_to(actor))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such case")
    return found


def cases(session: orm.Session, actor: Actor) -> list[Case]:
    """The cases that lie where `actor` brings in or assigns cases, by number."""
    return list(
        session.scalars(sa.select(Case).where(visible_to(actor)).order_by(Case.case_number))
    )


def by_number(session: orm.Session, case_number: str) -> Case:
    """For commands and demonstrations: a case by its number. Raises NotFound."""
    found = session.scalar(sa.select(Case).where(Case.case_number == case_number))
    if found is None:
        raise errors.NotFound(f"there is no case {case_number}")
    return found


def of_counties(session: orm.Session, county_ids: Collection[int]) -> list[Case]:
    """The cases of these counties, by number; the caller has checked that they may be seen."""
    query = sa.select(Case).where(Case.county_id.in_(county_ids)).order_by(Case.case_number)
    return list(session.scalars(query))


def staff_ids(session: orm.Session, case_id: int) -> frozenset[str]:
    """Staff numbers of everybody who works or worked, supervises or supervised a case."""
    return frozenset(
        session.scalars(sa.select(CaseStaff.staff_id).where(CaseStaff.case_id == case_id))
    )


def known_numbers(session: orm.Session, case_numbers: Collection[str]) -> frozenset[str]:
    """Which of these case numbers are there already, whoever may see them."""
    found: set[str] = set()
    wanted = sorted(case_numbers)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        query = sa.select(Case.case_number).where(Case.case_number.in_(part))
        found.update(session.scalars(query))
    return frozenset(found)
