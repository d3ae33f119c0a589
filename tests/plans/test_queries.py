"""Who sees which plans and steps, and what they see of them, on both engines."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.core.errors import NotFound
from cqi.plans import rules
from cqi.plans.queries import records, sheets, standings
from cqi.plans.rules import Standing
from cqi.plans.workflow import PlanMove, StepMove
from cqi.rounds.models import Round, RoundCounty
from tests import build
from tests.fixtures.cast import Cast
from tests.plans import invented
from tests.plans.invented import TODAY


def test_a_directors_first_page_shows_plans_late_steps_and_deadlines(
    database: Database, cast: Cast
) -> None:
    invented.active(database, cast, cast.regional_director)
    with database.reading() as session:
        director = invented.actor(session, cast.regional_director)
        home = standings.director_home(session, director, TODAY, 30)
    assert [plan.name for plan in home.plans] == ["Region One improvement plan"]
    assert [(row.number, row.timing.words) for row in home.late] == [
        ("1.1.1", "15 working days late")
    ]
    assert [row.timing.words for row in home.deadlines] == ["due Tue 16 Mar, in 4 working days"]
    assert [(wait.verb, wait.rest[:5]) for wait in home.waits] == [
        ("Claim", "1.1.1"),
        ("Claim", "1.1.2"),
    ]


def test_a_sheet_counts_steps_and_names_goals_with_their_targets(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.regional_director)
    invented.claim(database, made.steps[1], cast.regional_director)
    with database.reading() as session:
        sheet = sheets.plan(session, invented.actor(session, cast.cqi_liaison), made.plan, TODAY)
    assert sheet.counts == sheets.Counts(3, 0, 1, late=1, behind=0, on_schedule=1, late_owners=1)
    assert sheet.place == "Region One"
    goal = sheet.goals[0]
    assert (goal.measure, goal.baseline, goal.target.percent) == (
        "SRM05",
        rules.Count(21, 58),
        "44.3%",
    )
    claimed = sheet.steps[1]
    assert claimed.timing.standing is Standing.CLAIMED
    assert claimed.moves == ("verify", "send_back")
    assert claimed.last is not None
    assert claimed.last.words == "Logs handed in"
    assert [wait.verb for wait in sheets.waits(sheet)] == ["Verify"]


def test_late_steps_come_latest_first_and_deadlines_end_at_the_horizon(
    database: Database, cast: Cast
) -> None:
    due = (dt.date(2027, 3, 9), dt.date(2027, 1, 11), dt.date(2027, 3, 10), dt.date(2027, 4, 9))
    invented.active(database, cast, cast.cqi_liaison, (*due, dt.date(2027, 4, 10)))
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        late = sheets.steps(session, director, TODAY, *sheets.is_late(TODAY))
        assert [row.due_on for row in late] == [due[1], due[0]]
        coming = sheets.steps(session, director, TODAY, *sheets.falls_due(TODAY, 30))
        assert [row.due_on for row in coming] == [due[2], due[3]]


def test_another_day_can_be_asked_for(database: Database, cast: Cast) -> None:
    invented.active(database, cast, cast.cqi_liaison)
    later = rules.Today(dt.date(2027, 8, 3))
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        assert len(sheets.steps(session, director, later, *sheets.is_late(later))) == 3


def test_nothing_is_late_in_a_draft(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.LATE)
        lead = cast.regional_director
        invented.move(session, plan, PlanMove.SUBMIT, lead, on=invented.LATE)
        director = invented.actor(session, cast.cqi_director)
        home = standings.director_home(session, director, TODAY, 30)
        assert (home.late, home.plans[0].counts.late) == ((), 0)
        assert [wait.verb for wait in home.waits] == ["Approve"]
        assert sheets.steps(session, director, TODAY, *sheets.is_late(TODAY)) == ()


@pytest.mark.parametrize("who", ["cqi_director", "cqi_liaison", "regional_director"])
def test_a_plan_is_seen_by_those_who_lead_check_or_approve_it(
    database: Database, cast: Cast, who: str
) -> None:
    made = invented.active(database, cast, cast.regional_director)
    with database.reading() as session:
        actor = invented.actor(session, getattr(cast, who))
        assert len(standings.plans_visible(session, actor, TODAY)) == 1
        assert records.step(session, actor, made.steps[0]).public_id == made.steps[0]


@pytest.mark.parametrize("who", ["outsider", "reviewer", "supervisor", "administrator"])
def test_a_plan_is_not_found_by_others(database: Database, cast: Cast, who: str) -> None:
    made = invented.active(database, cast, cast.regional_director)
    with database.reading() as session:
        actor = invented.actor(session, getattr(cast, who))
        assert standings.plans_visible(session, actor, TODAY) == ()
        for find, address in (
            (records.plan, made.plan),
            (records.step, made.steps[0]),
            (records.plan, uuid.UUID(int=7)),
        ):
            with pytest.raises(NotFound):
                find(session, actor, address)


def test_another_regions_director_finds_nothing(database: Database, cast: Cast) -> None:
    made = invented.active(database, cast, cast.regional_director)
    with database.writing() as session:
        neighbour = build.person(session)
        build.grant(session, neighbour, Role.REGIONAL_DIRECTOR, place=cast.other_region)
        actor = invented.actor(session, neighbour)
        assert standings.plans_visible(session, actor, TODAY) == ()
        with pytest.raises(NotFound):
            records.plan(session, actor, made.plan)


def test_an_owner_sees_their_own_step_and_no_other(database: Database, cast: Cast) -> None:
    owner: Person = cast.supervisor
    made = invented.active(database, cast, owner, (invented.LATE,))
    other = invented.active(database, cast, cast.cqi_liaison, (invented.LATE,))
    with database.reading() as session:
        actor = invented.actor(session, owner)
        assert [row.public_id for row in sheets.own_steps(session, actor, TODAY)] == [*made.steps]
        assert sheets.step(session, actor, made.steps[0], TODAY).moves[-1] is StepMove.CLAIM
        with pytest.raises(NotFound):
            records.step(session, actor, other.steps[0])
        with pytest.raises(NotFound):
            records.plan(session, actor, made.plan)


def test_items_are_named_by_plans_approved_before_a_date_in_a_place(
    database: Database, cast: Cast
) -> None:
    invented.active(database, cast, cast.cqi_liaison)
    with database.reading() as session:
        counties = [RoundCounty(county_id=cast.county.id)]

        def follow_up(region: int, day: dt.date) -> Round:
            same = cast.round.instrument
            return Round(region_id=region, on_site_from=day, counties=counties, instrument=same)

        after, on_the_day = dt.date(2027, 3, 11), dt.date(2027, 3, 10)
        assert records.named_items(session, follow_up(cast.region.id, after)) == {"SRM05"}
        assert not records.named_items(session, follow_up(cast.region.id, on_the_day))
        assert not records.named_items(session, follow_up(cast.other_region.id, after))
