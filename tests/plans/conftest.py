"""A plan in force that the Regional Director leads and owns the steps of."""

from __future__ import annotations

import pytest

from cqi.core.database import Database
from tests.fixtures.cast import Cast
from tests.plans import invented
from tests.plans.invented import Made


@pytest.fixture
def made(database: Database, cast: Cast) -> Made:
    """Steps: one late, one due soon, one far away."""
    return invented.active(database, cast, cast.regional_director)


@pytest.fixture
def claimed(database: Database, cast: Cast, made: Made) -> Made:
    """The same, its late step claimed as done by its owner."""
    invented.claim(database, made.steps[0], cast.regional_director)
    return made


@pytest.fixture
def drafted(database: Database, cast: Cast) -> Made:
    """A draft with one goal, one strategy and no step."""
    with database.writing() as session:
        plan = invented.draft(session, cast)
        return Made(plan.public_id, (plan.goals[0].public_id,))
