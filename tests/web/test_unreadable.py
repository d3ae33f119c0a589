"""Requests that no honest browser sends get an answer, on either engine the same."""

from __future__ import annotations

import flask
import pytest
from werkzeug.test import TestResponse

from cqi.core.database import Database
from cqi.web import app as web
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor


@pytest.mark.parametrize(
    "address",
    ["/settings/%00", "/instruments/%00/1.0", "/sign-in?next=%00", "/static/x/%00", "/?%00=1"],
)
@pytest.mark.parametrize("who", ["reviewer", "administrator", None])
def test_an_address_with_nul_is_refused(
    client_for: ClientFor, cast: Cast, address: str, who: str | None
) -> None:
    person = getattr(cast, who) if who else None
    assert client_for(person).get(address).status_code == 400


@pytest.mark.parametrize(
    ("address", "field"), [("/sign-in", "email"), ("/settings/agency.name", "value")]
)
def test_a_form_with_nul_is_refused(
    client_for: ClientFor, cast: Cast, address: str, field: str
) -> None:
    form = {"email": "a@b.example", "password": "x", "reason": "x", "from_on": "2027-04-01"}
    answer: TestResponse = client_for(cast.administrator).post(address, data=form | {field: "a\0"})
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["x" * 300, "../app.py", "..%2f..%2fapp.py", "%2e%2e/app.py"])
def test_no_name_leads_out_of_the_static_folder(app: flask.Flask, name: str) -> None:
    assert app.test_client().get(f"/static/x/{name}").status_code == 404


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_taken_for_a_slip(
    client_for: ClientFor, cast: Cast, on: str
) -> None:
    answer = client_for(cast.cqi_director).get("/places", query_string={"on": on})
    assert answer.status_code == 200
    assert "Write a year from 1900 to 2199." in answer.text


def test_every_post_asks_for_the_token_of_its_sign_in(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    """As shipped, not as in the other tests, which do without."""
    app = web.create_app(database, client_for(None).application.extensions["cqi"].clock)
    client = app.test_client()
    form = {"email": cast.reviewer.email, "password": build.PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 400
    signed_in = client_for(cast.cqi_director)
    with signed_in.session_transaction() as cookie:
        kept = dict(cookie)
    with client.session_transaction() as cookie:
        cookie.update(kept)
    assert client.get("/").status_code == 200
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and not rule.arguments:
            assert client.post(rule.rule).status_code in {400, 403}, rule
