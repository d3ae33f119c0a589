"""Who is granted what, how far it reaches, and that nobody decides on their own."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import actions, queries
from cqi.access.actor import Actor, Grant, Thing
from cqi.access.models import GrantRow, Person
from cqi.access.permissions import Permission, Role
from cqi.access.policy import NewGrant, NewPerson
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.places.models import PlaceMembership
from tests import build
from tests.fixtures.cast import Cast

GOOD = "four invented plain words"


def actor(session: orm.Session, person: Person, on: dt.date) -> Actor:
    found = queries.actor_for(session, person.id, on)
    assert found is not None
    return found


def codes(refused: pytest.ExceptionInfo[errors.Blocked]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def thing(*places: int) -> Thing:
    return Thing(places=frozenset(places))


def test_a_regions_grant_reaches_its_counties_and_units_and_no_other(
    database: Database, cast: Cast, today: dt.date
) -> None:
    with database.reading() as session:
        director = actor(session, cast.regional_director, today)
    for place in (cast.region, cast.county, cast.unit):
        assert director.may(Permission.PLAN_LEAD, thing(place.id))
    for place in (cast.state, cast.other_region, cast.other_county):
        assert not director.may(Permission.PLAN_LEAD, thing(place.id))


def test_a_states_grant_reaches_everything(database: Database, cast: Cast, today: dt.date) -> None:
    with database.reading() as session:
        for person in (cast.cqi_director, cast.administrator):
            found = actor(session, person, today)
            assert found.grants[0].everywhere
    assert not found.holds(Permission.REVIEW_SEE)  # an administrator sees no case content


def test_a_rounds_grant_reaches_its_round_only(
    database: Database, cast: Cast, today: dt.date
) -> None:
    with database.reading() as session:
        reviewer = actor(session, cast.reviewer, today)
    assert reviewer.may(Permission.REVIEW_SCORE, Thing(round_id=cast.round.id))
    assert not reviewer.may(Permission.REVIEW_SCORE, Thing(round_id=cast.other_round.id))
    assert not reviewer.may(Permission.REVIEW_SCORE, Thing())


def test_own_things_are_reached_by_being_among_their_people(
    database: Database, cast: Cast, today: dt.date
) -> None:
    with database.reading() as session:
        caseworker = actor(session, cast.caseworker, today)
    assert caseworker.staff_id
    mine = Thing(people=frozenset({cast.caseworker.id}))
    theirs = Thing(people=frozenset({cast.supervisor.id}))
    assert caseworker.may(Permission.FEEDBACK_SEE, mine)
    assert not caseworker.may(Permission.FEEDBACK_SEE, theirs)


def test_a_grant_stands_from_its_first_to_its_last_day(
    database: Database, cast: Cast, today: dt.date
) -> None:
    day = dt.timedelta(days=1)
    with database.writing() as session:
        build.grant(session, cast.outsider, Role.ANALYST, from_on=today, until_on=today + day)
        held = [
            actor(session, cast.outsider, today + day * k).holds(Permission.MEASURES_SEE)
            for k in (-1, 0, 1, 2)
        ]
    assert held == [False, True, True, False]


def test_reach_follows_the_map_of_the_day(database: Database, cast: Cast, today: dt.date) -> None:
    with database.writing() as session:
        membership = sa.select(PlaceMembership).where(PlaceMembership.place_id == cast.county.id)
        session.scalars(membership).one().until_on = today
        director = actor(session, cast.regional_director, today)
        before = actor(session, cast.regional_director, today - dt.timedelta(days=1))
    assert not director.may(Permission.PLAN_LEAD, thing(cast.county.id))
    assert before.may(Permission.PLAN_LEAD, thing(cast.county.id))


def test_the_first_two_administrators_are_made_by_command_and_no_third(
    database: Database, today: dt.date
) -> None:
    with database.writing() as session:
        for number in (1, 2):
            new = NewPerson(f"Admin{number}@Example.org", f"Admin {number}", password=GOOD)
            made = actions.create_administrator(session, new, now=build.NOW, today=today)
            assert actor(session, made, today).roles == (Role.ADMINISTRATOR,)
            assert made.email == f"admin{number}@example.org"
        with pytest.raises(errors.Blocked) as refused:
            actions.create_administrator(
                session, NewPerson("a3@example.org", "A"), now=build.NOW, today=today
            )
        assert codes(refused) == ["two_administrators"]
        kinds = list(session.scalars(sa.select(events.Event.kind).order_by(events.Event.id)))
    assert kinds == ["access.person_created", "access.granted"] * 2


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (NewPerson("x", "X"), ["email_bad"]),
        (NewPerson("x@example.org", " "), ["name_missing"]),
        (NewPerson("x@example.org", "X", password="short"), ["password_short"]),
        (NewPerson("x@example.org", "X", password="a" * 12), ["password_common"]),
        (NewPerson("x@example.org", "X", staff_id="W-100"), ["staff_id_taken"]),
    ],
)
def test_a_person_is_added_only_when_all_is_right(
    database: Database, cast: Cast, today: dt.date, new: NewPerson, expected: list[str]
) -> None:
    with database.writing() as session:
        administrator = actor(session, cast.administrator, today)
        with pytest.raises(errors.Blocked) as refused:
            actions.create_person(session, new, actor=administrator, now=build.NOW)
    assert codes(refused) == expected


def test_an_address_is_taken_in_any_case(database: Database, cast: Cast, today: dt.date) -> None:
    with database.writing() as session:
        administrator = actor(session, cast.administrator, today)
        new = NewPerson(cast.reviewer.email.upper(), "Another")
        with pytest.raises(errors.Blocked) as refused:
            actions.create_person(session, new, actor=administrator, now=build.NOW)
    assert codes(refused) == ["email_taken"]


def test_a_grant_is_given_and_ended_with_reasons_and_events(
    database: Database, cast: Cast, today: dt.date
) -> None:
    with database.writing() as session:
        administrator = actor(session, cast.administrator, today)
        wish = NewGrant(cast.outsider.id, Role.CQI_LIAISON, today, "Joins", cast.region.id)
        row = actions.grant(session, wish, actor=administrator, now=build.NOW)
        assert actor(session, cast.outsider, today).holds(Permission.PLAN_VERIFY)
        ended = actions.end_grant(
            session,
            row.public_id,
            reason="Leaves",
            actor=administrator,
            now=build.NOW,
            today=today,
        )
        assert not actor(session, cast.outsider, today).holds(Permission.PLAN_VERIFY)
        assert ended.end_reason == "Leaves"
        found = session.scalars(sa.select(events.Event).order_by(events.Event.id)).all()
    assert [event.kind for event in found] == ["access.granted", "access.grant_ended"]
    assert "Leaves" not in str(found[1].payload)


def test_nobody_decides_on_their_own_grants(database: Database, cast: Cast, today: dt.date) -> None:
    with database.writing() as session:
        administrator = actor(session, cast.administrator, today)
        wish = NewGrant(cast.administrator.id, Role.ANALYST, today, "Why not")
        with pytest.raises(errors.Blocked) as refused:
            actions.grant(session, wish, actor=administrator, now=build.NOW)
        assert codes(refused) == ["own_grant"]
        own = session.scalars(
            sa.select(GrantRow).where(GrantRow.person_id == cast.administrator.id)
        ).one()
        with pytest.raises(errors.Blocked) as refused:
            actions.end_grant(
                session,
                own.public_id,
                reason="x",
                actor=administrator,
                now=build.NOW,
                today=today,
            )
        assert codes(refused) == ["own_grant"]


def test_a_grant_fits_its_role(database: Database, cast: Cast, today: dt.date) -> None:
    nobody = cast.outsider.id
    wishes = [
        (NewGrant(nobody, Role.ADMINISTRATOR, today, "x"), "two_people"),
        (NewGrant(nobody, Role.CQI_LIAISON, today, "x"), "reach_wrong"),
        (NewGrant(nobody, Role.CQI_LIAISON, today, "x", cast.county.id), "reach_wrong"),
        (NewGrant(nobody, Role.SUPERVISOR, today, "x", cast.region.id), "reach_wrong"),
        (NewGrant(nobody, Role.REVIEWER, today, "x", cast.region.id), "reach_wrong"),
        (NewGrant(nobody, Role.ANALYST, today, "x", round_id=cast.round.id), "reach_wrong"),
        (NewGrant(nobody, Role.ANALYST, today, " "), "reason_missing"),
        (
            NewGrant(nobody, Role.ANALYST, today, "x", until_on=today - dt.timedelta(days=1)),
            "dates_wrong",
        ),
    ]
    with database.writing() as session:
        administrator = actor(session, cast.administrator, today)
        for wish, code in wishes:
            with pytest.raises(errors.Blocked) as refused:
                actions.grant(session, wish, actor=administrator, now=build.NOW)
            assert codes(refused) == [code], wish


@pytest.mark.parametrize("role", ["outsider", "cqi_director", "reviewer"])
def test_only_administrators_manage_people(
    database: Database, cast: Cast, today: dt.date, role: str
) -> None:
    with database.writing() as session:
        somebody = actor(session, getattr(cast, role), today)
        wish = NewGrant(cast.caseworker.id, Role.ANALYST, today, "x")
        with pytest.raises(errors.Forbidden):
            actions.grant(session, wish, actor=somebody, now=build.NOW)
        with pytest.raises(errors.Forbidden):
            actions.create_person(
                session, NewPerson("x@example.org", "X"), actor=somebody, now=build.NOW
            )


def test_nobody_grants_beyond_their_own_reach(
    database: Database, cast: Cast, today: dt.date
) -> None:
    """No role manages people of a region alone today; the rule holds should one come."""
    with database.writing() as session:
        whole = actor(session, cast.administrator, today)
        one_region = Grant(Role.ADMINISTRATOR, places=frozenset({cast.region.id, cast.unit.id}))
        regional = dataclasses.replace(whole, grants=(one_region,))
        nobody = cast.outsider.id
        wishes = [
            (NewGrant(nobody, Role.CQI_LIAISON, today, "x", cast.other_region.id), True),
            (NewGrant(nobody, Role.ANALYST, today, "x"), True),
            (NewGrant(nobody, Role.CASEWORKER, today, "x"), True),
            (NewGrant(nobody, Role.REVIEWER, today, "x", round_id=cast.round.id), True),
            (NewGrant(nobody, Role.CQI_LIAISON, today, "x", cast.region.id), False),
        ]
        for wish, beyond in wishes:
            if not beyond:
                actions.grant(session, wish, actor=regional, now=build.NOW)
                continue
            with pytest.raises(errors.Blocked) as refused:
                actions.grant(session, wish, actor=regional, now=build.NOW)
            assert codes(refused) == ["beyond_reach"], wish


def test_a_disabled_person_is_given_nothing(database: Database, cast: Cast, today: dt.date) -> None:
    with database.writing() as session:
        session.get_one(Person, cast.outsider.id).active = False
        administrator = actor(session, cast.administrator, today)
        wish = NewGrant(cast.outsider.id, Role.ANALYST, today, "x")
        with pytest.raises(errors.Blocked) as refused:
            actions.grant(session, wish, actor=administrator, now=build.NOW)
    assert codes(refused) == ["disabled"]
