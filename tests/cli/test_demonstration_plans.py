"""The demonstration's plans: one in every state, with what goes on around them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import holidays
from cqi.plans import rules, workflow
from cqi.plans.models import (
    Amendment,
    Goal,
    Plan,
    PlanFinding,
    PlanReminder,
    PlanReminderAnswer,
    ProgressReport,
    ReportRemark,
    Step,
    StepEntry,
    StepFile,
)
from cqi.plans.queries import elsewhere, outcomes, records
from cqi.plans.rules import PlanState, StepState
from cqi.plans.rules.amendments import AmendmentState
from cqi.plans.rules.findings import FindingDecision, FindingKind
from tests.cli import test_demonstration as demonstrations
from tests.fixtures import installation
from tests.fixtures.demonstration import Demonstration

made, session = demonstrations.made, demonstrations.session
people = demonstrations.people


def test_there_is_a_plan_in_every_state_and_a_step_in_all_but_one(session: orm.Session) -> None:
    assert set(session.scalars(sa.select(Plan.state))) == set(PlanState)
    dropped = session.scalars(sa.select(Goal.dropped_reason).where(Goal.dropped_at.is_not(None)))
    assert len(list(dropped)) == 1, "a draft shows what it left out"
    steps = set(session.scalars(sa.select(Step.state)))
    assert steps == set(StepState)


def test_the_state_of_every_step_follows_from_what_was_written_of_it(session: orm.Session) -> None:
    for step in session.scalars(sa.select(Step)):
        assert workflow.fold_step(entry.kind for entry in step.entries) is step.state


def test_findings_are_answered_in_every_way_but_in_the_draft(session: orm.Session) -> None:
    assert set(session.scalars(sa.select(PlanFinding.decision))) == set(FindingDecision)
    assert set(session.scalars(sa.select(PlanFinding.kind))) == set(FindingKind)
    query = sa.select(Plan.state).join(Plan.findings)
    waiting = PlanFinding.decision == FindingDecision.PROPOSED
    practice = PlanFinding.kind == FindingKind.PRACTICE
    assert set(session.scalars(query.where(waiting, practice))) == {PlanState.DRAFT}


def test_each_goal_answers_an_accepted_finding_but_in_the_draft(session: orm.Session) -> None:
    for plan in session.scalars(sa.select(Plan)):
        without = records.plan_facts(plan).goals_without_finding
        assert not without or plan.state is PlanState.DRAFT, plan.name


def test_plans_that_ended_were_measured_by_rounds_that_began_after_their_approval(
    made: Demonstration, session: orm.Session
) -> None:
    limits = outcomes.limits(session, made.made_on)
    query = sa.select(Plan).where(Plan.state.in_([PlanState.COMPLETED, PlanState.CLOSED_UNMET]))
    met = {plan.state: outcomes.goals_met(session, plan, limits) for plan in session.scalars(query)}
    assert met == {PlanState.COMPLETED: True, PlanState.CLOSED_UNMET: False}
    active = session.scalars(sa.select(Plan).where(Plan.state == PlanState.ACTIVE))
    found = [outcomes.outcomes(session, plan, limits) for plan in active]
    measured = [goal.outcome.met for one in found for goal in one.goals if goal.outcome]
    assert set(measured) == set(rules.Met)


def test_something_waits_was_granted_and_was_dropped(session: orm.Session) -> None:
    found = session.execute(sa.select(Amendment.kind, Amendment.state))
    assert {(kind.value, state) for kind, state in found} >= {
        ("extension", AmendmentState.ASKED),
        ("extension", AmendmentState.GRANTED),
        ("drop", AmendmentState.GRANTED),
    }


def test_every_claim_came_with_a_file(session: orm.Session) -> None:
    claims = set(session.scalars(sa.select(StepEntry.id).where(StepEntry.kind == workflow.CLAIMED)))
    assert claims == set(session.scalars(sa.select(StepFile.entry_id)))


def test_a_late_step_has_climbed_and_was_acknowledged(session: orm.Session) -> None:
    rungs = set(session.scalars(sa.select(PlanReminder.kind).where(PlanReminder.told)))
    assert {each.value for each in rungs} >= {"overdue", "regional_director"}
    known = sa.select(StepEntry.words).where(StepEntry.kind == workflow.ACKNOWLEDGED)
    assert len(list(session.scalars(known))) == 1


def test_plans_decisions_and_reports_have_climbed_and_one_was_acknowledged(
    session: orm.Session,
) -> None:
    beside = PlanReminder.step_id.is_(None)
    rungs = set(session.scalars(sa.select(PlanReminder.kind).where(PlanReminder.told, beside)))
    assert {each.value for each in rungs} >= {"days_14", "overdue", "cqi_director", "state_office"}
    assert len(list(session.scalars(sa.select(PlanReminderAnswer)))) == 1


def test_reports_were_sent_but_for_the_newest_and_one_was_asked_about(
    session: orm.Session,
) -> None:
    assert session.scalar(sa.select(sa.func.count(ProgressReport.id))) > 50
    assert None not in set(session.scalars(sa.select(ProgressReport.sent_at)))
    answers = session.scalars(sa.select(ReportRemark.answers_id).order_by(ReportRemark.id))
    assert {each is None for each in answers} == {True, False}


def test_what_moved_a_measure_in_one_region_is_told_to_another(
    made: Demonstration, session: orm.Session
) -> None:
    director = people(session, "regional_director_3", made.made_on)
    today = rules.Today(made.made_on, holidays.days(), installation.ZONE)
    query = sa.select(Plan).where(Plan.state.in_(rules.IN_FORCE), records.visible(director))
    plan = session.scalars(query).one()
    [found] = elsewhere.elsewhere(session, plan, today)
    assert [one.place for one in found.moved] == ["V-West"]
    assert found.moved[0].met
