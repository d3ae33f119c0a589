"""Signing in and out, and what is refused."""

from __future__ import annotations

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from cqi.access import models, sign_in, throttle
from cqi.core import events
from cqi.core.database import Database
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

pytestmark = pytest.mark.usefixtures("password_alone")  # test_second_factor.py has the rest


def enter(client: FlaskClient, email: str, password: str = build.PASSWORD) -> int:
    return client.post("/sign-in", data={"email": email, "password": password}).status_code


def test_signing_in_makes_a_row_that_the_cookie_names(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    client = app.test_client()
    assert client.get("/").headers["Location"].startswith("/sign-in")
    assert enter(client, cast.reviewer.email.upper()) == 303
    assert client.get("/").status_code == 200
    with database.reading() as session:
        row = session.scalars(sa.select(models.SignInSession)).one()
        kinds = list(session.scalars(sa.select(events.Event.kind)))
    assert row.person_id == cast.reviewer.id
    assert kinds == ["access.signed_in"]


def test_signing_in_leads_to_the_page_that_was_asked_for(app: flask.Flask, cast: Cast) -> None:
    client = app.test_client()
    form = {"email": cast.reviewer.email, "password": build.PASSWORD, "next": "/rounds?page=2"}
    assert client.post("/sign-in", data=form).headers["Location"] == "/rounds?page=2"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "", None, "/\nx"]
)
def test_signing_in_never_leads_to_another_site(target: str | None) -> None:
    assert sign_in.safe_next(target) == "/"


def test_signing_out_ends_the_row(client_for: ClientFor, cast: Cast, database: Database) -> None:
    client = client_for(cast.reviewer)
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    assert client.post("/sign-out").status_code == 303
    with client.session_transaction() as cookie:
        cookie.update(kept)  # a stolen cookie is worth nothing afterwards
    assert client.get("/").status_code == 302
    with database.reading() as session:
        assert session.scalars(sa.select(models.SignInSession)).one().end_reason == "signed_out"


@pytest.mark.parametrize("second", ["reviewer", "qa_lead"])
def test_signing_in_again_ends_the_earlier_sign_in_of_the_browser(
    app: flask.Flask, cast: Cast, database: Database, second: str
) -> None:
    """A colleague's too; the same person's in another browser stays."""
    client, elsewhere = app.test_client(), app.test_client()
    assert enter(elsewhere, cast.reviewer.email) == 303
    assert enter(client, cast.reviewer.email) == 303
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    again = getattr(cast, second)
    assert enter(client, again.email) == 303
    assert client.get("/instruments").status_code == 200
    assert elsewhere.get("/instruments").status_code == 200
    with app.test_client() as thief:
        with thief.session_transaction() as cookie:
            cookie.update(kept)
        assert thief.get("/").status_code == 302
    with database.reading() as session:
        rows = session.scalars(sa.select(models.SignInSession).order_by(models.SignInSession.id))
        assert [row.end_reason for row in rows] == [None, "signed_in_again", None]
        ended = session.scalars(
            sa.select(events.Event).where(events.Event.kind == "access.signed_out")
        ).one()
        assert ended.stream_id == cast.reviewer.public_id
        assert ended.actor_id == again.id
        assert ended.payload == {"sign_in": kept["sign_in"], "reason": "signed_in_again"}
        assert not events.verify(session).problem


def test_a_wrong_password_ends_nothing(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.reviewer)
    assert enter(client, cast.reviewer.email, "wrong words here") == 422
    assert client.get("/").status_code == 200


def test_a_person_who_is_switched_off_is_signed_out(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    client = client_for(cast.reviewer)
    with database.writing() as session:
        session.get_one(models.Person, cast.reviewer.id).active = False
    assert client.get("/").status_code == 302
    assert enter(client, cast.reviewer.email) == 422


def test_unknown_people_and_wrong_passwords_get_the_same_words(
    app: flask.Flask, cast: Cast
) -> None:
    client = app.test_client()
    pages = [
        client.post("/sign-in", data={"email": email, "password": "wrong words here"})
        for email in (cast.reviewer.email, "nobody@example.org")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    texts = [page.text.replace(cast.reviewer.email, "nobody@example.org") for page in pages]
    assert texts[0] == texts[1]
    assert sign_in.WRONG.message in texts[0]


def test_the_sixth_wrong_password_in_a_quarter_of_an_hour_is_refused_for_everybody(
    app: flask.Flask, cast: Cast
) -> None:
    client = app.test_client()
    for email in (cast.reviewer.email, "nobody@example.org"):
        for _ in range(throttle.MOST_FOR_ACCOUNT):
            enter(client, email, "wrong words here")
        page = client.post("/sign-in", data={"email": email, "password": build.PASSWORD})
        assert sign_in.TOO_MANY.message in page.text
    assert enter(client, cast.qa_lead.email) == 303


def test_attempts_are_kept_as_digests_only(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    enter(app.test_client(), cast.reviewer.email, "wrong words here")
    with database.reading() as session:
        row = session.scalars(sa.select(models.SignInAttempt)).one()
        kinds = list(session.scalars(sa.select(events.Event.kind)))
    assert len(row.account_digest) == len(row.address_digest) == 64
    assert kinds == ["access.sign_in_failed"]


def test_a_form_without_its_token_is_refused_and_says_that_nothing_is_lost(
    app: flask.Flask, cast: Cast
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    page = client.post("/sign-in", data={"email": cast.reviewer.email, "password": "x"})
    assert page.status_code == 400
    assert "nothing is lost" in page.text
    script = client.post("/sign-in", headers={"Accept": "application/json"})
    assert script.json is not None
    assert script.json["csrf"] is True


def test_the_cookie_is_for_the_server_only_and_secure_beyond_this_machine(
    app: flask.Flask, cast: Cast
) -> None:
    form = {"email": cast.reviewer.email, "password": build.PASSWORD}
    near = app.test_client().post("/sign-in", data=form, base_url="http://127.0.0.1:8000")
    far = app.test_client().post("/sign-in", data=form, base_url="http://cqi.example.org")
    for page in (near, far):
        assert page.status_code == 303, page.text
        assert "HttpOnly" in page.headers["Set-Cookie"]
        assert "SameSite=Lax" in page.headers["Set-Cookie"]
    assert "Secure" not in near.headers["Set-Cookie"]
    assert "Secure" in far.headers["Set-Cookie"]


def test_a_password_longer_than_any_is_just_wrong(app: flask.Flask, cast: Cast) -> None:
    assert enter(app.test_client(), cast.reviewer.email, "p" * 100_000) == 422
