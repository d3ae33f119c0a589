"""The list of memos: what waits first, then by unit."""

from __future__ import annotations

from cqi.core.database import Database
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
    assert "due Wed 24 Mar, 10 working days" in page


def test_a_director_sees_memos_by_unit_and_who_read_them(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    client_for(cast.caseworker).post(f"/feedback/{review}/acknowledge", data={"words": "Fair"})
    page = client_for(cast.regional_director).get("/feedback").text
    assert "Juniper County, Juniper Unit A" in page
    assert "Caseworker Person, Wed 10 Mar 10:00" in page
    assert "Needs you today" not in page
    assert "Fair" not in page


def test_empty_lists_say_what_comes_next(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.caseworker).get("/feedback").text
    assert "When a review of one of your cases is final" in page
    assert "There is no memo yet." in client_for(cast.regional_director).get("/feedback").text


def test_a_reviewer_is_refused(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.reviewer).get("/feedback").status_code == 403


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.outsider).get("/feedback").status_code == 403
