"""A plan ends when all of its steps are verified."""

from __future__ import annotations

from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans.invented import Made


def test_a_plan_with_open_steps_is_not_closed(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    client = client_for(cast.cqi_director)
    answer = client.post(f"/plans/{made.plan}/close")
    assert answer.status_code == 422
    assert "3 steps are not verified yet." in answer.text
    assert "Close this plan" not in client.get(f"/plans/{made.plan}").text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, made: Made) -> None:
    assert client_for(cast.outsider).post(f"/plans/{made.plan}/close").status_code == 403
