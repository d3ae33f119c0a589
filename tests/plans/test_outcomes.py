"""Goals held against the round that followed, on both engines."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.measures.rules.findings import Finding, Limits
from cqi.places.models import Place
from cqi.plans.models import Goal
from cqi.plans.queries import outcomes, records, sheets, standings
from cqi.plans.rules import Met, TargetKind
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans.invented import TODAY, Made

LIMITS = Limits(smallest_n=2)


def follow_up(session: orm.Session, cast: Cast, on: dt.date) -> Round:
    region = session.get_one(Place, cast.region.id)
    county = session.get_one(Place, cast.county.id)
    own = session.get_one(Round, cast.round.id)
    later = build.round(session, region, [county], kind=RoundKind.FOLLOW_UP, compares_with=own)
    later.on_site_from, later.on_site_to = on, on + dt.timedelta(days=4)
    build.grant(session, cast.reviewer, Role.REVIEWER, round=later)
    return later


def review(session: orm.Session, cast: Cast, of: Round, *, final: bool = True) -> None:
    case = build.case(session, session.get_one(Place, cast.county.id))
    round_ = session.get_one(Round, of.id)
    made = build.case_review(session, round_, case, [cast.reviewer])
    if final:
        build.final(session, made, cast.reviewer, cast.qa_lead)


def look(session: orm.Session, cast: Cast, made: Made) -> outcomes.Outcomes:
    sheet = sheets.plan(session, build.actor(session, cast.cqi_director), made.plan, TODAY)
    return outcomes.outcomes(session, sheet, LIMITS)


def test_before_the_follow_up_a_goal_has_no_result(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.reading() as session:
        found = look(session, cast, made)
    assert (found.follow_up, found.measured) == (None, False)
    assert (found.goals[0].result, found.goals[0].outcome) == (None, None)
    assert found.goals[0].percent


def test_a_follow_up_under_way_gives_no_result_yet(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        later = follow_up(session, cast, dt.date(2027, 9, 6))
        review(session, cast, later)
        review(session, cast, later, final=False)
        found = look(session, cast, made)
    assert found.follow_up is not None
    assert (found.follow_up.left, found.measured) == (1, False)
    assert found.goals[0].outcome is None


def test_a_finished_follow_up_says_what_changed_and_whether_the_target_was_met(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        later = follow_up(session, cast, dt.date(2027, 9, 6))
        for of in (cast.round, cast.round, later, later):
            review(session, cast, of)
        found = look(session, cast, made)
    assert found.measured
    goal = found.goals[0]
    assert goal.outcome is not None
    assert (goal.outcome.result.achieved, goal.outcome.result.applicable) == (2, 2)
    assert goal.outcome.met is Met.NOT_MET  # the rate is there, the baseline's sample size is not
    assert goal.outcome.change is Finding.TOO_FEW
    assert "baseline 21 of 58" in goal.picture_words


def goals_met(session: orm.Session, cast: Cast, made: Made) -> bool | None:
    plan = records.plan(session, build.actor(session, cast.cqi_director), made.plan)
    return outcomes.goals_met(session, plan, LIMITS)


@pytest.mark.parametrize("days", [-9, 0])
def test_a_round_that_began_before_the_approval_tells_where_it_stands_and_nothing_of_the_plan(
    database: Database, cast: Cast, made: Made, days: int
) -> None:
    with database.writing() as session:
        session.scalars(sa.select(Goal)).one().baseline_applicable = 22  # two cases would reach it
        earlier = follow_up(session, cast, TODAY.day + dt.timedelta(days=days))
        for of in (cast.round, earlier, earlier):
            review(session, cast, of)
        found = look(session, cast, made)
        assert (found.follow_up, found.measured, found.stands_in) == (None, False, earlier.name)
        [goal] = found.goals
        assert (goal.result, goal.outcome) == (None, None)
        assert goal.stands is not None
        assert (goal.stands.achieved, goal.stands.applicable) == (2, 2)
        assert goals_met(session, cast, made) is None
        director = build.actor(session, cast.cqi_director)
        lines = standings.plans_visible(session, director, TODAY)
        [said] = outcomes.in_short(session, lines, TODAY.day)
        assert "has not taken place yet" in said.words


def test_the_first_round_after_the_approval_says_whether_goals_are_met(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        goal = session.scalars(sa.select(Goal)).one()
        goal.baseline_achieved, goal.baseline_applicable = 0, 2
        goal.negotiated_target, goal.target_kind = 9000, TargetKind.NEGOTIATED
        earlier = follow_up(session, cast, TODAY.day)
        later = follow_up(session, cast, TODAY.day + dt.timedelta(days=1))
        for of in (cast.round, earlier, later, later):
            review(session, cast, of)
        found = look(session, cast, made)
        assert found.follow_up is not None
        assert (found.follow_up.name, found.stands_in) == (later.name, "")
        outcome = found.goals[0].outcome
        assert outcome is not None
        assert (outcome.met, found.goals[0].stands) == (Met.MET, None)
        assert goals_met(session, cast, made) is True


def test_the_page_says_that_the_earlier_round_began_before_the_plan(
    client_for: ClientFor, database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        earlier = follow_up(session, cast, TODAY.day)
        for of in (cast.round, earlier):
            review(session, cast, of)
    page = client_for(cast.regional_director).get(f"/plans/{made.plan}").text
    assert "now 1 of 1" in page
    assert "began before this plan was approved" in page
    assert "has not taken place yet" in page


def test_a_later_round_under_way_takes_no_result_away(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        done = follow_up(session, cast, dt.date(2027, 9, 6))
        review(session, cast, cast.round)
        review(session, cast, done)
        later = follow_up(session, cast, dt.date(2028, 9, 4))
        review(session, cast, later, final=False)
        found = look(session, cast, made)
        assert found.follow_up is not None
        assert (found.measured, found.follow_up.name) == (True, done.name)
        done.kind = RoundKind.INTERIM_PEER
        session.flush()
        found = look(session, cast, made)
        assert not found.measured, "an interim round is no follow-up"
