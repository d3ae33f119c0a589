"""What no honest browser sends is refused before anything reads it.

PostgreSQL stores no NUL character and the embedded database does: refused here, the two agree.
"""

from __future__ import annotations

import itertools

import flask
from werkzeug import exceptions

_NUL = "\0"
_WORDS = "This request holds a character that no text can hold (NUL). Nothing was changed."


def install_address_check(app: flask.Flask) -> None:
    """Refuse addresses; goes before the guard, which writes down what was asked for."""
    app.before_request(_check_address)


def install_form_check(app: flask.Flask) -> None:
    """Refuse forms; goes after the guard, so that strangers' forms are not even read."""
    app.before_request(_check_form)


def _check_address() -> None:
    given = itertools.chain.from_iterable(flask.request.args.items(multi=True))
    if _NUL in flask.request.path or any(_NUL in text for text in given):
        raise exceptions.BadRequest(_WORDS)


def _check_form() -> None:
    given = itertools.chain.from_iterable(flask.request.form.items(multi=True))
    if any(_NUL in text for text in given):
        raise exceptions.BadRequest(_WORDS)
