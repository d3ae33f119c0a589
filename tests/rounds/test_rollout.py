"""Planning the roll-out: dates, beginnings, order; what rounds tell; who sees and who may."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.rounds.actions import rollout as actions
from cqi.rounds.actions.rollout import Beginnings, NewDates
from cqi.rounds.models import RegionRollout, RolloutDecision
from cqi.rounds.policy import NewOrder
from cqi.rounds.queries import rollout as queries
from cqi.rounds.rules import RoundKind, rollout
from cqi.rounds.rules.rollout import Lengths
from tests import build
from tests.build import NOW
from tests.fixtures.cast import Cast

TODAY = NOW.date()
PLAN = rollout.suggested(dt.date(2027, 1, 4), Lengths())


def plan(session: orm.Session, cast: Cast, who: Any = None, **more: Any) -> RegionRollout:
    actor = build.actor(session, who or cast.cqi_director)
    new = NewDates(**{"dates": PLAN, **more})
    region = session.merge(cast.region)
    return actions.plan_region(session, region=region, new=new, actor=actor, now=NOW)


def began(session: orm.Session, cast: Cast, **more: Any) -> None:
    actor = build.actor(session, cast.cqi_director)
    region, new = session.merge(cast.region), Beginnings(**more)
    actions.write_beginnings(session, region=region, new=new, actor=actor, now=NOW, today=TODAY)


def order(session: orm.Session, cast: Cast, *places: int, who: Any = None, seen: int = 0) -> None:
    actor = build.actor(session, who or cast.cqi_director)
    new = NewOrder(places, "Readiness of staff", "East is ready first", seen)
    actions.decide_order(session, new=new, actor=actor, now=NOW)


def kinds(session: orm.Session) -> list[str]:
    found = sa.select(events.Event.kind).where(events.Event.stream_kind == "rollout")
    return list(session.scalars(found.order_by(events.Event.id)))


def test_a_region_is_planned_and_every_change_keeps_its_reason(
    database: Database, cast: Cast
) -> None:
    later = dataclasses.replace(PLAN, support_from=PLAN.support_from + dt.timedelta(days=7))
    with database.writing() as session:
        plan(session, cast)
    with database.writing() as session:
        plan(session, cast, dates=later, reason="The trainers are away", seen=1)
    with database.writing() as session:
        plan(session, cast, dates=later, reason="", seen=2)  # nothing changes: nothing is kept
    with database.reading() as session:
        actor = build.actor(session, cast.cqi_director)
        one = queries.region(session, actor, cast.region.public_id)
        assert one.dates == later
        decided = queries.decisions(session, one)
        assert [each.reason for each in decided] == ["The trainers are away", ""]
        assert decided[1].content["support_from"] == PLAN.support_from.isoformat()
        assert decided[0].by == cast.cqi_director.name
        assert kinds(session) == ["rollout.dates", "rollout.dates"]


def test_a_change_upon_an_older_state_is_refused_and_changes_nothing(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        plan(session, cast)
    later = dataclasses.replace(PLAN, support_from=PLAN.support_from + dt.timedelta(days=7))
    with database.writing() as session, pytest.raises(errors.Blocked) as refused:
        plan(session, cast, dates=later, reason="x", seen=0)
    assert [each.code for each in refused.value.blockers] == ["overtaken"]
    with database.reading() as session:
        assert session.scalars(sa.select(RegionRollout)).one().dates == PLAN


@pytest.mark.parametrize("who", ["cqi_liaison", "regional_director", "reviewer", "outsider"])
def test_only_the_cqi_director_plans_and_orders(database: Database, cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with database.writing() as session:
        with pytest.raises(errors.Forbidden):
            plan(session, cast, person)
        with pytest.raises(errors.Forbidden):
            order(session, cast, cast.region.id, cast.other_region.id, who=person)
        assert not session.scalars(sa.select(RolloutDecision)).all()


def test_rounds_tell_when_reviews_were_and_nothing_is_stored_twice(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        plan(session, cast)
        region, county = session.merge(cast.region), session.merge(cast.county)
        build.round(session, region, [county], kind=RoundKind.INTERIM_PEER)
    with database.reading() as session:
        told = queries.told(session, {cast.region.id})[cast.region.id]
        assert told.baseline is not None  # the cast's round is one
        assert told.baseline.first == cast.round.on_site_from
        assert told.follow_up is None
        assert told.planning_on is None


def test_the_days_on_which_stages_began_are_written_down_with_a_reason_for_a_change(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        with pytest.raises(errors.Blocked):
            began(session, cast, planning_on=TODAY)
        plan(session, cast)
        began(session, cast, planning_on=dt.date(2027, 1, 11), seen=1)
        with pytest.raises(errors.Blocked) as refused:
            began(session, cast, planning_on=dt.date(2027, 1, 18), seen=2)
        assert [each.code for each in refused.value.blockers] == ["no_reason"]
        began(session, cast, planning_on=dt.date(2027, 1, 18), seen=2, reason="Misread")
        told = queries.told(session, {cast.region.id})[cast.region.id]
        assert told.planning_on == dt.date(2027, 1, 18)
        assert kinds(session) == ["rollout.dates", "rollout.began", "rollout.began"]


def test_the_order_is_decided_with_criteria_and_an_older_one_stays(
    database: Database, cast: Cast
) -> None:
    first, second = cast.other_region.id, cast.region.id
    with database.writing() as session:
        order(session, cast, first, second)
        actor = build.actor(session, cast.cqi_director)
        assert [one.id for one in queries.regions(session, actor)] == [first, second]
        with pytest.raises(errors.Blocked):
            order(session, cast, second, first, seen=0)
        stands = queries.order(session)
        assert stands is not None
        order(session, cast, second, first, seen=stands.number)
        assert [one.place for one in queries.regions(session, actor)] == [1, 2]
        assert [one.content["regions"] for one in queries.orders(session)] == [
            [second, first],
            [first, second],
        ]


def test_no_reason_or_criterion_is_in_an_event(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        order(session, cast, cast.region.id, cast.other_region.id)
        [payload] = session.scalars(
            sa.select(events.Event.payload).where(events.Event.kind == "rollout.order")
        )
        assert payload["regions"] == [cast.region.id, cast.other_region.id]
        assert "ready first" not in str(payload)
        assert "Readiness" not in str(payload)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("cqi_director", ["Region One", "Region Two"]),
        ("regional_director", ["Region One"]),
        ("reviewer", ["Region One"]),
        ("other_reviewer", ["Region Two"]),
        ("supervisor", []),
        ("outsider", []),
    ],
)
def test_a_region_is_seen_by_those_who_see_its_rounds(
    database: Database, cast: Cast, who: str, sees: list[str]
) -> None:
    with database.reading() as session:
        actor = build.actor(session, getattr(cast, who))
        assert [one.name for one in queries.regions(session, actor)] == sees
        if "Region One" not in sees:
            with pytest.raises(errors.NotFound):
                queries.region(session, actor, cast.region.public_id)
