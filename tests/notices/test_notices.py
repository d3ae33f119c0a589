"""One's own list of notices, and the count on top of every page."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from cqi.core.database import Database
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.notices import telling


def on_top(text: str) -> str:
    """What the bell says, without a word of a count where nothing is new."""
    found = re.search(r'>Notices(, new: )?</span>(?:<span class="count">(\d+)<)?', text)
    assert found, "the bar on top has no bell"
    assert bool(found[1]) is bool(found[2])
    return found[2] or ""


def test_the_bar_on_top_counts_what_is_new(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    telling.told(database, cast.supervisor, cast.regional_director)
    telling.told(database, cast.supervisor)
    client = client_for(cast.supervisor)
    assert on_top(client.get("/instruments").text) == "2"
    text = client.get("/notices").text
    assert text.count('type="submit">A safety alert was raised<') == 2
    assert "10 Mar 2027, 10:00" in text


def test_all_can_be_marked_as_seen_at_once(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    telling.told(database, cast.supervisor, cast.regional_director)
    client = client_for(cast.supervisor)
    assert client.post("/notices").status_code == 303
    text = client.get("/notices").text
    assert on_top(text) == ""
    assert "Nothing new." in text
    assert on_top(client_for(cast.regional_director).get("/notices").text) == "1"


def test_the_newest_stands_first(database: Database, cast: Cast, client_for: ClientFor) -> None:
    telling.told(database, cast.supervisor)
    telling.told(database, cast.supervisor, now=build.NOW - dt.timedelta(days=3))
    text = client_for(cast.supervisor).get("/notices").text
    assert text.index("10 Mar 2027") < text.index("7 Mar 2027")


def test_opening_a_notice_by_its_button_marks_it_and_by_its_link_does_not(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    telling.told(database, cast.supervisor)
    [row] = telling.rows(database)
    client = client_for(cast.supervisor)
    address = f"/notices/{row.public_id}"
    assert str(telling.SUBJECT) in client.get(address).location
    assert on_top(client.get("/notices").text) == "1"
    assert str(telling.SUBJECT) in client.post(address).location
    assert on_top(client.get("/notices").text) == ""


def test_a_page_that_says_no_counts_nothing(cast: Cast, client_for: ClientFor) -> None:
    answer = client_for(cast.supervisor).get("/nowhere")
    assert answer.status_code == 404
    assert 'href="/notices"' in answer.text
    assert "Notices, new" not in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_opens_anothers_notice(
    database: Database, cast: Cast, client_for: ClientFor, method: str
) -> None:
    telling.told(database, cast.supervisor)
    [row] = telling.rows(database)
    client = client_for(cast.regional_director)
    assert client.open(f"/notices/{row.public_id}", method=method).status_code == 404
    assert telling.rows(database)[0].seen_at is None


def test_the_outsider_gets_nothing(database: Database, cast: Cast, client_for: ClientFor) -> None:
    telling.told(database, cast.outsider)
    [row] = telling.rows(database)
    client = client_for(cast.outsider)
    assert client.get("/notices").status_code == 403
    assert client.post("/notices").status_code == 403
    assert client.get(f"/notices/{row.public_id}").status_code == 403
