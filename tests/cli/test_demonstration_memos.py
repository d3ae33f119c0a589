"""The demonstration's debriefs and memos: who released them, who has read them, what waits."""

from __future__ import annotations

from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.permissions import Role
from cqi.core import holidays
from cqi.feedback import queries as feedback
from cqi.feedback.rules.clocks import Calendar
from tests.cli import test_demonstration as demonstrations
from tests.fixtures import installation
from tests.fixtures.demonstration import Demonstration

made, session = demonstrations.made, demonstrations.session
people, rounds = demonstrations.people, demonstrations.rounds


def test_the_supervisor_has_read_all_memos_but_two(
    made: Demonstration, session: orm.Session
) -> None:
    calendar = Calendar(made.made_on, installation.ZONE, holidays.days())
    clocks = feedback.clocks(session, calendar)
    rows = feedback.memos(session, people(session, "supervisor", made.made_on), clocks)
    waiting = [row for row in rows if row.waits]
    assert len(waiting) == 2
    read = [row for row in rows if row.read]
    assert read
    assert any(reader.words for row in read for reader in row.readers)
    assert not any(row.due.kind == "late" for row in waiting)
    case_worker = feedback.memos(session, people(session, "caseworker", made.made_on), clocks)
    assert 1 <= sum(row.waits for row in case_worker) <= 2


def test_two_debriefs_are_written_down_and_the_others_wait(
    made: Demonstration, session: orm.Session
) -> None:
    leader = people(session, "site_leader", made.made_on)
    [on] = [one for one in rounds(session) if one.name.startswith("II-East")]
    rows = feedback.debriefs_of_round(session, leader, on.id)
    assert sum(row.held_at is not None for row in rows) == 2
    assert any(row.open and row.held_at is None for row in rows)


def test_memos_are_read_in_time_but_for_a_handful_of_the_newest_finished_round(
    made: Demonstration, session: orm.Session
) -> None:
    calendar = Calendar(made.made_on, installation.ZONE, holidays.days())
    clocks = feedback.clocks(session, calendar)
    rows = feedback.memos(session, people(session, "cqi_director", made.made_on), clocks)
    newest = [one.name for one in rounds(session) if one.name.startswith("III-South")]
    overdue = [row for row in rows if row.due.kind == "late" and not row.readers]
    assert [row.round for row in overdue] == newest * 4
    for row in rows:
        for reader in row.readers:
            assert row.final_on <= row.released_on <= calendar.day_of(reader.at) <= row.due.on
            assert calendar.day_of(reader.at).weekday() < 5, "nobody reads on a weekend"
    own = feedback.memos(session, people(session, "regional_director", made.made_on), clocks)
    assert len(own) > 70
    assert all(row.readers for row in own if row.due.kind == "late")


def test_the_supervisor_of_a_memos_unit_is_who_has_read_it(
    made: Demonstration, session: orm.Session
) -> None:
    calendar = Calendar(made.made_on, installation.ZONE, holidays.days())
    clocks = feedback.clocks(session, calendar)
    rows = feedback.memos(session, people(session, "cqi_director", made.made_on), clocks)
    row = next(row for row in rows if row.round.startswith("I-South follow"))
    [reader] = row.readers
    actor = access.actor_for(session, reader.person_id, made.made_on)
    assert actor is not None
    facts = feedback.case_facts(
        feedback.released(session, actor, row.public_id, made.made_on).review, made.made_on
    )
    assert actor.staff_id in facts.staff
    assert actor.grants[0].role is Role.SUPERVISOR
    assert actor.grants[0].places & facts.places
