"""Signing in and out: flask-security for the password, a row for each signed-in browser.

The cookie carries the row's public id, so that a sign-in ends when the row says so. What may be
asked for between the password and that row is `second_step`. Unknown people get the same words,
and the same slowness, as everybody.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import flask
import flask_security as security
import sqlalchemy as sa
from flask_security import datastore
from sqlalchemy import orm
from werkzeug.local import LocalProxy

from cqi.access import (
    current,
    factors,
    form_tokens,
    models,
    passwords,
    queries,
    sign_ins,
    throttle,
)
from cqi.access.actor import Actor, SignIn
from cqi.core import errors, events
from cqi.settings import queries as settings
from cqi.settings import registry

COOKIE, UNIQUIFIER = "sign_in", "person"  # what the cookie says: which row, and of whom
_NOTED_EVERY = dt.timedelta(seconds=20)
WRONG = errors.Blocker(
    "wrong", "The e-mail address or the password is not right. Try again.", "password"
)
TOO_MANY = errors.Blocker(
    "too_many", "Too many attempts. Wait 15 minutes, then try again.", "password"
)
NOT_YOURS = errors.Blocker("wrong", "This is not your password. Try again.", "password")
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


def attempt(email: str, password: str) -> int:
    """Whose words these are (a person's id). Raises Blocked, in the same words for strangers.

    Reads, then checks the password outside any transaction, then writes down a failure in a
    short transaction of its own: a failed request is rolled back, its trace must stay.
    """
    database, now = current.database(), current.now()
    who = throttle.trying(queries.normal_email(email))
    with database.reading() as session:
        if throttle.is_closed(session, who, now):
            raise errors.Blocked([TOO_MANY])
        person = queries.person_by_email(session, email)
    right = len(password) <= passwords.LONGEST and _matches(
        password, person.password if person else None
    )  # the library raises on very long ones
    if person is not None and person.active and right:
        return person.id
    with database.writing() as session:
        failed(session, who, person)
    raise errors.Blocked([WRONG])


def _matches(password: str, stored: str | None) -> bool:
    if not stored:
        security.hash_password(password)  # takes as long as the check of a known person's
        return False
    return security.verify_password(password, stored)


def failed(session: orm.Session, who: throttle.Trying, person: models.Person | None) -> None:
    """Write a failure down: it counts, and its person's stream says it."""
    throttle.write_down(session, who, current.now())
    if person is not None:
        happening = events.Happening("access.sign_in_failed", None, current.now())
        stream = events.Stream("person", person.public_id)
        events.record(session, stream, happening, current.whence())


def enter(person_id: int, shown: Sequence[str]) -> None:
    """Sign somebody in to this browser, in the request's transaction. An earlier sign-in in the
    same browser, theirs or a colleague's, ends: nobody could reach it any more to end it.

    `shown` is what they proved it with. The library's own words leave the cookie again: with them
    it would load the person on every request, before the guard, in the request's session.
    """
    _end_sign_in_of_cookie("signed_in_again", by_id=person_id)
    person = current.session().get_one(models.Person, person_id)
    security.login_user(person, remember=False, authn_via=list(shown))
    sign_in = flask.session[COOKIE]
    flask.session.clear()
    flask.session.update({COOKIE: sign_in, UNIQUIFIER: person.fs_uniquifier})
    form_tokens.begin(person.public_id)
    throttle.know(person.email)


def _remember(
    _app: flask.Flask, *, user: models.Person, authn_via: Sequence[str], **_rest: object
) -> None:
    """flask-security says that somebody is signed in: make the row that the cookie names."""
    session, now = current.session(), current.now()
    second = next((each for each in authn_via if each != "password"), None)
    browser = sign_ins.browser_family(flask.request.headers.get("User-Agent", ""))
    shown = sign_ins.Shown(second, browser)
    row = sign_ins.open_row(session, person_id=user.id, now=now, today=current.today(), shown=shown)
    flask.session[COOKIE] = str(row.public_id)
    happening = events.Happening("access.signed_in", user.id, now)
    payload = {"sign_in": str(row.public_id), "second_factor": second or "", **current.whence()}
    events.record(session, events.Stream("person", user.public_id), happening, payload)


def keep(person: models.Person) -> None:
    """What ties the cookie to its person was changed: this browser is told."""
    flask.session[UNIQUIFIER] = person.fs_uniquifier


def leave() -> None:
    """End this browser's sign-in, in the request's transaction."""
    somebody = current.signed_in()
    if somebody is not None:
        _end_sign_in_of_cookie("signed_out", by_id=somebody.person_id)
    forget()


def forget() -> None:
    """This browser carries no sign-in any more."""
    flask.session.clear()


def _end_sign_in_of_cookie(reason: str, *, by_id: int) -> None:
    """End the row that the cookie names, whoever's it is, unless it has ended."""
    session, rows = current.session(), models.SignInSession
    named = sa.select(rows).where(rows.public_id == _sign_in_of_cookie(), rows.ended_at.is_(None))
    row = session.scalar(named.with_for_update())
    if row is not None:
        sign_ins.end(session, row, sign_ins.Ending(reason, by_id, current.now()))


def recognise() -> None:
    """Find out who the request's cookie stands for: asked of the database on every request."""
    found = _of_cookie()
    current.be(*(found or (None, None)))


def _of_cookie() -> tuple[Actor, SignIn] | None:
    sign_in = _sign_in_of_cookie()
    if sign_in is None:
        return None
    uniquifier = str(flask.session.get(UNIQUIFIER, ""))
    with current.database().looking() as connection:
        found = queries.actor_signed_in(
            connection, sign_in, uniquifier, current.now(), current.today()
        )
    if found is None or found[1].second_factor:
        return found
    with current.database().reading() as session:
        return None if factors.must_have_one(session, found[0], current.today()) else found


def note_activity() -> None:
    """A page was opened or a form sent: its person is there. What scripts ask by themselves is
    no sign of that, and goes past here."""
    signed_in, now = current.sign_in(), current.now()
    headers = flask.request.headers
    by_script = headers.get("X-Requested-With") == "fetch"
    document = headers.get("Sec-Fetch-Dest", "document") in {"document", "iframe"}
    if signed_in is None or by_script or not document or now - signed_in.seen_at < _NOTED_EVERY:
        return
    with current.database().writing() as session:
        sign_ins.extend(session, signed_in.public_id, now, current.today())
    recognise()


def is_fresh() -> bool:
    """True when who is signed in has shown their password or passkey a few minutes ago."""
    signed_in = current.sign_in()
    if signed_in is None or signed_in.fresh_at is None:
        return False
    minutes = settings.number(current.session(), registry.FRESH_MINUTES, current.today())
    return current.now() - signed_in.fresh_at < dt.timedelta(minutes=minutes)


def check_password(password: str) -> None:
    """Whoever is signed in shows their password again. Raises Blocked."""
    with current.database().reading() as session:
        email = session.get_one(models.Person, current.actor().person_id).email
    try:
        attempt(email, password)
    except errors.Blocked as refused:
        raise errors.Blocked([NOT_YOURS if refused.blockers == (WRONG,) else TOO_MANY]) from refused


def refresh(password: str) -> None:
    """The same; the sign-in then counts as fresh for a while. Raises Blocked."""
    check_password(password)
    made_fresh()


def made_fresh() -> None:
    """Whoever is signed in has just proved it."""
    signed_in = current.sign_in()
    if signed_in is not None:
        sign_ins.renew(current.session(), signed_in.public_id, current.now())


def _sign_in_of_cookie() -> uuid.UUID | None:
    try:
        return uuid.UUID(flask.session.get(COOKIE, ""))
    except ValueError:
        return None


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a path of this site, else the first page."""
    inside = target is not None and target.startswith("/") and target[1:2] not in {"/", "\\"}
    return target if inside and target and target.isprintable() else "/"
