"""Default deny, and what is written down when somebody is refused."""

from __future__ import annotations

import logging
import uuid
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from cqi.access import current, guard, reading_log
from cqi.access.permissions import Permission
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.settings.models import SettingValue
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor


@pytest.fixture
def app(app: flask.Flask) -> flask.Flask:
    """The product with a few views more."""
    views: dict[str, Any] = {
        "unmarked": lambda: "open",
        "rounds": guard.requires(Permission.ROUND_SEE)(lambda: "rounds"),
        "nothing": guard.requires(Permission.HOME_SEE)(raises(errors.NotFound("no review 7"))),
        "blocked": guard.requires(Permission.HOME_SEE)(
            raises(errors.Blocked([errors.Blocker("late", "It is too late", "due")]))
        ),
        "change": guard.requires(Permission.HOME_SEE)(change),
    }
    for name, view in views.items():
        app.add_url_rule(f"/test/{name}", f"test.{name}", view, methods=["GET", "POST"])
    return app


def raises(error: Exception) -> Any:
    def view() -> str:
        raise error

    return view


def change() -> tuple[str, int]:
    current.session().add(
        SettingValue(key="k", value=1, from_on=current.today(), reason="r", set_at=current.now())
    )
    return "changed", int(flask.request.args.get("status", "200"))


def kinds(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(sa.select(events.Event.kind).order_by(events.Event.id)))


def test_a_view_without_a_mark_is_open_to_nobody(
    app: flask.Flask, client_for: ClientFor, cast: Cast
) -> None:
    assert client_for(cast.cqi_director).get("/test/unmarked").status_code == 403
    assert client_for(None).get("/test/unmarked").status_code == 302


def test_a_permission_opens_a_view(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.reviewer).get("/test/rounds").text == "rounds"
    assert client_for(cast.caseworker).get("/test/rounds").status_code == 403
    assert client_for(cast.outsider).get("/test/rounds").status_code == 403


def test_a_refusal_of_a_signed_in_person_is_an_event(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    client_for(cast.outsider).get("/test/rounds")
    client_for(cast.reviewer).post("/test/nothing")
    with database.reading() as session:
        refused, missed = session.scalars(sa.select(events.Event).order_by(events.Event.id))
    assert (refused.kind, refused.stream_id) == ("access.refused", cast.outsider.public_id)
    assert refused.payload["endpoint"] == "test.rounds"
    assert (missed.kind, missed.actor_id) == ("access.not_found", cast.reviewer.id)


def test_strangers_leave_one_log_line_and_no_event(
    client_for: ClientFor, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="cqi.access.guard"):
        for _ in range(5):
            client_for(None).get("/test/rounds")
    assert len(caplog.records) == 1
    assert kinds(database) == []


def test_a_stranger_is_led_to_sign_in_and_back(client_for: ClientFor) -> None:
    page = client_for(None).get("/test/rounds?page=2")
    assert page.headers["Location"] == "/sign-in?next=/test/rounds?page%3D2"
    assert client_for(None).post("/test/change").status_code == 401
    script = client_for(None).get("/test/rounds", headers={"X-Requested-With": "fetch"})
    assert script.status_code == 401


def test_what_is_blocked_says_every_reason_to_people_and_to_scripts(
    client_for: ClientFor, cast: Cast
) -> None:
    client = client_for(cast.reviewer)
    page = client.post("/test/blocked")
    assert (page.status_code, "It is too late" in page.text) == (422, True)
    script = client.post("/test/blocked", headers={"Accept": "application/json"})
    assert script.json is not None
    assert script.json["blockers"] == [
        {"code": "late", "message": "It is too late", "place": "due"}
    ]


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (303, 1), (400, 0), (422, 0)])
def test_a_request_commits_once_and_only_without_an_error(
    client_for: ClientFor, cast: Cast, database: Database, status: int, kept: int
) -> None:
    assert client_for(cast.reviewer).post(f"/test/change?status={status}").status_code == status
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SettingValue)) == kept


def test_a_get_cannot_change_anything(app: flask.Flask, client_for: ClientFor, cast: Cast) -> None:
    @guard.requires(Permission.HOME_SEE)
    def cheat() -> str:
        change()
        current.session().flush()
        return "changed"

    app.add_url_rule("/test/cheat", "test.cheat", cheat)
    with pytest.raises(sa.exc.DBAPIError):
        client_for(cast.reviewer).get("/test/cheat")


def test_case_content_is_logged_once_an_hour_for_each_person_and_purpose(
    app: flask.Flask, client_for: ClientFor, cast: Cast, database: Database
) -> None:
    review = uuid.uuid4()

    @guard.requires(Permission.HOME_SEE)
    def read() -> str:
        current.session().connection()
        reading_log.record_read(review, purpose=flask.request.args["why"])
        return "content"

    app.add_url_rule("/test/read", "test.read", read, methods=["GET", "POST"])
    for person in (cast.reviewer, cast.qa_lead):
        for why in ("scoring", "scoring", "oversight"):
            assert client_for(person).get(f"/test/read?why={why}").text == "content"
            assert client_for(person).post(f"/test/read?why={why}").text == "content"
    with database.reading() as session:
        rows = session.scalars(sa.select(events.Event).order_by(events.Event.id)).all()
    assert [(row.stream_id, row.actor_id, row.purpose) for row in rows] == [
        (review, person.id, why)
        for person in (cast.reviewer, cast.qa_lead)
        for why in ("scoring", "oversight")
    ]
    assert rows[0].at == build.NOW
