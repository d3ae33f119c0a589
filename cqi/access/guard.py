"""Default deny: every view names its permission, or says that it is public.

    @blueprint.get("/rounds")
    @guard.requires(Permission.ROUND_SEE)
    def rounds() -> str: ...

`@guard.requires(Permission.X, fresh=True)` also asks for the password or passkey again, unless it
was shown a few minutes ago: for grants, settings, exports of case content, reopening.

The guard asks only whether somebody holds the permission anywhere. Whether a thing lies within
their reach is asked where it is read (`NotFound`) or changed (`Forbidden`); both end here too.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import flask

from cqi.access import current, sign_in
from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core import errors, events

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
_MARK, _FRESH, _FILES = "cqi_needs", "cqi_fresh", "cqi_files"
_logger = logging.getLogger(__name__)
_LOG_EVERY = dt.timedelta(seconds=1)


def requires(permission: Permission, *, fresh: bool = False) -> Callable[[View], View]:
    """Only people who hold the permission somewhere may open the view; where it must be `fresh`,
    they have just shown their password or passkey."""
    return lambda view: _marked(view, permission, fresh)


def takes_files(megabytes: int | Callable[[], int]) -> Callable[[View], View]:
    """The view takes larger requests than others: files of up to so much, or what a setting says
    when the request comes in."""

    def marked(view: View) -> View:
        setattr(view, _FILES, megabytes)
        return view

    return marked


def public(view: View) -> View:
    """Anybody may open the view: sign-in, static files, health."""
    return _marked(view, PUBLIC)


def _marked(view: View, mark: str, fresh: bool = False) -> View:
    setattr(view, _MARK, mark)
    setattr(view, _FRESH, fresh)
    return view


def mark_of(view: Callable[..., Any]) -> str | None:
    """The permission that a view names, `PUBLIC`, or None where it names nothing."""
    return getattr(view, _MARK, None)


def asks_again(view: Callable[..., Any]) -> bool:
    """True where a view asks for a fresh sign-in."""
    return bool(getattr(view, _FRESH, False))


def require_fresh() -> None:
    """For one step of a view that has others: the same as `fresh=True`. Raises NotFresh."""
    if not sign_in.is_fresh():
        raise current.NotFresh("asks for the password or passkey again")


def install(app: flask.Flask) -> None:
    """Put the guard in front of every view."""
    app.before_request(_check)


def _check() -> None:
    endpoint = flask.request.endpoint
    if endpoint is None:  # no such address; but say nothing about addresses to strangers
        sign_in.recognise()
        return
    view = flask.current_app.view_functions[endpoint]
    needed = mark_of(view)
    if endpoint == "static":
        return
    sign_in.recognise()
    if needed == PUBLIC:
        return
    actor = current.actor()
    sign_in.note_activity()
    if needed is None or not actor.holds(Permission(needed)):
        raise errors.Forbidden(f"{endpoint} needs {needed or 'a permission that nobody has'}")
    if asks_again(view):
        require_fresh()
    if room := getattr(view, _FILES, 0):  # after the permission: strangers send no large files
        megabytes = room() if callable(room) else room
        flask.request.max_content_length = (megabytes + 1) * 1024 * 1024


def refused(kind: str) -> None:
    """Write down that the signed-in person was refused; strangers get one log line a second.

    `kind` is "access.refused" or "access.not_found". The request's own transaction is given up
    first: this one is short and its own.
    """
    current.abandon()
    actor = current.signed_in()
    if actor is None:
        _log_stranger()
        return
    with current.database().writing() as session:
        happening = events.Happening(kind, actor.person_id, current.now())
        stream = events.Stream("person", actor.public_id)
        events.record(session, stream, happening, {**_what(), **current.whence()})


def _what() -> dict[str, str]:
    rule = flask.request.url_rule
    arguments = flask.request.view_args or {}
    return {
        "endpoint": flask.request.endpoint or "",
        "method": flask.request.method,
        "rule": rule.rule if rule else "",
        "ids": " ".join(_as_id(value) for value in arguments.values()),
    }


def _as_id(value: object) -> str:
    """An id as it is; what somebody wrote into an address may be a name, so its digest."""
    known = isinstance(value, (uuid.UUID, int))
    return str(value) if known else events.digest(str(value))[:12]


def _log_stranger() -> None:
    last: dict[str, dt.datetime] = flask.current_app.extensions.setdefault("cqi_refusals", {})
    now = current.now()
    if "at" not in last or now - last["at"] >= _LOG_EVERY:
        last["at"] = now
        _logger.warning("refused a stranger: %s", flask.request.endpoint or "no such address")


def may(permission: Permission) -> bool:
    """For navigation and templates: does whoever is signed in hold the permission anywhere?"""
    actor: Actor | None = current.signed_in()
    return actor is not None and actor.holds(permission)
