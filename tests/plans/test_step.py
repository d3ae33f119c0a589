"""The page of one step."""

from __future__ import annotations

import pytest

from cqi.core.database import Database
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
from tests.plans.invented import Made


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
