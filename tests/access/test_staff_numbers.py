"""Staff numbers decide about conflicts of interest: one spelling for people and case lists."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cqi.access import actions, queries
from cqi.access.models import Person
from cqi.access.policy import NewPerson
from cqi.core import errors
from cqi.core.database import Database
from tests import build
from tests.fixtures.cast import Cast


def add(database: Database, cast: Cast, staff_id: str) -> str | None:
    with database.writing() as session:
        actor = queries.actor_for(session, cast.administrator.id, build.NOW.date())
        assert actor is not None
        new = NewPerson(f"p{len(staff_id)}@example.org", "Somebody", staff_id)
        made = actions.create_person(session, new, actor=actor, now=build.NOW)
        return session.scalar(sa.select(Person.staff_id).where(Person.id == made.id))


def test_blanks_around_a_staff_number_do_not_count(database: Database, cast: Cast) -> None:
    assert add(database, cast, " W-7 ") == "W-7"
    with pytest.raises(errors.Blocked, match="staff number"):
        add(database, cast, "W-7")


def test_blanks_alone_are_no_staff_number(database: Database, cast: Cast) -> None:
    assert add(database, cast, "  ") is None
    assert add(database, cast, "") is None
