"""The life of a plan: who hears of its moves, its history, the clock, and plans that end."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.cli import jobs
from cqi.core import errors
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.notices.rules import NoticeKind
from cqi.plans import actions, rules
from cqi.plans.models import Plan
from cqi.plans.queries import lives, outcomes, records, standings
from cqi.plans.rules import PlanState
from cqi.plans.workflow import PlanMove
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented, reported
from tests.plans.invented import Made

MONTH = dt.timedelta(days=30)
TODAY = invented.TODAY


def drafted_with_step(session: orm.Session, cast: Cast, name: str = "Plan") -> Plan:
    plan = invented.draft(session, cast, name)
    invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
    return plan


def replacing(session: orm.Session, cast: Cast, old: Plan | None) -> Plan:
    lead = invented.actor(session, cast.regional_director)
    new = actions.NewPlan(
        cast.region.id, cast.round.id, "The newer plan", supersedes_id=old.id if old else None
    )
    plan = actions.draft_plan(session, new=new, actor=lead, now=build.NOW)
    finding = invented.add_finding(session, plan, lead)
    wish = actions.NewGoal("Better", "SRM", "SRM05", rules.Count(21, 58), finding=finding)
    goal = actions.add_goal(session, plan=plan, new=wish, actor=lead, now=build.NOW)
    actions.add_strategy(session, goal=goal, title="Read", actor=lead, now=build.NOW)
    invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
    return plan


def test_each_move_is_told_to_those_whom_it_concerns_and_to_nobody_twice(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        plan = drafted_with_step(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        lead, director = cast.regional_director, cast.cqi_director
        invented.move(session, plan, PlanMove.SUBMIT, lead)
        assert reported.notices(session, NoticeKind.PLAN_SUBMITTED) == [director.id]
        invented.move(session, plan, PlanMove.RETURN, director, "Name the county.")
        assert reported.notices(session, NoticeKind.PLAN_RETURNED) == [lead.id]
        invented.move(session, plan, PlanMove.SUBMIT, lead)
        invented.move(session, plan, PlanMove.APPROVE, director)
        told = sorted([lead.id, cast.cqi_liaison.id])
        assert reported.notices(session, NoticeKind.PLAN_APPROVED) == told
        assert reported.notices(session, NoticeKind.STEP_YOURS) == [cast.cqi_liaison.id]


def test_who_moves_a_plan_hears_of_their_own_steps_alone(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        director = cast.cqi_director
        build.grant(session, director, Role.CQI_LIAISON, place=cast.region)
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, director, invented.FAR)
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        invented.move(session, plan, PlanMove.APPROVE, director)
        told = sorted([cast.regional_director.id, cast.cqi_liaison.id])
        assert reported.notices(session, NoticeKind.PLAN_APPROVED) == told
        assert reported.notices(session, NoticeKind.STEP_YOURS) == [director.id]


def test_who_wrote_a_plan_hears_that_it_came_back_though_another_leads_now(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        other = build.person(session, "Another director")
        build.grant(session, other, Role.REGIONAL_DIRECTOR, place=cast.region)
        plan = drafted_with_step(session, cast)
        invented.move(session, plan, PlanMove.SUBMIT, other)
        invented.move(session, plan, PlanMove.RETURN, cast.cqi_director, "No.")
        told = sorted([cast.regional_director.id, other.id])
        assert reported.notices(session, NoticeKind.PLAN_RETURNED) == told


def test_the_page_shows_who_moved_the_plan_and_what_was_said(
    database: Database, client_for: ClientFor, cast: Cast
) -> None:
    with database.writing() as session:
        plan = drafted_with_step(session, cast)
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director, "Please read.")
        invented.move(session, plan, PlanMove.RETURN, cast.cqi_director, "Name the county.")
        address = f"/plans/{plan.public_id}"
    page = client_for(cast.cqi_liaison).get(address).text.partition('id="history"')[2]
    assert page.index("Begun as a draft") < page.index("Please read.") < page.index("Name the coun")
    assert "<b>Returned</b> by Cqi_Director Person" in page


def test_a_plan_whose_dates_have_passed_is_not_submitted_and_its_page_leads_to_each(
    database: Database, client_for: ClientFor, cast: Cast
) -> None:
    """A step that is due today, and one that was dropped, keep nothing from it."""
    today = invented.TODAY.day
    with database.writing() as session:
        plan = drafted_with_step(session, cast)
        goal, lead = plan.goals[0], invented.actor(session, cast.regional_director)
        goal.measured_on = dt.date(2027, 3, 9)
        steps = [
            invented.add_step(session, cast, plan, cast.cqi_liaison, day)
            for day in (invented.LATE, today, invented.LATE)
        ]
        dropping = {"reason": "Done elsewhere", "actor": lead, "now": build.NOW}
        actions.drop_draft_step(session, step=steps[2], **dropping)
        address, step, measured = f"/plans/{plan.public_id}", steps[0].public_id, goal.public_id
    client = client_for(cast.regional_director)
    left = client.get(address).text.partition('id="left-head"')[2].partition("</section>")[0]
    assert left.count("<li>") == 2
    assert f'href="/plans/steps/{step}/edit">Step 1.1.2 was due Wed 17 Feb: give' in left
    assert f'href="/plans/goals/{measured}/edit">Goal 1 was to be measured Tue 9 Mar' in left
    refused = client.post(f"{address}/move", data={"move": "submit"})
    assert refused.status_code == 422
    assert "Step 1.1.2 was due Wed 17 Feb. Goal 1 was to be measured Tue 9 Mar." in refused.text
    with database.writing() as session:
        found = records.step(session, lead, step)
        found.due_on, found.strategy.goal.measured_on = invented.SOON, None
    assert client.post(f"{address}/move", data={"move": "submit"}).status_code == 302


def test_who_decides_reads_that_dates_have_passed_and_may_approve_all_the_same(
    database: Database, client_for: ClientFor, cast: Cast
) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.LATE)
        lead = cast.regional_director
        invented.move(session, plan, PlanMove.SUBMIT, lead, on=invented.LATE)
        address = f"/plans/{plan.public_id}"
    client = client_for(cast.cqi_director)
    page = client.get(address).text
    assert "Dates that have passed already:</b> Step 1.1.1 was due Wed 17 Feb." in page
    assert client.post(f"{address}/move", data={"move": "approve"}).status_code == 302


def test_submitting_is_always_offered_and_the_answer_says_every_reason(
    client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    client, address = client_for(cast.regional_director), f"/plans/{drafted.plan}"
    page = client.get(address).text
    assert 'value="submit"' in page
    assert "Before it can be submitted" in page
    answer = client.post(f"{address}/move", data={"move": "submit"})
    assert answer.status_code == 422
    assert "Each goal needs a strategy with at least one step" in answer.text
    assert 'value="submit"' not in client_for(cast.cqi_liaison).get(address).text


def test_an_approved_plan_takes_the_place_of_the_older_one_at_that_moment(
    database: Database, client_for: ClientFor, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        old = records.plan(session, invented.actor(session, cast.cqi_director), made.plan)
        new = replacing(session, cast, old)
        invented.move(session, new, PlanMove.SUBMIT, cast.regional_director)
        assert old.state is PlanState.ACTIVE
        invented.move(session, new, PlanMove.APPROVE, cast.cqi_director)
        assert (old.state, old.entries[-1].move) == (PlanState.SUPERSEDED, "supersede")
        steps = [step.state.value for step in records.steps_of(old)]
        assert steps == ["not_started"] * 3, "open steps stay as they were"
        public_id = new.public_id
    client = client_for(cast.regional_director)
    page = client.get(f"/plans/{made.plan}").text
    assert "took its place" in page
    assert "Supervisors read one assessment a month" in page
    assert "late" not in page.partition("<main")[2].partition("Timeline")[0]
    assert client.get(f"/plans/steps/{made.steps[0]}").status_code == 200
    assert "It took the place of" in client.get(f"/plans/{public_id}").text


def test_a_plan_that_ended_meanwhile_keeps_nobody_from_approving_the_newer_one(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        old = records.plan(session, invented.actor(session, cast.cqi_director), made.plan)
        new = replacing(session, cast, old)
        invented.move(session, new, PlanMove.SUBMIT, cast.regional_director)
        invented.move(session, old, PlanMove.CLOSE_UNMET, cast.cqi_director, "Over.")
        invented.move(session, new, PlanMove.APPROVE, cast.cqi_director)
        assert (old.state, new.state) == (PlanState.CLOSED_UNMET, PlanState.APPROVED)


def test_a_plan_takes_the_place_of_one_in_force_of_its_own_place_alone(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        draft = invented.draft(session, cast)
        with pytest.raises(errors.Blocked) as refused:
            replacing(session, cast, draft)
        assert [one.code for one in refused.value.blockers] == [
            "begun_already",
            "supersedes_elsewhere",
        ]


def test_the_form_offers_plans_in_force_to_take_the_place_of(
    client_for: ClientFor, cast: Cast, made: Made
) -> None:
    client = client_for(cast.regional_director)
    page = client.get("/plans/new").text
    assert "Plan whose place it takes" in page
    assert "Region One improvement plan" in page


@pytest.mark.parametrize(("day", "begun"), [(dt.date(2027, 1, 3), 0), (dt.date(2027, 1, 4), 1)])
def test_the_clock_begins_an_approved_plan_on_the_day_of_its_first_step(
    database: Database, client_for: ClientFor, cast: Cast, day: dt.date, begun: int
) -> None:
    with database.writing() as session:
        plan = drafted_with_step(session, cast)
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        invented.move(session, plan, PlanMove.APPROVE, cast.cqi_director)
        assert actions.begin_started(session, now=build.NOW, today=day) == begun
        assert actions.begin_started(session, now=build.NOW, today=day) == 0, "once"
        assert (plan.state is PlanState.ACTIVE) is bool(begun)
        address = f"/plans/{plan.public_id}"
    if begun:
        assert "by the clock" in client_for(cast.cqi_liaison).get(address).text


def test_who_leads_a_region_hears_once_of_a_plan_that_is_due(
    database: Database, cast: Cast, clock: Clock
) -> None:
    with database.writing() as session:
        reported.publish(session, cast, cast.round)
    works = jobs.Works(database, clock, lambda _mail: None)
    assert jobs.JOBS["plans"](works) == "1 due plan told of"
    assert jobs.JOBS["plans"](works) == ""
    with database.writing() as session:
        reported.publish(session, cast, cast.round, at=build.NOW + dt.timedelta(days=1))
        lead = cast.regional_director.id
        assert reported.notices(session, NoticeKind.PLAN_DUE) == [lead]
    assert jobs.JOBS["plans"](works) == "", "a corrected report is no new one"


def test_nobody_hears_of_a_plan_that_is_begun(database: Database, cast: Cast, clock: Clock) -> None:
    with database.writing() as session:
        reported.publish(session, cast, cast.round)
        invented.draft(session, cast)
        assert actions.tell_due(session, now=build.NOW, today=TODAY) == 0


def offered(database: Database, cast: Cast, made: Made) -> tuple[PlanMove, ...]:
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        sheet, _ = lives.plan(session, director, made.plan, TODAY)
        return sheet.moves


def verify_all(database: Database, cast: Cast, made: Made) -> None:
    with database.writing() as session:
        who = invented.actor(session, cast.cqi_liaison)
        for step_id in made.steps:
            owner = invented.actor(session, cast.regional_director)
            step = records.step(session, owner, step_id)
            taking = invented.claiming()
            actions.move_step(session, step=step, taking=taking, actor=owner, now=build.NOW)
            actions.verify_step(session, step=step, actor=who, now=build.NOW)


AFTER = TODAY.day + dt.timedelta(days=180)


def follow_up(database: Database, cast: Cast, achieved: int, on: dt.date = AFTER) -> None:
    with database.writing() as session:
        own, county = session.get_one(Round, cast.round.id), session.merge(cast.county)
        region = session.merge(cast.region)
        later = build.round(session, region, [county], compares_with=own)
        later.on_site_from, later.on_site_to = on, on + dt.timedelta(days=4)
        reported.rate(session, later, county, {"SRM05": achieved}, 58)


def test_completing_is_offered_when_all_steps_are_done_and_all_goals_are_met(
    database: Database, cast: Cast, made: Made
) -> None:
    assert offered(database, cast, made) == (PlanMove.CLOSE_UNMET,)
    verify_all(database, cast, made)
    assert offered(database, cast, made) == (PlanMove.CLOSE_UNMET,), "not measured yet"
    follow_up(database, cast, 50, TODAY.day)
    assert offered(database, cast, made) == (PlanMove.CLOSE_UNMET,), "it began before the approval"
    follow_up(database, cast, 50)
    assert offered(database, cast, made) == (PlanMove.COMPLETE,)


def test_closing_is_offered_when_a_goal_is_not_met(
    database: Database, cast: Cast, made: Made
) -> None:
    verify_all(database, cast, made)
    follow_up(database, cast, 22)
    assert offered(database, cast, made) == (PlanMove.CLOSE_UNMET,)


def test_goals_are_not_measured_for_a_plan_whose_steps_are_open(
    database: Database, cast: Cast, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_given: object) -> bool:
        raise AssertionError("goals were measured")

    monkeypatch.setattr(outcomes, "goals_met", asked)
    offered(database, cast, made)
    with database.reading() as session:
        assert standings.plans_visible(session, invented.actor(session, cast.cqi_director), TODAY)


def test_a_countys_goals_are_held_against_the_countys_own_cases(
    database: Database, cast: Cast, made: Made
) -> None:
    """The region reaches the target of 43.0%, the county does not."""
    with database.writing() as session:
        plan = records.plan(session, invented.actor(session, cast.cqi_director), made.plan)
        county, region = session.merge(cast.county), session.merge(cast.region)
        own = session.get_one(Round, cast.round.id)
        other = build.county(session, region)
        later = build.round(session, region, [county, other], compares_with=own)
        later.on_site_from, later.on_site_to = AFTER, AFTER
        reported.rate(session, later, county, {"SRM05": 10}, 58)
        reported.rate(session, later, other, {"SRM05": 58}, 58)
        limits = outcomes.limits(session, TODAY.day)
        assert outcomes.goals_met(session, plan, limits) is True
        plan.place_id = county.id
        assert outcomes.goals_met(session, plan, limits) is False
