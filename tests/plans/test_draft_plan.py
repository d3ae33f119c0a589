"""Beginning a plan."""

from __future__ import annotations

from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor


def test_a_regional_director_begins_a_plan_on_a_round_of_the_region(
    client_for: ClientFor, cast: Cast
) -> None:
    client = client_for(cast.regional_director)
    form = client.get("/plans/new").text
    assert cast.round.name in form
    assert cast.other_round.name not in form
    answer = client.post("/plans/new", data={"name": "Our plan", "round": str(cast.round.id)})
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert "This draft has no goal yet." in page


def test_a_name_and_a_round_are_asked_for(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.regional_director)
    answer = client.post("/plans/new", data={"name": "", "round": str(cast.other_round.id)})
    assert answer.status_code == 422
    assert "Give the plan a name." in answer.text
    assert "Error:" in answer.text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast) -> None:
    client = client_for(cast.outsider)
    assert client.get("/plans/new").status_code == 403
    assert client.post("/plans/new").status_code == 403
