"""Who else has a case review open, and where."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from cqi.access.models import SignInSession
from cqi.core import events
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.reviews.models import Presence
from cqi.web import app as web
from tests.fixtures import counting
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import COLLEAGUE, Desk

FETCH = {"X-Requested-With": "fetch", "Accept": "application/json"}


def look(client: FlaskClient, desk: Desk, place: str = "") -> str:
    answer = client.post(f"/reviews/{desk.public_id}/here", data={"place": place}, headers=FETCH)
    assert answer.status_code == 200
    assert answer.json is not None
    return str(answer.json["html"])


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("SRM05", " at SRM05"),
        ("SRM", " at Safety"),
        ("facts", " at the face sheet"),
        ("", ""),
        ("<b>", ""),
    ],
)
def test_each_sees_where_the_other_is_and_nobody_sees_themselves(
    desk: Desk, client_for: ClientFor, place: str, words: str
) -> None:
    reviewer, other = client_for(desk.cast.reviewer), client_for(desk.colleague())
    assert look(reviewer, desk, "SRM03") == ""
    assert f"{desk.cast.reviewer.name} at SRM03" in look(other, desk, place)
    assert f"{COLLEAGUE}{words}" in look(reviewer, desk)
    assert "<b>" not in look(reviewer, desk)


def test_a_qa_lead_and_a_reviewer_see_each_other(desk: Desk, client_for: ClientFor) -> None:
    lead, reviewer = client_for(desk.cast.qa_lead), client_for(desk.cast.reviewer)
    look(lead, desk, "INV01")
    assert f"{desk.cast.qa_lead.name} at INV01" in look(reviewer, desk)


def test_who_gave_no_sign_for_a_minute_is_gone(
    desk: Desk, client_for: ClientFor, database: Database, clock: Clock
) -> None:
    client = client_for(desk.cast.reviewer)
    look(client_for(desk.colleague()), desk)
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    for seconds, seen in ((59, True), (60, False)):
        later = replace(clock, frozen_at=clock.now() + dt.timedelta(seconds=seconds))
        after = web.create_app(database, later, web.Options(testing=True)).test_client()
        with after.session_transaction() as cookie:
            cookie.update(kept)
        assert (COLLEAGUE in look(after, desk)) is seen


def test_it_is_one_row_a_person_no_event_and_no_work(
    desk: Desk, client_for: ClientFor, database: Database
) -> None:
    client = client_for(desk.cast.reviewer)
    with database.reading() as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(events.Event))
        seen = session.scalars(sa.select(SignInSession.seen_at)).all()
    for place in ("SRM05", "SRM03"):
        look(client, desk, place)
    with database.reading() as session:
        assert session.scalars(sa.select(Presence.place)).all() == ["SRM03"]
        assert session.scalar(sa.select(sa.func.count()).select_from(events.Event)) == before
        assert session.scalars(sa.select(SignInSession.seen_at)).all() == seen


def test_it_asks_little_of_the_database(
    desk: Desk, client_for: ClientFor, database: Database
) -> None:
    client = client_for(desk.cast.reviewer)
    look(client, desk)
    with counting.queries(database) as asked:
        look(client, desk)
    assert len(asked) == 4, "who asks, which case review, one row written, who else"


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_neither_see_nor_are_seen(
    desk: Desk, client_for: ClientFor, database: Database, who: str, status: int
) -> None:
    client = client_for(getattr(desk.cast, who))
    answer = client.post(f"/reviews/{desk.public_id}/here", data={"place": "SRM05"}, headers=FETCH)
    assert answer.status_code == status
    with database.reading() as session:
        assert session.scalars(sa.select(Presence.id)).all() == []
