"""What the server takes for a passkey; the ceremonies themselves are in tests/browser."""

from __future__ import annotations

import json

import flask
import pytest

from cqi.access import models, passkeys, throttle
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.web import app as web
from tests import build
from tests.access import signing
from tests.fixtures import moving
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

PUBLIC = "https://cqi.agency.example"


def has_passkey(database: Database, cast: Cast) -> str:
    """Give the reviewer one, and say its address."""
    with database.writing() as session:
        row = models.Passkey(
            credential_id=b"an id",
            public_key=b"a key",
            backup_state=False,
            device_type="single_device",
            create_datetime=build.NOW,
            lastuse_datetime=build.NOW,
            name="My phone",
            usage="first",
            user_id=cast.reviewer.id,
        )
        session.add(row)
        return str(passkeys.address_of(row))


@pytest.mark.parametrize(
    ("url", "offered"),
    [
        (PUBLIC, True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://evil.example", False),
        ("http://cqi.agency.example", False),
    ],
)
def test_passkeys_are_for_the_public_address_and_not_for_what_a_request_says(
    database: Database, clock: Clock, cast: Cast, url: str, offered: bool
) -> None:
    app = web.create_app(database, clock, web.Options(testing=True, public_url=PUBLIC))
    answer = app.test_client().get("/sign-in/passkey", base_url=url)
    assert answer.status_code == (200 if offered else 404)
    if offered:
        assert answer.json is not None
        assert answer.json["userVerification"] == "required"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:8000", "http://localhost:8000/"),
        ("http://localhost:8000", ""),
        ("http://10.0.0.7:8000", ""),
        ("http://evil.example:8000", ""),
    ],
)
def test_whoever_came_by_a_number_is_told_where_passkeys_are(
    database: Database, clock: Clock, cast: Cast, url: str, told: str
) -> None:
    with database.writing() as session:
        session.get_one(models.Person, cast.reviewer.id).demonstration = True
    app = web.create_app(database, clock, web.Options(testing=True, demonstration=True))
    page = app.test_client().get("/sign-in", base_url=url).text
    assert "Sign-ins of this demonstration" in page
    assert ("To try passkeys" in page) is bool(told)
    assert f'href="{told}"' in page or not told
    with app.test_request_context(base_url=url):
        assert passkeys.elsewhere() == told


def test_what_no_device_has_said_is_refused_and_counted(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    has_passkey(database, cast)
    client = app.test_client()
    made_up = json.dumps(
        {"id": "YW4gaWQ", "rawId": "YW4gaWQ", "type": "public-key", "response": {}}
    )
    for given in ("", "no json", "[]", '{"rawId": 7}', made_up):
        moving.on(app, seconds=1)
        client.get("/sign-in/passkey")
        assert client.post("/sign-in/passkey", data={"credential": given}).status_code == 422
    assert client.post("/sign-in/passkey", data={"credential": made_up}).status_code == 422
    assert not signing.is_in(client)
    with database.reading() as session:
        assert session.query(models.SignInAttempt).count() == 6
    assert throttle.MOST_FOR_ACCOUNT < 6


def test_nobody_touches_a_colleagues_passkey(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    url = f"/your-sign-in/passkeys/{has_passkey(database, cast)}"
    other, own = client_for(cast.qa_lead), client_for(cast.reviewer)
    assert other.post(url, data={"remove": "yes"}).status_code == 404
    assert other.post(url, data={"name": "Mine"}).status_code == 404
    assert own.post(url, data={"name": " "}).status_code == 422
    assert own.post(url, data={"name": "Old phone"}).status_code == 303
    assert "Old phone" in own.get("/your-sign-in").text
    signing.has_app(database, cast.reviewer)
    assert own.post(url, data={"remove": "yes"}).status_code == 303
    assert "Old phone" not in own.get("/your-sign-in").text


def test_a_password_does_not_set_up_an_app_where_a_passkey_is_the_second_step(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    """Else whoever knows the password could bring an app of their own."""
    has_passkey(database, cast)
    page = signing.password(app.test_client(), cast.reviewer).text
    assert "Set up your second step" not in page
    assert "Use your passkey" in page
