"""What people do to a plan, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.core.errors import Blocked, Forbidden
from cqi.plans import actions, rules
from cqi.plans.models import Amendment, Plan, StepEntry
from cqi.plans.queries import records, sheets, standings
from cqi.plans.rules import PlanState, StepState, TargetKind
from cqi.plans.rules.amendments import AmendmentKind
from cqi.plans.workflow import PlanMove
from tests import build
from tests.fixtures.cast import Cast
from tests.plans import asking, invented


def codes(refused: pytest.ExceptionInfo[errors.Blocked]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def kinds(session: orm.Session, plan: Plan) -> list[str]:
    query = sa.select(events.Event.kind).where(events.Event.stream_id == plan.public_id)
    return list(session.scalars(query.order_by(events.Event.sequence)))


def test_a_plan_grows_from_draft_to_approved_with_one_event_each(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.cqi_liaison, (invented.LATE,))
    with database.reading() as session:
        plan = records.plan(session, invented.actor(session, cast.cqi_director), made.plan)
        assert plan.state is PlanState.ACTIVE
        assert plan.approved_on == invented.TODAY.day
        assert plan.goals[0].target_kind is TargetKind.PIP_ARITHMETIC
        assert kinds(session, plan) == [
            "plan.drafted",
            "plan.finding_added",
            "plan.goal_added",
            "plan.strategy_added",
            "plan.step_added",
            "plan.submit",
            "plan.approve",
            "plan.begin",
        ]
        assert events.verify(session).problem == ""


def test_a_step_is_claimed_sent_back_claimed_again_and_verified(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.regional_director, (invented.LATE,))
    with database.writing() as session:
        owner = invented.actor(session, cast.regional_director)
        checker = invented.actor(session, cast.cqi_liaison)
        step = records.step(session, owner, made.steps[0])
        now, claiming = build.NOW, invented.claiming()
        actions.move_step(session, step=step, taking=claiming, actor=owner, now=now)
        actions.send_back_step(session, step=step, reason="October?", actor=checker, now=now)
        assert step.state is StepState.ON_SCHEDULE
        actions.move_step(session, step=step, taking=claiming, actor=owner, now=now)
        actions.verify_step(session, step=step, actor=checker, now=now)
        assert step.state is StepState.VERIFIED
        assert [entry.kind for entry in step.entries] == [
            "claimed",
            "sent_back",
            "claimed",
            "verified",
        ]


def test_the_states_of_steps_fold_back_from_the_events(database: Database, cast: Cast) -> None:
    made = invented.active(database, cast, cast.regional_director)
    invented.claim(database, made.steps[0], cast.regional_director)
    with database.reading() as session:
        plan = records.plan(session, invented.actor(session, cast.cqi_director), made.plan)
        folded: dict[str, str] = {}
        query = sa.select(events.Event).where(events.Event.stream_id == plan.public_id)
        for event in session.scalars(query.order_by(events.Event.sequence)):
            if "state" in event.payload:
                folded[event.payload.get("step", "plan")] = event.payload["state"]
        stored = {str(step.public_id): step.state.value for step in records.steps_of(plan)}
        assert folded == {"plan": plan.state.value, **stored}


def test_words_are_kept_with_the_step_and_only_their_digest_in_the_event(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.regional_director)
    invented.claim(database, made.steps[0], cast.regional_director, "Logs of two months")
    with database.reading() as session:
        assert session.scalar(sa.select(StepEntry.words)) == "Logs of two months"
        payloads = list(session.scalars(sa.select(events.Event.payload)))
        assert events.digest("Logs of two months") in [each.get("words") for each in payloads]
        assert "two months" not in str(payloads)


def test_the_author_does_not_approve(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        plan.created_by_id = cast.cqi_director.id
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        with pytest.raises(Blocked) as refused:
            invented.move(session, plan, PlanMove.APPROVE, cast.cqi_director)
        assert codes(refused) == ["own_plan"]


def test_a_plan_is_returned_changed_and_submitted_again(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        with pytest.raises(Blocked) as refused:
            invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        assert codes(refused) == ["not_a_draft"]
        invented.move(session, plan, PlanMove.RETURN, cast.cqi_director, "One step is too few.")
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        invented.put_in_force(session, cast, plan)
        moves = [(entry.move, entry.words) for entry in plan.entries]
        assert moves[1] == ("return", "One step is too few.")
        assert [move for move, _ in moves] == ["submit", "return", "submit", "approve", "begin"]
        assert "too few" not in str(list(session.scalars(sa.select(events.Event.payload))))


def test_a_goal_of_few_cases_needs_a_negotiated_target(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        lead = invented.actor(session, cast.regional_director)
        few = actions.NewGoal("Screenings", "SNA", "SNA05", rules.Count(3, 8))
        with pytest.raises(Blocked) as refused:
            actions.add_goal(session, plan=plan, new=few, actor=lead, now=build.NOW)
        assert codes(refused) == ["target_to_negotiate"]
        agreed = actions.NewGoal("Screenings", "SNA", "SNA05", rules.Count(3, 8), 6000)
        goal = actions.add_goal(session, plan=plan, new=agreed, actor=lead, now=build.NOW)
        assert (goal.position, goal.target_kind) == (2, TargetKind.NEGOTIATED)


def test_a_step_says_what_proves_it_and_ends_after_it_starts(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        lead = invented.actor(session, cast.regional_director)
        new = actions.NewStep(
            " ", cast.cqi_liaison.id, dt.date(2027, 2, 2), dt.date(2027, 2, 1), " "
        )
        with pytest.raises(Blocked) as refused:
            actions.add_step(
                session,
                strategy=plan.goals[0].strategies[0],
                new=new,
                actor=lead,
                now=build.NOW,
            )
        assert codes(refused) == ["title_missing", "due_before_start", "evidence_missing"]


def test_a_plan_rests_on_a_round_that_looked_at_its_place(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        lead = invented.actor(session, cast.regional_director)
        new = actions.NewPlan(cast.region.id, cast.other_round.id, "Plan")
        with pytest.raises(Blocked) as refused:
            actions.draft_plan(session, new=new, actor=lead, now=build.NOW)
        assert codes(refused) == ["round_elsewhere"]


def test_nobody_drafts_for_a_place_that_they_do_not_lead(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        elsewhere = actions.NewPlan(cast.other_region.id, cast.other_round.id, "Plan")
        for person in (cast.regional_director, cast.cqi_director, cast.outsider):
            with pytest.raises(Forbidden):
                actions.draft_plan(
                    session, new=elsewhere, actor=invented.actor(session, person), now=build.NOW
                )


def test_an_approved_plan_takes_no_more_goals(database: Database, cast: Cast) -> None:
    made = invented.active(database, cast, cast.cqi_liaison)
    with database.writing() as session:
        lead = invented.actor(session, cast.regional_director)
        plan = records.plan(session, lead, made.plan)
        goal = plan.goals[0]
        with pytest.raises(Blocked) as refused:
            actions.add_strategy(session, goal=goal, title="More", actor=lead, now=build.NOW)
        assert codes(refused) == ["not_a_draft"]


def test_a_plan_that_no_round_has_measured_is_closed_with_unmet_goals_and_a_reason(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.regional_director, (invented.LATE,))
    invented.claim(database, made.steps[0], cast.regional_director)
    with database.writing() as session:
        director = invented.actor(session, cast.cqi_director)
        plan = records.plan(session, director, made.plan)
        with pytest.raises(Blocked) as refused:
            invented.move(session, plan, PlanMove.COMPLETE, cast.cqi_director)
        assert codes(refused) == ["steps_open", "goals_not_met"]
        invented.move(session, plan, PlanMove.CLOSE_UNMET, cast.cqi_director, "Money ended.")
        assert plan.state is PlanState.CLOSED_UNMET


def test_who_decides_second_sees_what_the_first_decided(database: Database, cast: Cast) -> None:
    made = invented.active(database, cast, cast.regional_director, (invented.LATE,))
    invented.claim(database, made.steps[0], cast.regional_director)
    with database.reading() as first:
        checker = invented.actor(first, cast.cqi_liaison)
        read_before = records.step(first, checker, made.steps[0])
        read_before.strategy.goal.plan.name  # noqa: B018 - loaded while the session is open
    with database.writing() as second:
        director = invented.actor(second, cast.cqi_director)
        step = records.step(second, director, made.steps[0])
        actions.verify_step(second, step=step, actor=director, now=build.NOW)
    with database.session(writes=True) as third:
        third.add(read_before)
        with pytest.raises(Blocked) as refused:
            actions.send_back_step(
                third, step=read_before, reason="Late", actor=checker, now=build.NOW
            )
        assert codes(refused) == ["wrong_state"]


def test_whoever_once_submitted_a_plan_never_decides_on_it(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        both = build.person(session)
        build.grant(session, both, Role.REGIONAL_DIRECTOR, place=session.merge(cast.region))
        build.grant(session, both, Role.CQI_DIRECTOR)
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        invented.move(session, plan, PlanMove.SUBMIT, both)
        invented.move(session, plan, PlanMove.RETURN, cast.cqi_director, "Name the counties.")
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        with pytest.raises(Blocked) as refused:
            invented.move(session, plan, PlanMove.APPROVE, both)
        assert codes(refused) == ["own_plan"]
        home = standings.waits(session, invented.actor(session, both), invented.TODAY)
        assert "Approve" not in [wait.verb for wait in home]


def test_a_plan_that_ends_ends_what_was_asked_and_calls_nothing_on_time(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor)
    asked = asking.ask(database, made.steps[0], cast.supervisor, asking.more_time())
    with database.writing() as session:
        director = invented.actor(session, cast.cqi_director)
        plan = records.plan(session, director, made.plan)
        invented.move(session, plan, PlanMove.CLOSE_UNMET, cast.cqi_director, "Money ended.")
        one = session.scalars(sa.select(Amendment).where(Amendment.public_id == asked)).one()
        assert (one.state.value, one.answer) == ("withdrawn", "The plan ended.")
        sheet = sheets.plan(session, director, made.plan, invented.TODAY)
        assert {step.timing.words for step in sheet.steps} == {"not done when the plan ended"}
        assert (sheet.counts.late, sheet.counts.on_schedule) == (0, 0)


def test_who_helped_once_does_not_verify_a_later_claim(database: Database, cast: Cast) -> None:
    made = invented.active(database, cast, cast.regional_director, (invented.LATE,))
    with database.writing() as session:
        owner = invented.actor(session, cast.regional_director)
        step = records.step(session, owner, made.steps[0])
        given = {"actor": owner, "now": build.NOW}
        helped = invented.claiming(helped=True)
        actions.move_step(session, step=step, taking=helped, **given)
        director = invented.actor(session, cast.cqi_director)
        actions.send_back_step(session, step=step, reason="?", actor=director, now=build.NOW)
        actions.move_step(session, step=step, taking=invented.claiming(), **given)
        liaison = invented.actor(session, cast.cqi_liaison)
        with pytest.raises(Blocked) as refused:
            actions.verify_step(session, step=step, actor=liaison, now=build.NOW)
        assert codes(refused) == ["helped"]


def _given_to(cast: Cast) -> actions.Wish:
    words = {"title": "Supervisors read one assessment a month", "evidence_asked": "Logs"}
    kind = AmendmentKind.STEP
    return actions.Wish(kind, "Other work", owner_id=cast.regional_director.id, **words)


def test_who_owned_a_step_before_does_not_verify_it(database: Database, cast: Cast) -> None:
    made = invented.active(database, cast, cast.cqi_liaison, (invented.LATE,))
    asked = asking.ask(database, made.steps[0], cast.cqi_liaison, _given_to(cast))
    asking.decide(database, asked, cast.cqi_director)
    invented.claim(database, made.steps[0], cast.regional_director)
    with database.writing() as session:
        liaison = invented.actor(session, cast.cqi_liaison)
        step = records.step(session, liaison, made.steps[0])
        with pytest.raises(Blocked) as refused:
            actions.verify_step(session, step=step, actor=liaison, now=build.NOW)
        assert codes(refused) == ["helped"]


def test_a_step_is_not_given_to_somebody_who_left(database: Database, cast: Cast) -> None:
    made = invented.active(database, cast, cast.cqi_liaison, (invented.LATE,))
    asked = asking.ask(database, made.steps[0], cast.cqi_liaison, _given_to(cast))
    with database.writing() as session:
        session.get_one(Person, cast.regional_director.id).active = False
    with pytest.raises(Blocked) as refused:
        asking.decide(database, asked, cast.cqi_director)
    assert codes(refused) == ["owner_gone"]
