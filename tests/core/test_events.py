"""The audit chain: whatever is changed, taken away or added is found and named."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.core import events, identifiers, schema
from cqi.core.database import Database
from tests import build

STREAM = events.Stream("review", identifiers.uuid7())
OTHER = events.Stream("plan", identifiers.uuid7())
CHANGES: dict[str, Any] = {
    "stream_kind": "round",
    "stream_id": uuid.UUID(int=1),
    "sequence": 20,
    "kind": "review.invented",
    "kind_version": 2,
    "actor_id": 4,
    "at": build.NOW + dt.timedelta(microseconds=1),
    "purpose": "other",
    "payload": {"item": "SRM05", "value": "no"},
    "previous_hash": "1" * 64,
    "hash": "2" * 64,
    "key_id": "7",
}


@pytest.fixture
def chained(database: Database) -> Database:
    """Two streams of four events; their triggers are gone, as for somebody with the database."""
    with database.writing() as session:
        for number in range(4):
            for stream in (STREAM, OTHER):
                happening = events.Happening("review.answered", 3, build.NOW, "scoring")
                events.record(session, stream, happening, {"item": "SRM05", "n": number})
    with database.engine.begin() as connection:
        schema.drop_triggers(connection)
    return database


def problem(database: Database) -> str:
    with database.reading() as session:
        return events.verify(session).problem


def change(database: Database, statement: Any) -> None:
    with database.engine.begin() as connection:
        connection.execute(statement)


def second_of_stream() -> Any:
    return sa.and_(events.Event.stream_id == STREAM.id, events.Event.sequence == 2)


def test_an_untouched_chain_holds(chained: Database) -> None:
    with chained.reading() as session:
        found = events.verify(session)
    assert (found.events, found.streams, found.problem) == (8, 2, "")


def test_every_column_is_tried() -> None:
    assert set(CHANGES) == {column.name for column in events.Event.__table__.columns} - {"id"}


@pytest.mark.parametrize("column", CHANGES)
def test_a_change_of_any_field_is_found_and_its_event_named(chained: Database, column: str) -> None:
    with chained.reading() as session:
        event_id = session.scalars(sa.select(events.Event.id).where(second_of_stream())).one()
    change(
        chained,
        sa.update(events.Event).where(second_of_stream()).values({column: CHANGES[column]}),
    )
    found = problem(chained)
    if column in {"stream_kind", "stream_id", "sequence"}:
        assert found.startswith("event ")  # the gap that it leaves, or the place that it takes
    else:
        assert found.startswith(f"event {event_id} ("), found


@pytest.mark.parametrize("sequence", [1, 2, 4])
def test_a_missing_event_is_found(chained: Database, sequence: int) -> None:
    gone = (events.Event.stream_id == STREAM.id) & (events.Event.sequence == sequence)
    change(chained, sa.delete(events.Event).where(gone))
    assert "missing" in problem(chained)


def test_a_missing_stream_is_found(chained: Database) -> None:
    change(chained, sa.delete(events.Event).where(events.Event.stream_id == STREAM.id))
    assert problem(chained)
    change(chained, sa.delete(events.EventHead).where(events.EventHead.stream_id == STREAM.id))
    assert problem(chained) == ""  # only a seal can tell: see below


def test_a_seal_finds_a_whole_stream_that_was_taken_away(chained: Database) -> None:
    with chained.writing() as session:
        assert events.seal(session, today=build.NOW.date(), now=build.NOW) is not None
        assert events.seal(session, today=build.NOW.date(), now=build.NOW) is None
    assert problem(chained) == ""
    for model in (events.Event, events.EventHead):
        change(chained, sa.delete(model).where(model.stream_id == STREAM.id))
    assert "before the seal of" in problem(chained)


def test_a_changed_seal_is_found(chained: Database) -> None:
    with chained.writing() as session:
        events.seal(session, today=build.NOW.date(), now=build.NOW)
    change(chained, sa.update(events.EventSeal).values(heads=5))
    assert "seal of" in problem(chained)


def test_an_event_is_written_with_its_change_or_not_at_all(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            happening = events.Happening("review.answered", 3, build.NOW)
            events.record(session, STREAM, happening, {})
            raise RuntimeError("the change failed")

    with pytest.raises(RuntimeError):
        fail()
    with database.reading() as session:
        assert events.verify(session).events == 0
