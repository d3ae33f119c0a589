"""Goals held against the round that followed, on both engines."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.measures.rules.findings import Finding, Limits
from cqi.places.models import Place
from cqi.plans.queries import outcomes, sheets
from cqi.plans.rules import Met
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from tests import build
from tests.fixtures.cast import Cast
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


def test_no_word_stands_for_a_goal_that_was_approved_after_the_follow_up_began(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        later = follow_up(session, cast, dt.date(2027, 3, 1))
        for of in (cast.round, later):
            review(session, cast, of)
        outcome = look(session, cast, made).goals[0].outcome
    assert outcome is not None
    assert outcome.change is None


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
