"""The token of a form says, signed by us, for whom the form was made.

flask-wtf signs what stands in the cookie under `NAME` and puts that into every form. With the
person's id in it, words that come back under another sign-in still say whose they are; a page of
somebody else's making has no token that names another person.
"""

from __future__ import annotations

import secrets
import uuid

import flask
import itsdangerous

NAME = "csrf_token"
_SALT = "wtf-csrf-token"  # flask-wtf's own


def fresh(person: uuid.UUID) -> str:
    """What a new sign-in's cookie holds; `person` is a public id."""
    return f"{person} {secrets.token_hex(20)}"


def begin(person: uuid.UUID) -> None:
    """From here on, forms are made for this person."""
    flask.session[NAME] = fresh(person)
    flask.g.pop(NAME, None)  # the library keeps a request's token there


def made_for(token: str) -> uuid.UUID | None:
    """The public id of the person whose form sent a token; None where it names nobody."""
    signed = itsdangerous.URLSafeTimedSerializer(flask.current_app.secret_key or "", salt=_SALT)
    try:
        return uuid.UUID(str(signed.loads(token)).partition(" ")[0])
    except (itsdangerous.BadData, ValueError):
        return None
