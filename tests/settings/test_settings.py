"""Settings are dated and typed, and say where they are from."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.settings import actions, queries, registry, rules
from tests import build

JANUARY, MARCH = dt.date(2027, 1, 1), dt.date(2027, 3, 1)


def put(database: Database, text: str, from_on: dt.date, reason: str = "told by letter") -> None:
    change = actions.Change("measures.widest_reach", text, from_on, reason)
    with database.writing() as session:
        actions.set_value(session, change, actor_id=None, now=build.NOW)


def test_a_default_stands_until_a_value_is_set_and_each_from_its_date(database: Database) -> None:
    put(database, "30", JANUARY)
    put(database, "40", MARCH)
    put(database, "35", MARCH)  # corrected on the same day: the newest row wins
    days = [dt.date(2026, 12, 31), JANUARY, dt.date(2027, 2, 28), MARCH]
    with database.reading() as session:
        found = [queries.value(session, registry.WIDEST_REACH, day) for day in days]
        (held,) = [held for held in queries.all_held(session, MARCH) if held.value == 35]
        assert len(queries.history(session, registry.WIDEST_REACH)) == 3
    assert found == [25, 30, 30, 35]
    assert (held.words, held.default_words, held.to_confirm) == ("35 points", "25 points", True)


def test_a_change_is_an_event_on_the_settings_own_stream(database: Database) -> None:
    put(database, "30", JANUARY)
    with database.reading() as session:
        event = session.scalars(sa.select(events.Event)).one()
    assert (event.kind, event.payload["key"]) == ("setting.changed", "measures.widest_reach")
    assert "letter" not in str(event.payload)


@pytest.mark.parametrize("text", ["", "many", "25.5", "nan", "9", "51"])
def test_a_value_of_another_type_or_beyond_its_limits_is_refused(
    database: Database, text: str
) -> None:
    with pytest.raises(errors.Blocked) as refused:
        put(database, text, JANUARY, reason=" ")
    assert [blocker.place for blocker in refused.value.blockers] == ["value", "reason"]


def test_every_default_lies_within_its_own_limits() -> None:
    for setting in registry.ALL:
        value, blockers = rules.parsed(setting, str(setting.default))
        assert (value, blockers) == (setting.default, []), setting.key


def test_an_unknown_key_is_not_found() -> None:
    with pytest.raises(errors.NotFound):
        queries.setting("measures.unheard_of")
