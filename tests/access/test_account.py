"""What people see and change of their own sign-in."""

from __future__ import annotations

import flask
import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from cqi.access import models, sign_in
from cqi.core import events
from cqi.core.database import Database
from tests import build
from tests.access import signing
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

NEW = "the heron ate my sandwich"


def change(client: flask.testing.FlaskClient, **fields: str) -> TestResponse:
    sent = {"present": build.PASSWORD, "password": NEW, "again": NEW, **fields}
    return client.post("/your-sign-in/password", data=sent)


def reasons(database: Database) -> list[str | None]:
    rows = models.SignInSession
    with database.reading() as session:
        return list(session.scalars(sa.select(rows.end_reason).order_by(rows.id)))


def test_another_password_ends_all_other_sign_ins_and_this_one_goes_on(
    app: flask.Flask, client_for: ClientFor, cast: Cast, database: Database
) -> None:
    here, elsewhere, colleague = map(client_for, (cast.reviewer, cast.reviewer, cast.qa_lead))
    assert change(here).status_code == 303
    assert [signing.is_in(each) for each in (here, elsewhere, colleague)] == [True, False, True]
    assert reasons(database) == [None, "password_changed", None]
    assert signing.password(app.test_client(), cast.reviewer).status_code == 422
    assert signing.password(app.test_client(), cast.reviewer, NEW).status_code == 200
    with database.reading() as session:
        kinds = set(session.scalars(sa.select(events.Event.kind)))
    assert "access.password_changed" in kinds


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"present": "not my password"}, sign_in.NOT_YOURS.message),
        ({"again": "the heron ate your sandwich"}, "are not the same"),
        ({"password": "password1234", "again": "password1234"}, "one of the first to be tried"),
        ({"password": build.PASSWORD, "again": build.PASSWORD}, "your present password"),
        ({"password": "short", "again": "short"}, "at least 12"),
    ],
)
def test_a_refused_password_says_why_and_ends_nothing(
    client_for: ClientFor, cast: Cast, database: Database, fields: dict[str, str], words: str
) -> None:
    here, elsewhere = client_for(cast.reviewer), client_for(cast.reviewer)
    page = change(here, **fields)
    assert (page.status_code, words in page.text) == (422, True)
    assert signing.is_in(elsewhere)
    with database.reading() as session:
        stored = session.get_one(models.Person, cast.reviewer.id).password
    assert stored == build.password_hash()


def test_whoever_sits_at_an_open_page_cannot_guess_the_password_there(
    client_for: ClientFor, cast: Cast
) -> None:
    client = client_for(cast.reviewer)
    for number in range(5):
        change(client, present=f"guess number {number}")
    assert "Too many attempts" in change(client).text


def test_people_see_and_end_their_own_sign_ins(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    here, elsewhere, theirs = map(client_for, (cast.reviewer, cast.reviewer, cast.qa_lead))
    page = here.get("/your-sign-in").text
    assert page.count("Chrome on Linux</b>") == 2
    assert page.count("This browser") == 1
    with database.reading() as session:
        rows = session.scalars(sa.select(models.SignInSession).order_by(models.SignInSession.id))
        mine, other, colleagues = [row.public_id for row in rows]
    assert here.post(f"/your-sign-in/browsers/{colleagues}/end").status_code == 404
    assert here.post(f"/your-sign-in/browsers/{other}/end").status_code == 303
    assert [signing.is_in(each) for each in (here, elsewhere, theirs)] == [True, False, True]
    assert here.post(f"/your-sign-in/browsers/{mine}/end").status_code == 303
    assert not signing.is_in(here)
    assert reasons(database) == ["ended_by_person", "ended_by_person", None]


def test_all_others_end_at_once(client_for: ClientFor, cast: Cast) -> None:
    here, *others = [client_for(cast.reviewer) for _ in range(3)]
    assert here.post("/your-sign-in/browsers/end").status_code == 303
    assert signing.is_in(here)
    assert not any(signing.is_in(each) for each in others)


def test_a_sign_in_keeps_the_kind_of_browser_and_nothing_else_of_it(
    app: flask.Flask, cast: Cast, database: Database, password_alone: None
) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0"
    sent = {"email": cast.reviewer.email, "password": build.PASSWORD}
    app.test_client().post("/sign-in", data=sent, headers={"User-Agent": agent})
    with database.reading() as session:
        assert (
            session.scalars(sa.select(models.SignInSession.browser)).one() == "Firefox on Windows"
        )
