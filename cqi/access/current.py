"""What the request at hand works with: its session, its actor, its time.

This is the request edge. A request's session opens at its first use, for writing on POST, PUT,
PATCH and DELETE and for reading else, and is committed once, when the response is made and says
that nothing went wrong. Nobody else commits; the three named exceptions are the reading log,
the record of a refusal, and sign-in (its failures, its codes, and that its person is still
there), each a short transaction of its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import flask
from sqlalchemy import orm

from cqi.access.actor import Actor, SignIn
from cqi.core import clock as clocks
from cqi.core import database as databases
from cqi.core import errors

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_ERROR = 400


class NotSignedIn(errors.ProductError):
    """The page needs somebody who is signed in."""


class NotFresh(errors.ProductError):
    """The page needs somebody who has just shown their password or passkey."""


@dataclass(frozen=True)
class Installation:
    """What one running product works with; a preview of a draft has no database."""

    database: databases.Database | None
    clock: clocks.Clock
    demonstration: bool = False
    public_url: str = ""


def install(app: flask.Flask, installed: Installation) -> None:
    """Tie an installation to an application, and close its sessions whatever happens."""
    app.extensions["cqi"] = installed
    app.teardown_request(lambda _error: abandon())


def installation() -> Installation:
    """The installation that serves this request."""
    installed: Installation = flask.current_app.extensions["cqi"]
    return installed


def database() -> databases.Database:
    """For the named exceptions and for files that are made outside the request's transaction."""
    found = installation().database
    if found is None:
        raise RuntimeError("this application has no database")
    return found


def clock() -> clocks.Clock:
    """The installation's clock."""
    return installation().clock


def now() -> dt.datetime:
    """The instant of this request: the same wherever it is asked for."""
    if "cqi_now" not in flask.g:
        flask.g.cqi_now = clock().now()
    moment: dt.datetime = flask.g.cqi_now
    return moment


def today() -> dt.date:
    """The agency's date at `now()`."""
    return clock().local(now()).date()


def whence() -> dict[str, str]:
    """Where this request comes from, for events: the network address, as trusted proxies say it."""
    address = flask.request.remote_addr if flask.has_request_context() else None
    return {"from": address} if address else {}


def writes() -> bool:
    """True when this request may change something."""
    return flask.request.method not in _SAFE


def session() -> orm.Session:
    """The request's session; for writing only where the method says so."""
    if "cqi_session" not in flask.g:
        flask.g.cqi_session = database().session(writes=writes())
    opened: orm.Session = flask.g.cqi_session
    return opened


def has_session() -> bool:
    """True once something asked for the request's session."""
    return "cqi_session" in flask.g


def finish(status: int) -> None:
    """Commit when the request wrote and its response is no error; then close."""
    if has_session() and writes() and status < FIRST_ERROR:
        session().commit()
    abandon()


def abandon() -> None:
    """Close the session without committing."""
    opened: orm.Session | None = flask.g.pop("cqi_session", None)
    if opened is not None:
        opened.close()


def be(somebody: Actor | None, sign_in: SignIn | None = None) -> None:
    """Say who acts in this request, and in which sign-in; the guard calls it."""
    flask.g.cqi_actor, flask.g.cqi_sign_in = somebody, sign_in


def signed_in() -> Actor | None:
    """Who is signed in, if anybody."""
    somebody: Actor | None = flask.g.get("cqi_actor")
    return somebody


def sign_in() -> SignIn | None:
    """The sign-in of this browser, if anybody is signed in."""
    found: SignIn | None = flask.g.get("cqi_sign_in")
    return found


def actor() -> Actor:
    """Who acts. Raises NotSignedIn on a public page that nobody is signed in to."""
    somebody = signed_in()
    if somebody is None:
        raise NotSignedIn("sign in first")
    return somebody
