"""Pages on which changes of a plan are asked for, seen and decided."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from cqi.core.database import Database
from cqi.plans.models import Plan
from cqi.plans.queries import records
from cqi.plans.rules import StepState
from cqi.plans.workflow import AmendmentMove
from cqi.rounds.models import Round
from cqi.ui import dates
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import asking, invented, reported
from tests.plans.invented import Made


@pytest.fixture
def own(database: Database, cast: Cast) -> Made:
    """Steps of a supervisor: one late, one due far away."""
    return invented.active(database, cast, cast.supervisor, (invented.LATE, invented.FAR))


def test_the_owner_asks_for_more_time_and_the_director_grants_it(
    client_for: ClientFor, cast: Cast, own: Made
) -> None:
    owner, lead = client_for(cast.supervisor), client_for(cast.regional_director)
    address = f"/plans/steps/{own.steps[0]}"
    assert "Ask for more time" in owner.get(address).text
    page = owner.get(f"{address}/ask/extension").text
    assert "15 working days late" in page
    form = {"due_on": "2027-04-15", "reason": asking.WHY}
    answer = owner.post(f"{address}/ask/extension", data=form)
    assert answer.status_code == 302
    request = answer.location
    assert "First extension of this step" in owner.get(request).text
    assert "Decide on</b> more time for step 1.1.1" in lead.get("/plans/home").text
    assert "Decide on</b> more time for step 1.1.1" in lead.get(f"/plans/{own.plan}").text
    page = lead.get(request).text
    assert asking.WHY in page
    assert "Wed 17 Feb" in page
    assert "Thu 15 Apr" in page
    answer = lead.post(f"{request}/move", data={"move": "grant", "words": "Until April."})
    assert answer.location == request
    page = owner.get(request).text
    assert "Granted" in page
    assert "Until April." in page
    page = owner.get(address).text
    assert "extended once" in page
    assert "due--late" not in page
    for place in ("/plans/steps", address):
        assert "extended once" in owner.get(place).text
    page = lead.get(f"/plans/{own.plan}").text
    assert "More time was granted 1 time." in page
    assert "extended once" in page


def test_a_day_on_which_nobody_works_is_warned_of_and_not_refused(
    client_for: ClientFor, cast: Cast, own: Made
) -> None:
    form = {"due_on": "2027-04-17", "reason": asking.WHY}
    client = client_for(cast.supervisor)
    answer = client.post(f"/plans/steps/{own.steps[0]}/ask/extension", data=form)
    page = client.get(answer.location).text
    assert page.count("Sat 17 Apr is no working day") == 2  # once said, once on the page


def test_what_was_typed_stays_when_it_is_refused(
    client_for: ClientFor, cast: Cast, own: Made
) -> None:
    form = {"due_on": "2027-02-01", "reason": asking.WHY}
    answer = client_for(cast.supervisor).post(
        f"/plans/steps/{own.steps[0]}/ask/extension", data=form
    )
    assert answer.status_code == 422
    assert "a day that comes after the due date" in answer.text
    assert asking.WHY in answer.text
    assert "2027-02-01" in answer.text


def test_a_step_is_changed_with_old_and_new_side_by_side(
    client_for: ClientFor, cast: Cast, own: Made
) -> None:
    client, address = client_for(cast.supervisor), f"/plans/steps/{own.steps[0]}/ask/step"
    page = client.get(address).text
    assert 'value="Supervisors read one assessment a month"' in page
    form = {
        "title": "Supervisors read two",
        "owner": str(cast.supervisor.id),
        "evidence_asked": "Logs for two months",
        "reason": asking.WHY,
    }
    request = client.post(address, data=form).location
    director = client_for(cast.cqi_director)
    page = director.get(f"/plans/{own.plan}/amendments").text
    assert "Supervisors read one assessment a month" in page
    assert "Supervisors read two" in page
    assert request in page
    director.post(f"{request}/move", data={"move": "grant"})
    assert "Supervisors read two" in client.get(f"/plans/steps/{own.steps[0]}").text


def test_dropping_waits_for_the_director_alone(
    client_for: ClientFor, cast: Cast, own: Made
) -> None:
    client, lead = client_for(cast.supervisor), client_for(cast.regional_director)
    address = f"/plans/steps/{own.steps[0]}"
    request = client.post(f"{address}/ask/drop", data={"reason": "Closed"}).location
    assert "Decide on</b> dropping" not in lead.get("/plans/home").text
    assert "Nothing to do for you" in lead.get(request).text
    director = client_for(cast.cqi_director)
    assert "Decide on</b> dropping step 1.1.1" in director.get("/plans/home").text
    refused = director.post(f"{request}/move", data={"move": "refuse"})
    assert refused.status_code == 422
    assert "Say why: whoever asked reads it." in refused.text
    director.post(f"{request}/move", data={"move": "grant"})
    assert "This step was dropped." in client.get(address).text


def test_a_target_is_asked_for_from_the_plan(client_for: ClientFor, cast: Cast, own: Made) -> None:
    lead = client_for(cast.regional_director)
    page = lead.get(f"/plans/{own.plan}").text
    address = page.partition('href="/plans/goals/')[2].partition('"')[0]
    assert "target now 44.3%" in lead.get(f"/plans/goals/{address}").text
    refused = lead.post(f"/plans/goals/{address}", data={"target": "60.25", "reason": "Why"})
    assert "at most one decimal, such as 69.3" in refused.text
    refused = lead.post(f"/plans/goals/{address}", data={"target": "44.3", "reason": "Why"})
    assert "The target is 44.3% already: give another one." in refused.text
    form = {"target": "60.5", "reason": asking.WHY}
    request = lead.post(f"/plans/goals/{address}", data=form).location
    assert "60.5%, negotiated" in lead.get(request).text
    director = client_for(cast.cqi_director)
    page = director.get(request).text
    for words in ("21 of 58 (36.2%)", "44.3%, PIP arithmetic", "none: the round that measures it"):
        assert words in page, words
    director.post(f"{request}/move", data={"move": "grant"})
    page = lead.get(f"/plans/{own.plan}").text
    assert "60.5%" in page
    assert "Was 44.3%, PIP arithmetic, until 10 Mar 2027" in page
    why = f"asked by {cast.regional_director.name}, granted by {cast.cqi_director.name}"
    assert f"{why}: {asking.WHY}" in page
    assert "44.3%, PIP arithmetic" in lead.get(request).text


def test_the_decider_sees_what_a_round_found_and_cannot_grant_what_is_being_measured(
    client_for: ClientFor, database: Database, cast: Cast, own: Made
) -> None:
    asked = asking.ask_target(database, cast.regional_director, 6000)
    with database.writing() as session:
        plan = session.scalars(sa.select(Plan)).one()
        plan.approved_on = dt.date(2027, 3, 1)
        region, county = session.merge(cast.region), session.merge(cast.county)
        before = session.get_one(Round, cast.round.id)
        later = build.round(session, region, [county], compares_with=before)
        reported.rate(session, later, county, {"SRM05": 20}, 58)
    page = client_for(cast.cqi_director).get(f"/plans/amendments/{asked}").text
    assert "20 of 58 (34.5%)" in page
    assert "measures this goal: its target stands from that day on" in page
    assert 'value="grant"' not in page
    assert 'value="refuse"' in page
    page = client_for(cast.regional_director).get(f"/plans/{own.plan}").text
    assert "Change it" not in page
    assert (
        f"Targets stand since {dates.full_day(later.on_site_from)}: {later.name} measures" in page
    )
    assert "with the next round" not in page


def test_what_cannot_be_granted_any_more_says_why(
    client_for: ClientFor, cast: Cast, database: Database, own: Made
) -> None:
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    invented.claim(database, own.steps[0], cast.supervisor)
    page = client_for(cast.regional_director).get(f"/plans/amendments/{asked}").text
    assert "Ended: the step was claimed as done." in page
    assert 'value="grant"' not in page


def test_asking_for_a_step_that_is_not_open_says_why(
    client_for: ClientFor, cast: Cast, database: Database, own: Made
) -> None:
    invented.claim(database, own.steps[0], cast.supervisor)
    client, address = client_for(cast.supervisor), f"/plans/steps/{own.steps[0]}/ask/extension"
    answers = [client.get(address), client.post(address, data={"due_on": "2027-09-01"})]
    assert [answer.status_code for answer in answers] == [200, 422]
    for answer in answers:
        assert "The step’s state is “completion claimed”: it is no longer open." in answer.text
        assert "Ask for it" not in answer.text


def test_partner_help_and_the_step_to_wait_for_change_by_asking_too(
    client_for: ClientFor, cast: Cast, database: Database, own: Made
) -> None:
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        first, second = (records.step(session, director, each).id for each in own.steps)
    client, lead = client_for(cast.supervisor), client_for(cast.regional_director)
    addresses = [f"/plans/steps/{each}" for each in own.steps]
    form = {
        "title": "Supervisors read one assessment a month",
        "owner": str(cast.supervisor.id),
        "evidence_asked": "Logs for two months",
        "partner": "Legal aid",
        "help_needed": "A second trainer",
        "depends_on": str(second),
        "reason": asking.WHY,
    }
    refused = client.post(f"{addresses[0]}/ask/step", data=form)
    assert "Say how to reach the partner organisation" in refused.text
    form["partner_contact"] = "Desk, 601 555 0100"
    request = client.post(f"{addresses[0]}/ask/step", data=form).location
    page = lead.get(request).text
    for words in ("Legal aid", "Desk, 601 555 0100", "A second trainer", "step 1.1.2"):
        assert f"<b>{words}</b>" in page
    back = client.post(f"{addresses[1]}/ask/step", data=form | {"depends_on": str(first)}).location
    assert lead.post(f"{request}/move", data={"move": "grant"}).status_code == 302
    step = client.get(addresses[0]).text
    assert "Legal aid, Desk, 601 555 0100" in step
    assert "step 1.1.2" in step
    circle = lead.post(f"{back}/move", data={"move": "grant"})
    assert circle.status_code == 422
    assert "neither could be done first" in circle.text


def test_an_owner_reads_no_title_of_a_step_that_they_may_not_see(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    made = invented.active(database, cast, cast.supervisor, (invented.FAR,) * 4)
    with database.writing() as session:
        director = invented.actor(session, cast.cqi_director)
        mine, seen, hidden, dropped = (records.step(session, director, key) for key in made.steps)
        seen.title, hidden.title, dropped.title = "Seen", "Hidden", "Dropped"
        hidden.owner_id, dropped.owner_id = cast.cqi_liaison.id, cast.cqi_liaison.id
        dropped.state, mine.depends_on_id = StepState.DROPPED, dropped.id
        form = {"title": "Another", "owner": str(mine.owner_id), "depends_on": str(dropped.id)}
    address = f"/plans/steps/{made.steps[0]}/ask/step"
    page, lead = (
        client_for(one).get(address).text for one in (cast.supervisor, cast.regional_director)
    )
    offered = re.findall(r"<option[^>]*>(?:Step )?(1\.1\..*?)<", page)
    assert offered == ["1.1.2 Seen", "1.1.3", "1.1.4"]
    assert "1.1.3 Hidden" in lead
    form |= {"evidence_asked": "Logs for two months", "reason": asking.WHY}
    asked = client_for(cast.supervisor).post(address, data=form)
    assert asked.status_code == 302, "what it waits for stays as it is"
    assert "1.1.4" not in client_for(cast.supervisor).get(asked.location).text


def test_a_late_step_leads_to_the_request_that_waits(
    client_for: ClientFor, cast: Cast, database: Database, own: Made
) -> None:
    with database.writing() as session:
        director = invented.actor(session, cast.cqi_director)
        step = records.step(session, director, own.steps[0])
        step.due_on, step.partner = invented.LATE, "Legal aid"
    address = f"/plans/steps/{own.steps[0]}/ask/extension"
    lead, plan = client_for(cast.regional_director), f"/plans/{own.plan}"
    assert address in lead.get(plan).text
    assert "for Legal aid</span>" in lead.get(plan).text
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    for page in (lead.get(plan).text, lead.get("/plans/home").text):
        assert address not in page
        assert f'/plans/amendments/{asked}">Decide on more time<' in page
    verifier = client_for(cast.cqi_liaison).get(plan).text
    assert f'/plans/amendments/{asked}">More time was asked for<' in verifier
    refused = lead.get(address).text
    assert "Somebody asked for this already" in refused
    assert f'href="/plans/amendments/{asked}">Look at the request that waits' in refused


def test_the_director_alone_decides_where_the_lead_asks_and_only_deciders_hear_of_refusing(
    client_for: ClientFor, cast: Cast, database: Database, own: Made
) -> None:
    lead, step = client_for(cast.regional_director), own.steps[0]
    address = f"/plans/steps/{step}/ask/extension"
    assert "The CQI director decides;" in lead.get(address).text
    theirs = client_for(cast.supervisor).get(address).text
    assert "Who leads the plan, or the CQI director, decides;" in theirs
    sent = lead.post(address, data={"due_on": "2027-09-01", "reason": asking.WHY})
    page = lead.get(sent.location).text
    assert "Asked. The CQI director decides" in page
    assert "Needed when you refuse." not in page
    assert "Needed when you refuse." in client_for(cast.cqi_director).get(sent.location).text


def test_a_button_that_is_none_is_no_answer(
    client_for: ClientFor, cast: Cast, database: Database, own: Made
) -> None:
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    client = client_for(cast.regional_director)
    assert client.post(f"/plans/amendments/{asked}/move", data={"move": "x"}).status_code == 422
    withdrawn = client.post(
        f"/plans/amendments/{asked}/move", data={"move": AmendmentMove.WITHDRAW.value}
    )
    assert withdrawn.status_code == 422
    assert "alone can withdraw it" in withdrawn.text


def test_an_empty_list_says_what_comes_next(client_for: ClientFor, cast: Cast, own: Made) -> None:
    page = client_for(cast.cqi_liaison).get(f"/plans/{own.plan}/amendments").text
    assert "Nobody has asked for a change." in page


@pytest.mark.parametrize("who", ["reviewer", "caseworker"])
def test_what_others_asked_for_is_not_found(
    client_for: ClientFor, cast: Cast, database: Database, own: Made, who: str
) -> None:
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    client = client_for(getattr(cast, who))
    assert client.get(f"/plans/amendments/{asked}").status_code == 404
    assert client.get(f"/plans/steps/{own.steps[0]}/ask/drop").status_code == 404
    assert client.get(f"/plans/{own.plan}/amendments").status_code == 403


def test_the_outsider_is_refused(
    client_for: ClientFor, cast: Cast, database: Database, own: Made
) -> None:
    asked = asking.ask(database, own.steps[0], cast.supervisor, asking.more_time())
    client = client_for(cast.outsider)
    for address in (f"amendments/{asked}", f"steps/{own.steps[0]}/ask/drop"):
        assert client.get(f"/plans/{address}").status_code == 403
