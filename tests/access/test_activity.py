"""How long a sign-in lives: by its person's keys and clicks, and twelve hours at most."""

from __future__ import annotations

import flask
import pytest
from flask.testing import FlaskClient

from cqi.core.database import Database
from cqi.settings import actions as settings
from tests import build
from tests.access import signing
from tests.fixtures import moving
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk

SCRIPT = {"X-Requested-With": "fetch", "Accept": "application/json"}


def left(client: FlaskClient, method: str = "GET") -> int | None:
    answer = client.open("/sign-in/activity", method=method, headers=SCRIPT)
    return answer.json["left"] if answer.status_code == 200 else None


def test_a_sign_in_ends_after_fifteen_minutes_without_a_key_or_a_click(
    app: flask.Flask, client_for: ClientFor, cast: Cast
) -> None:
    client = client_for(cast.reviewer)
    moving.on(app, minutes=14, seconds=59)
    assert left(client) == 1
    moving.on(app, seconds=1)
    assert left(client) is None
    assert client.get("/").headers["Location"].startswith("/sign-in")


def test_a_page_that_is_opened_and_a_key_that_is_told_of_extend_it(
    app: flask.Flask, client_for: ClientFor, cast: Cast
) -> None:
    client = client_for(cast.reviewer)
    for act in (
        lambda: client.get("/"),
        lambda: client.post("/your-sign-in/password", data={}),
        lambda: left(client, "POST"),
    ):
        moving.on(app, minutes=10)
        act()
        assert left(client) == 15 * 60


def test_what_scripts_ask_by_themselves_does_not_extend_it(
    app: flask.Flask, client_for: ClientFor, cast: Cast, desk: Desk
) -> None:
    client = client_for(cast.reviewer)
    review = f"/reviews/{desk.public_id}"
    moving.on(app, minutes=10)
    assert client.post(f"{review}/here", data={"place": "SRM"}, headers=SCRIPT).status_code == 200
    saving = {"changed": "SRM05-a", "SRM05-a": "yes", "SRM05-a-revision": "0"}
    saved = client.post(f"{review}/items/SRM05", data=saving, headers=SCRIPT)
    assert saved.status_code == 200
    client.get("/sign-in", headers={"Sec-Fetch-Dest": "empty"})
    client.get("/", headers={"Sec-Fetch-Dest": "empty"})
    assert left(client) == 5 * 60


def test_twelve_hours_are_the_end_whatever_is_pressed(
    app: flask.Flask, client_for: ClientFor, cast: Cast
) -> None:
    client = client_for(cast.reviewer)
    for _ in range(71):
        moving.on(app, minutes=10)
        assert left(client, "POST")
    answer = client.get("/sign-in/activity", headers=SCRIPT).json
    assert answer == {"left": 600, "final": True}
    moving.on(app, minutes=10)
    assert left(client) is None


def test_what_has_ended_stays_ended(app: flask.Flask, client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.reviewer)
    moving.on(app, minutes=15)
    assert left(client, "POST") is None
    assert client.get("/").status_code == 302
    moving.on(app, minutes=-1)
    assert client.get("/").status_code == 200, "only time had ended it"


@pytest.mark.parametrize(
    ("key", "value", "seconds"),
    [("access.idle_minutes", "5", 300), ("access.longest_hours", "1", 3600)],
)
def test_both_limits_are_settings(
    app: flask.Flask, cast: Cast, database: Database, key: str, value: str, seconds: int
) -> None:
    with database.writing() as session:
        for one, other in ((key, value), ("access.second_factor", "no")):
            change = settings.Change(one, other, build.NOW.date(), "A test")
            settings.set_value(session, change, actor_id=None, now=build.NOW)
        if key == "access.longest_hours":
            change = settings.Change("access.idle_minutes", "60", build.NOW.date(), "A test")
            settings.set_value(session, change, actor_id=None, now=build.NOW)
    client = app.test_client()
    assert signing.password(client, cast.reviewer).status_code == 303
    assert left(client) == seconds
    moving.on(app, seconds=seconds)
    assert left(client) is None
