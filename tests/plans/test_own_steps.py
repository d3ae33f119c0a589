"""The steps that one owns."""

from __future__ import annotations

from cqi.core.database import Database
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented


def test_anybody_who_owns_a_step_finds_it(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor, (invented.LATE,))
    page = client_for(cast.supervisor).get("/plans/steps").text
    assert f"/plans/steps/{made.steps[0]}" in page
    assert "15 working days late" in page


def test_what_is_left_to_do_stands_before_what_is_done(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    due = (invented.LATE, invented.SOON, invented.FAR)
    made = invented.active(database, cast, cast.supervisor, due)
    invented.claim(database, made.steps[0], cast.supervisor)
    page = client_for(cast.supervisor).get("/plans/steps").text
    places = [page.index(f"/plans/steps/{made.steps[number]}") for number in (1, 2, 0)]
    assert places == sorted(places)
    assert "Claimed, to verify" in page


def test_without_steps_the_page_says_when_one_appears(client_for: ClientFor, cast: Cast) -> None:
    assert "You own no step" in client_for(cast.reviewer).get("/plans/steps").text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.outsider).get("/plans/steps").status_code == 403
