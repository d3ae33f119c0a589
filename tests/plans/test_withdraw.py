"""A draft is withdrawn by who leads it, with a reason; its report's plan is then owed again."""

from __future__ import annotations

import threading
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.plans import actions
from cqi.plans.models import Plan
from cqi.plans.queries import due, overview, paper, records
from cqi.plans.rules import PlanState
from cqi.plans.workflow import PlanMove
from cqi.reporting.queries.states import reading
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented, reported
from tests.plans.invented import Made


def plan_of(session: orm.Session, cast: Cast, plan: uuid.UUID) -> Plan:
    return records.plan(session, invented.actor(session, cast.cqi_director), plan)


def withdraw(session: orm.Session, cast: Cast, plan: Plan, words: str = "A wrong start.") -> None:
    invented.move(session, plan, PlanMove.WITHDRAW, cast.regional_director, words)


def test_a_withdrawn_draft_is_owed_again_and_another_is_begun(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        report = reported.publish(session, cast, cast.round)
        plan = plan_of(session, cast, drafted.plan)
        withdraw(session, cast, plan)
        assert (plan.state, plan.entries[-1].words) == (PlanState.WITHDRAWN, "A wrong start.")
        lead = invented.actor(session, cast.regional_director)
        [owed] = due.due(session, lead, invented.TODAY)
        assert owed.begun is None
        assert invented.draft(session, cast, "A second start").publication_id != report.id
        assert due.due(session, lead, invented.TODAY)[0].begun is not None
        assert not events.verify(session).problem


def test_a_returned_plan_can_be_withdrawn_and_one_that_waits_or_is_in_force_cannot(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted.plan)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        with pytest.raises(errors.Blocked) as refused:
            withdraw(session, cast, plan, " ")
        assert [one.code for one in refused.value.blockers] == ["no_words"]
        with pytest.raises(errors.Forbidden):
            invented.move(session, plan, PlanMove.WITHDRAW, cast.cqi_director, "No.")
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        with pytest.raises(errors.Blocked) as refused:
            withdraw(session, cast, plan)
        assert [one.code for one in refused.value.blockers] == ["wrong_state"]
        invented.move(session, plan, PlanMove.RETURN, cast.cqi_director, "Name the county.")
        withdraw(session, cast, plan)
        assert plan.state is PlanState.WITHDRAWN
        with pytest.raises(errors.Blocked):
            invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)


def test_it_stays_readable_in_lists_files_and_on_its_page_and_owners_do_not_see_its_steps(
    database: Database, client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted.plan)
        step = invented.add_step(session, cast, plan, cast.supervisor, invented.LATE).public_id
    client = client_for(cast.regional_director)
    page = f"/plans/{drafted.plan}"
    assert "Withdraw the draft" in client.get(page).text
    refused = client.post(f"{page}/move", data={"move": "withdraw"})
    assert (refused.status_code, "Say why: it stays" in refused.text) == (422, True)
    client.post(f"{page}/move", data={"move": "withdraw", "words": "A wrong start."})
    shown = client.get(page).text
    assert "<b>Withdrawn by " in shown
    assert "A wrong start." in shown
    assert "Drop<" not in shown
    assert client_for(cast.supervisor).get(f"/plans/steps/{step}").status_code == 404
    assert "late" not in client.get(f"/plans/steps/{step}").text.partition("<main")[2]
    assert "Region One improvement plan" in client.get("/plans?state=withdrawn").text
    assert "Withdrawn" in client.get("/plans/table.csv?state=withdrawn").text
    assert client.get(f"{page}/plan.pdf").status_code == 200
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        assert paper.paper(session, director, drafted.plan, invented.TODAY).state == "Withdrawn"
        found = overview.overview(session, director, invented.TODAY, overview.Wish())
        assert "Region One" in found.without, "it has no plan that stands"


def test_a_state_report_leaves_it_out(database: Database, cast: Cast, drafted: Made) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted.plan)
        invented.add_step(session, cast, plan, cast.supervisor, invented.LATE)
        assert [line.state for line in reading._plans(session, invented.TODAY.day)] == ["Draft"]
        withdraw(session, cast, plan)
        assert reading._plans(session, invented.TODAY.day) == []


def begin(session: orm.Session, cast: Cast, name: str) -> None:
    actor = invented.actor(session, cast.regional_director)
    new = actions.NewPlan(cast.region.id, cast.round.id, name)
    actions.begin_plan(session, new=new, actor=actor, now=build.NOW, today=invented.TODAY.day)


def test_a_second_draft_on_a_round_is_refused_with_a_link_to_the_first(
    client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    client = client_for(cast.regional_director)
    refused = client.post("/plans/new", data={"name": "Another", "round": str(cast.round.id)})
    assert refused.status_code == 422
    assert "is a plan on this round already" in refused.text
    assert f'href="/plans/{drafted.plan}"' in refused.text
    assert "go on with it, or withdraw it." in refused.text


def test_beside_a_submitted_plan_the_refusal_says_who_decides_first(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted.plan)
        invented.add_step(session, cast, plan, cast.supervisor, invented.FAR)
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        with pytest.raises(errors.Blocked) as refused:
            begin(session, cast, "Another")
        [blocker] = refused.value.blockers
        assert blocker.message.endswith(
            "it is submitted, and the CQI director decides on it first."
        )


def test_a_plan_in_force_lets_another_be_begun_in_its_place(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        begin(session, cast, "Second version")
        assert session.scalar(sa.select(sa.func.count(Plan.id))) == 2


def test_of_two_who_begin_at_once_one_is_refused(database: Database, cast: Cast) -> None:
    refused: list[str] = []
    gate = threading.Barrier(2)

    def do(name: str) -> None:
        gate.wait()
        with database.writing() as session:
            try:
                begin(session, cast, name)
            except errors.Blocked as error:
                refused.extend(blocker.code for blocker in error.blockers)

    threads = [threading.Thread(target=do, args=(name,)) for name in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["begun_already"]
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count(Plan.id))) == 1
