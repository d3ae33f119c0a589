"""Acknowledging: once a person, by those whom the feedback is for, on both engines."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cqi.core import events
from cqi.core.database import Database
from cqi.core.errors import Blocked, Forbidden
from cqi.feedback import actions, queries
from tests import build
from tests.feedback import invented
from tests.feedback.invented import CLOCKS
from tests.fixtures.cast import Cast

TODAY = CLOCKS.calendar.today


def test_both_the_caseworker_and_the_supervisor_acknowledge(database: Database, cast: Cast) -> None:
    review_id = invented.final_review(database, cast)
    with database.writing() as session:
        for person, words in ((cast.caseworker, " The point is fair. "), (cast.supervisor, "")):
            actor = build.actor(session, person)
            release = queries.released(session, actor, review_id, TODAY)
            actions.acknowledge(
                session,
                release=release,
                words=words,
                actor=actor,
                now=build.NOW,
                today=TODAY,
            )
    with database.reading() as session:
        supervisor = build.actor(session, cast.supervisor)
        row = queries.memo(session, supervisor, review_id, CLOCKS).row
        assert [(reader.person_id, reader.words) for reader in row.readers] == [
            (cast.caseworker.id, "The point is fair."),
            (cast.supervisor.id, ""),
        ]
        assert row.read
        query = sa.select(events.Event).where(events.Event.kind == "feedback.acknowledged")
        found = list(session.scalars(query))
        assert [event.actor_id for event in found] == [cast.caseworker.id, cast.supervisor.id]
        assert {event.stream_id for event in found} == {review_id}
        assert "fair" not in str([event.payload for event in found])


def test_what_staff_write_is_not_shown_further_up(database: Database, cast: Cast) -> None:
    review_id = invented.final_review(database, cast)
    with database.writing() as session:
        actor = build.actor(session, cast.caseworker)
        release = queries.released(session, actor, review_id, TODAY)
        actions.acknowledge(
            session,
            release=release,
            words="Between us",
            actor=actor,
            now=build.NOW,
            today=TODAY,
        )
        director = build.actor(session, cast.regional_director)
        row = queries.memo(session, director, review_id, CLOCKS).row
        assert [reader.words for reader in row.readers] == [""]


def test_nobody_acknowledges_twice(database: Database, cast: Cast) -> None:
    review_id = invented.final_review(database, cast)
    with database.writing() as session:
        actor = build.actor(session, cast.caseworker)
        release = queries.released(session, actor, review_id, TODAY)

        def acknowledge() -> None:
            actions.acknowledge(session, release=release, actor=actor, now=build.NOW, today=TODAY)

        acknowledge()
        with pytest.raises(Blocked) as refused:
            acknowledge()
        assert [blocker.code for blocker in refused.value.blockers] == ["already_acknowledged"]


def test_who_reads_from_above_does_not_acknowledge(database: Database, cast: Cast) -> None:
    review_id = invented.final_review(database, cast)
    with database.writing() as session:
        actor = build.actor(session, cast.regional_director)
        release = queries.released(session, actor, review_id, TODAY)
        with pytest.raises(Forbidden):
            actions.acknowledge(session, release=release, actor=actor, now=build.NOW, today=TODAY)
