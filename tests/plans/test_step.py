"""The page of one step."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cqi.core.database import Database
from cqi.plans.models import Step
from cqi.plans.queries import records
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
from tests.plans.invented import LATE, SOON, Made


def test_it_says_what_was_promised_and_what_happened(
    client_for: ClientFor, cast: Cast, claimed: Made
) -> None:
    page = client_for(cast.cqi_liaison).get(f"/plans/steps/{claimed.steps[0]}").text
    assert "Logs for two months" in page
    assert "Strategy 1.1: Read together" in page
    assert "Wed 17 Feb 2027" in page
    assert "Claimed as done" in page
    assert "Logs handed in" in page
    assert "Wed 10 Mar 10:00" in page


def test_each_person_is_offered_what_they_may_do(
    client_for: ClientFor, cast: Cast, claimed: Made
) -> None:
    done, open_ = (f"/plans/steps/{step}" for step in claimed.steps[:2])
    owner, liaison = client_for(cast.regional_director), client_for(cast.cqi_liaison)
    assert "It is done" in owner.get(open_).text
    assert "Nothing to do for you" in owner.get(done).text
    assert "Nothing to do for you" in liaison.get(open_).text
    assert "I have seen it: verified" in liaison.get(done).text


def test_an_owner_without_a_role_in_plans_sees_their_step_alone(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    own = invented.active(database, cast, cast.supervisor, (invented.LATE,))
    client = client_for(cast.supervisor)
    page = client.get(f"/plans/steps/{own.steps[0]}").text
    assert "It is done" in page
    assert str(own.plan) not in page
    assert client.get(f"/plans/{own.plan}").status_code == 403


@pytest.mark.parametrize("who", ["reviewer", "other_reviewer", "supervisor"])
def test_steps_of_others_are_not_found(
    client_for: ClientFor, cast: Cast, made: Made, who: str
) -> None:
    client = client_for(getattr(cast, who))
    assert client.get(f"/plans/steps/{made.steps[0]}").status_code == 404


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, made: Made) -> None:
    assert client_for(cast.outsider).get(f"/plans/steps/{made.steps[0]}").status_code == 403


@pytest.fixture
def waiting(database: Database, cast: Cast) -> Made:
    """The second step waits for the first, which somebody else owns."""
    made = invented.active(database, cast, cast.cqi_liaison, (LATE, SOON))
    with database.writing() as session:
        director = invented.actor(session, cast.cqi_director)
        one, two = (records.step(session, director, each) for each in made.steps)
        two.depends_on_id, two.owner_id = one.id, cast.supervisor.id
    return made


def test_a_step_that_waits_for_another_says_when_it_can_be_claimed(
    client_for: ClientFor, database: Database, cast: Cast, waiting: Made
) -> None:
    one, two = waiting.steps
    client = client_for(cast.supervisor)
    page = client.get(f"/plans/steps/{two}").text
    assert "You can claim it once step 1.1.1 is done." in page
    assert str(one) not in page, "its owner may not see the other step"
    lead = client_for(cast.regional_director).get(f"/plans/steps/{two}").text
    assert (
        f'Its owner can claim it once step <a class="usa-link" href="/plans/steps/{one}">' in lead
    )
    assert "1.1.1 (Supervisors read one assessment a month)</a> is done." in lead
    invented.claim(database, one, cast.cqi_liaison)
    assert "You can claim it once" in client.get(f"/plans/steps/{two}").text
    with database.writing() as session:
        session.execute(sa.update(Step).where(Step.public_id == one).values(state="verified"))
    page = client.get(f"/plans/steps/{two}").text
    assert "You can claim it once" not in page
    assert "It is done" in page


def test_a_late_step_says_in_one_statement_how_it_stands(
    client_for: ClientFor, database: Database, cast: Cast, made: Made
) -> None:
    late, soon, _ = (f"/plans/steps/{each}" for each in made.steps)
    client = client_for(cast.regional_director)
    page = client.get(late).text
    assert "Late by 15 working days" in page
    assert "last said" not in page
    assert "<dt>State</dt>" not in page
    client.post(f"{late}/report", data={"report-stands": "on_schedule", "report-words": ""})
    page = client.get(late).text
    assert "; last said: on schedule" in page
    assert "<dt>State</dt>" not in page
    assert "<dt>State</dt>" in client.get(soon).text
    invented.claim(database, made.steps[0], cast.regional_director)
    invented.refuse(database, made.steps[0], cast.cqi_liaison)
    page = client.get(late).text
    assert "Sent back, " in page
    assert "last said" not in page
