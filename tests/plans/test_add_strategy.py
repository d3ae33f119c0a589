"""Adding a way to a goal."""

from __future__ import annotations

from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans.invented import Made


def test_a_strategy_stands_under_its_goal(client_for: ClientFor, cast: Cast, drafted: Made) -> None:
    client = client_for(cast.regional_director)
    address = f"/plans/goals/{drafted.steps[0]}/strategies/new"
    assert client.post(address, data={"title": ""}).status_code == 422
    done = client.post(address, data={"title": "Evening visits"})
    assert "Evening visits" in client.get(done.location).text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, drafted: Made) -> None:
    client = client_for(cast.outsider)
    address = f"/plans/goals/{drafted.steps[0]}/strategies/new"
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403
