"""A plan is submitted, returned, approved, begun and ended, on its own page."""

from __future__ import annotations

import uuid

import pytest

from cqi.core.database import Database
from cqi.plans.models import Plan
from cqi.plans.queries import records
from cqi.plans.rules import PlanState
from cqi.plans.views import plans
from cqi.plans.workflow import PlanMove
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
from tests.plans.invented import Made


@pytest.fixture
def ready(database: Database, cast: Cast) -> uuid.UUID:
    """A draft with a step."""
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        return plan.public_id


def state(database: Database, cast: Cast, public_id: uuid.UUID) -> PlanState:
    with database.reading() as session:
        found: Plan = records.plan(session, build.actor(session, cast.cqi_director), public_id)
        return found.state


def test_a_plan_goes_from_draft_to_active_and_comes_back_once(
    client_for: ClientFor, database: Database, cast: Cast, ready: uuid.UUID
) -> None:
    address = f"/plans/{ready}"
    lead, director = client_for(cast.regional_director), client_for(cast.cqi_director)
    assert "Ready to be submitted" in lead.get(address).text
    lead.post(f"{address}/move", data={"move": "submit"})
    assert "With the CQI director" in lead.get(address).text
    refused = director.post(f"{address}/move", data={"move": "return", "words": " "})
    assert refused.status_code == 422
    assert "Say why" in refused.text
    director.post(f"{address}/move", data={"move": "return", "words": "Name the counties."})
    assert state(database, cast, ready) is PlanState.RETURNED
    lead.post(f"{address}/move", data={"move": "submit"})
    director.post(f"{address}/move", data={"move": "approve"})
    assert ">Approved 10 Mar 2027<" in lead.get(address).text
    lead.post(f"{address}/move", data={"move": "begin"})
    assert state(database, cast, ready) is PlanState.ACTIVE


def test_a_plan_with_open_steps_is_not_completed(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    answer = client_for(cast.cqi_director).post(
        f"/plans/{made.plan}/move", data={"move": "complete"}
    )
    assert answer.status_code == 422
    assert "3 steps are neither verified nor dropped." in answer.text


def test_a_move_that_is_none_and_the_one_of_a_newer_plan_are_refused(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    client = client_for(cast.cqi_director)
    for move in ("", "supersede", "anything"):
        answer = client.post(f"/plans/{made.plan}/move", data={"move": move})
        assert (answer.status_code, "this is no move of a plan" in answer.text) == (422, True)


def test_who_leads_does_not_approve(client_for: ClientFor, cast: Cast, ready: uuid.UUID) -> None:
    client = client_for(cast.regional_director)
    assert client.post(f"/plans/{ready}/move", data={"move": "approve"}).status_code == 403
    assert client_for(cast.outsider).post(f"/plans/{ready}/move").status_code == 403


def test_every_move_is_one_that_the_page_has_words_for() -> None:

    assert set(plans._SAYS) == set(PlanMove) - {PlanMove.SUPERSEDE}
