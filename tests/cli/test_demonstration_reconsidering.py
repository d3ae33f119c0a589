"""The demonstration's ratings that are looked at again."""

from __future__ import annotations

from sqlalchemy import orm

from cqi.core import holidays
from cqi.feedback import queries as feedback
from cqi.feedback.rules.clocks import Calendar
from tests.cli import test_demonstration as demonstrations
from tests.fixtures import installation
from tests.fixtures.demonstration import Demonstration

made, session = demonstrations.made, demonstrations.session


def test_one_was_upheld_one_is_to_be_changed_and_one_waits(
    made: Demonstration, session: orm.Session
) -> None:
    calendar = Calendar(made.made_on, installation.ZONE, holidays.days())
    director = demonstrations.people(session, "cqi_director", made.made_on)
    rows = feedback.requests(session, director, feedback.clocks(session, calendar))
    assert sorted(row.outcome for row in rows) == ["open", "to_reopen", "upheld"]
    assert not any(row.due.late for row in rows if row.outcome == "open")
