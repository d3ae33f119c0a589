"""A link with which somebody sets their password, once, within an expiry.

An administrator makes it and hands it over; nobody but its receiver then ever knows the password.
The link's secret is 256 random bits, so its digest needs no key and cannot be guessed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import actions, models, passwords, policy, queries, sign_ins
from cqi.access.actor import Actor
from cqi.access.models import Person, SetUpLink
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.settings import queries as settings
from cqi.settings import registry


def make_link(
    session: orm.Session,
    person_id: uuid.UUID,
    *,
    actor: Actor | None,
    now: dt.datetime,
    today: dt.date,
) -> str:
    """The secret of a new link; earlier ones stop working. `actor` None is the command line.

    Raises Forbidden, NotFound or Blocked.
    """
    if actor is not None:
        actions.require_administrator(actor)
    person = session.scalar(sa.select(Person).where(Person.public_id == person_id))
    if person is None:
        raise errors.NotFound("there is no such person")
    errors.require(_link_blockers(session, person, actor, today))
    _close(session, person.id, now)
    secret, actor_id = secrets.token_urlsafe(32), actor.person_id if actor else None
    hours = settings.number(session, registry.SET_UP_LINK_HOURS, today)
    row = SetUpLink(
        person_id=person.id,
        digest=_digest(secret),
        made_by_id=actor_id,
        made_at=now,
        expires_at=now + dt.timedelta(hours=hours),
    )
    session.add(row)
    payload = {"hours": hours}
    actions.record(session, person, "access.set_up_link_made", actor_id, now, payload)
    return secret


def _link_blockers(
    session: orm.Session, person: Person, actor: Actor | None, today: dt.date
) -> list[Blocker]:
    found = policy.link_blockers(
        active=person.active,
        has_password=person.password is not None,
        administrator=person.id in queries.administrators(session, today),
        by_command=actor is None,
    )
    return found + (policy.own_blockers(person.id, actor.person_id) if actor else [])


def works(session: orm.Session, secret: str, now: dt.datetime) -> bool:
    """True while a link can be used."""
    return session.scalar(_open(secret, now)) is not None


def set_password(session: orm.Session, secret: str, password: str, *, now: dt.datetime) -> None:
    """Use a link. Every sign-in of the person ends. Raises NotFound, or Blocked: the password."""
    row = session.scalar(_open(secret, now).with_for_update())
    if row is None:
        raise errors.NotFound("this link does not work any more")
    errors.require(passwords.blockers(password))
    person = session.get_one(Person, row.person_id)
    person.password, person.fs_uniquifier = passwords.hashed(password), models.new_uniquifier()
    person.updated_at = now
    _close(session, person.id, now)
    sign_ins.end_all(session, person.id, sign_ins.Ending("password_set", person.id, now))
    actions.record(session, person, "access.password_set", person.id, now, {"by": "link"})


def _open(secret: str, now: dt.datetime) -> sa.Select[SetUpLink]:
    return (
        sa.select(SetUpLink)
        .join(Person, Person.id == SetUpLink.person_id)
        .where(
            SetUpLink.digest == _digest(secret),
            SetUpLink.closed_at.is_(None),
            SetUpLink.expires_at > now,
            Person.active,
        )
    )


def _close(session: orm.Session, person_id: int, now: dt.datetime) -> None:
    still = sa.update(SetUpLink).where(
        SetUpLink.person_id == person_id, SetUpLink.closed_at.is_(None)
    )
    session.execute(still.values(closed_at=now))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
