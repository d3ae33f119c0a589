"""Who somebody is, what they are granted today, and how far it reaches."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import reach
from cqi.access.actor import Actor, Grant, SignIn
from cqi.access.models import GrantRow, LegalBasis, Person, SignInSession
from cqi.access.permissions import Role
from cqi.core import columns, errors
from cqi.places import queries as places
from cqi.places.models import Place
from cqi.places.rules import PlaceKind


def actor_for(session: orm.Session, person_id: int, today: dt.date) -> Actor | None:
    """The actor of an active person, with the grants in force on a date."""
    session.flush()
    connection = session.connection()
    found = connection.execute(_OF_PERSON, {"person": person_id, "today": today})
    return _actor(connection, found.all(), today)


def actor_signed_in(
    connection: sa.Connection,
    sign_in: uuid.UUID,
    uniquifier: str,
    now: dt.datetime,
    today: dt.date,
) -> tuple[Actor, SignIn] | None:
    """The actor of a sign-in session that neither ended, nor is too old or idle, else None."""
    cookie = {"sign_in": sign_in, "uniquifier": uniquifier, "now": now, "today": today}
    rows = connection.execute(_SIGNED_IN, cookie).all()
    actor = _actor(connection, rows, today)
    if actor is None:
        return None
    row = rows[0]
    times = (row.seen_at, row.idle_until_at, row.until_at, row.fresh_at)
    return actor, SignIn(sign_in, *times, row.second_factor)


def _people_with_grants() -> sa.Select[Any]:
    """A row for each grant in force, one without for a person who has none."""
    today = sa.bindparam("today", type_=sa.Date())
    held = sa.and_(GrantRow.person_id == Person.id, *in_force(today))
    return (
        sa.select(Person.id, Person.public_id, Person.name, Person.staff_id)
        .add_columns(GrantRow.role, GrantRow.place_id, GrantRow.round_id, Place.kind)
        .select_from(Person)
        .outerjoin(GrantRow, held)
        .outerjoin(Place, Place.id == GrantRow.place_id)
        .where(Person.active)
        .order_by(GrantRow.id)
    )


def in_force(today: dt.date | sa.BindParameter[dt.date]) -> Sequence[sa.ColumnElement[bool]]:
    """Where-clauses on `GrantRow`: what counts on a day. Every query over grants takes them.

    A stakeholder's counts with a legal basis on file alone: on the day after it expires nobody has
    to do anything.
    """
    based = sa.exists().where(LegalBasis.person_id == GrantRow.person_id, *basis_in_force(today))
    return (
        GrantRow.from_on <= today,
        sa.or_(GrantRow.until_on.is_(None), GrantRow.until_on >= today),
        GrantRow.ended_at.is_(None),
        sa.or_(GrantRow.role != Role.STAKEHOLDER, based),
    )


def basis_in_force(
    today: dt.date | sa.BindParameter[dt.date],
) -> tuple[sa.ColumnElement[bool], ...]:
    """Where-clauses on `LegalBasis`: what lets somebody in on a day."""
    return (
        LegalBasis.document_on <= today,
        LegalBasis.expires_on >= today,
        LegalBasis.ended_at.is_(None),
    )


def with_basis(session: orm.Session, person_ids: Iterable[int], today: dt.date) -> frozenset[int]:
    """Those of some people who have a legal basis on file on a day."""
    where = (LegalBasis.person_id.in_(list(person_ids)), *basis_in_force(today))
    return frozenset(session.scalars(sa.select(LegalBasis.person_id).where(*where)))


# Made once: every request asks who it is from, and building a statement costs more than running it.
_NOW = sa.bindparam("now", type_=columns.UtcDateTime())
_OF_PERSON = _people_with_grants().where(Person.id == sa.bindparam("person"))
_SIGNED_IN = (
    _people_with_grants()
    .add_columns(SignInSession.seen_at, SignInSession.idle_until_at, SignInSession.until_at)
    .add_columns(SignInSession.fresh_at, SignInSession.second_factor)
    .join(SignInSession, SignInSession.person_id == Person.id)
    .where(
        SignInSession.public_id == sa.bindparam("sign_in"),
        SignInSession.ended_at.is_(None),
        SignInSession.until_at > _NOW,
        SignInSession.idle_until_at > _NOW,
        Person.fs_uniquifier == sa.bindparam("uniquifier"),
    )
)


def _actor(connection: sa.Connection, rows: Sequence[sa.Row[Any]], today: dt.date) -> Actor | None:
    if not rows:
        return None
    who = rows[0]
    grants = tuple(
        _grant(connection, row.role, row.place_id, row.round_id, row.kind, today)
        for row in rows
        if row.role is not None
    )
    return Actor(who.id, who.public_id, who.name, grants, who.staff_id or "", today)


def _grant(
    connection: sa.Connection,
    role: Role,
    place_id: int | None,
    round_id: int | None,
    kind: PlaceKind | None,
    today: dt.date,
) -> Grant:
    """A grant; a place's reaches all places below it on that date."""
    if round_id is not None:
        return Grant(role, round_id=round_id)
    if place_id is None:
        everywhere = reach.Kind.STATE in reach.OF_ROLE[role]
        return Grant(role, own=not everywhere, everywhere=everywhere)
    if kind is PlaceKind.STATE:
        return Grant(role, everywhere=True)
    return Grant(role, places=places.below(connection, [place_id], today))


@dataclass(frozen=True)
class Held:
    """One grant in force, and somebody as if they had no other."""

    grant_id: uuid.UUID
    person: str
    actor: Actor


def held(session: orm.Session, today: dt.date, person_id: int | None = None) -> list[Held]:
    """Every grant in force of active people, or of one person: to say which lets whom see what."""
    query = (
        sa.select(Person.id, Person.public_id, Person.name, Person.staff_id)
        .add_columns(GrantRow.role, GrantRow.place_id, GrantRow.round_id, Place.kind)
        .add_columns(GrantRow.public_id.label("grant_id"))
        .select_from(Person)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .outerjoin(Place, Place.id == GrantRow.place_id)
        .where(Person.active, *in_force(today))
        .order_by(Person.name, Person.id, GrantRow.id)
    )
    query = query if person_id is None else query.where(Person.id == person_id)
    connection = session.connection()
    return [
        Held(row.grant_id, row.name, found)
        for row in session.execute(query)
        if (found := _actor(connection, [row], today))
    ]


def holders(
    session: orm.Session, role: Role, places_above: Iterable[int], today: dt.date
) -> frozenset[int]:
    """Ids of active people who hold a role for one of these places."""
    return _holders(session, role, GrantRow.place_id.in_(list(places_above)), today)


def holders_in_state(session: orm.Session, role: Role, today: dt.date) -> frozenset[int]:
    """The same for the whole state, whether the grant names it or no place at all."""
    states = sa.select(Place.id).where(Place.kind == PlaceKind.STATE)
    everywhere = sa.and_(GrantRow.place_id.is_(None), GrantRow.round_id.is_(None))
    return _holders(session, role, sa.or_(everywhere, GrantRow.place_id.in_(states)), today)


def holders_by_place(
    session: orm.Session, roles: Iterable[Role], today: dt.date
) -> list[tuple[Role, int, int | None, bool]]:
    """(role, person, place, whether it is for the whole state) of all who hold some roles, for
    places or for no place at all."""
    whole = sa.or_(GrantRow.place_id.is_(None), Place.kind == PlaceKind.STATE)
    query = (
        sa.select(GrantRow.role, Person.id, GrantRow.place_id, whole)
        .join(Person, Person.id == GrantRow.person_id)
        .outerjoin(Place, Place.id == GrantRow.place_id)
        .where(
            GrantRow.role.in_(list(roles)),
            sa.or_(GrantRow.place_id.is_not(None), GrantRow.round_id.is_(None)),
            Person.active,
            *in_force(today),
        )
    )
    return [
        (role, person, place, bool(all_)) for role, person, place, all_ in session.execute(query)
    ]


def holders_of_own(session: orm.Session, role: Role, today: dt.date) -> frozenset[int]:
    """The same for a role that reaches what is somebody's own, and names no place."""
    nowhere = sa.and_(GrantRow.place_id.is_(None), GrantRow.round_id.is_(None))
    return _holders(session, role, nowhere, today)


def holders_in_round(
    session: orm.Session, role: Role, round_id: int, today: dt.date
) -> frozenset[int]:
    """The same for a round."""
    return _holders(session, role, GrantRow.round_id == round_id, today)


def _holders(
    session: orm.Session, role: Role, where: sa.ColumnElement[bool], today: dt.date
) -> frozenset[int]:
    query = (
        sa.select(Person.id)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(GrantRow.role == role, Person.active, *in_force(today), where)
    )
    return frozenset(session.scalars(query))


def administrators(session: orm.Session, today: dt.date, *, lock: bool = False) -> frozenset[int]:
    """Ids of the active administrators of a day. An action locks: nobody then stops being one
    beside it."""
    query = (
        sa.select(Person.id)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(GrantRow.role == Role.ADMINISTRATOR, Person.active, *in_force(today))
        .order_by(Person.id, GrantRow.id)
    )
    return frozenset(session.scalars(query.with_for_update() if lock else query))


def people_names(session: orm.Session, person_ids: Iterable[int]) -> dict[int, str]:
    """Person id -> name."""
    query = sa.select(Person.id, Person.name).where(Person.id.in_(list(person_ids)))
    return dict(session.execute(query).all())


def person(session: orm.Session, person_id: int, *, locked: bool = False) -> Person:
    """A person who is known to exist."""
    return session.get_one(Person, person_id, with_for_update=True if locked else None)


def person_of(session: orm.Session, public_id: uuid.UUID) -> Person:
    """A person by public id. Raises NotFound."""
    found = session.scalar(sa.select(Person).where(Person.public_id == public_id))
    if found is None:
        raise errors.NotFound(f"there is no person {public_id}")
    return found


def names_of(session: orm.Session, public_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Person's public id -> name."""
    query = sa.select(Person.public_id, Person.name).where(Person.public_id.in_(list(public_ids)))
    return dict(session.execute(query).all())


def person_by_email(session: orm.Session, email: str) -> Person | None:
    """The person who signs in with an address, in any case."""
    return session.scalar(sa.select(Person).where(Person.email == normal_email(email)))


def staff_id_is_taken(session: orm.Session, staff_id: str | None) -> bool:
    """True when somebody has this staff number."""
    wanted = normal_staff_id(staff_id)
    if wanted is None:
        return False
    return session.scalar(sa.select(Person.id).where(Person.staff_id == wanted)) is not None


def normal_staff_id(staff_id: str | None) -> str | None:
    """How staff numbers are stored, as in case lists: without blanks around; None for none."""
    return (staff_id or "").strip() or None


def normal_email(email: str) -> str:
    """How addresses are stored and compared."""
    return email.strip().lower()


def has_people(session: orm.Session, *, demonstration: bool) -> bool:
    """True when there is anybody of the demonstration, or anybody who is not."""
    found = sa.select(Person.id).where(Person.demonstration == demonstration).limit(1)
    return session.scalar(found) is not None


@dataclass(frozen=True)
class Invented:
    """Somebody of the demonstration who may sign in, with their first role."""

    email: str
    role: Role
    has_app: bool


def demonstration_people(session: orm.Session, today: dt.date) -> list[Invented]:
    """The demonstration's people who may sign in."""
    query = (
        sa.select(Person.email, GrantRow.role, Person.totp_key.is_not(None))
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(Person.demonstration, Person.active, Person.password.is_not(None))
        .where(*in_force(today))
        .order_by(Person.id, GrantRow.id)
    )
    first: dict[str, Invented] = {}
    for email, role, has_app in session.execute(query):
        first.setdefault(email, Invented(email, role, has_app))
    return list(first.values())
