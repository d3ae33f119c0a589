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
from cqi.access.policy import NewGrant, NewPerson, PersonChange
from cqi.core import errors, events
from cqi.core.errors import Blocker
from cqi.places.models import Place


def create_person(
    session: orm.Session, new: NewPerson, *, actor: Actor, now: dt.datetime
) -> Person:
    """Add somebody, without any grant. Whoever an invented person adds is invented too. Raises
    Forbidden or Blocked."""
    require_administrator(actor)
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
    add_grant(session, wish, person, None, now)
    return person


def take_second_factor_away(
    session: orm.Session, person_id: uuid.UUID, *, reason: str, actor: Actor, now: dt.datetime
) -> Person:
    """For whoever lost phone and recovery codes: all sign-ins end, and the next one leads to the
    set-up of another app. Raises Forbidden, NotFound or Blocked."""
    person = _managed(session, person_id, actor)
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


def grant(session: orm.Session, new: NewGrant, *, actor: Actor, now: dt.datetime) -> GrantRow:
    """Give a role with its reach. Raises Forbidden, NotFound or Blocked."""
    require_administrator(actor)
    person = session.get(Person, new.person_id)
    if person is None:
        raise errors.NotFound(f"there is no person {new.person_id}")
    place = session.get(Place, new.place_id) if new.place_id is not None else None
    kind = place.kind.value if place else None
    found = policy.grant_blockers(new, actor=actor, place_kind=kind)
    if not person.active:
        found.append(Blocker("disabled", "This person is disabled: enable them first"))
    based = queries.with_basis(session, [person.id], new.from_on)
    if new.role is Role.STAKEHOLDER and person.id not in based:
        message = "First put the legal basis on file that is in force on the first day"
        found.append(Blocker("no_basis", message))
    errors.require(found)
    return add_grant(session, new, person, actor.person_id, now)


def end_grant(
    session: orm.Session,
    grant_id: uuid.UUID,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
) -> GrantRow:
    """End a grant at once: the next request has it no more. Raises Forbidden, NotFound or
    Blocked."""
    require_administrator(actor)
    row = session.scalar(sa.select(GrantRow).where(GrantRow.public_id == grant_id))
    if row is None:
        raise errors.NotFound(f"there is no grant {grant_id}")
    found = policy.reason_blockers(reason)
    if row.person_id == actor.person_id:
        found.append(Blocker("own_grant", "Nobody ends their own grant: ask a colleague"))
    if row.ended_at is not None or (row.until_on is not None and row.until_on < today):
        found.append(Blocker("ended", "This grant has ended already"))
    elif row.role is Role.ADMINISTRATOR and not found:
        others = queries.administrators(session, today, lock=True)
        found += policy.last_two_blockers(row.person_id, others)
    errors.require(found)
    row.ended_at, row.ended_by_id, row.end_reason = now, actor.person_id, reason.strip()
    payload = {"grant": str(row.public_id)}
    record(session, row.person, "access.grant_ended", actor.person_id, now, payload)
    return row


def change_person(
    session: orm.Session,
    person_id: uuid.UUID,
    change: PersonChange,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Person:
    """What somebody is called and known by. Raises Forbidden, NotFound or Blocked.

    The event says which of the three changed, and no value.
    """
    person = _managed(session, person_id, actor)
    found = policy.own_blockers(person.id, actor.person_id)
    found += policy.seen_blockers(change.seen, person.updated_at)
    email, staff_id = queries.normal_email(change.email), queries.normal_staff_id(change.staff_id)
    found += policy.person_blockers(
        change,
        email_taken=email != person.email and queries.person_by_email(session, email) is not None,
        staff_id_taken=staff_id != person.staff_id and queries.staff_id_is_taken(session, staff_id),
    )
    errors.require(found)
    new = {"email": email, "name": change.name.strip(), "staff_id": staff_id}
    changed = [name for name, value in new.items() if getattr(person, name) != value]
    if changed:
        for name in changed:
            setattr(person, name, new[name])
        person.updated_at = now
        record(session, person, "access.person_changed", actor.person_id, now, {"what": changed})
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
    """Keep somebody out from their next request on. Raises Forbidden, NotFound or Blocked."""
    require_administrator(actor)
    administrators = queries.administrators(session, today, lock=True)
    person = _managed(session, person_id, actor)  # after them: all lock in one order
    found = policy.own_blockers(person.id, actor.person_id) + policy.reason_blockers(reason)
    found += policy.last_two_blockers(person.id, administrators)
    if not person.active:
        found.append(Blocker("disabled", "This person is disabled already"))
    errors.require(found)
    person.active, person.active_reason, person.updated_at = False, reason.strip(), now
    record(session, person, "access.person_disabled", actor.person_id, now, {})
    _end_sign_ins(session, person, "disabled", actor, now)
    return person


def enable_person(
    session: orm.Session, person_id: uuid.UUID, *, reason: str, actor: Actor, now: dt.datetime
) -> Person:
    """Let somebody in again, with the grants that are in force. Raises Forbidden, NotFound or
    Blocked."""
    person = _managed(session, person_id, actor)
    found = policy.own_blockers(person.id, actor.person_id) + policy.reason_blockers(reason)
    if person.active:
        found.append(Blocker("enabled", "This person is not disabled"))
    errors.require(found)
    person.active, person.active_reason, person.updated_at = True, reason.strip(), now
    record(session, person, "access.person_enabled", actor.person_id, now, {})
    return person


def end_all_sign_ins(
    session: orm.Session, person_id: uuid.UUID, *, reason: str, actor: Actor, now: dt.datetime
) -> int:
    """Sign somebody out everywhere; how many sign-ins that ended. Raises Forbidden, NotFound or
    Blocked."""
    person = _managed(session, person_id, actor)
    errors.require(policy.reason_blockers(reason))
    return _end_sign_ins(session, person, "ended_by_administrator", actor, now)


def _end_sign_ins(
    session: orm.Session, person: Person, why: str, actor: Actor, now: dt.datetime
) -> int:
    """With a new uniquifier no cookie of theirs fits any more, ended or forgotten."""
    person.fs_uniquifier = models.new_uniquifier()
    return sign_ins.end_all(session, person.id, sign_ins.Ending(why, actor.person_id, now))


def _managed(session: orm.Session, person_id: uuid.UUID, actor: Actor) -> Person:
    """The person whom an administrator is about to change, kept from other writers."""
    require_administrator(actor)
    query = sa.select(Person).where(Person.public_id == person_id).with_for_update(of=Person)
    person = session.scalar(query)
    if person is None:
        raise errors.NotFound("there is no such person")
    return person


def require_administrator(actor: Actor) -> None:
    """Raises Forbidden."""
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
    record(session, person, "access.person_created", actor_id, now, {"person": person.id})
    return person


def add_grant(
    session: orm.Session, new: NewGrant, person: Person, actor_id: int | None, now: dt.datetime
) -> GrantRow:
    """The row and its event, for whoever has asked the policy."""
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
    record(session, person, "access.granted", actor_id, now, payload)
    return row


def record(
    session: orm.Session,
    person: Person,
    kind: str,
    actor_id: int | None,
    now: dt.datetime,
    payload: Mapping[str, object],
) -> None:
    """An event on a person's stream."""
    stream = events.Stream("person", person.public_id)
    events.record(session, stream, events.Happening(kind, actor_id, now), payload)
