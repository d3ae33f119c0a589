"""What a draft leaves out and takes back; numbers stay, and findings are decided on again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.plans import actions, rules, workflow
from cqi.plans.models import Goal, Plan, Step
from cqi.plans.queries import findings, lives, paper, records, standings
from cqi.plans.rules import StepState
from cqi.plans.rules.findings import FindingDecision
from cqi.plans.workflow import PlanMove
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
from tests.plans.invented import Made

LATER = build.NOW + dt.timedelta(hours=1)


def given(session: orm.Session, cast: Cast, now: dt.datetime = build.NOW) -> dict[str, Any]:
    return {"actor": invented.actor(session, cast.regional_director), "now": now}


def plan_of(session: orm.Session, cast: Cast, made: Made) -> Plan:
    return records.plan(session, invented.actor(session, cast.cqi_director), made.plan)


def add_goal(session: orm.Session, cast: Cast, plan: Plan, **more: Any) -> Goal:
    new = actions.NewGoal("Plans with the family", "INV", "INV02", rules.Count(20, 58), finding=1)
    goal = actions.add_goal(session, plan=plan, new=new, **given(session, cast))
    strategy = actions.add_strategy(session, goal=goal, title="Meetings", **given(session, cast))
    for _ in range(2):
        step = actions.NewStep(
            "Meet", cast.cqi_liaison.id, dt.date(2027, 1, 4), invented.FAR, "Minutes", **more
        )
        actions.add_step(session, strategy=strategy, new=step, **given(session, cast))
    return goal


def codes(refused: pytest.ExceptionInfo[errors.Blocked]) -> list[str]:
    return [one.code for one in refused.value.blockers]


def states(goal: Goal) -> list[StepState]:
    return [step.state for way in goal.strategies for step in way.steps]


def test_a_dropped_goal_keeps_its_number_and_its_steps_go_and_come_back_with_it(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        two, three = add_goal(session, cast, plan), add_goal(session, cast, plan)
        first = two.strategies[0].steps[0]
        actions.drop_draft_step(session, step=first, reason="No.", **given(session, cast))
        actions.drop_goal(session, goal=two, reason="Too much", **given(session, cast, LATER))
        assert [goal.position for goal in plan.goals] == [1, 3]
        assert states(two) == [StepState.DROPPED, StepState.DROPPED]
        assert add_goal(session, cast, plan).position == 4, "a number is given once"
        assert three.position == 3
        actions.take_up_goal(session, goal=two, **given(session, cast))
        assert [goal.position for goal in plan.goals] == [1, 2, 3, 4]
        assert states(two) == [StepState.DROPPED, StepState.NOT_STARTED], "one was dropped before"
        for step in session.scalars(sa.select(Step)):
            assert workflow.fold_step(entry.kind for entry in step.entries) is step.state
        assert not events.verify(session).problem


def test_the_last_goal_or_strategy_that_is_dropped_gives_its_number_to_nobody(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        goal = plan.goals[0]
        way = goal.strategies[0]
        actions.drop_strategy(session, strategy=way, reason="No.", **given(session, cast))
        assert goal.strategies == []
        new = actions.add_strategy(session, goal=goal, title="Another", **given(session, cast))
        assert new.position == 2
        actions.take_up_strategy(session, strategy=way, **given(session, cast))
        assert [one.position for one in goal.strategies] == [1, 2]
        actions.drop_goal(session, goal=goal, reason="No.", **given(session, cast))
        assert add_goal(session, cast, plan).position == 2


def test_a_finding_whose_goal_is_dropped_is_decided_on_again(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        goal, row = plan.goals[0], plan.findings[0]
        assert findings.standing(plan)[1].goals == (1,)
        actions.drop_goal(session, goal=goal, reason="Not ours", **given(session, cast))
        assert findings.standing(plan)[1].goals == ()
        assert records.plan_facts(plan).findings_without_goal == (1,)
        said = actions.Decision(1, FindingDecision.DECLINED, "Not ours", revision=row.revision)
        actions.decide_findings(session, plan=plan, decisions=[said], **given(session, cast))
        with pytest.raises(errors.Blocked) as refused:
            actions.take_up_goal(session, goal=goal, **given(session, cast))
        assert codes(refused) == ["finding_not_accepted"]


def test_what_others_wait_for_is_not_dropped_and_what_is_dropped_is_not_changed(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        one = plan.goals[0]
        step = invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        two = add_goal(session, cast, plan, depends_on_id=step.id)
        with pytest.raises(errors.Blocked) as refused:
            actions.drop_goal(session, goal=one, reason=" ", **given(session, cast))
        assert codes(refused) == ["reason_missing", "others_wait"]
        actions.drop_goal(session, goal=two, reason="No.", **given(session, cast))
        way, gone = two.strategies[0], two.strategies[0].steps[0]
        for refuse in (
            lambda: actions.drop_goal(session, goal=two, reason="No.", **given(session, cast)),
            lambda: actions.add_strategy(session, goal=two, title="X", **given(session, cast)),
            lambda: actions.drop_strategy(
                session, strategy=way, reason="No.", **given(session, cast)
            ),
            lambda: actions.take_up_step(session, step=gone, **given(session, cast)),
        ):
            with pytest.raises(errors.Blocked) as refused:
                refuse()
            assert codes(refused) == ["part_dropped"]
        for take_up, part in (
            (actions.take_up_goal, {"goal": one}),
            (actions.take_up_strategy, {"strategy": one.strategies[0]}),
            (actions.take_up_step, {"step": step}),
        ):
            with pytest.raises(errors.Blocked) as refused:
                take_up(session, **part, **given(session, cast))
            assert codes(refused) == ["part_kept"]


def waiting(session: orm.Session, cast: Cast, plan: Plan, on: Step | None = None) -> Step:
    """Another step of the plan's first strategy, which may wait for one."""
    step = invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
    step.depends_on = on
    return step


def test_a_step_that_comes_back_waits_for_nothing_that_is_left_out(
    database: Database, client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan, say = plan_of(session, cast, drafted), given(session, cast)
        two = add_goal(session, cast, plan)
        awaited = two.strategies[0].steps[0]
        step = waiting(session, cast, plan, awaited)
        actions.drop_draft_step(session, step=step, reason="No.", **say)
        actions.drop_strategy(session, strategy=two.strategies[0], reason="No.", **say)
        actions.take_up_step(session, step=step, **say)
        assert step.depends_on_id is None
        assert step.entries[-1].words == "It no longer waits for step 2.1.1, which is dropped."
        actions.drop_goal(session, goal=two, reason="No.", **say)
        invented.put_in_force(session, cast, plan)
        step.depends_on_id = awaited.id  # as plans of before may have it
        owner, address = step.owner_id, f"/plans/steps/{step.public_id}/ask/step"
    form = {"title": "Another", "owner": str(owner), "evidence_asked": "Logs for two months"}
    form |= {"depends_on": "", "reason": "Clearer."}
    asked = client_for(cast.cqi_liaison).post(address, data=form)
    assert "step 2.1.1" in client_for(cast.cqi_liaison).get(asked.location).text


@pytest.mark.parametrize("whole", ["goal", "strategy"])
def test_what_comes_back_together_still_waits_for_each_other(
    database: Database, cast: Cast, drafted: Made, whole: str
) -> None:
    with database.writing() as session:
        plan, say = plan_of(session, cast, drafted), given(session, cast)
        goal = plan.goals[0]
        gone, awaited = waiting(session, cast, plan), waiting(session, cast, plan)
        first, second = waiting(session, cast, plan, awaited), waiting(session, cast, plan, gone)
        actions.drop_draft_step(session, step=second, reason="No.", **say)
        actions.drop_draft_step(session, step=gone, reason="No.", **say)
        later = given(session, cast, LATER)
        if whole == "goal":
            actions.drop_goal(session, goal=goal, reason="No.", **later)
            actions.take_up_goal(session, goal=goal, **say)
        else:
            way = goal.strategies[0]
            actions.drop_strategy(session, strategy=way, reason="No.", **later)
            actions.take_up_strategy(session, strategy=way, **say)
        actions.take_up_step(session, step=second, **say)
        assert (first.depends_on_id, second.depends_on_id) == (awaited.id, None)


def test_a_strategy_that_comes_back_waits_for_no_other_that_is_left_out(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan, say = plan_of(session, cast, drafted), given(session, cast)
        one, two = plan.goals[0].strategies[0], add_goal(session, cast, plan)
        step = waiting(session, cast, plan, two.strategies[0].steps[0])
        actions.drop_strategy(session, strategy=one, reason="No.", **say)
        actions.drop_goal(session, goal=two, reason="No.", **say)
        actions.take_up_strategy(session, strategy=one, **say)
        assert (step.state, step.depends_on_id) == (StepState.NOT_STARTED, None)


def test_steps_that_go_and_come_back_wait_in_no_circle(
    database: Database, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan, say = plan_of(session, cast, drafted), given(session, cast)
        last = waiting(session, cast, plan)
        middle = waiting(session, cast, plan, last)
        first = waiting(session, cast, plan, middle)
        actions.drop_draft_step(session, step=first, reason="No.", **say)
        actions.drop_draft_step(session, step=middle, reason="No.", **say)
        actions.take_up_step(session, step=first, **say)
        new = actions.NewStep(
            last.title, last.owner_id, last.starts_on, last.due_on, "Logs", depends_on_id=first.id
        )
        actions.change_step(session, step=last, new=new, **say)
        actions.take_up_step(session, step=middle, **say)
        waits = [one.depends_on_id for one in (first, middle, last)]
        assert waits == [None, last.id, first.id]


def test_a_plan_in_force_counts_nothing_of_a_dropped_goal_and_still_names_it(
    database: Database, client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        two = add_goal(session, cast, plan)
        actions.drop_goal(session, goal=two, reason="One thing at a time", **given(session, cast))
        invented.put_in_force(session, cast, plan)
        director = invented.actor(session, cast.cqi_director)
        [line] = standings.plans_visible(session, director, invented.TODAY)
        assert (line.counts.steps, line.dropped) == (1, 0)
        assert records.named_items(session, session.merge(cast.round)) == set()
        printed = paper.paper(session, director, plan.public_id, invented.TODAY)
        assert [aim.measured.goal.position for aim in printed.aims] == [1]
        _, life = lives.plan(session, director, plan.public_id, invented.TODAY)
        assert [(one.number, one.reason) for one in life.dropped] == [("2", "One thing at a time")]
        for verb in (actions.take_up_goal, actions.drop_goal):
            more = {"reason": "No."} if verb is actions.drop_goal else {}
            with pytest.raises(errors.Blocked) as refused:
                verb(session, goal=two, **more, **given(session, cast))
            assert codes(refused) == ["not_a_draft"]
    assert "One thing at a time" in client_for(cast.cqi_director).get(f"/plans/{drafted.plan}").text


def test_a_returned_plan_drops_and_takes_back_on_its_page(
    database: Database, client_for: ClientFor, cast: Cast, drafted: Made
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        step = invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR).public_id
        two = add_goal(session, cast, plan).public_id
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        invented.move(session, plan, PlanMove.RETURN, cast.cqi_director, "One goal.")
    client, page = client_for(cast.regional_director), f"/plans/{drafted.plan}"
    assert f"/plans/goals/{two}/drop" in client.get(page).text
    for address, number in (
        (f"/plans/goals/{two}/1", "2.1"),
        (f"/plans/goals/{two}", "2"),
        (f"/plans/steps/{step}", "1.1.1"),
    ):
        assert f"Drop {'step' if 'steps' in address else ''}" in client.get(f"{address}/drop").text
        refused = client.post(f"{address}/drop", data={"words": " "})
        assert (refused.status_code, "Say why it is dropped." in refused.text) == (422, True)
        client.post(f"{address}/drop", data={"words": f"Why {number}"})
        shown = client.get(page).text
        assert f"Dropped: Why {number}" in shown
        if number != "1.1.1":
            assert f"10 Mar 2027, by {cast.regional_director.name}." in shown
            assert "With steps 2.1.1, 2.1.2." in shown
        assert client.post(f"{address}/take-up").status_code == 302
        shown = client.get(page).text
        assert "Taken back into the draft" in shown
        assert f"Dropped: Why {number}" not in shown
    client.post(f"/plans/goals/{two}/take-up")
    assert "This stands in the draft already" in client.get(page).text
    with database.reading() as session:
        who = invented.actor(session, cast.cqi_director)
        drawn = paper.paper(session, who, drafted.plan, invented.TODAY)
        said = [each.update for aim in drawn.aims for way in aim.ways for each in way.activities]
        assert said == [""] * len(said) != []
    for verb in ("drop", "take-up"):
        assert client_for(cast.outsider).post(f"/plans/goals/{two}/{verb}").status_code == 403
        liaison = client_for(cast.cqi_liaison).post(f"/plans/goals/{two}/1/{verb}")
        assert liaison.status_code == 403
