"""Who hears of a claim and of what came of it, and who verifies where the liaison helped."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.core import errors
from cqi.core.database import Database
from cqi.notices.models import Notice
from cqi.plans import actions
from cqi.plans.actions import StepTaking, steps
from cqi.plans.actions.recording import Doing
from cqi.plans.queries import records
from cqi.plans.workflow import StepMove
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
from tests.plans.invented import Made


def take(database: Database, made: Made, person: Person, taking: StepTaking) -> None:
    with database.writing() as session:
        who = invented.actor(session, person)
        step = records.step(session, who, made.steps[0])
        actions.move_step(session, step=step, taking=taking, actor=who, now=build.NOW)


def told(database: Database, *, seen: bool = False) -> list[tuple[str, int]]:
    with database.reading() as session:
        query = sa.select(Notice).where(Notice.seen_at.is_not(None) if seen else sa.true())
        of_moves = ("step_claimed", "step_sent_back", "step_verified")
        query = query.where(Notice.kind.in_(of_moves)).order_by(Notice.id)
        return [(one.kind, one.person_id) for one in session.scalars(query)]


CLAIM, HELPED = invented.claiming(), invented.claiming(helped=True)
VERIFY, BACK = StepTaking(StepMove.VERIFY), StepTaking(StepMove.SEND_BACK, "October?")


def test_the_liaison_hears_of_a_claim_and_the_owner_of_what_came_of_it(
    database: Database, cast: Cast, made: Made
) -> None:
    owner, liaison = cast.regional_director, cast.cqi_liaison
    take(database, made, owner, CLAIM)
    assert told(database) == [("step_claimed", liaison.id)]
    take(database, made, liaison, BACK)
    assert told(database, seen=True) == [("step_claimed", liaison.id)]
    take(database, made, owner, CLAIM)
    take(database, made, liaison, VERIFY)
    assert told(database) == [
        ("step_claimed", liaison.id),
        ("step_sent_back", owner.id),
        ("step_claimed", liaison.id),
        ("step_verified", owner.id),
    ]


def test_where_the_liaison_helped_the_director_hears_of_it_and_verifies(
    database: Database, cast: Cast, client_for: ClientFor, made: Made
) -> None:
    take(database, made, cast.regional_director, HELPED)
    assert told(database) == [("step_claimed", cast.cqi_director.id)]
    with pytest.raises(errors.Blocked, match="the CQI director verifies it"):
        take(database, made, cast.cqi_liaison, VERIFY)
    page = client_for(cast.cqi_liaison).get(f"/plans/steps/{made.steps[0]}").text
    assert "It waits for the CQI director, because the CQI liaison helped" in page
    assert (
        "I have seen it: verified"
        in client_for(cast.cqi_director).get(f"/plans/steps/{made.steps[0]}").text
    )
    take(database, made, cast.cqi_director, VERIFY)


def test_where_the_only_liaison_owns_the_step_the_director_hears_of_it(
    database: Database, cast: Cast
) -> None:
    own = invented.active(database, cast, cast.cqi_liaison, (invented.LATE,))
    take(database, own, cast.cqi_liaison, CLAIM)
    assert told(database) == [("step_claimed", cast.cqi_director.id)]


def test_the_verifier_sees_the_promise_beside_what_was_handed_in(
    client_for: ClientFor, cast: Cast, claimed: Made
) -> None:
    page = client_for(cast.cqi_liaison).get(f"/plans/steps/{claimed.steps[0]}").text
    assert page.index("Logs for two months") < page.index("What was handed in")
    assert f'href="{invented.LINK}"' in page


def test_a_claim_from_before_files_were_asked_for_says_that_nothing_came_with_it(
    database: Database, client_for: ClientFor, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        owner = invented.actor(session, cast.regional_director)
        step = records.step(session, owner, made.steps[0])
        steps.enter(step, StepTaking(StepMove.CLAIM, "Logs"), Doing(owner, build.NOW))
    page = client_for(cast.cqi_liaison).get(f"/plans/steps/{made.steps[0]}").text
    assert "No file and no link came with it" in page
