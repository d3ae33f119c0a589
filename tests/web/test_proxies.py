"""How many proxies are believed, and that forms work when people come by TLS."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import flask
import pytest

from cqi.access import guard
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.web import app as web
from tests import build
from tests.fixtures import serving
from tests.fixtures.cast import Cast

CAME = {"X-Forwarded-For": "192.0.2.66, 192.0.2.7, 10.0.0.1", "X-Forwarded-Proto": "https, https"}


def behind(database: Database, clock: Clock, proxies: int) -> flask.Flask:
    """The product behind so many proxies, with a page that says who it thinks asks."""

    @guard.public
    def asked() -> list[str]:
        return [flask.request.remote_addr or "", flask.request.scheme, flask.request.host]

    app = web.create_app(database, clock, web.Options(testing=True, proxies=proxies))
    app.add_url_rule("/asked", "asked", asked)
    return app


@pytest.mark.parametrize(
    ("proxies", "address", "scheme"),
    [(0, "127.0.0.1", "http"), (1, "10.0.0.1", "https"), (2, "192.0.2.7", "https")],
)
def test_an_address_is_believed_as_far_as_ones_own_proxies_wrote_it(
    database: Database, clock: Clock, proxies: int, address: str, scheme: str
) -> None:
    client = behind(database, clock, proxies).test_client()
    invented = {**CAME, "X-Forwarded-Host": "elsewhere.example"}
    answer = client.get("/asked", headers=invented, base_url="http://cqi.example.org")
    assert answer.json == [address, scheme, "cqi.example.org"]


def test_a_form_that_comes_by_tls_is_taken_with_the_referrer_that_browsers_send(
    database: Database, clock: Clock, cast: Cast
) -> None:
    app = behind(database, clock, 1)
    app.config["WTF_CSRF_ENABLED"] = True
    client, base = app.test_client(), "http://cqi.example.org"
    page = client.get("/sign-in", headers=CAME, base_url=base)
    assert page.headers["Referrer-Policy"] == "same-origin"
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found is not None
    form = {"csrf_token": found[1], "email": cast.reviewer.email, "password": "not the right one"}
    statuses = [
        client.post("/sign-in", data=form, headers={**CAME, **more}, base_url=base).status_code
        for more in (
            {"Referer": "https://cqi.example.org/sign-in"},
            {"Referer": "https://elsewhere.example/"},
            {},
        )
    ]
    assert statuses == [422, 400, 400], "422: read, and the password is wrong"


def test_over_tls_the_cookies_are_of_this_very_host_alone(
    database: Database, clock: Clock, cast: Cast, password_alone: None
) -> None:
    app = behind(database, clock, 1)
    client, base = app.test_client(), "http://cqi.example.org"
    form = {"email": cast.reviewer.email, "password": build.PASSWORD}
    entered = client.post("/sign-in", data=form, headers=CAME, base_url=base)
    assert entered.status_code == 303
    cookies = sorted(entered.headers.getlist("Set-Cookie"))
    assert [each.partition("=")[0] for each in cookies] == ["__Host-cqi", "__Host-cqi_device"]
    for cookie in cookies:
        for mark in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            assert mark in cookie.split("; ")
        assert "Domain" not in cookie
    assert "max-age" in entered.headers["Strict-Transport-Security"]
    left = client.post("/sign-out", headers=CAME, base_url=base)
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert left.headers["Set-Cookie"].startswith("__Host-cqi=;")


@pytest.mark.parametrize(("said", "believed"), [("1", True), ("", False)])
def test_the_server_believes_as_many_as_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, believed: bool
) -> None:
    monkeypatch.setenv("CQI_TRUSTED_PROXIES", said)
    with serving.product(tmp_path) as address:
        asked = urllib.request.Request(f"{address}/healthz", headers=CAME)  # noqa: S310 - http, to this machine
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - http, to this machine
            assert ("Strict-Transport-Security" in answer.headers) is believed
