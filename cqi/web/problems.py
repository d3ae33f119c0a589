"""When something is refused or goes wrong: one page a kind, as JSON for the page's own script.

Whatever the request changed is given up first: a page that says no leaves nothing behind.
"""

from __future__ import annotations

import logging
import urllib.parse
from typing import Any

import flask
import flask_wtf.csrf
from flask.typing import ResponseReturnValue
from sqlalchemy import exc as sa_exc
from sqlalchemy.orm import exc
from werkzeug import exceptions

from cqi.access import current, guard, sign_in
from cqi.core import errors, faults
from cqi.web import forms, kept

_logger = logging.getLogger(__name__)
_OLD_FORM = (
    "This form was made for another sign-in. Nothing was changed and nothing is lost: go back,"
    " load the page again, and send it once more."
)
_UNIQUE_VIOLATION = "23505"  # PostgreSQL's number for it
_STALE = "Somebody else changed this while you had it open. Nothing of theirs was overwritten."


def install(app: flask.Flask) -> None:
    """Give every refusal its page."""
    handlers: dict[type[Exception], Any] = {
        current.NotSignedIn: _not_signed_in,
        current.NotFresh: _not_fresh,
        errors.Forbidden: _forbidden,
        errors.NotFound: _not_found,
        errors.Blocked: _blocked,
        errors.BadInput: _bad_input,
        errors.Conflict: _conflict,
        exc.StaleDataError: _stale,
        sa_exc.IntegrityError: _at_the_same_moment,
        flask_wtf.csrf.CSRFError: _old_form,
        exceptions.NotFound: _no_such_address,
        exceptions.RequestEntityTooLarge: _too_large,
        exceptions.InternalServerError: _broken,
        exceptions.HTTPException: _other,
    }
    for kind, handler in handlers.items():
        app.register_error_handler(kind, handler)


def _answer(status: int, template: str, message: str, **details: Any) -> ResponseReturnValue:
    """JSON for a script that asks for it, else a page; what was under way is given up."""
    current.abandon()
    if flask.request.accept_mimetypes.best == "application/json":
        shown = details.pop("as_json", {})
        return flask.jsonify(message=message, **shown), status
    details.pop("as_json", None)
    # a page that says what went wrong asks the database nothing: it may be what went wrong
    page = f"web/errors/{template}.html"
    return flask.render_template(page, reason=message, notices=None, **details), status


def _not_signed_in(_error: current.NotSignedIn) -> ResponseReturnValue:
    guard.refused("access.refused")
    script = flask.request.headers.get("X-Requested-With") == "fetch"
    if flask.request.method == "GET" and not script:
        wanted = sign_in.safe_next(flask.request.full_path.rstrip("?"))
        target = None if wanted == "/" else wanted
        return flask.redirect(flask.url_for("sign_in.sign_in", next=target))
    words = None if script else kept.page(kept.of_request())
    if words:
        return words, 401
    message = (
        "You are signed out. Nothing was saved: sign in again in another tab, come back, and send"
        " it once more."
    )
    return _answer(401, "error", message, error_title="Sign in again")


def _not_fresh(_error: current.NotFresh) -> ResponseReturnValue:
    """Ask for the password again; a page is led back to, what a form sent is kept."""
    current.abandon()
    if flask.request.method == "GET":
        return flask.redirect(flask.url_for("sign_in.sign_in_again", next=_where_they_were()))
    words = kept.page(kept.of_request(), forms.FreshForm(formdata=None))
    message = "This step asks for your password again. Nothing was changed: go back and try again."
    return (words, 401) if words else _answer(401, "error", message, error_title="Sign in again")


def _where_they_were() -> str:
    """The page that was asked for; of a file, the page whose link led to it: a browser that is led
    to a file stays where it is."""
    wanted = sign_in.safe_next(flask.request.full_path.rstrip("?"))
    before = urllib.parse.urlsplit(flask.request.referrer or "")
    if "." in wanted.rpartition("/")[2] and before.netloc == flask.request.host:
        return sign_in.safe_next(before.path)
    return wanted


def _forbidden(_error: errors.Forbidden) -> ResponseReturnValue:
    guard.refused("access.refused")
    return _answer(403, "forbidden", "Your role does not include this step. Nothing was changed.")


def _not_found(_error: errors.NotFound) -> ResponseReturnValue:
    guard.refused("access.not_found")
    return _answer(404, "not_found", "There is nothing here that you can open.")


def _no_such_address(_error: exceptions.NotFound) -> ResponseReturnValue:
    return _answer(404, "not_found", "There is nothing here that you can open.")


def _blocked(error: errors.Blocked) -> ResponseReturnValue:
    found = [
        {"code": each.code, "message": each.message, "place": each.place} for each in error.blockers
    ]
    return _answer(422, "blocked", str(error), blockers=error.blockers, as_json={"blockers": found})


def _bad_input(error: errors.BadInput) -> ResponseReturnValue:
    rows = [errors.Blocker("row", str(row)) for row in error.rows]
    blockers = rows or [errors.Blocker("bad_input", str(error))]
    return _answer(422, "blocked", str(error), blockers=blockers)


def _conflict(error: errors.Conflict) -> ResponseReturnValue:
    found = {
        "place": error.place,
        "saved": error.saved,
        "sent": error.sent,
        "revision": error.revision,
    }
    return _answer(409, "conflict", _STALE, conflict=error, as_json=found)


def _stale(_error: exc.StaleDataError) -> ResponseReturnValue:
    return _answer(
        409, "error", f"{_STALE} Go back and load the page again.", error_title="Changed"
    )


def _at_the_same_moment(error: sa_exc.IntegrityError) -> ResponseReturnValue:
    """Two requests that each found a place free: the second hears what it would have heard later.

    Only that; whatever else the database refuses is a fault of ours.
    """
    if not _is_about_uniqueness(error):
        raise error
    return _stale(exc.StaleDataError())


def _is_about_uniqueness(error: sa_exc.IntegrityError) -> bool:
    said = error.orig
    return getattr(said, "sqlstate", "") == _UNIQUE_VIOLATION or "UNIQUE constraint" in str(said)


def _old_form(_error: flask_wtf.csrf.CSRFError) -> ResponseReturnValue:
    current.abandon()
    script = flask.request.headers.get("X-Requested-With") == "fetch"
    words = None if script else kept.page(kept.of_request())
    if words:
        return words, 400
    title = "This form is too old"
    return _answer(400, "error", _OLD_FORM, error_title=title, as_json={"csrf": True})


def _too_large(_error: exceptions.RequestEntityTooLarge) -> ResponseReturnValue:
    most = (flask.request.max_content_length or 0) // 1024**2
    message = (
        f"What you sent is larger than {most} MB, and nothing of it was read. Send less at once:"
        " split a file in two or more."
    )
    return _answer(413, "error", message, error_title="Too large")


def _broken(error: exceptions.InternalServerError) -> ResponseReturnValue:
    """The page and the log share a reference and nothing else; neither says what was asked for."""
    reference = faults.reference()
    fault = faults.told(error.original_exception or error)
    _logger.error("reference %s at %s\n%s", reference, flask.request.endpoint, fault)
    message = "This page could not be made. The fault is on our side and was written to the log."
    return _answer(500, "error", message, reference=reference, as_json={"reference": reference})


def _other(error: exceptions.HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    return _answer(error.code, "error", error.description or error.name, error_title=error.name)
