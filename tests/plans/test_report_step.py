"""The owner, or who leads the plan, says how a step stands."""

from __future__ import annotations

import pytest

from cqi.core.database import Database
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
from tests.plans.invented import Made


@pytest.fixture
def own(database: Database, cast: Cast) -> Made:
    """Steps of a supervisor: one late, one due far away."""
    return invented.active(database, cast, cast.supervisor, (invented.LATE, invented.FAR))


@pytest.mark.parametrize("who", ["supervisor", "regional_director"])
@pytest.mark.parametrize(
    ("stands", "says"),
    [("on_schedule", "On schedule"), ("ahead", "Ahead of schedule")],
)
def test_they_say_that_it_is_on_schedule_or_ahead(
    client_for: ClientFor, cast: Cast, own: Made, who: str, stands: str, says: str
) -> None:
    client, address = client_for(getattr(cast, who)), f"/plans/steps/{own.steps[1]}"
    form = {"report-stands": stands, "report-words": "The first log is read."}
    assert client.post(f"{address}/report", data=form).location == address
    page = client.get(address).text
    assert f"<dt>State</dt><dd>{says}</dd>" in page
    assert f"<b>{says}</b> by" in page
    assert "The first log is read." in page
    assert "due--late" not in page


def test_behind_needs_an_explanation_and_a_day_that_is_still_to_come(
    client_for: ClientFor, cast: Cast, own: Made
) -> None:
    client, address = client_for(cast.supervisor), f"/plans/steps/{own.steps[1]}"
    page = client.post(f"{address}/report", data={"report-stands": "behind"})
    assert page.status_code == 422
    assert "Say what holds the step up." in page.text
    assert "a day that is still to come" in page.text
    form = {"report-stands": "behind", "report-words": "The reader was ill."}
    page = client.post(f"{address}/report", data=form | {"report-recover_on": "2027-03-10"})
    assert page.status_code == 422
    assert "The reader was ill." in page.text
    answer = client.post(f"{address}/report", data=form | {"report-recover_on": "2027-03-19"})
    assert answer.location == address
    page_ = client.get(address).text
    assert "promised by Fri 19 Mar 2027" in page_
    assert "Back on schedule by Fri 19 Mar" in page_
    assert "due--late" not in page_


def test_red_is_for_late_alone_and_the_promise_stands_beside_it(
    client_for: ClientFor, cast: Cast, own: Made
) -> None:
    client, address = client_for(cast.supervisor), f"/plans/steps/{own.steps[0]}"
    form = {"report-stands": "behind", "report-words": "Ill", "report-recover_on": "2027-03-19"}
    client.post(f"{address}/report", data=form)
    page = client.get(address).text
    assert "due--late" in page
    assert "promised by Fri 19 Mar 2027" in page


def test_nothing_chosen_is_said(client_for: ClientFor, cast: Cast, own: Made) -> None:
    answer = client_for(cast.supervisor).post(f"/plans/steps/{own.steps[1]}/report", data={})
    assert answer.status_code == 422
    assert "Say how the step stands." in answer.text


def test_who_neither_owns_nor_leads_it_does_not_report(
    client_for: ClientFor, cast: Cast, own: Made
) -> None:
    address = f"/plans/steps/{own.steps[1]}"
    client = client_for(cast.cqi_liaison)
    assert "Say how it stands" not in client.get(address).text
    answer = client.post(f"{address}/report", data={"report-stands": "ahead"})
    assert answer.status_code == 422
    assert "Only the owner of the step, or who leads the plan" in answer.text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, own: Made) -> None:
    assert client_for(cast.outsider).post(f"/plans/steps/{own.steps[1]}/report").status_code == 403
