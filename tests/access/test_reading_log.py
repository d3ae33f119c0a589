"""Reading case content is written down once, whichever way the page came about."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from cqi.access import reading_log
from cqi.core import events
from cqi.core.database import Database
from cqi.reviews.models import CaseReview
from tests import build
from tests.feedback import invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk


@pytest.fixture
def final(desk: Desk) -> Desk:
    """A final case review, with its memo."""
    desk.complete()
    desk.submit()
    desk.begin_qa()
    desk.approve()
    with desk.database.writing() as session:
        invented.release(session, desk.cast, session.scalars(sa.select(CaseReview)).one())
    return desk


def readings(database: Database) -> int:
    query = sa.select(sa.func.count()).where(events.Event.kind == reading_log.KIND)
    with database.reading() as session:
        return session.scalar(query) or 0


def test_a_refused_form_shows_the_memo_and_is_a_reading_too(
    final: Desk, cast: Cast, client_for: ClientFor, database: Database
) -> None:
    client = client_for(cast.supervisor)
    address = f"/feedback/{final.public_id}/acknowledge"
    answer = client.post(address, data={"words": "x" * 5000})
    assert answer.status_code == 422
    assert "What worked" in answer.text
    assert readings(database) == 1
    client.post(address, data={"words": "x" * 5000})
    client.get(f"/feedback/{final.public_id}")
    assert readings(database) == 1


def test_two_tabs_at_the_same_moment_are_one_reading(desk: Desk, database: Database) -> None:
    """Two processes, say: neither remembers what the other wrote down."""
    stream = events.Stream("review", desk.public_id)
    key = reading_log._Key(desk.cast.reviewer.id, stream, reading_log.KIND, "scoring")
    start, both = build.NOW - dt.timedelta(minutes=1), threading.Barrier(4)

    def read() -> None:
        with database.writing() as session:
            if database.engine.dialect.name == "postgresql":
                session.connection()
                both.wait(timeout=10)  # on the embedded database writers come one by one anyway
            reading_log._write_down(session, key, start, build.NOW)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert readings(database) == 1
    with database.reading() as session:
        assert not events.verify(session).problem


def test_a_refusal_writes_down_ids_and_no_words(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    client_for(cast.reviewer).get("/settings/Ada.Juniper")
    with database.reading() as session:
        event = session.scalars(sa.select(events.Event)).one()
    assert event.kind == "access.refused"
    assert "Juniper" not in str(event.payload)


def test_the_same_thing_done_at_the_same_moment_is_a_conflict(
    final: Desk, cast: Cast, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cqi.feedback.queries.acknowledged", lambda *_: False)
    address = f"/feedback/{final.public_id}/acknowledge"
    client = client_for(cast.supervisor)
    assert client.post(address).status_code == 302
    answer = client.post(address)
    assert answer.status_code == 409
