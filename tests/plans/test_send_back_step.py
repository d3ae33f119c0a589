"""The evidence does not prove it yet."""

from __future__ import annotations

from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans.invented import Made


def test_the_owner_gets_it_back_with_the_reason(
    client_for: ClientFor, cast: Cast, claimed: Made
) -> None:
    address = f"/plans/steps/{claimed.steps[0]}"
    answer = client_for(cast.cqi_liaison).post(
        f"{address}/send-back", data={"send_back-words": "October is missing"}
    )
    assert answer.location == address
    page = client_for(cast.regional_director).get(address).text
    assert "October is missing" in page
    assert "It is done" in page


def test_a_reason_is_asked_for(client_for: ClientFor, cast: Cast, claimed: Made) -> None:
    answer = client_for(cast.cqi_liaison).post(
        f"/plans/steps/{claimed.steps[0]}/send-back", data={"send_back-words": " "}
    )
    assert answer.status_code == 422
    assert "Say what is missing" in answer.text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, claimed: Made) -> None:
    answer = client_for(cast.outsider).post(f"/plans/steps/{claimed.steps[0]}/send-back")
    assert answer.status_code == 403
