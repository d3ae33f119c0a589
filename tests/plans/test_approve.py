"""The CQI director makes a draft the plan in force."""

from __future__ import annotations

from cqi.core.database import Database
from cqi.plans.queries import records
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
from tests.plans.invented import Made


def test_the_director_approves_a_draft_with_steps(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        address = f"/plans/{plan.public_id}"
    client = client_for(cast.cqi_director)
    assert "Approve this plan" in client.get(address).text
    assert client.post(f"{address}/approve").location == address
    page = client.get(address).text
    assert "Active, approved 10 Mar 2027" in page
    assert "The plan is in force" in page


def test_a_draft_without_steps_is_not_approved(
    client_for: ClientFor, database: Database, cast: Cast, drafted: Made
) -> None:
    answer = client_for(cast.cqi_director).post(f"/plans/{drafted.plan}/approve")
    assert answer.status_code == 422
    with database.reading() as session:
        director = build.actor(session, cast.cqi_director)
        assert records.plan(session, director, drafted.plan).approved_on is None


def test_who_leads_does_not_approve(client_for: ClientFor, cast: Cast, drafted: Made) -> None:
    answer = client_for(cast.regional_director).post(f"/plans/{drafted.plan}/approve")
    assert answer.status_code == 403


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, drafted: Made) -> None:
    assert client_for(cast.outsider).post(f"/plans/{drafted.plan}/approve").status_code == 403
