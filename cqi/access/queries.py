"""Who somebody is, what they are granted today, and how far it reaches."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import reach
from cqi.access.actor import Actor, Grant
from cqi.access.models import GrantRow, Person, SignInSession
from cqi.access.permissions import Role
from cqi.places import queries as places
from cqi.places.models import Place
from cqi.places.rules import PlaceKind

_WHO = (Person.id, Person.public_id, Person.name, Person.staff_id)


def actor_for(session: orm.Session, person_id: int, today: dt.date) -> Actor | None:
    """The actor of an active person, with the grants in force on a date."""
    query = sa.select(*_WHO).where(Person.id == person_id, Person.active)
    row = session.execute(query).one_or_none()
    return None if row is None else _actor(session, row, today)


def actor_signed_in(
    session: orm.Session, sign_in: uuid.UUID, uniquifier: str, now: dt.datetime, today: dt.date
) -> Actor | None:
    """The actor of a sign-in session that is neither ended nor too old, else None."""
    query = (
        sa.select(*_WHO)
        .join(SignInSession, SignInSession.person_id == Person.id)
        .where(
            SignInSession.public_id == sign_in,
            SignInSession.ended_at.is_(None),
            SignInSession.started_at > now - reach.LONGEST_SIGN_IN,
            Person.active,
            Person.fs_uniquifier == uniquifier,
        )
    )
    row = session.execute(query).one_or_none()
    return None if row is None else _actor(session, row, today)


def _actor(
    session: orm.Session, row: sa.Row[int, uuid.UUID, str, str | None], today: dt.date
) -> Actor:
    person_id, public_id, name, staff_id = row
    return Actor(person_id, public_id, name, grants_of(session, person_id, today), staff_id or "")


def grants_of(session: orm.Session, person_id: int, today: dt.date) -> tuple[Grant, ...]:
    """The grants in force on a date; a place's grant reaches all places below it on that date."""
    query = (
        sa.select(GrantRow.role, GrantRow.place_id, GrantRow.round_id, Place.kind)
        .outerjoin(Place, Place.id == GrantRow.place_id)
        .where(GrantRow.person_id == person_id, *_in_force(today))
        .order_by(GrantRow.id)
    )
    return tuple(
        _grant(session, role, place_id, round_id, kind, today)
        for role, place_id, round_id, kind in session.execute(query)
    )


def _in_force(today: dt.date) -> Sequence[sa.ColumnElement[bool]]:
    return (
        GrantRow.from_on <= today,
        sa.or_(GrantRow.until_on.is_(None), GrantRow.until_on >= today),
    )


def _grant(
    session: orm.Session,
    role: Role,
    place_id: int | None,
    round_id: int | None,
    kind: PlaceKind | None,
    today: dt.date,
) -> Grant:
    if round_id is not None:
        return Grant(role, round_id=round_id)
    if place_id is None:
        everywhere = reach.Kind.STATE in reach.OF_ROLE[role]
        return Grant(role, own=not everywhere, everywhere=everywhere)
    if kind is PlaceKind.STATE:
        return Grant(role, everywhere=True)
    return Grant(role, places=places.below(session, [place_id], today))


def holders(
    session: orm.Session, role: Role, places_above: Iterable[int], today: dt.date
) -> list[tuple[int, str]]:
    """(person id, name) of active people who hold a role for one of these places, by name."""
    query = (
        sa.select(Person.id, Person.name)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(GrantRow.role == role, Person.active, *_in_force(today))
        .where(GrantRow.place_id.in_(list(places_above)))
        .order_by(Person.name)
    )
    return [(person_id, name) for person_id, name in session.execute(query).unique()]


def people_names(session: orm.Session, person_ids: Iterable[int]) -> dict[int, str]:
    """Person id -> name."""
    query = sa.select(Person.id, Person.name).where(Person.id.in_(list(person_ids)))
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


def demonstration_people(session: orm.Session, today: dt.date) -> list[tuple[str, str, Role]]:
    """(e-mail, name, first role) of the demonstration's people who may sign in."""
    query = (
        sa.select(Person.email, Person.name, GrantRow.role)
        .join(GrantRow, GrantRow.person_id == Person.id)
        .where(Person.demonstration, Person.active, Person.password.is_not(None))
        .where(*_in_force(today))
        .order_by(Person.id, GrantRow.id)
    )
    first: dict[str, tuple[str, str, Role]] = {}
    for email, name, role in session.execute(query):
        first.setdefault(email, (email, name, role))
    return list(first.values())
