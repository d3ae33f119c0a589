"""Signing in and out: flask-security for the password, a row for each signed-in browser.

The cookie carries the row's public id, so that a sign-in ends when the row says so. Failed
attempts are counted by keyed digests of account and address; unknown people get the same words,
and the same slowness, as everybody.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import uuid
from typing import Any

import flask
import flask_security as security
import sqlalchemy as sa
from flask_security import datastore
from sqlalchemy import orm
from werkzeug.local import LocalProxy

from cqi.access import current, form_tokens, models, passwords, queries
from cqi.access.actor import Actor
from cqi.core import errors, events

COOKIE, UNIQUIFIER = "sign_in", "person"  # what the cookie says: which row, and of whom
WINDOW = dt.timedelta(minutes=15)
MOST_FOR_ACCOUNT, MOST_FOR_ADDRESS, MOST_AT_ALL = 5, 30, 300
_KEPT = dt.timedelta(days=1)
WRONG = errors.Blocker(
    "wrong", "The e-mail address or the password is not right. Try again.", "password"
)
TOO_MANY = errors.Blocker(
    "too_many", "Too many attempts. Wait 15 minutes, then try again.", "password"
)
_CONFIGURATION = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # as `passwords` makes them, without a pepper
    "SECURITY_PASSWORD_SALT": "asked for, though argon2 brings its own",
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_REGISTERABLE": False,
    "SECURITY_RECOVERABLE": False,
    "SECURITY_CHANGEABLE": False,
    "SECURITY_CONFIRMABLE": False,
    "SECURITY_TRACKABLE": False,
    "SECURITY_TWO_FACTOR": False,
    "SECURITY_WEBAUTHN": False,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
}


def prepare(app: flask.Flask) -> None:
    """Set flask-security up: its passwords and its sign-in, none of its pages and roles."""
    app.config.update(_CONFIGURATION)
    session: Any = LocalProxy(current.session)
    store = datastore.SQLAlchemySessionUserDatastore(
        session, models.Person, models.SecurityRole, models.Passkey
    )
    prepared = security.Security(app, store, register_blueprint=False)
    # It would look for a person in the cookie and in a token before every view: the guard does.
    app.before_request_funcs[None].remove(prepared.principal._on_before_request)
    security.user_authenticated.connect(_remember, app)


def attempt(email: str, password: str, address: str) -> int:
    """Whose words these are (a person's id). Raises Blocked, in the same words for strangers.

    Reads, then checks the password outside any transaction, then writes down a failure in a
    short transaction of its own: a failed request is rolled back, its trace must stay.
    """
    database, now = current.database(), current.now()
    digests = _digest("account", queries.normal_email(email)), _digest("address", address)
    with database.reading() as session:
        if _throttled(session, *digests, now - WINDOW):
            raise errors.Blocked([TOO_MANY])
        person = queries.person_by_email(session, email)
    right = len(password) <= passwords.LONGEST and _matches(
        password, person.password if person else None
    )  # the library raises on very long ones
    if person is not None and person.active and right:
        return person.id
    with database.writing() as session:
        _write_down(session, digests, now, person)
    raise errors.Blocked([WRONG])


def _matches(password: str, stored: str | None) -> bool:
    if not stored:
        security.hash_password(password)  # takes as long as the check of a known person's
        return False
    return security.verify_password(password, stored)


def _digest(kind: str, text: str) -> str:
    key = current.database().keys.web
    return hmac.new(key, f"{kind}|{text}".encode(), hashlib.sha256).hexdigest()


def _throttled(session: orm.Session, account: str, address: str, since: dt.datetime) -> bool:
    attempts = models.SignInAttempt
    count = sa.func.count()
    query = sa.select(
        count.filter(attempts.account_digest == account),
        count.filter(attempts.address_digest == address),
        count,
    ).where(attempts.at > since)
    of_account, of_address, at_all = session.execute(query).one()
    return bool(
        of_account >= MOST_FOR_ACCOUNT or of_address >= MOST_FOR_ADDRESS or at_all >= MOST_AT_ALL
    )


def _write_down(
    session: orm.Session, digests: tuple[str, str], now: dt.datetime, person: models.Person | None
) -> None:
    attempts = models.SignInAttempt
    session.execute(sa.delete(attempts).where(attempts.at < now - _KEPT))
    session.add(attempts(account_digest=digests[0], address_digest=digests[1], at=now))
    if person is not None:
        happening = events.Happening("access.sign_in_failed", None, now)
        stream = events.Stream("person", person.public_id)
        events.record(session, stream, happening, current.whence())


def enter(person_id: int) -> None:
    """Sign somebody in to this browser, in the request's transaction. An earlier sign-in in the
    same browser, theirs or a colleague's, ends: nobody could reach it any more to end it.

    The library's own words leave the cookie again: with them it would load the person on every
    request, before the guard, in the request's session.
    """
    _end_sign_in_of_cookie("signed_in_again", by_id=person_id)
    person = current.session().get_one(models.Person, person_id)
    security.login_user(person, remember=False, authn_via=["password"])
    sign_in = flask.session[COOKIE]
    flask.session.clear()
    flask.session.update({COOKIE: sign_in, UNIQUIFIER: person.fs_uniquifier})
    form_tokens.begin(person.public_id)


def _remember(_app: flask.Flask, *, user: models.Person, **_rest: object) -> None:
    """flask-security says that somebody is signed in: make the row that the cookie names."""
    row = open_row(current.session(), person_id=user.id, now=current.now())
    flask.session[COOKIE] = str(row.public_id)
    happening = events.Happening("access.signed_in", user.id, current.now())
    stream = events.Stream("person", user.public_id)
    payload = {"sign_in": str(row.public_id), **current.whence()}
    events.record(current.session(), stream, happening, payload)


def open_row(session: orm.Session, *, person_id: int, now: dt.datetime) -> models.SignInSession:
    """A new sign-in session."""
    row = models.SignInSession(person_id=person_id, started_at=now, seen_at=now)
    session.add(row)
    session.flush()
    return row


def leave() -> None:
    """End this browser's sign-in, in the request's transaction."""
    somebody = current.signed_in()
    if somebody is not None:
        _end_sign_in_of_cookie("signed_out", by_id=somebody.person_id)
    flask.session.clear()


def _end_sign_in_of_cookie(reason: str, *, by_id: int) -> None:
    """End the row that the cookie names, whoever's it is, unless it has ended."""
    session, rows = current.session(), models.SignInSession
    named = sa.select(rows).where(rows.public_id == _sign_in_of_cookie(), rows.ended_at.is_(None))
    row = session.scalar(named.with_for_update())
    if row is None:
        return
    row.ended_at, row.end_reason = current.now(), reason
    person = session.get_one(models.Person, row.person_id)
    happening = events.Happening("access.signed_out", by_id, current.now())
    payload = {"sign_in": str(row.public_id), "reason": reason}
    events.record(session, events.Stream("person", person.public_id), happening, payload)


def somebody() -> Actor | None:
    """Who the request's cookie stands for: asked of the database on every request."""
    sign_in = _sign_in_of_cookie()
    if sign_in is None:
        return None
    uniquifier = str(flask.session.get(UNIQUIFIER, ""))
    with current.database().looking() as connection:
        return queries.actor_signed_in(
            connection, sign_in, uniquifier, current.now(), current.today()
        )


def _sign_in_of_cookie() -> uuid.UUID | None:
    try:
        return uuid.UUID(flask.session.get(COOKIE, ""))
    except ValueError:
        return None


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a path of this site, else the first page."""
    inside = target is not None and target.startswith("/") and target[1:2] not in {"/", "\\"}
    return target if inside and target and target.isprintable() else "/"
