"""Cases and who works them."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Permission
from cqi.cases.models import Case as Case
from cqi.cases.models import CaseStaff, ConflictOfInterest
from cqi.cases.policy import NewConflict
from cqi.cases.rules import CaseType
from cqi.core import errors

_Value = int | str | sa.ColumnElement[Any] | orm.InstrumentedAttribute[Any]


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Where-clause on `Case`: those that lie where `actor` brings in or assigns cases, but for
    those that they have a conflict of interest with."""
    imports, assigns = (
        actor.reach(Permission.CASES_IMPORT),
        actor.reach(Permission.ROUND_ASSIGN),
    )
    free = Case.id.not_in(conflicted(actor.person_id, actor.staff_id))
    if imports.everywhere or assigns.everywhere:
        return free
    return sa.and_(Case.county_id.in_(sorted(imports.places | assigns.places)), free)


def declared(person: _Value) -> sa.Select[int]:
    """Ids of the cases that somebody (an id, a parameter or a column) declared a conflict with."""
    case, conflict = orm.aliased(Case), orm.aliased(ConflictOfInterest)
    return (
        sa.select(case.id)
        .join(conflict, about(conflict, case))
        .where(conflict.person_id == person, conflict.withdrawn_at.is_(None))
    )


def about(conflict: Any, case: Any) -> sa.ColumnElement[bool]:
    """On which cases a conflict of interest bears."""
    return sa.or_(conflict.case_number == case.case_number, conflict.family_id == case.family_id)


def conflicted(person: _Value, staff_id: _Value) -> sa.CompoundSelect[int]:
    """The same, and the cases that their staff number works or worked, supervises or supervised."""
    known = orm.aliased(CaseStaff)
    works = sa.select(known.case_id).where(known.staff_id == staff_id)
    return sa.union_all(declared(person), works)


def people_in_conflict(session: orm.Session, case: Case) -> frozenset[int]:
    """Ids of everybody who declared a conflict of interest with a case."""
    one = ConflictOfInterest
    query = sa.select(one.person_id).where(_bears_on(case), one.withdrawn_at.is_(None))
    return frozenset(session.scalars(query))


def conflict_count(session: orm.Session, person: Person) -> int:
    """With how many cases somebody has a conflict of interest."""
    return len(set(session.scalars(conflicted(person.id, person.staff_id or ""))))


def stands(session: orm.Session, new: NewConflict) -> bool:
    """True when the same conflict is declared and not withdrawn."""
    one = ConflictOfInterest
    query = sa.select(one.id).where(
        one.person_id == new.person_id,
        one.withdrawn_at.is_(None),
        one.case_number == new.case_number.strip(),
        one.family_id == new.family_id,
    )
    return session.scalar(query) is not None


def own_conflicts(session: orm.Session, actor: Actor) -> list[ConflictOfInterest]:
    """What somebody declared about themselves, or others about them: the newest first."""
    query = sa.select(ConflictOfInterest).where(ConflictOfInterest.person_id == actor.person_id)
    return list(session.scalars(query.order_by(ConflictOfInterest.id.desc())))


def _bears_on(case: Case) -> sa.ColumnElement[bool]:
    one = ConflictOfInterest
    return sa.or_(one.case_number == case.case_number, one.family_id == (case.family_id or ""))


def case(session: orm.Session, actor: Actor, public_id: uuid.UUID) -> Case:
    """A case that lies where `actor` brings in or assigns cases. Raises NotFound."""
    query = sa.select(Case).where(Case.public_id == public_id, visible_to(actor))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such case")
    return found


def visible_by_number(session: orm.Session, actor: Actor, case_number: str) -> Case:
    """The same by its number. Raises NotFound."""
    query = sa.select(Case).where(Case.case_number == case_number.strip(), visible_to(actor))
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such case")
    return found


def cases(session: orm.Session, actor: Actor) -> list[Case]:
    """The cases that lie where `actor` brings in or assigns cases, by number."""
    return list(
        session.scalars(sa.select(Case).where(visible_to(actor)).order_by(Case.case_number))
    )


def by_reference(session: orm.Session, reference: str) -> Case | None:
    """For those who ask who may see a case: by its number or its public id; ids alone go out."""
    same = [Case.case_number == reference.strip()]
    with contextlib.suppress(ValueError):
        same.append(Case.public_id == uuid.UUID(reference.strip()))
    return session.scalar(sa.select(Case).where(sa.or_(*same)))


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


def who_work_in(
    session: orm.Session, county_id: int, person_ids: Collection[int], today: dt.date
) -> frozenset[int]:
    """Those of some people who work or supervise a case of a county today."""
    query = (
        sa.select(Person.id)
        .join(CaseStaff, CaseStaff.staff_id == Person.staff_id)
        .join(Case, Case.id == CaseStaff.case_id)
        .where(
            Person.id.in_(person_ids),
            Case.county_id == county_id,
            CaseStaff.from_on <= today,
            sa.or_(CaseStaff.until_on.is_(None), CaseStaff.until_on >= today),
            sa.or_(Case.closed_on.is_(None), Case.closed_on >= today),
        )
    )
    return frozenset(session.scalars(query))


def names_of_staff(session: orm.Session, case_id: int) -> list[str]:
    """The names of those who work or worked, supervise or supervised a case, as far as they are
    people here."""
    staff = staff_ids(session, case_id)
    query = sa.select(Person.name).where(Person.staff_id.in_(sorted(staff)))
    return list(session.scalars(query.order_by(Person.name)))


def known_numbers(
    session: orm.Session, case_numbers: Collection[str], actor: Actor | None = None
) -> frozenset[str]:
    """Which of these case numbers are there already: of all, or of those that `actor` sees."""
    seen = visible_to(actor) if actor else sa.true()
    found: set[str] = set()
    wanted = sorted(case_numbers)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        query = sa.select(Case.case_number).where(Case.case_number.in_(part), seen)
        found.update(session.scalars(query))
    return frozenset(found)


def kinds(session: orm.Session) -> dict[str, tuple[int, CaseType]]:
    """Number -> county and kind of every case, whoever may see it: for those who bring in lists."""
    query = sa.select(Case.case_number, Case.county_id, Case.case_type)
    return {row.case_number: (row.county_id, row.case_type) for row in session.execute(query)}
