"""A plain post under an ended or an older sign-in: its words are kept for whoever wrote them."""

from __future__ import annotations

import html
import re

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cqi.access.models import Person, SignInSession
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.web import app as web
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk

pytestmark = pytest.mark.usefixtures("password_alone")
WORDS = 'Mother said <he "hit" me>.\nTwice.'


@pytest.fixture
def app(database: Database, clock: Clock) -> flask.Flask:
    """The product as it runs, with form tokens."""
    return web.create_app(database, clock)


def fields(page: str, within: str = "") -> dict[str, str]:
    """The hidden fields of a page's main part, or of one form of it."""
    main = page.partition("<main")[2].partition("</main>")[0]
    if within:
        main = re.search(rf"<form[^>]*{within}.*?</form>", main, re.S)[0]
    found = re.findall(r"<input[^>]*>", main)
    hidden = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in found if "hidden" in tag]
    return {each["name"]: html.unescape(each.get("value", "")) for each in hidden}


def url(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/components/SRM"


def written(client: FlaskClient, desk: Desk) -> dict[str, str]:
    """A scoring page that was opened and written on."""
    page = client.get(url(desk)).text
    return {**fields(page), "SRM05-narrative": WORDS, "SRM05-a": "no", "save": "SRM05"}


def end_sign_ins(desk: Desk) -> None:
    with desk.database.writing() as session:
        session.execute(sa.update(SignInSession).values(ended_at=build.NOW, end_reason="ended"))


def sign_in(
    client: FlaskClient, page: str, person: Person, password: str = build.PASSWORD
) -> TestResponse:
    sent = {**fields(page, "sign_in"), "email": person.email, "password": password}
    return client.post("/sign-in", data=sent)


def saved(desk: Desk) -> str:
    entry = desk.sheet().narratives.get("SRM05")
    return entry.value if entry else ""


def test_words_sent_after_the_sign_in_ended_are_sent_again_by_who_wrote_them(
    desk: Desk, client_for: ClientFor
) -> None:
    client = client_for(desk.cast.reviewer)
    sent = written(client, desk)
    end_sign_ins(desk)
    answer = client.post(url(desk), data=sent)
    assert answer.status_code == 401
    assert "Sign in, your text is kept" in answer.text
    assert WORDS in html.unescape(answer.text)
    wrong = sign_in(client, answer.text, desk.cast.reviewer, "not their password")
    assert wrong.status_code == 422
    assert WORDS in html.unescape(wrong.text)
    again = sign_in(client, wrong.text, desk.cast.reviewer)
    assert again.status_code == 200
    assert "Send it again" in again.text
    assert saved(desk) == "", "signing in sends nothing by itself"
    done = client.post(url(desk), data=fields(again.text))
    assert done.headers["Location"].endswith("/components/SRM#SRM05")
    assert saved(desk) == WORDS
    assert desk.sheet().answers["SRM05"]["a"].value == "no"


def test_words_of_an_older_sign_in_of_the_same_person_need_one_more_click(
    desk: Desk, client_for: ClientFor
) -> None:
    client = client_for(desk.cast.reviewer)
    sent = written(client, desk)
    sign_in(client, client.get("/sign-in").text, desk.cast.reviewer)
    answer = client.post(url(desk), data=sent)
    assert (answer.status_code, "Send it again" in answer.text) == (400, True)
    assert client.post(url(desk), data=fields(answer.text)).status_code == 303
    assert saved(desk) == WORDS


def test_somebody_else_who_signs_in_sees_nothing_of_them(desk: Desk, client_for: ClientFor) -> None:
    client, other = client_for(desk.cast.reviewer), desk.colleague()
    sent = written(client, desk)
    end_sign_ins(desk)
    answer = client.post(url(desk), data=sent)
    begun = sign_in(client, answer.text, other)
    assert (begun.status_code, begun.headers["Location"]) == (303, "/")
    late = client.post(url(desk), data=sent)  # the first page, sent once more
    assert late.status_code == 400
    assert "hit" not in late.text
    assert saved(desk) == ""


def test_a_form_of_a_strangers_making_is_not_offered_to_be_sent(
    desk: Desk, client_for: ClientFor
) -> None:
    """Even with a token that is ours: the one of the sign-in page names nobody."""
    client = client_for(None)
    token = fields(client.get("/sign-in").text)["csrf_token"]
    stranger = client_for(desk.cast.other_reviewer)
    theirs = fields(stranger.get("/rounds").text.replace("<header", "<main")).get("csrf_token", "")
    for forged in (token, "made up", ""):
        form = {"SRM05-narrative": "Forged words.", "csrf_token": forged}
        answer = client.post(url(desk), data=form)
        assert answer.status_code == 401
        assert "Forged" not in answer.text
    victim = client_for(desk.cast.reviewer)
    form = {"SRM05-narrative": "Forged words.", "csrf_token": theirs}
    answer = victim.post(url(desk), data=form)
    assert answer.status_code == 400
    assert "Forged" not in answer.text


def test_signing_in_with_an_old_form_never_shows_the_password(app: flask.Flask, cast: Cast) -> None:
    sent = {"email": cast.reviewer.email, "password": build.PASSWORD, "csrf_token": "old"}
    answer = app.test_client().post("/sign-in", data=sent)
    assert answer.status_code == 400
    assert build.PASSWORD not in answer.text


def test_a_script_hears_it_as_json(desk: Desk, client_for: ClientFor) -> None:
    client = client_for(desk.cast.reviewer)
    sent = written(client, desk)
    headers = {"X-Requested-With": "fetch", "Accept": "application/json"}
    old = client.post(url(desk), data={**sent, "csrf_token": "old"}, headers=headers)
    assert (old.status_code, old.json and old.json["csrf"]) == (400, True)
    end_sign_ins(desk)
    ended = client.post(url(desk), data=sent, headers=headers)
    assert (ended.status_code, ended.is_json) == (401, True)


def test_the_outsider_is_refused_as_ever(desk: Desk, client_for: ClientFor) -> None:
    client = client_for(desk.cast.outsider)
    token = fields(client.get("/nowhere").text.replace("<header", "<main"))["csrf_token"]
    answer = client.post(url(desk), data={"SRM05-narrative": "Mine.", "csrf_token": token})
    assert answer.status_code == 403
    assert saved(desk) == ""


def test_passwords_and_codes_are_kept_on_no_page(desk: Desk, client_for: ClientFor) -> None:
    client = client_for(desk.cast.reviewer)
    sent = fields(client.get("/your-sign-in/password").text)
    sent |= {"present": build.PASSWORD, "password": "the heron ate it", "again": "the heron ate it"}
    end_sign_ins(desk)
    answer = client.post("/your-sign-in/password", data=sent)
    assert (answer.status_code, "Sign in, your text is kept" in answer.text) == (401, True)
    assert build.PASSWORD not in answer.text
    assert "heron" not in answer.text
