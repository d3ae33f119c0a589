"""What administrators do with people and grants. Every step is an event on the person's stream."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import factors, models, passwords, policy, queries, sign_ins
from cqi.access.actor import Actor
from cqi.access.models import GrantRow, Person
from cqi.access.permissions import Permission, Role
from cqi.access.policy import NewGrant, NewPerson
from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.places.models import Place


def create_person(
    session: orm.Session, new: NewPerson, *, actor: Actor, now: dt.datetime
) -> Person:
    """Add somebody, without any grant. Whoever an invented person adds is invented too. Raises
    Forbidden or Blocked."""
    _require_administrator(actor)
    invented = new.demonstration or queries.person(session, actor.person_id).demonstration
    wish = dataclasses.replace(new, demonstration=invented)
    return _add_person(session, wish, actor.person_id, now)


def create_administrator(
    session: orm.Session, new: NewPerson, *, now: dt.datetime, today: dt.date
) -> Person:
    """The first two administrators, whom nobody could grant anything. Raises Blocked."""
    if not new.demonstration and queries.has_people(session, demonstration=True):
        message = "This is a demonstration: real people need a data folder of their own"
        raise errors.Blocked([Blocker("demonstration", message)])
    granted = sa.select(sa.func.count()).where(GrantRow.role == Role.ADMINISTRATOR)
    if (session.scalar(granted) or 0) >= policy.FIRST_ADMINISTRATORS:
        message = "There are two administrators already: a further one takes two people"
        raise errors.Blocked([Blocker("two_administrators", message)])
    person = _add_person(session, new, None, now)
    reason = "Made by command, as one of the first two."
    wish = NewGrant(person.id, Role.ADMINISTRATOR, today, reason)
    _add_grant(session, wish, person, None, now)
    return person


def disable_person(
    session: orm.Session,
    person_id: uuid.UUID,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> Person:
    """Nobody signs in as them any more; all their sign-ins end. Raises Forbidden, NotFound or
    Blocked."""
    remaining = queries.administrators_locked(session, today)
    person = _locked(session, person_id, actor)
    is_one = person.id in remaining
    standing = policy.Standing(
        own=person.id == actor.person_id,
        active=person.active,
        last_administrators=is_one and len(remaining) - 1 < policy.FIRST_ADMINISTRATORS,
    )
    errors.require(policy.disabling_blockers(standing) + policy.reason_blockers(reason))
    person.active, person.active_reason = False, reason.strip()
    sign_ins.end_all(session, person.id, sign_ins.Ending("disabled", actor.person_id, now))
    _record(session, person, "access.person_disabled", actor.person_id, now, {})
    return person


def enable_person(
    session: orm.Session, person_id: uuid.UUID, *, reason: str, actor: Actor, now: dt.datetime
) -> Person:
    """They may sign in again, with the grants that are in force. Raises Forbidden, NotFound or
    Blocked."""
    person = _locked(session, person_id, actor)
    standing = policy.Standing(own=person.id == actor.person_id, active=person.active)
    errors.require(policy.enabling_blockers(standing) + policy.reason_blockers(reason))
    person.active, person.active_reason = True, reason.strip()
    _record(session, person, "access.person_enabled", actor.person_id, now, {})
    return person


def end_sign_ins(
    session: orm.Session, person_id: uuid.UUID, *, actor: Actor, now: dt.datetime
) -> int:
    """End all sign-ins of somebody; how many there were. Raises Forbidden or NotFound."""
    person = _locked(session, person_id, actor)
    ending = sign_ins.Ending("ended_by_administrator", actor.person_id, now)
    return sign_ins.end_all(session, person.id, ending)


def take_second_factor_away(
    session: orm.Session, person_id: uuid.UUID, *, reason: str, actor: Actor, now: dt.datetime
) -> Person:
    """For whoever lost phone and recovery codes: all sign-ins end, and the next one leads to the
    set-up of another app. Raises Forbidden, NotFound or Blocked."""
    person = _locked(session, person_id, actor)
    found = policy.reason_blockers(reason)
    if person.id == actor.person_id:
        message = "Nobody takes away their own second step here: ask another administrator"
        found.append(Blocker("own_second_factor", message))
    errors.require(found)
    factors.remove(session, person, by_id=actor.person_id, now=now)
    person.active_reason = reason.strip()
    sign_ins.end_all(
        session, person.id, sign_ins.Ending("second_factor_removed", actor.person_id, now)
    )
    return person


def _locked(session: orm.Session, person_id: uuid.UUID, actor: Actor) -> Person:
    """Somebody whom an administrator does something with."""
    _require_administrator(actor)
    wanted = sa.select(Person).where(Person.public_id == person_id)
    person = session.scalar(wanted.with_for_update())
    if person is None:
        raise errors.NotFound(f"there is no person {person_id}")
    return person


def grant(session: orm.Session, new: NewGrant, *, actor: Actor, now: dt.datetime) -> GrantRow:
    """Give a role with its reach. Raises Forbidden, NotFound or Blocked."""
    _require_administrator(actor)
    person = session.get(Person, new.person_id)
    if person is None:
        raise errors.NotFound(f"there is no person {new.person_id}")
    place = session.get(Place, new.place_id) if new.place_id is not None else None
    kind = place.kind.value if place else None
    errors.require(policy.grant_blockers(new, actor_id=actor.person_id, place_kind=kind))
    return _add_grant(session, new, person, actor.person_id, now)


def end_grant(
    session: orm.Session,
    grant_id: uuid.UUID,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> GrantRow:
    """End a grant with this day as its last. Raises Forbidden, NotFound or Blocked."""
    _require_administrator(actor)
    row = session.scalar(sa.select(GrantRow).where(GrantRow.public_id == grant_id))
    if row is None:
        raise errors.NotFound(f"there is no grant {grant_id}")
    found = policy.reason_blockers(reason)
    if row.person_id == actor.person_id:
        found.append(Blocker("own_grant", "Nobody ends their own grant: ask a colleague"))
    if row.until_on is not None and row.until_on <= today:
        found.append(Blocker("ended", "This grant has ended already"))
    errors.require(found)
    row.until_on = max(today, row.from_on)
    row.reason = f"{row.reason}\nEnded: {reason.strip()}"
    payload = {"grant": str(row.public_id), "until_on": row.until_on.isoformat()}
    _record(session, row.person, "access.grant_ended", actor.person_id, now, payload)
    return row


def _require_administrator(actor: Actor) -> None:
    if not actor.holds(Permission.PEOPLE_MANAGE):
        raise errors.Forbidden("only an administrator manages people")


def _add_person(
    session: orm.Session, new: NewPerson, actor_id: int | None, now: dt.datetime
) -> Person:
    taken = policy.person_blockers(
        new,
        email_taken=queries.person_by_email(session, new.email) is not None,
        staff_id_taken=queries.staff_id_is_taken(session, new.staff_id),
    )
    errors.require(taken)
    person = Person(
        email=queries.normal_email(new.email),
        name=new.name.strip(),
        staff_id=queries.normal_staff_id(new.staff_id),
        password=None if new.password is None else passwords.hashed(new.password),
        fs_uniquifier=models.new_uniquifier(),
        demonstration=new.demonstration,
        created_at=now,
    )
    session.add(person)
    session.flush()
    _record(session, person, "access.person_created", actor_id, now, {"person": person.id})
    return person


def _add_grant(
    session: orm.Session, new: NewGrant, person: Person, actor_id: int | None, now: dt.datetime
) -> GrantRow:
    row = GrantRow(
        person_id=new.person_id,
        role=new.role,
        place_id=new.place_id,
        round_id=new.round_id,
        from_on=new.from_on,
        until_on=new.until_on,
        reason=new.reason.strip(),
        granted_by_id=actor_id,
        granted_at=now,
    )
    session.add(row)
    session.flush()
    payload = {
        "grant": str(row.public_id),
        "role": new.role.value,
        "place": new.place_id,
        "round": new.round_id,
        "from_on": new.from_on.isoformat(),
        "until_on": new.until_on.isoformat() if new.until_on else None,
    }
    _record(session, person, "access.granted", actor_id, now, payload)
    return row


def _record(
    session: orm.Session,
    person: Person,
    kind: str,
    actor_id: int | None,
    now: dt.datetime,
    payload: Mapping[str, object],
) -> None:
    stream = events.Stream("person", person.public_id)
    events.record(session, stream, events.Happening(kind, actor_id, now), payload)
