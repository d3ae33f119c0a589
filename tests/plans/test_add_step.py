"""Adding a step with owner, due date and evidence."""

from __future__ import annotations

from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans.invented import Made


def test_a_step_has_an_owner_from_the_region_a_due_date_and_evidence(
    client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    client = client_for(cast.regional_director)
    address = f"/plans/goals/{drafted.steps[0]}/1/steps/new"
    form = client.get(address).text
    assert cast.supervisor.name in form
    assert cast.outsider.name not in form
    sent = {
        "title": "Read one assessment a month",
        "owner": str(cast.supervisor.id),
        "starts_on": "2027-03-15",
        "due_on": "2027-03-14",
        "evidence_asked": "Two logs",
    }
    refused = client.post(address, data=sent)
    assert refused.status_code == 422
    assert "The due date comes before the start." in refused.text
    done = client.post(address, data=sent | {"due_on": "2027-06-01"})
    page = client.get(done.location).text
    assert "Read one assessment a month" in page
    assert "due Tue 1 Jun" in page


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, drafted: Made) -> None:
    client, address = client_for(cast.outsider), f"/plans/goals/{drafted.steps[0]}/1/steps/new"
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403
