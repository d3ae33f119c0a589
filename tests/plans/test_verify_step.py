"""Somebody else has seen the evidence."""

from __future__ import annotations

from cqi.core.database import Database
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
from tests.plans.invented import Made


def test_the_liaison_verifies(client_for: ClientFor, cast: Cast, claimed: Made) -> None:
    address = f"/plans/steps/{claimed.steps[0]}"
    client = client_for(cast.cqi_liaison)
    answer = client.post(f"{address}/verify", data={"verify-words": ""})
    assert answer.location == address
    assert "This step is verified." in client.get(address).text


def test_nobody_verifies_their_own_step(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    own = invented.active(database, cast, cast.cqi_liaison, (invented.LATE,))
    invented.claim(database, own.steps[0], cast.cqi_liaison)
    answer = client_for(cast.cqi_liaison).post(f"/plans/steps/{own.steps[0]}/verify")
    assert answer.status_code == 422
    assert "Somebody other than the owner" in answer.text


def test_who_leads_does_not_verify(client_for: ClientFor, cast: Cast, claimed: Made) -> None:
    answer = client_for(cast.regional_director).post(f"/plans/steps/{claimed.steps[0]}/verify")
    assert answer.status_code == 403


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, claimed: Made) -> None:
    answer = client_for(cast.outsider).post(f"/plans/steps/{claimed.steps[0]}/verify")
    assert answer.status_code == 403
