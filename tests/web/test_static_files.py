"""Static files: addresses that carry a digest, kept by browsers, sent compressed."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cqi.web import static_files


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("static", static_folder=None)
    static_files.install(app)
    return app.test_client()


def address(client: FlaskClient, name: str) -> str:
    with client.application.test_request_context():
        return static_files.asset_url(name)


def test_the_present_content_is_kept_for_a_year(client: FlaskClient) -> None:
    response = client.get(address(client, "site.css"))
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_old_address_still_answers_but_is_not_kept(client: FlaskClient) -> None:
    response = client.get("/static/000000000000/site.css")
    assert response.status_code == 200
    assert "max-age=0" in response.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["site.css", "site.js", "vendor/css/uswds.min.css"])
def test_a_text_is_compressed_for_those_who_can_read_it(client: FlaskClient, name: str) -> None:
    plain = client.get(address(client, name))
    packed = client.get(address(client, name), headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data


def test_a_font_is_sent_as_it_is(client: FlaskClient) -> None:
    name = "vendor/fonts/source-sans-pro/sourcesanspro-regular-webfont.woff2"
    response = client.get(address(client, name), headers={"Accept-Encoding": "gzip"})
    assert response.mimetype == "font/woff2"
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("name", ["none.css", "../app.py", "%2e%2e/assets.py", "vendor"])
def test_nothing_else_is_sent(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/0/{name}").status_code == 404
