"""Headers, compression, health, error pages and navigation."""

from __future__ import annotations

import gzip
import re

import flask
import pytest
import sqlalchemy as sa

from cqi.access import guard
from cqi.core.database import Database
from cqi.web import headers
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor


def test_every_response_carries_the_strict_policy(client_for: ClientFor, cast: Cast) -> None:
    for path in ("/settings", "/nowhere", "/healthz", "/sign-in", "/static/0/nothing.css"):
        response = client_for(cast.reviewer).get(path)
        said = response.headers
        assert said["Content-Security-Policy"] == headers.POLICY
        assert "unsafe" not in said["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in said["Content-Security-Policy"]
        assert said["Referrer-Policy"] == "same-origin"
        assert said["X-Content-Type-Options"] == "nosniff"
        assert said["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "static" in path or said["Cache-Control"] == "no-store"


def test_pages_hold_nothing_that_the_policy_forbids(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.reviewer).get("/instruments").text
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page


def test_static_files_are_kept_by_browsers(app: flask.Flask) -> None:
    with app.test_request_context():
        address = flask.url_for("static", digest="0", name="site.css")
        current = app.jinja_env.globals["asset_url"]("site.css")
    assert "immutable" in app.test_client().get(current).headers["Cache-Control"]
    assert "immutable" not in app.test_client().get(address).headers["Cache-Control"]


_TOKEN = re.compile(rb'name="csrf_token" value="[^"]*"')


def test_a_page_is_compressed_for_those_who_can_read_it(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.reviewer)
    plain = client.get("/instruments")
    packed = client.get("/instruments", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    unpacked = gzip.decompress(packed.data)
    assert _TOKEN.sub(b"", unpacked) == _TOKEN.sub(b"", plain.data)  # it holds the second
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_the_process_says_that_it_lives_and_is_ready(app: flask.Flask) -> None:
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get("/readyz").text == "ready\n"


def test_a_database_of_another_version_is_not_ready(app: flask.Flask, database: Database) -> None:
    with database.writing() as session:
        session.execute(sa.text("update alembic_version set version_num = '0000'"))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, "cqi db upgrade" in answer.text) == (503, True)


def test_an_address_that_is_nothing_says_so_on_a_page(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.reviewer).get("/nowhere")
    assert (page.status_code, "nothing here for you" in page.text) == (404, True)


def test_a_fault_gives_a_number_and_no_detail(
    app: flask.Flask, caplog: pytest.LogCaptureFixture
) -> None:
    @guard.public
    def broken() -> str:
        raise RuntimeError("secret detail")

    app.add_url_rule("/broken", "broken", broken)
    app.testing = False
    page = app.test_client().get("/broken")
    assert page.status_code == 500
    assert "secret detail" not in page.text
    number = caplog.records[-1].getMessage().split()[1]
    assert number in page.text


def test_a_request_that_is_too_large_is_refused(app: flask.Flask) -> None:
    answer = app.test_client().post("/sign-in", data={"email": "x" * 9_000_000})
    assert answer.status_code == 413


def test_the_frame_says_who_is_here_and_as_what(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.administrator).get("/settings").text
    assert cast.administrator.name in page
    assert "Administrator" in page
    assert "Sign out" in page


def places_on_top(page: str) -> list[tuple[str, str]]:
    """(title, value of aria-current) of the places in the bar."""
    bar = page.partition('aria-label="Main"')[2].partition("</nav>")[0]
    found = re.findall(r"<a href=\"[^\"]*\" (?:aria-current=\"(\w+)\")?>([^<]*)</a>", bar)
    return [(title, current) for current, title in found]


def test_a_place_whose_first_page_it_is_stands_once(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.supervisor).get("/", follow_redirects=True).text
    assert places_on_top(page) == [
        ("Feedback", "page"),
        ("Safety alerts", ""),
        ("My steps", ""),
        ("Instruments", ""),
    ]


def places_at_the_foot(page: str) -> list[str]:
    foot = page.partition('aria-label="More places"')[2].partition("</nav>")[0]
    return re.findall(r">([^<:]*)</a>", foot)


def test_what_has_no_room_on_top_stands_at_the_foot(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.regional_director).get("/plans/new").text
    assert places_at_the_foot(page) == ["Instruments", "Places", "Reports"]
    there = client_for(cast.regional_director).get("/instruments").text
    assert "Instruments" not in [title for title, _ in places_on_top(there)]
    assert 'href="/instruments" aria-current="page"' in there
    assert places_at_the_foot(client_for(cast.reviewer).get("/").text) == []


def test_the_bar_marks_the_place_above_a_page(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.regional_director).get("/plans/new").text
    assert ("Plans", "true") in places_on_top(page)
    home = client_for(cast.regional_director).get("/", follow_redirects=True).text
    assert [title for title, current in places_on_top(home) if current] == ["Home"]
