""" "I have read this memo"."""

from __future__ import annotations

from cqi.core.database import Database
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
    refused = client.post(address)
    assert refused.status_code == 422
    assert "You have acknowledged this memo already." in refused.text


def test_who_reads_from_above_is_refused(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    address = f"/feedback/{invented.final_review(database, cast)}/acknowledge"
    assert client_for(cast.regional_director).post(address).status_code == 403


def test_the_outsider_is_refused(client_for: ClientFor, database: Database, cast: Cast) -> None:
    address = f"/feedback/{invented.final_review(database, cast)}/acknowledge"
    assert client_for(cast.outsider).post(address).status_code == 403
