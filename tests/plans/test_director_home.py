"""The first page of whoever leads or monitors plans."""

from __future__ import annotations

from cqi.core.database import Database
from cqi.plans.queries import standings
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import asking, invented
from tests.plans.invented import LATE, Made


def test_what_is_late_comes_first_with_whom_and_by_how_much(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    page = client_for(cast.regional_director).get("/plans/home").text
    assert page.index("Late, and with whom") < page.index("Your plans")
    assert "15 working days" in page
    assert "Regional_Director Person" in page
    assert "due Tue 16 Mar" not in page  # the date is said once, its distance beside it
    assert "Tue 16 Mar" in page
    assert "4 working days" in page


def test_empty_states_say_what_comes_next(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.regional_director).get("/plans/home").text
    assert "No step is late." in page
    assert "There is no plan yet." in page
    assert "No step falls due in the next 30 days." in page
    assert "Draft a plan" in page


def test_a_change_that_somebody_asked_for_waits_for_who_decides(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor)
    asked = asking.ask(database, made.steps[0], cast.supervisor, asking.more_time())
    page = client_for(cast.regional_director).get("/plans/home").text
    assert f"/plans/amendments/{asked}" in page
    assert "<b>Decide on</b>" in page
    assert "<b>Decide on</b>" not in client_for(cast.cqi_liaison).get("/plans/home").text


def test_more_late_steps_than_the_page_holds_are_counted(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    many = (LATE,) * (standings.SHOWN + 2)
    invented.active(database, cast, cast.supervisor, many)
    page = client_for(cast.cqi_director).get("/plans/home").text
    assert f"These are the {standings.SHOWN} latest of {len(many)}." in page
    assert page.count("working days</span>") < len(many) + 3


def test_goals_against_change_stand_in_one_line_a_plan(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    page = client_for(cast.regional_director).get("/plans/home").text
    assert "1 goal; the round that shows the change has not taken place yet." in page


def test_only_those_who_lead_are_offered_a_draft(client_for: ClientFor, cast: Cast) -> None:
    assert "Draft a plan" not in client_for(cast.cqi_liaison).get("/plans/home").text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.outsider).get("/plans/home").status_code == 403
