"""What moved a measure in other regions: from published reports alone, on enough cases."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.measures import actions as measures
from cqi.measures import queries as measure_queries
from cqi.measures.models import MeasureRun, Publication, PublicationRun
from cqi.places.models import Place
from cqi.plans import actions, rules
from cqi.plans.models import Goal, Plan, Strategy
from cqi.plans.queries import elsewhere, records
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
from tests.plans.invented import TODAY, Made
from tests.reporting import working


def follow_up(session: orm.Session, cast: Cast, cases: int) -> MeasureRun:
    """The first region's follow-up, all of it final, with its run frozen."""
    region = session.get_one(Place, cast.region.id)
    own = session.get_one(Round, cast.round.id)
    later = build.round(
        session,
        region,
        [session.get_one(Place, cast.county.id)],
        kind=RoundKind.FOLLOW_UP,
        compares_with=own,
    )
    later.on_site_from, later.on_site_to = dt.date(2027, 9, 6), dt.date(2027, 9, 10)
    build.grant(session, cast.reviewer, Role.REVIEWER, round=later)
    working.add_reviews(session, later, cast, cases, "28")
    return measures.freeze_run(session, measure_queries.asked_of(later), actor=None, now=build.NOW)


def publish(session: orm.Session, cast: Cast, run: MeasureRun) -> None:
    made = Publication(
        level="region",
        place_id=cast.region.id,
        title="Region One, follow-up 2027",
        language="en-US",
        digest="0" * 64,
        approved_at=build.NOW,
        approved_by_id=cast.cqi_director.id,
        published_at=build.NOW,
        published_by_id=cast.cqi_director.id,
    )
    session.add(made)
    session.flush()
    session.add(PublicationRun(publication_id=made.id, run_id=run.id))
    session.flush()


def theirs(database: Database, cast: Cast) -> uuid.UUID:
    """A draft of the other region with a goal for the same item."""
    with database.writing() as session:
        lead = build.person(session)
        build.grant(session, lead, Role.REGIONAL_DIRECTOR, place=cast.other_region)
        actor = invented.actor(session, lead)
        new = actions.NewPlan(cast.other_region.id, cast.other_round.id, "Their plan")
        plan = actions.draft_plan(session, new=new, actor=actor, now=build.NOW)
        wish = actions.NewGoal("Look again", "SRM", "SRM05", rules.Count(10, 30))
        actions.add_goal(session, plan=plan, new=wish, actor=actor, now=build.NOW)
        return plan.public_id


@pytest.fixture
def moved(database: Database, cast: Cast, made: Made) -> Made:
    """The first region's plan, whose goal began at 3 of 12."""
    with database.writing() as session:
        goal = session.scalars(sa.select(Goal)).one()
        goal.baseline_achieved, goal.baseline_applicable = 3, 12
        way = session.scalars(sa.select(Strategy)).one()
        way.why = "Teams that read together learn faster."
    return made


def look(session: orm.Session, cast: Cast, public_id: uuid.UUID) -> tuple[elsewhere.Moved, ...]:
    plan: Plan = records.plan(session, invented.actor(session, cast.cqi_director), public_id)
    [found] = elsewhere.elsewhere(session, plan, TODAY)
    assert found.code == "SRM05"
    return found.moved


def test_a_goal_that_was_met_is_suggested_with_its_strategies_once_its_report_is_published(
    database: Database, cast: Cast, moved: Made
) -> None:
    public_id = theirs(database, cast)
    with database.writing() as session:
        run = follow_up(session, cast, 12)
        assert look(session, cast, public_id) == ()
        publish(session, cast, run)
        [found] = look(session, cast, public_id)
        assert (found.place, found.met) == (cast.region.name, True)
        assert (found.baseline, found.result) == (rules.Count(3, 12), rules.Count(12, 12))
        assert [(way.title, way.verified, way.steps) for way in found.ways] == [
            ("Read together", 0, 3)
        ]
        assert found.run == run.run_id
        assert look(session, cast, moved.plan) == ()  # never the plan's own place


def test_a_round_that_began_before_the_approval_suggests_nothing(
    database: Database, cast: Cast, moved: Made
) -> None:
    public_id = theirs(database, cast)
    with database.writing() as session:
        run = follow_up(session, cast, 12)
        publish(session, cast, run)
        assert look(session, cast, public_id)
        later = session.get_one(Round, run.round_id)
        plan = records.plan(session, invented.actor(session, cast.cqi_director), moved.plan)
        plan.approved_on = later.on_site_from
        session.flush()
        assert look(session, cast, public_id) == ()


def test_few_cases_are_no_suggestion(database: Database, cast: Cast, moved: Made) -> None:
    public_id = theirs(database, cast)
    with database.writing() as session:
        publish(session, cast, follow_up(session, cast, 10))
        assert look(session, cast, public_id) == ()


def test_the_page_tells_a_neighbour_and_shows_nothing_else_of_the_plan(
    client_for: ClientFor, database: Database, cast: Cast, moved: Made
) -> None:
    public_id = theirs(database, cast)
    with database.writing() as session:
        publish(session, cast, follow_up(session, cast, 12))
    page = client_for(cast.cqi_director).get(f"/plans/{public_id}/elsewhere").text
    for words in ("Read together", "Teams that read together", "3 of 12", "12 of 12", "run "):
        assert words in page, words
    assert "Logs for two months" not in page
    none = client_for(cast.cqi_liaison).get(f"/plans/{moved.plan}/elsewhere?measure=SNA06").text
    assert "No other region has a published report" in none


def test_a_countys_goal_is_not_told_with_the_regions_counts(
    database: Database, cast: Cast, moved: Made
) -> None:
    public_id = theirs(database, cast)
    with database.writing() as session:
        publish(session, cast, follow_up(session, cast, 12))
        plan = records.plan(session, invented.actor(session, cast.cqi_director), moved.plan)
        plan.place_id = cast.county.id
        session.flush()
        assert look(session, cast, public_id) == ()
