"""What a form adds to a draft is there once, though it is sent twice: by two clicks, or by going
back and saving again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.core import events
from cqi.core.database import Database
from cqi.plans.models import Goal, PlanFinding, Step, Strategy
from cqi.plans.rules.findings import SystemicFactor
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import test_add_goal
from tests.plans.invented import Made

Form = tuple[str, dict[str, Any]]


def _goal(made: Made, _cast: Cast) -> Form:
    sent = {"measure": "SRM05", "title": "Look again", "target": "100"}
    return f"/plans/{made.plan}/goals/new", sent


def _strategy(made: Made, _cast: Cast) -> Form:
    return f"/plans/goals/{made.steps[0]}/strategies/new", {"title": "Train", "why": "It works"}


def _step(made: Made, cast: Cast) -> Form:
    sent = {
        "title": "Read one assessment a month",
        "owner": str(cast.supervisor.id),
        "starts_on": "2027-03-15",
        "due_on": "2027-06-01",
        "evidence_asked": "Two logs",
    }
    return f"/plans/goals/{made.steps[0]}/1/steps/new", sent


def _finding(made: Made, _cast: Cast) -> Form:
    about = f"factor:{SystemicFactor.TRAINING.value}"
    sent = {"about": about, "title": "Few trainers", "words": "Two left"}
    return f"/plans/{made.plan}/findings/new", sent


@pytest.mark.parametrize(
    ("form", "model"),
    [(_goal, Goal), (_strategy, Strategy), (_step, Step), (_finding, PlanFinding)],
)
def test_a_form_that_is_sent_twice_adds_one(
    client_for: ClientFor,
    database: Database,
    cast: Cast,
    drafted: Made,
    form: Callable[[Made, Cast], Form],
    model: type[Goal | Strategy | Step | PlanFinding],
) -> None:
    test_add_goal.one_final_review(database, cast)
    address, sent = form(drafted, cast)
    client = client_for(cast.regional_director)

    def there() -> int:
        with database.reading() as session:
            assert not events.verify(session).problem
            return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0

    before = there()
    assert [client.post(address, data=sent).status_code for _ in range(2)] == [302, 302]
    assert there() == before + 1
    assert client.post(address, data=sent | {"title": "Another one"}).status_code == 302
    assert there() == before + 2
