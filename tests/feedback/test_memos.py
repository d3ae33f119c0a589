"""The list of memos: what waits first, then by unit."""

from __future__ import annotations

from dataclasses import replace

from cqi.core.database import Database
from cqi.feedback import queries
from tests import build
from tests.feedback import invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor


def test_a_supervisor_sees_what_needs_them_today_with_its_due_date(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    page = client_for(cast.supervisor).get("/feedback").text
    assert "Needs you today" in page
    assert f"/feedback/{review}" in page
    assert "due Wed 24 Mar, in 10 working days" in page


def test_a_director_sees_memos_by_unit_and_who_read_them(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    for who in (cast.caseworker, cast.supervisor):
        client_for(who).post(f"/feedback/{review}/acknowledge", data={"words": "Fair"})
    page = client_for(cast.regional_director).get("/feedback").text
    assert "Juniper County, Juniper Unit A" in page
    assert "Caseworker Person, Wed 10 Mar 10:00" in page
    assert "Needs you today" not in page
    assert "Fair" not in page


def test_a_director_sees_first_what_waits_and_for_whom(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    page = client_for(cast.regional_director).get("/feedback").text
    unread = page.partition("Not acknowledged yet")[2].partition("<details")[0]
    assert f"/feedback/{review}" in unread
    assert "due Wed 24 Mar, in 10 working days" in unread
    assert "10 working days to read, agency to confirm" in unread
    assert "Waits for the caseworker and the supervisor." in unread
    client_for(cast.supervisor).post(f"/feedback/{review}/acknowledge")
    page = client_for(cast.supervisor).get("/feedback").text
    assert "Waits for the caseworker." in page
    client_for(cast.caseworker).post(f"/feedback/{review}/acknowledge")
    page = client_for(cast.regional_director).get("/feedback").text
    assert "Every memo is acknowledged" in page
    assert "1 memo read" in page
    assert "Not acknowledged yet" not in client_for(cast.caseworker).get("/feedback").text


def test_a_unit_that_is_named_after_its_county_stands_alone(database: Database, cast: Cast) -> None:
    invented.final_review(database, cast)
    with database.reading() as session:
        actor = build.actor(session, cast.regional_director)
        [row] = queries.memos(session, actor, invented.CLOCKS)
    assert row.place == "Juniper County, Juniper Unit A"
    assert replace(row, county="Juniper").place == "Juniper Unit A"


def test_empty_lists_say_what_comes_next(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.caseworker).get("/feedback").text
    assert "When feedback on one of your cases is released" in page
    assert "There is no memo yet." in client_for(cast.regional_director).get("/feedback").text


def test_a_reviewer_is_refused(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.reviewer).get("/feedback").status_code == 403


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.outsider).get("/feedback").status_code == 403
