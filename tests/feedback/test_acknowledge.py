""" "I have read this memo"."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from cqi.core.database import Database
from cqi.reviews import actions as reviews
from cqi.reviews.models import CaseReview
from tests import build
from tests.feedback import invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor


def test_words_are_shown_to_those_whom_the_feedback_is_for(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    address = f"/feedback/{review}"
    client = client_for(cast.caseworker)
    answer = client.post(f"{address}/acknowledge", data={"words": "The point is <fair>."})
    assert answer.location == address
    page = client.get(address).text
    assert "I have read this memo" not in page
    assert "The point is &lt;fair&gt;." in page
    assert "The point is" in client_for(cast.supervisor).get(address).text
    assert "The point is" not in client_for(cast.regional_director).get(address).text


def test_the_second_time_is_refused(client_for: ClientFor, database: Database, cast: Cast) -> None:
    address = f"/feedback/{invented.final_review(database, cast)}/acknowledge"
    client = client_for(cast.supervisor)
    assert client.post(address).status_code == 302
    refused = client.post(address, data={"words": "Words of a second window."})
    assert refused.status_code == 422
    assert "You have acknowledged this memo already." in refused.text
    assert "Words of a second window." in refused.text  # to be copied: nothing of it is kept
    assert "What worked" in refused.text


def test_who_reads_from_above_is_refused(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    address = f"/feedback/{invented.final_review(database, cast)}/acknowledge"
    assert client_for(cast.regional_director).post(address).status_code == 403


def test_the_outsider_is_refused(client_for: ClientFor, database: Database, cast: Cast) -> None:
    address = f"/feedback/{invented.final_review(database, cast)}/acknowledge"
    assert client_for(cast.outsider).post(address).status_code == 403


def test_a_memo_that_was_overtaken_since_it_was_opened_is_not_acknowledged_for_the_newer_one(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    later = build.NOW + dt.timedelta(hours=1)
    with database.writing() as session:
        one = session.scalars(sa.select(CaseReview)).one()
        director = build.actor(session, cast.cqi_director)
        reviews.reopen(session, review=one, reason="Again.", actor=director, now=build.NOW)
        invented.final_again(session, cast, one, later, {"SRM05": "a"})
        invented.release(session, cast, one, now=later)
    client, address = client_for(cast.caseworker), f"/feedback/{review}/acknowledge"
    refused = client.post(address, data={"number": "1", "words": "Fair."})
    assert refused.status_code == 422
    assert "opened again" in refused.text
    assert client.post(address, data={"number": "2"}).status_code == 302
