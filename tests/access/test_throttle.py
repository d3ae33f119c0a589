"""Who is slowed down by wrong tries, and who is not."""

from __future__ import annotations

import datetime as dt

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from cqi.access import models, throttle
from cqi.core.database import Database
from tests import build
from tests.access import signing
from tests.fixtures import moving
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.usefixtures("password_alone")
STRANGER, OFFICE = "203.0.113.9", "198.51.100.7"


def enter(client: FlaskClient, email: str, word: str, address: str = OFFICE) -> int:
    sent = {"email": email, "password": word}
    place = {"REMOTE_ADDR": address}
    return client.post("/sign-in", data=sent, environ_overrides=place).status_code


def fill(database: Database, number: int, *, account: str = "x", address: str = "y") -> None:
    """So many failures a minute ago."""
    with database.writing() as session:
        for _ in range(number):
            session.add(
                models.SignInAttempt(
                    account_digest=account,
                    address_digest=address,
                    at=build.NOW - dt.timedelta(minutes=1),
                )
            )


def test_a_stranger_who_tries_for_ever_shuts_nobody_out_of_their_own_browser(
    app: flask.Flask, cast: Cast
) -> None:
    own, new, stranger = app.test_client(), app.test_client(), app.test_client()
    email = cast.reviewer.email
    assert enter(own, email, build.PASSWORD) == 303
    own.post("/sign-out")
    for _ in range(4):  # for an hour
        for number in range(6):
            enter(stranger, email, f"guess number {number}", STRANGER)
        assert enter(new, email, build.PASSWORD) == 422, "a new browser waits"
        assert enter(own, email, build.PASSWORD) == 303
        own.post("/sign-out")
        moving.on(app, minutes=15)


def test_one_stranger_in_the_waiting_room_does_not_shut_the_office_out(
    app: flask.Flask, cast: Cast
) -> None:
    own, new, stranger = app.test_client(), app.test_client(), app.test_client()
    assert enter(own, cast.reviewer.email, build.PASSWORD) == 303
    for number in range(throttle.MOST_FOR_ADDRESS):
        enter(stranger, f"nobody{number}@example.org", "any words at all")
    assert enter(new, cast.qa_lead.email, build.PASSWORD) == 422
    assert enter(new, cast.qa_lead.email, build.PASSWORD, "192.0.2.44") == 303
    own.post("/sign-out")
    assert enter(own, cast.reviewer.email, build.PASSWORD) == 303


def test_a_flood_from_everywhere_closes_new_browsers_only(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    own, new = app.test_client(), app.test_client()
    assert enter(own, cast.reviewer.email, build.PASSWORD) == 303
    fill(database, throttle.MOST_AT_ALL)
    assert enter(new, cast.qa_lead.email, build.PASSWORD) == 422
    own.post("/sign-out")
    assert enter(own, cast.reviewer.email, build.PASSWORD) == 303


def test_a_known_browser_has_five_tries_of_its_own_and_only_for_its_people(
    app: flask.Flask, cast: Cast
) -> None:
    own = app.test_client()
    assert enter(own, cast.reviewer.email, build.PASSWORD) == 303
    own.post("/sign-out")
    for number in range(throttle.MOST_FOR_DEVICE):
        assert enter(own, cast.reviewer.email, f"guess number {number}") == 422
    page = signing.password(own, cast.reviewer)
    assert "Too many attempts" in page.text
    for number in range(throttle.MOST_FOR_ACCOUNT):
        enter(own, cast.qa_lead.email, f"guess number {number}")
    assert "Too many attempts" in signing.password(own, cast.qa_lead).text
    moving.on(app, minutes=16)
    assert enter(own, cast.reviewer.email, build.PASSWORD) == 303


def test_the_cookie_of_a_browser_is_signed_and_no_way_in(app: flask.Flask, cast: Cast) -> None:
    own = app.test_client()
    assert enter(own, cast.reviewer.email, build.PASSWORD) == 303
    cookie = own.get_cookie(throttle.COOKIE)
    assert cookie is not None
    assert cookie.http_only
    assert cast.reviewer.email not in cookie.decoded_value
    thief = app.test_client()
    thief.set_cookie(throttle.COOKIE, cookie.value)
    assert not signing.is_in(thief)
    forger = app.test_client()
    forger.set_cookie(throttle.COOKIE, cookie.value[:-2] + "xx")
    for number in range(5):
        enter(app.test_client(), cast.reviewer.email, f"guess number {number}")
    assert enter(forger, cast.reviewer.email, build.PASSWORD) == 422


def test_failures_are_forgotten_after_a_day(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    fill(database, 3)
    moving.on(app, days=1, minutes=1)
    enter(app.test_client(), cast.reviewer.email, "wrong words here")
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(models.SignInAttempt)) == 1
