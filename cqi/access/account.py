"""What people do with their own sign-in. Every step is an event on the person's stream."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import orm

from cqi.access import factors, models, passwords, sign_ins
from cqi.access.models import Person
from cqi.core import errors, events
from cqi.core.errors import Blocker


def change_password(
    session: orm.Session, person: Person, new: str, *, here: uuid.UUID, now: dt.datetime
) -> None:
    """Set another password; whoever calls has checked the present one. All sign-ins but the one
    `here` end. Raises Blocked."""
    found = passwords.blockers(new)
    if not found and person.password and passwords.fits(new, person.password):
        found = [
            Blocker("password_same", "This is your present password: take another", "password")
        ]
    errors.require(found)
    person.password, person.fs_uniquifier = passwords.hashed(new), models.new_uniquifier()
    sign_ins.end_all(
        session, person.id, sign_ins.Ending("password_changed", person.id, now), but=here
    )
    sign_ins.renew(session, here, now)
    happening = events.Happening("access.password_changed", person.id, now)
    events.record(session, events.Stream("person", person.public_id), happening, {})


def set_up_app(
    session: orm.Session, person: Person, *, key: str, code: str, here: uuid.UUID, now: dt.datetime
) -> None:
    """Set up an authenticator app, or another in place of it. Raises Blocked."""
    factors.set_up(session, person, key=key, code=code, now=now)
    sign_ins.raise_to(session, here, factors.CODE)


def take_second_factor_away(
    session: orm.Session, person: Person, *, required: bool, now: dt.datetime
) -> None:
    """Go back to a password alone. Raises Blocked where that is not enough."""
    if required:
        message = "Your role asks for a second step: set up another app in place of this one"
        raise errors.Blocked([Blocker("second_factor_required", message)])
    factors.remove(session, person, by_id=person.id, now=now)
