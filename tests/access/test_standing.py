"""Disabling and enabling people, and what administrators end of their sign-ins."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cqi.access import actions, factors, models, queries
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.access.policy import NewPerson
from cqi.core import errors, events
from cqi.core.database import Database
from tests import build
from tests.access import signing
from tests.access.test_grants import actor, codes
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

TODAY = build.NOW.date()


def disable(database: Database, by: Person, person: Person, reason: str = "Left.") -> None:
    with database.writing() as session:
        actions.disable_person(
            session,
            person.public_id,
            reason=reason,
            actor=actor(session, by, TODAY),
            now=build.NOW,
            today=TODAY,
        )


def test_who_is_disabled_is_out_at_once_and_comes_back_when_enabled(
    client_for: ClientFor, cast: Cast, database: Database, password_alone: None
) -> None:
    client, again = client_for(cast.reviewer), client_for(None)
    disable(database, cast.administrator, cast.reviewer)
    assert not signing.is_in(client)
    assert signing.password(again, cast.reviewer).status_code == 422
    with database.writing() as session:
        row = session.scalars(sa.select(models.SignInSession)).one()
        assert row.end_reason == "disabled"
        assert session.get_one(Person, cast.reviewer.id).active_reason == "Left."
        actions.enable_person(
            session,
            cast.reviewer.public_id,
            reason="Is back.",
            actor=actor(session, cast.administrator, TODAY),
            now=build.NOW,
        )
        kinds = session.scalars(sa.select(events.Event.kind).order_by(events.Event.id)).all()
    assert not signing.is_in(client), "what has ended stays ended"
    assert signing.password(again, cast.reviewer).status_code == 303
    assert kinds[-1] == "access.person_enabled"
    assert "access.person_disabled" in kinds


def test_disabling_asks_for_a_reason_for_somebody_else_and_for_two_administrators(
    cast: Cast, database: Database
) -> None:
    with database.writing() as session:
        second = build.person(session, "Second")
        build.grant(session, second, Role.ADMINISTRATOR)
    for person, reason, expected in (
        (cast.administrator, "Left.", ["own_record", "last_two"]),
        (second, "Left.", ["last_two"]),
        (cast.reviewer, " ", ["reason_missing"]),
    ):
        with pytest.raises(errors.Blocked) as refused:
            disable(database, cast.administrator, person, reason)
        assert codes(refused) == expected
    with database.writing() as session:
        third = build.person(session, "Third")
        build.grant(session, third, Role.ADMINISTRATOR)
    disable(database, cast.administrator, second)
    with pytest.raises(errors.Blocked) as refused:
        disable(database, cast.administrator, second)
    assert codes(refused) == ["disabled"]


def test_only_administrators_disable_anybody(cast: Cast, database: Database) -> None:
    with pytest.raises(errors.Forbidden):
        disable(database, cast.cqi_director, cast.reviewer)


def test_an_administrator_ends_all_sign_ins_of_somebody(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    theirs, administrator = client_for(cast.reviewer), client_for(cast.administrator)
    url = f"/people/{cast.reviewer.public_id}/sign-ins"
    assert "Chrome on Linux" in administrator.get(url).text
    out = f"/people/{cast.reviewer.public_id}/sign-out"
    assert theirs.post(out, data={"reason": "Lost a laptop."}).status_code == 403
    assert administrator.post(out, data={"reason": "Lost a laptop."}).status_code == 303
    assert not signing.is_in(theirs)
    assert "Nowhere now." in administrator.get(url).text


def test_a_lost_second_step_is_taken_away_with_a_reason_and_set_up_anew(
    client_for: ClientFor, cast: Cast, database: Database
) -> None:
    signing.has_app(database, cast.reviewer)
    theirs, administrator = client_for(cast.reviewer), client_for(cast.administrator)
    url = f"/people/{cast.reviewer.public_id}/sign-ins/second-step"
    assert administrator.post(url, data={"reason": ""}).status_code == 422
    assert administrator.post(url, data={"reason": "Lost the phone."}).status_code == 303
    assert not signing.is_in(theirs)
    assert "Set up your second step" in signing.password(theirs, cast.reviewer).text
    own = f"/people/{cast.administrator.public_id}/sign-ins/second-step"
    refused = administrator.post(own, data={"reason": "Mine."})
    assert "ask another administrator" in refused.text
    with database.reading() as session:
        assert not factors.has_one(session.get_one(Person, cast.reviewer.id))


def test_whom_an_invented_person_adds_is_invented(cast: Cast, database: Database) -> None:
    with database.writing() as session:
        boss = session.get_one(Person, cast.administrator.id)
        boss.demonstration = True
        session.flush()
        new = NewPerson("x@agency.example", "X")
        made = actions.create_person(session, new, actor=actor(session, boss, TODAY), now=build.NOW)
        assert made.demonstration
        assert queries.demonstration_people(session, TODAY)
