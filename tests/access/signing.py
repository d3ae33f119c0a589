"""Signing in as a browser does it, with an app at hand."""

from __future__ import annotations

import datetime as dt
import html
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cqi.access import factors
from cqi.access.models import Person
from cqi.core.database import Database
from tests import build

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def has_app(database: Database, person: Person) -> None:
    """Give somebody an authenticator app with KEY."""
    with database.writing() as session:
        session.get_one(Person, person.id).totp_key = KEY


def code(seconds: int = 0, key: str = KEY) -> str:
    """What the app shows, so many seconds after the tests' moment."""
    return factors.code_at(key, build.NOW + dt.timedelta(seconds=seconds))


def password(client: FlaskClient, person: Person, word: str = build.PASSWORD) -> TestResponse:
    return client.post(
        "/sign-in", data={"email": person.email, "password": word, "step": "password"}
    )


def second(client: FlaskClient, given: str, step: str = "code") -> TestResponse:
    return client.post("/sign-in", data={"code": given, "step": step})


def key_shown(page: str) -> str:
    """The key that a page of setting up shows."""
    found = re.search(r"Key: <b[^>]*>([A-Z2-7 ]+)<", page)
    assert found, page
    return html.unescape(found[1]).replace(" ", "")


def is_in(client: FlaskClient) -> bool:
    return client.get("/instruments").status_code == 200
