"""The second step of signing in: who needs one, codes of an app, recovery codes."""

from __future__ import annotations

import datetime as dt

import flask
import pytest
import sqlalchemy as sa

from cqi.access import factors, models, permissions, throttle
from cqi.access.permissions import Permission, Role
from cqi.core import events
from cqi.core.database import Database
from cqi.settings import actions as settings
from tests import build
from tests.access import signing
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

NEED_NONE = {Role.ANALYST, Role.STATE_OFFICE, Role.STAKEHOLDER, Role.AUDITOR}


def kinds(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(events.Event.kind).order_by(events.Event.id)))


def test_who_sees_case_content_or_gives_access_to_it_needs_a_second_factor() -> None:
    """From the table of permissions: a role that gains such a permission needs one at once."""
    need = {
        role for role in Role if permissions.permissions_of(role) & permissions.NEEDS_SECOND_FACTOR
    }
    assert need == set(Role) - NEED_NONE
    assert Permission.REVIEW_SEE in permissions.CASE_CONTENT


def test_after_the_password_a_reviewer_without_an_app_gets_to_its_set_up_and_nowhere_else(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    client = app.test_client()
    page = signing.password(client, cast.reviewer)
    assert page.status_code == 200
    assert "Set up your second step" in page.text
    for path in ("/", "/instruments", "/your-sign-in", "/your-sign-in/app"):
        assert client.get(path).headers["Location"].startswith("/sign-in"), path
    key = signing.key_shown(page.text)
    assert signing.key_shown(client.get("/sign-in").text) == key, "it does not change under way"
    assert signing.second(client, "000000", "set_up").status_code == 422
    assert not signing.is_in(client)
    assert signing.second(client, signing.code(key=key), "set_up").status_code == 303
    assert signing.is_in(client)
    assert kinds(database) == ["access.second_factor_set", "access.signed_in"]


def test_an_analyst_needs_only_a_password(app: flask.Flask, database: Database, cast: Cast) -> None:
    with database.writing() as session:
        analyst = build.person(session, "An Analyst")
        build.grant(session, analyst, Role.ANALYST, place=cast.state)
    assert signing.password(app.test_client(), analyst).status_code == 303


def test_a_code_of_the_app_signs_in_once(app: flask.Flask, cast: Cast, database: Database) -> None:
    signing.has_app(database, cast.reviewer)
    client, thief = app.test_client(), app.test_client()
    assert "Your code" in signing.password(client, cast.reviewer).text
    assert not signing.is_in(client)
    given = f"{signing.code()[:3]} {signing.code()[3:]}"
    assert signing.second(client, given).status_code == 303
    assert signing.is_in(client)
    signing.password(thief, cast.reviewer)
    seen = signing.second(thief, signing.code())
    assert (seen.status_code, factors.WRONG.message in seen.text) == (422, True)
    assert signing.second(thief, signing.code(-30)).status_code == 422, "an older one counts less"
    assert signing.second(thief, signing.code(30)).status_code == 303
    with database.reading() as session:
        rows = session.scalars(sa.select(models.SignInSession)).all()
    assert {row.second_factor for row in rows} == {"code"}


@pytest.mark.parametrize(("seconds", "status"), [(-90, 422), (-30, 303), (30, 303), (90, 422)])
def test_a_phone_may_be_half_a_minute_wrong(
    app: flask.Flask, cast: Cast, database: Database, seconds: int, status: int
) -> None:
    signing.has_app(database, cast.reviewer)
    client = app.test_client()
    signing.password(client, cast.reviewer)
    assert signing.second(client, signing.code(seconds)).status_code == status


def test_who_has_an_app_is_asked_for_it_even_where_no_role_asks(
    app: flask.Flask, cast: Cast, database: Database, password_alone: None
) -> None:
    signing.has_app(database, cast.reviewer)
    client = app.test_client()
    assert signing.password(client, cast.reviewer).status_code == 200
    assert not signing.is_in(client)


def test_a_code_without_the_password_is_worth_nothing(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    signing.has_app(database, cast.reviewer)
    client = app.test_client()
    assert signing.second(client, signing.code()).status_code == 422
    assert not signing.is_in(client)


def test_a_password_alone_is_forgotten_after_ten_minutes_and_when_it_is_changed(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    signing.has_app(database, cast.reviewer)
    client, other = app.test_client(), app.test_client()
    for each in (client, other):
        signing.password(each, cast.reviewer)
    with client.session_transaction() as cookie:
        cookie["waits"]["at"] -= 601
        cookie.modified = True
    assert "took too long" in signing.second(client, signing.code()).text
    with database.writing() as session:
        session.get_one(models.Person, cast.reviewer.id).fs_uniquifier = "new"
    assert signing.second(other, signing.code()).status_code == 422


def test_begin_again_forgets_whose_password_it_was(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    signing.has_app(database, cast.reviewer)
    client = app.test_client()
    signing.password(client, cast.reviewer)
    page = client.post("/sign-in", data={"start_over": "yes", "step": "code"})
    assert 'name="password"' in page.text
    assert signing.second(client, signing.code()).status_code == 422


def test_the_setting_turned_on_reaches_who_is_signed_in_by_a_password(
    app: flask.Flask, cast: Cast, database: Database, password_alone: None
) -> None:
    client = app.test_client()
    assert signing.password(client, cast.reviewer).status_code == 303
    assert signing.is_in(client)
    with database.writing() as session:
        change = settings.Change("access.second_factor", "yes", build.NOW.date(), "It is time")
        settings.set_value(session, change, actor_id=None, now=build.NOW)
    assert not signing.is_in(client)


def test_wrong_codes_are_throttled_with_the_passwords_of_the_account(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    signing.has_app(database, cast.reviewer)
    client = app.test_client()
    signing.password(client, cast.reviewer)
    for number in range(throttle.MOST_FOR_ACCOUNT):
        assert signing.second(client, f"00000{number}").status_code == 422
    assert "Too many attempts" in signing.second(client, signing.code()).text
    assert "Too many attempts" in signing.password(app.test_client(), cast.reviewer).text


def test_a_recovery_code_signs_in_once_and_new_ones_take_the_place_of_old_ones(
    app: flask.Flask, cast: Cast, database: Database
) -> None:
    signing.has_app(database, cast.reviewer)
    with database.writing() as session:
        person = session.get_one(models.Person, cast.reviewer.id)
        old, *_ = factors.make_recovery_codes(session, person, now=build.NOW)
        codes = factors.make_recovery_codes(session, person, now=build.NOW)
        stored = session.scalars(sa.select(models.RecoveryCode.digest)).all()
    assert len(set(codes)) == len(stored) == 10
    assert not {code.replace("-", "") for code in codes} & set(stored)
    for given, status in ((old, 422), (codes[3].upper(), 303), (codes[3], 422), (codes[4], 303)):
        client = app.test_client()
        signing.password(client, cast.reviewer)
        assert signing.second(client, given).status_code == status, given
    with database.reading() as session:
        assert factors.recovery_codes_left(session, cast.reviewer.id) == 8
    assert kinds(database).count("access.recovery_code_used") == 2


def test_recovery_codes_are_shown_once_to_their_person(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    client = client_for(cast.reviewer)
    assert "Make ten codes" in client.get("/your-sign-in/recovery-codes").text
    page = client.post("/your-sign-in/recovery-codes").text
    with database.reading() as session:
        assert factors.recovery_codes_left(session, cast.reviewer.id) == 10
    assert page.count("<li><b>") == 10
    assert "<li><b>" not in client.get("/your-sign-in/recovery-codes").text


def test_another_app_takes_the_place_of_the_first(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    signing.has_app(database, cast.reviewer)
    client = client_for(cast.reviewer)
    key = signing.key_shown(client.get("/your-sign-in/app").text)
    assert client.post("/your-sign-in/app", data={"code": "12"}).status_code == 422
    given = {"code": signing.code(key=key)}
    assert client.post("/your-sign-in/app", data=given).status_code == 303
    with database.reading() as session:
        person = session.get_one(models.Person, cast.reviewer.id)
        raw = session.execute(sa.text("select totp_key from people where totp_key is not null"))
        stored = bytes(raw.scalars().one())
    assert person.totp_key == key != signing.KEY
    assert key.encode() not in stored, "it is encrypted"
    assert signing.key_shown(client.get("/your-sign-in/app").text) != key


def test_a_role_that_asks_for_a_second_step_keeps_it(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    signing.has_app(database, cast.reviewer)
    refused = client_for(cast.reviewer).post("/your-sign-in/app/remove")
    assert (refused.status_code, "asks for a second step" in refused.text) == (422, True)
    with database.writing() as session:
        auditor = build.person(session, "An Auditor")
        build.grant(session, auditor, Role.AUDITOR)
    signing.has_app(database, auditor)
    assert client_for(auditor).post("/your-sign-in/app/remove").status_code == 303
    with database.reading() as session:
        assert session.get_one(models.Person, auditor.id).totp_key is None


def test_of_two_requests_with_one_code_one_is_too_late(database: Database, cast: Cast) -> None:
    signing.has_app(database, cast.reviewer)
    with database.writing() as session:
        person = session.get_one(models.Person, cast.reviewer.id, with_for_update=True)
        now = build.NOW + dt.timedelta(seconds=5)
        assert factors.counter_of(signing.KEY, signing.code(), now) is not None
        person.totp_counter = factors.counter_of(signing.KEY, signing.code(), now)
        assert factors.counter_of(signing.KEY, signing.code(), now, person.totp_counter) is None
