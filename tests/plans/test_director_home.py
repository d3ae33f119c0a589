"""The first page of whoever leads or monitors plans."""

from __future__ import annotations

import datetime as dt

import pytest

from cqi.core.database import Database
from cqi.plans import actions, rules
from cqi.plans.queries import ladders, records, standings
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import asking, invented, reported
from tests.plans.invented import LATE, Made


def test_what_is_late_comes_first_with_whom_and_by_how_much(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    page = client_for(cast.regional_director).get("/plans/home").text
    assert page.index("Late, and with whom") < page.index("Your plans")
    assert "15 working days" in page
    assert "Regional_Director Person" in page
    assert "due Tue 16 Mar" not in page  # the date is said once, its distance beside it
    assert "Tue 16 Mar" in page
    assert "4 working days" in page


def test_empty_states_say_what_comes_next(client_for: ClientFor, cast: Cast) -> None:
    page = client_for(cast.regional_director).get("/plans/home").text
    assert "No step is late." in page
    assert "There is no plan yet." in page
    assert "No step falls due in the next 30 days." in page
    assert "Draft a plan" in page


def test_a_change_that_somebody_asked_for_waits_for_who_decides(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor)
    asked = asking.ask(database, made.steps[0], cast.supervisor, asking.more_time())
    page = client_for(cast.regional_director).get("/plans/home").text
    assert f"/plans/amendments/{asked}" in page
    assert "<b>Decide on</b>" in page
    assert "<b>Decide on</b>" not in client_for(cast.cqi_liaison).get("/plans/home").text


def test_more_late_steps_than_the_page_holds_are_counted(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    many = (LATE,) * (standings.SHOWN + 2)
    invented.active(database, cast, cast.supervisor, many)
    page = client_for(cast.cqi_director).get("/plans/home").text
    assert f"These are the {standings.SHOWN} latest of {len(many)}." in page
    assert page.count("working days</span>") < len(many) + 3


def test_goals_against_change_stand_in_one_line_a_plan(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    page = client_for(cast.regional_director).get("/plans/home").text
    assert "1 goal; the round that shows the change has not taken place yet." in page


def test_only_those_who_lead_are_offered_a_draft(client_for: ClientFor, cast: Cast) -> None:
    assert "Draft a plan" not in client_for(cast.cqi_liaison).get("/plans/home").text


def test_the_outsider_is_refused(client_for: ClientFor, cast: Cast) -> None:
    assert client_for(cast.outsider).get("/plans/home").status_code == 403


def test_reports_to_write_and_plans_that_are_due_wait_for_who_leads(
    client_for: ClientFor, database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        director = invented.actor(session, cast.cqi_director)
        records.plan(session, director, made.plan).approved_on = dt.date(2027, 1, 20)
        other = build.round(session, session.merge(cast.region), [session.merge(cast.county)])
        reported.publish(session, cast, other, at=build.NOW - dt.timedelta(days=40))
    page = client_for(cast.regional_director).get("/plans/home").text
    assert "<b>Write</b> 2 progress reports of Region One improvement plan, late since" in page
    assert f'href="/plans/{made.plan}/reports"' in page
    assert f"<b>Begin</b> the plan of {cast.region.name}" in page
    assert 'href="/plans/due"' in page
    own = client_for(cast.regional_director).get(f"/plans/{made.plan}").text
    assert "<b>Write</b> 2 progress reports of Region One improvement plan, late since" in own
    assert "<b>Begin</b> the plan" not in own, "what is owed elsewhere"
    liaison = client_for(cast.cqi_liaison).get("/plans/home").text
    assert "<b>Write</b>" not in liaison
    assert "<b>Begin</b>" not in liaison


def test_a_step_that_waits_on_two_rungs_for_one_person_waits_once(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.regional_director, (LATE,))
    with database.writing() as session:
        for day in (dt.date(2027, 2, 18), dt.date(2027, 2, 25)):
            actions.remind(session, today=rules.Today(day), now=build.NOW)
        director = invented.actor(session, cast.regional_director)
        assert len(ladders.outstanding(session, director, invented.TODAY)) == 2
    page = client_for(cast.regional_director).get("/plans/home").text
    assert page.count(f'href="/plans/steps/{made.steps[0]}#acknowledge"><b>Acknowledge') == 1


def test_what_waits_in_plans_stands_on_the_first_page_of_the_cqi_office(
    client_for: ClientFor, cast: Cast, claimed: Made
) -> None:
    page = client_for(cast.cqi_liaison).get("/").text
    assert "Improvement plans: 1 thing waits for you" in page
    assert "No case is stuck" not in page


def test_what_only_the_director_may_verify_hides_nothing_from_the_liaison(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standings, "SHOWN", 1)
    made = invented.active(database, cast, cast.supervisor, (LATE, invented.SOON))
    with database.writing() as session:
        owner = invented.actor(session, cast.supervisor)
        for number, helped in ((0, True), (1, False)):
            step = records.step(session, owner, made.steps[number])
            taking = invented.claiming(helped=helped)
            actions.move_step(session, step=step, taking=taking, actor=owner, now=build.NOW)
    with database.reading() as session:
        liaison = invented.actor(session, cast.cqi_liaison)
        [wait] = standings.waits(session, liaison, invented.TODAY)
        assert (wait.verb, wait.address) == ("Verify", made.steps[1])
