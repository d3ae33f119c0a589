"""A further administrator takes two people."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from cqi.access import actions, proposals, queries
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors
from cqi.core.database import Database
from tests import build
from tests.access.test_people import codes, kinds, second_administrator
from tests.fixtures.cast import Cast

LATER = build.NOW + dt.timedelta(days=7)


def act(database: Database, by: Person, action: Any, about: uuid.UUID, **more: Any) -> Any:
    with database.writing() as session:
        given = {"reason": "Is needed", "now": build.NOW, **more}
        return action(session, about, actor=build.actor(session, by), **given)


@pytest.fixture
def second(database: Database, cast: Cast) -> Person:
    return second_administrator(database)[0]


@pytest.fixture
def proposal(database: Database, cast: Cast, today: dt.date) -> uuid.UUID:
    """The cast's administrator proposes the CQI liaison."""
    made = act(
        database, cast.administrator, proposals.propose, cast.cqi_liaison.public_id, today=today
    )
    found: uuid.UUID = made.public_id
    return found


def roles(database: Database, person: Person) -> tuple[Role, ...]:
    with database.reading() as session:
        return build.actor(session, person).roles


def test_a_proposal_has_no_effect_before_another_administrator_confirms(
    database: Database, cast: Cast, second: Person, proposal: uuid.UUID, today: dt.date
) -> None:
    assert roles(database, cast.cqi_liaison) == (Role.CQI_LIAISON,)
    act(database, second, proposals.confirm, proposal, today=today)
    assert roles(database, cast.cqi_liaison) == (Role.ADMINISTRATOR, Role.CQI_LIAISON)
    assert kinds(database, cast.cqi_liaison) == [
        "access.administrator_proposed",
        "access.administrator_decided",
        "access.granted",
    ]


def test_one_person_is_not_two(
    database: Database, cast: Cast, second: Person, proposal: uuid.UUID, today: dt.date
) -> None:
    for action, more in ((proposals.confirm, {"today": today}), (proposals.decline, {})):
        with pytest.raises(errors.Blocked) as refused:
            act(database, cast.administrator, action, proposal, **more)
        assert codes(refused) == ["two_people"]
    with pytest.raises(errors.Blocked) as refused:
        act(database, second, proposals.withdraw, proposal)
    assert codes(refused) == ["not_yours"]
    assert roles(database, cast.cqi_liaison) == (Role.CQI_LIAISON,)


def test_whoever_is_proposed_does_not_confirm_it_themselves(
    database: Database, cast: Cast, second: Person, proposal: uuid.UUID, today: dt.date
) -> None:
    with pytest.raises(errors.Forbidden):
        act(database, cast.cqi_liaison, proposals.confirm, proposal, today=today)


@pytest.mark.parametrize("decision", ["decline", "withdraw"])
def test_what_was_declined_or_taken_back_is_over(
    database: Database,
    cast: Cast,
    second: Person,
    proposal: uuid.UUID,
    today: dt.date,
    decision: str,
) -> None:
    by = second if decision == "decline" else cast.administrator
    with pytest.raises(errors.Blocked) as refused:
        act(database, by, getattr(proposals, decision), proposal, reason="")
    assert codes(refused) == ["reason_missing"]
    act(database, by, getattr(proposals, decision), proposal)
    with pytest.raises(errors.Blocked) as refused:
        act(database, second, proposals.confirm, proposal, today=today)
    assert codes(refused) == ["decided"]
    assert roles(database, cast.cqi_liaison) == (Role.CQI_LIAISON,)


def test_a_proposal_lapses_after_some_days(
    database: Database, cast: Cast, second: Person, proposal: uuid.UUID, today: dt.date
) -> None:
    with pytest.raises(errors.Blocked) as refused:
        act(database, second, proposals.confirm, proposal, now=LATER, today=today)
    assert codes(refused) == ["lapsed"]
    with database.reading() as session:
        assert [line.state for line in proposals.listed(session, LATER)] == ["lapsed"]
        assert proposals.waiting(session, build.NOW) == 1
        assert proposals.waiting(session, LATER) == 0
    about = cast.cqi_liaison.public_id
    act(database, cast.administrator, proposals.propose, about, now=LATER, today=today)


def test_who_cannot_be_proposed(
    database: Database, cast: Cast, second: Person, proposal: uuid.UUID, today: dt.date
) -> None:
    with database.writing() as session:
        actor = build.actor(session, cast.administrator)
        actions.disable_person(
            session,
            cast.outsider.public_id,
            reason="x",
            actor=actor,
            now=build.NOW,
            today=today,
        )
    for person, code in (
        (cast.administrator, ["own_grant", "administrator"]),
        (second, ["administrator"]),
        (cast.cqi_liaison, ["proposed"]),
        (cast.outsider, ["disabled"]),
    ):
        with pytest.raises(errors.Blocked) as refused:
            act(database, cast.administrator, proposals.propose, person.public_id, today=today)
        assert codes(refused) == code
    with database.reading() as session:
        assert queries.administrators(session, today) == {cast.administrator.id, second.id}


def test_nobody_else_proposes(database: Database, cast: Cast, today: dt.date) -> None:
    for role in ("cqi_director", "outsider", "auditor"):
        person = getattr(cast, role, cast.reviewer)
        with pytest.raises(errors.Forbidden):
            act(database, person, proposals.propose, cast.reviewer.public_id, today=today)
