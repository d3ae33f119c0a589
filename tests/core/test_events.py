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


def test_an_inserted_event_is_found(chained: Database) -> None:
    """Whoever holds the database but not the key copies a link and takes the next number."""
    with chained.reading() as session:
        last = session.scalars(sa.select(events.Event).order_by(events.Event.id.desc())).first()
        assert last is not None
        link = {c.name: getattr(last, c.name) for c in events.Event.__table__.columns}
    del link["id"]
    link |= {"sequence": last.sequence + 1, "previous_hash": last.hash}
    change(chained, sa.insert(events.Event).values(link))
    assert "was changed after it was written" in problem(chained)


def test_two_events_that_changed_places_are_found(chained: Database) -> None:
    of_stream = events.Event.stream_id == STREAM.id
    for now, then in ((2, 99), (3, 2), (99, 3)):
        moved = sa.update(events.Event).where(of_stream, events.Event.sequence == now)
        change(chained, moved.values(sequence=then))
    assert "does not follow from the event before it" in problem(chained)


def test_a_tail_that_was_cut_off_is_found_though_its_head_was_set_back(chained: Database) -> None:
    """The head says how long the chain is; whoever sets it back too is found by the seal."""
    with chained.writing() as session:
        events.seal(session, today=build.NOW.date(), now=build.NOW)
        query = sa.select(events.Event).where(events.Event.stream_id == STREAM.id)
        *_, before, last = session.scalars(query.order_by(events.Event.sequence))
        kept, number = before.hash, before.sequence
    change(chained, sa.delete(events.Event).where(events.Event.id == last.id))
    assert "its newest events are missing" in problem(chained)
    head = sa.update(events.EventHead).where(events.EventHead.stream_id == STREAM.id)
    change(chained, head.values(sequence=number, hash=kept))
    assert "before the seal of" in problem(chained)
    change(chained, sa.delete(events.EventSeal))
    assert problem(chained) == "", "then the seal that was kept outside tells: `stands`"


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
