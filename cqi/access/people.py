"""People and their grants as administrators list them."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries
from cqi.access.models import GrantRow, Person, SetUpLink, SignInSession
from cqi.access.permissions import Role
from cqi.core import errors
from cqi.places import queries as places
from cqi.places.models import Place

PAGE = 50


class State(enum.StrEnum):
    """Whether somebody can sign in."""

    ACTIVE = "active"
    NOT_SET_UP = "not_set_up"
    DISABLED = "disabled"


STATE_WORDS = {
    State.ACTIVE: "Can sign in",
    State.NOT_SET_UP: "Has no password yet",
    State.DISABLED: "Disabled",
}


@dataclass(frozen=True)
class Wanted:
    """Which people to list; `words` is looked for in name, e-mail address and staff number.

    `place_id`: with a grant in force on this place or one below it.
    """

    words: str = ""
    role: Role | None = None
    place_id: int | None = None
    state: State | None = None


@dataclass(frozen=True)
class GrantLine:
    """One grant. `standing` is one of `_ORDER`."""

    public_id: uuid.UUID
    person_id: int
    role: Role
    place: str
    round_id: int | None
    from_on: dt.date
    until_on: dt.date | None
    reason: str
    granted_by_id: int | None
    ended_at: dt.datetime | None
    ended_by_id: int | None
    end_reason: str
    standing: str


@dataclass(frozen=True)
class PersonLine:
    """Somebody in the list, with the grants in force."""

    id: int
    public_id: uuid.UUID
    name: str
    email: str
    staff_id: str
    state: State
    grants: tuple[GrantLine, ...]


@dataclass(frozen=True)
class Listed:
    """At most `PAGE` people by name, and how many there are."""

    lines: tuple[PersonLine, ...]
    number: int


@dataclass(frozen=True)
class PersonSheet:
    """One person: all grants, those in force first; `sign_ins` are open now."""

    line: PersonLine
    active_reason: str
    updated_at: dt.datetime | None
    sign_ins: int
    link_until: dt.datetime | None


def listed(session: orm.Session, wanted: Wanted, today: dt.date, page: int = 1) -> Listed:
    """The people who match, by name, from `page` 1 on. For administrators: the caller has asked for
    the right."""
    where = list(_where(session, wanted, today))
    number = session.scalar(sa.select(sa.func.count()).select_from(Person).where(*where)) or 0
    query = sa.select(Person).where(*where).order_by(Person.name, Person.id)
    found = list(session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)))
    grants = grants_of(session, [person.id for person in found], today)
    lines = tuple(
        _line(person, [one for one in grants.get(person.id, ()) if one.standing == "in force"])
        for person in found
    )
    return Listed(lines, number)


def _where(
    session: orm.Session, wanted: Wanted, today: dt.date
) -> Iterable[sa.ColumnElement[bool]]:
    if wanted.words.strip():
        like = f"%{_escaped(wanted.words.strip().lower())}%"
        columns = (Person.name, Person.email, Person.staff_id)
        yield sa.or_(*(sa.func.lower(each).like(like, escape="\\") for each in columns))
    if wanted.role is not None or wanted.place_id is not None:
        yield Person.id.in_(_granted(session, wanted, today))
    if wanted.state is not None:
        yield Person.active.is_(wanted.state is not State.DISABLED)
    if wanted.state in (State.ACTIVE, State.NOT_SET_UP):
        has = Person.password.is_not(None)
        yield has if wanted.state is State.ACTIVE else ~has


def _escaped(words: str) -> str:
    """What somebody types stands for itself: % and _ are no wildcards."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _granted(session: orm.Session, wanted: Wanted, today: dt.date) -> sa.Select[int]:
    query = sa.select(GrantRow.person_id).where(*queries.in_force(today))
    if wanted.role is not None:
        query = query.where(GrantRow.role == wanted.role)
    if wanted.place_id is not None:
        query = query.where(GrantRow.place_id.in_(places.below(session, [wanted.place_id], today)))
    return query


def sheet(
    session: orm.Session, public_id: uuid.UUID, now: dt.datetime, today: dt.date
) -> PersonSheet:
    """One person with all their grants. Raises NotFound."""
    found = person(session, public_id)
    signed_in = sa.select(sa.func.count()).where(
        SignInSession.person_id == found.id, SignInSession.ended_at.is_(None)
    )
    link = sa.select(sa.func.max(SetUpLink.expires_at)).where(
        SetUpLink.person_id == found.id,
        SetUpLink.closed_at.is_(None),
        SetUpLink.expires_at > now,
    )
    grants = grants_of(session, [found.id], today).get(found.id, ())
    return PersonSheet(
        line=_line(found, grants),
        active_reason=found.active_reason or "",
        updated_at=found.updated_at,
        sign_ins=session.scalar(signed_in) or 0,
        link_until=session.scalar(link),
    )


def person(session: orm.Session, public_id: uuid.UUID) -> Person:
    """A person by their public id. Raises NotFound."""
    found = session.scalar(sa.select(Person).where(Person.public_id == public_id))
    if found is None:
        raise errors.NotFound("there is no such person")
    return found


def _line(person: Person, grants: Iterable[GrantLine]) -> PersonLine:
    state = State.ACTIVE if person.password is not None else State.NOT_SET_UP
    return PersonLine(
        id=person.id,
        public_id=person.public_id,
        name=person.name,
        email=person.email,
        staff_id=person.staff_id or "",
        state=state if person.active else State.DISABLED,
        grants=tuple(grants),
    )


_ORDER = ("in force", "no legal basis", "to come", "ended")


def grants_of(
    session: orm.Session, person_ids: Collection[int], today: dt.date
) -> dict[int, tuple[GrantLine, ...]]:
    """Person id -> all grants: those in force, those to come, then those that ended."""
    query = (
        sa.select(GrantRow, Place.name)
        .outerjoin(Place, Place.id == GrantRow.place_id)
        .where(GrantRow.person_id.in_(person_ids))
        .order_by(GrantRow.from_on.desc(), GrantRow.id.desc())
    )
    based = queries.with_basis(session, person_ids, today)
    lines = [
        _grant_line(row, place or "", _standing(row, row.person_id in based, today))
        for row, place in session.execute(query)
    ]
    found: dict[int, tuple[GrantLine, ...]] = {}
    for line in sorted(lines, key=lambda line: _ORDER.index(line.standing)):
        found[line.person_id] = (*found.get(line.person_id, ()), line)
    return found


def _grant_line(row: GrantRow, place: str, standing: str) -> GrantLine:
    return GrantLine(
        public_id=row.public_id,
        person_id=row.person_id,
        role=row.role,
        place=place,
        round_id=row.round_id,
        from_on=row.from_on,
        until_on=row.until_on,
        reason=row.reason,
        granted_by_id=row.granted_by_id,
        ended_at=row.ended_at,
        ended_by_id=row.ended_by_id,
        end_reason=row.end_reason or "",
        standing=standing,
    )


def _standing(row: GrantRow, based: bool, today: dt.date) -> str:
    if row.ended_at is not None or (row.until_on is not None and row.until_on < today):
        return "ended"
    if row.from_on > today:
        return "to come"
    lacks = row.role is Role.STAKEHOLDER and not based
    return "no legal basis" if lacks else "in force"


def public_ids(session: orm.Session, person_ids: Collection[int]) -> dict[int, uuid.UUID]:
    """Person id -> public id."""
    query = sa.select(Person.id, Person.public_id).where(Person.id.in_(person_ids))
    return dict(session.execute(query).all())
