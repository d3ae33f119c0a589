"""What follows the right password: a code, the set-up of an app, or nothing; and passkeys, which
stand alone.

Between the password and this step there is no row: the signed cookie says whose password was
right, and the page that asks for the rest is all that it opens.
"""

from __future__ import annotations

import datetime as dt
import enum
import secrets
from dataclasses import dataclass

import flask
import sqlalchemy as sa

from cqi.access import current, factors, models, passkeys, queries, sign_in, throttle
from cqi.core import errors

WAITS = "waits"  # in the cookie: who has shown their password, and nothing else yet
_LONGEST_WAIT = dt.timedelta(minutes=10)
TOO_LATE = errors.Blocker("too_late", "This took too long. Begin again with your password.", "code")


class Step(enum.StrEnum):
    """What is asked for after the password."""

    CODE = "code"
    SET_UP = "set_up"


@dataclass(frozen=True)
class Waiting:
    """Somebody whose password was right; `key` is what their app is offered to set up."""

    person: models.Person
    step: Step
    key: str
    has_app: bool
    has_passkey: bool


def proceed(person_id: int) -> bool:
    """After the right password: True when they are signed in, False when more is asked for."""
    with current.database().reading() as session:
        person = session.get_one(models.Person, person_id)
        actor = queries.actor_for(session, person_id, current.today())
        more = factors.has_one(person) or (
            actor is not None and factors.must_have_one(session, actor, current.today())
        )
    if not more:
        sign_in.enter(person_id, ["password"])
        return True
    flask.session[WAITS] = {
        "person": person.fs_uniquifier,
        "at": int(current.now().timestamp()),
        "nonce": secrets.token_hex(16),
    }
    return False


def waiting() -> Waiting | None:
    """Who has shown their password in this browser, not long ago, and nothing else yet."""
    kept = flask.session.get(WAITS)
    if not kept or current.now().timestamp() - kept["at"] > _LONGEST_WAIT.total_seconds():
        return None
    people = models.Person
    with current.database().reading() as session:
        named = sa.select(people).where(people.fs_uniquifier == kept["person"], people.active)
        person = session.scalar(named)
        if person is None:
            return None
        step = Step.CODE if factors.has_one(person) else Step.SET_UP
        key = factors.key_from(kept["nonce"], person.fs_uniquifier) if step is Step.SET_UP else ""
        return Waiting(person, step, key, person.totp_key is not None, bool(person.webauthn))


def start_over() -> None:
    """Forget whose password was shown."""
    flask.session.pop(WAITS, None)


def finish_with_code(code: str) -> None:
    """Sign the waiting person in by a code of their app or for recovery. Raises Blocked.

    The code is used up, or its failure written down, in a short transaction of its own.
    """
    who = waiting()
    if who is None:
        raise errors.Blocked([TOO_LATE])
    shown = prove_code(who.person, code)
    sign_in.enter(who.person.id, ["password", shown])


def prove_code(who: models.Person, code: str) -> str:
    """Use a code up; says of which kind it was. Raises Blocked."""
    trying = throttle.trying(who.email)
    with current.database().writing() as session:
        if throttle.is_closed(session, trying, current.now()):
            raise errors.Blocked([sign_in.TOO_MANY])
        person = session.get_one(models.Person, who.id, with_for_update=True)
        shown = factors.accept(session, person, code, current.now())
        if shown is None:
            sign_in.failed(session, trying, person)
    if shown is None:
        raise errors.Blocked([factors.WRONG])
    return shown


def finish_with_set_up(code: str) -> None:
    """Sign the waiting person in by the first code of their new app. Raises Blocked."""
    who = waiting()
    if who is None or who.step is not Step.SET_UP:
        raise errors.Blocked([TOO_LATE])
    session = current.session()
    person = session.get_one(models.Person, who.person.id, with_for_update=True)
    factors.set_up(session, person, key=who.key, code=code, now=current.now())
    sign_in.enter(person.id, ["password", factors.CODE])


def finish_with_passkey(credential: str, *, again: bool) -> None:
    """Sign in whose passkey it is, or prove anew who is signed in. Raises Blocked.

    In a short transaction of its own, like a code.
    """
    trying, database = throttle.trying(passkeys.named_by(credential)), current.database()
    try:
        with database.writing() as session:
            if throttle.is_closed(session, trying, current.now()):
                raise errors.Blocked([sign_in.TOO_MANY])
            person = passkeys.shown_by(session, credential)
            if again and person.id != current.actor().person_id:
                raise errors.Blocked([passkeys.WRONG])
            person_id = person.id
    except errors.Blocked as refused:
        if sign_in.TOO_MANY not in refused.blockers:
            with database.writing() as session:
                sign_in.failed(session, trying, None)
        raise
    if again:
        sign_in.made_fresh()
    else:
        sign_in.enter(person_id, [factors.PASSKEY])
