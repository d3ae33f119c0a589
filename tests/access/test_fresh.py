"""What asks for the password again: reopening, and files with case content."""

from __future__ import annotations

import html

import flask
import pytest

from cqi.access import guard
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.reviews.rules import ReviewState
from cqi.settings import queries as settings
from cqi.settings import registry
from cqi.web import app as web
from tests import build
from tests.fixtures import moving
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TODAY, Desk
from tests.web.test_kept import fields

REASON = "A new record came to light."


@pytest.fixture
def app(database: Database, clock: Clock) -> flask.Flask:
    """The product as it runs, with form tokens."""
    return web.create_app(database, clock)


def test_a_file_of_a_case_review_asks_after_ten_minutes_and_leads_back_to_its_page(
    app: flask.Flask, client_for: ClientFor, desk: Desk
) -> None:
    client = client_for(desk.cast.reviewer)
    page = f"/reviews/{desk.public_id}/print"
    moving.on(app, minutes=9, seconds=59)
    assert client.get(f"{page}.pdf").status_code == 200
    moving.on(app, seconds=1)
    asked = client.get(f"{page}.pdf", headers={"Referer": f"http://localhost{page}"})
    assert asked.headers["Location"] == f"/sign-in/again?next={page}"
    form = client.get(asked.headers["Location"]).text
    wrong = {**fields(form, "sign_in"), "password": "not their password"}
    refused = client.post("/sign-in/again", data=wrong)
    assert (refused.status_code, "not your password" in refused.text) == (422, True)
    assert client.get(f"{page}.pdf").status_code == 302
    right = {**fields(refused.text, "sign_in"), "password": build.PASSWORD}
    assert client.post("/sign-in/again", data=right).headers["Location"] == page
    assert client.get(f"{page}.pdf").status_code == 200


def test_reopening_asks_again_and_keeps_the_reason(
    app: flask.Flask, client_for: ClientFor, desk: Desk
) -> None:
    desk.complete()
    desk.submit()
    desk.begin_qa()
    desk.approve()
    client = client_for(desk.cast.cqi_director)
    moving.on(app, minutes=11)
    url = f"/reviews/{desk.public_id}/decision"
    sent = {**fields(client.get(url).text, "decision"), "step": "reopen", "reason": REASON}
    asked = client.post(url, data=sent)
    assert (asked.status_code, REASON in asked.text) == (401, True)
    assert desk.sheet().standing.state is ReviewState.FINAL
    proof = {**fields(asked.text, "sign_in"), "password": build.PASSWORD}
    again = client.post("/sign-in/again", data=proof)
    assert "Send it again" in again.text
    assert desk.sheet().standing.state is ReviewState.FINAL, "the proof sends nothing by itself"
    done = client.post(url, data=fields(again.text))
    assert done.status_code == 303, html.unescape(done.text)
    assert desk.sheet().standing.state is ReviewState.REOPENED


def test_a_setting_asks_again_and_is_set_after_the_proof_alone(
    app: flask.Flask, client_for: ClientFor, database: Database, cast: Cast
) -> None:
    """Some of them weaken the sign-in itself; which ones is nothing to know by heart."""
    client, url = client_for(cast.administrator), f"/settings/{registry.SECOND_FACTOR.key}"
    form = {**fields(client.get(url).text), "value": "no", "reason": REASON}
    form["from_on"] = TODAY.isoformat()
    moving.on(app, minutes=11)
    asked = client.post(url, data=form)
    assert asked.status_code == 401
    proof = {**fields(asked.text, "sign_in"), "password": build.PASSWORD}
    again = client.post("/sign-in/again", data=proof)
    with database.reading() as session:
        assert settings.value(session, registry.SECOND_FACTOR, TODAY) is True
    done = client.post(url, data=fields(again.text))
    assert done.status_code == 303, html.unescape(done.text)
    with database.reading() as session:
        assert settings.value(session, registry.SECOND_FACTOR, TODAY) is False


def test_the_other_decisions_do_not_ask(
    app: flask.Flask, client_for: ClientFor, desk: Desk
) -> None:
    desk.complete()
    desk.submit()
    client = client_for(desk.cast.qa_lead)
    moving.on(app, minutes=11)
    url = f"/reviews/{desk.public_id}/decision"
    sent = {**fields(client.get(url).text, "decision"), "step": "begin_qa"}
    assert client.post(url, data=sent).status_code == 303


def test_a_script_is_told_in_words(app: flask.Flask, client_for: ClientFor, desk: Desk) -> None:
    client = client_for(desk.cast.cqi_director)
    token = fields(client.get("/").text).get("csrf_token", "")
    page = client.get("/rounds").text
    token = token or page.partition('name="csrf_token" value="')[2].partition('"')[0]
    moving.on(app, minutes=11)
    answer = client.post(
        f"/reviews/{desk.public_id}/decision",
        data={"step": "reopen", "reason": "x"},
        headers={"Accept": "application/json", "X-CSRFToken": token},
    )
    assert answer.status_code == 401
    assert "password again" in answer.json["message"]


def test_which_views_ask_is_written_down_here(app: flask.Flask, cast: Cast) -> None:
    """Whoever takes `fresh=True` away, or forgets it at a new file of case content, hears it."""
    asking = {name for name, view in app.view_functions.items() if guard.asks_again(view)}
    assert asking >= {
        "disclosures.record_disclosure",
        "feedback.memo_file",
        "grants.confirm_proposal",
        "grants.decline_proposal",
        "grants.end_basis",
        "grants.end_grant",
        "grants.file_basis",
        "grants.give_grant",
        "grants.withdraw_proposal",
        "own_sign_in.make_recovery_codes",
        "own_sign_in.remove_app",
        "own_sign_in.set_up_app",
        "people.add_person",
        "people.change_person",
        "people.disable_person",
        "people.enable_person",
        "people.end_all_sign_ins",
        "people.make_set_up_link",
        "reviews.print_file",
        "settings.change_setting",
        "sign_ins_of.take_second_factor_away",
    }
