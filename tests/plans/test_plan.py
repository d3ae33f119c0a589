"""One plan: late first, goals against measured change, timeline."""

from __future__ import annotations

from cqi.core.database import Database
from cqi.plans import actions
from cqi.plans.queries import answering, records, sheets
from cqi.plans.rules.findings import FindingDecision, SystemicFactor
from tests import build
from tests.fixtures import counting
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import asking, invented
from tests.plans.invented import Made


def test_a_plan_in_force_shows_its_four_parts(
    client_for: ClientFor, cast: Cast, claimed: Made
) -> None:
    page = client_for(cast.cqi_liaison).get(f"/plans/{claimed.plan}").text
    for words in (
        "Active, approved 10 Mar 2027",
        "Did it work? Goals against measured change",
        "21 of 58",
        "44.3%",
        "PIP arithmetic",
        "has not taken place yet",
        "Timeline",
        "Waits for you",
        "<b>Verify</b> 1.1.1",
    ):
        assert words in page, words


def test_late_and_with_whom_comes_before_the_goals(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    page = client_for(cast.cqi_liaison).get(f"/plans/{made.plan}").text
    assert page.index("Late, and with whom") < page.index("Did it work?")
    assert "Logs for two months" in page
    assert "Nothing handed in." in page


def test_findings_that_nobody_decided_on_are_counted_too(
    client_for: ClientFor, cast: Cast, database: Database, drafted: Made
) -> None:
    with database.writing() as session:
        lead = invented.actor(session, cast.regional_director)
        plan = records.plan(session, lead, drafted.plan)
        new = actions.NewFinding("Few trainers", "", factor=SystemicFactor.TRAINING)
        given = {"actor": lead, "now": build.NOW, "today": invented.TODAY.day}
        for decision in (FindingDecision.ACCEPTED, FindingDecision.PROPOSED):
            row = actions.add_finding(session, plan=plan, new=new, **given)
            row.decision, row.decided_by_id, row.decided_at = decision, lead.person_id, build.NOW
            if decision is FindingDecision.PROPOSED:
                row.decided_by_id = row.decided_at = None
    page = client_for(cast.regional_director).get(f"/plans/{drafted.plan}").text
    assert "2 accepted, 0 merged, 0 declined, 1 not decided on, of 3." in page


def test_a_draft_says_what_it_still_needs(client_for: ClientFor, cast: Cast, drafted: Made) -> None:
    address = f"/plans/{drafted.plan}"
    page = client_for(cast.regional_director).get(address).text
    assert "Goal 1 needs a strategy with at least one step" in page
    assert "Add a step" in page
    others = client_for(cast.cqi_liaison).get(address).text
    assert "Add a step" not in others


def test_claims_wait_for_the_director_where_the_liaison_has_a_part(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    due = (invented.SOON, invented.FAR)
    made = invented.active(database, cast, cast.supervisor, due)
    address, page = f"/plans/{made.plan}", client_for(cast.cqi_director)
    liaison = cast.cqi_liaison.name
    invented.claim(database, made.steps[0], cast.supervisor)
    assert f"with {liaison}</span>" in page.get(address).text
    with database.writing() as session:
        step = records.step(session, invented.actor(session, cast.cqi_director), made.steps[1])
        step.owner_id = cast.cqi_liaison.id
    invented.claim(database, made.steps[1], cast.cqi_liaison)
    assert f"1 with {liaison}, 1 with the CQI director</span>" in page.get(address).text
    own = client_for(cast.cqi_liaison).get(address).text
    assert "1 with the CQI director, 1 with you</span>" in own
    assert "Your own deadlines in a calendar" in own


def test_owners_of_before_are_read_once_for_all_claims(
    client_for: ClientFor, database: Database, cast: Cast, made: Made
) -> None:
    asking.give(database, made.steps[0], cast.cqi_liaison, cast.cqi_director)
    asking.give(database, made.steps[0], cast.supervisor, cast.cqi_director)
    invented.claim(database, made.steps[0], cast.supervisor)
    for step in made.steps[1:]:
        invented.claim(database, step, cast.regional_director)
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        sheet = sheets.plan(session, director, made.plan, invented.TODAY)
        with counting.queries(database) as asked:
            found = answering.answering(session, director, sheet, invented.TODAY.day)
    assert found.claims_with == f"2 with {cast.cqi_liaison.name}, 1 with the CQI director"
    assert sum("FROM amendments" in one for one in asked) == 1


def test_a_reviewer_is_refused(client_for: ClientFor, cast: Cast, made: Made) -> None:
    assert client_for(cast.reviewer).get(f"/plans/{made.plan}").status_code == 403


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast, made: Made) -> None:
    assert client_for(cast.outsider).get(f"/plans/{made.plan}").status_code == 403
