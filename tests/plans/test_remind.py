"""The clock tells people of deadlines of plans: whom, of what, once."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cli import jobs
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.notices.models import Notice
from cqi.notices.rules import Mail
from cqi.plans import actions, rules
from cqi.plans.models import PlanReminder, Step
from cqi.plans.queries import ladders, sheets
from cqi.plans.rules.ladder import ReminderKind
from tests import build
from tests.fixtures.cast import Cast
from tests.plans import invented

_KINDS = {"step_due", "steps_due", "step_late", "steps_late", "step_climbed", "steps_climbed"}
LATE, SOON, FAR = invented.LATE, invented.SOON, invented.FAR  # 15 working days late, in 6 days


def remind(database: Database, day: dt.date = invented.TODAY.day) -> int:
    """Of how many steps something was told; what is owed beside them is not looked at here."""
    with database.writing() as session:
        found = actions.remind(session, today=rules.Today(day), now=build.NOW)
    return sum(one.step_id is not None for one in found)


def record(database: Database) -> list[tuple[uuid.UUID, str, bool]]:
    """Of steps."""
    of_steps = sa.select(PlanReminder).where(PlanReminder.step_id.is_not(None))
    with database.reading() as session:
        rows = session.scalars(of_steps.order_by(PlanReminder.id))
        return [(row.subject_id, row.kind.value, row.told) for row in rows]


def told(database: Database, *kinds: str) -> list[tuple[str, int, uuid.UUID]]:
    """(kind, person, subject) of notices about deadlines."""
    with database.reading() as session:
        rows = session.scalars(sa.select(Notice).order_by(Notice.id))
        known = {
            "step_due",
            "steps_due",
            "step_late",
            "steps_late",
            "step_climbed",
            "steps_climbed",
        }
        wanted = set(kinds) or known
        return [(row.kind, row.person_id, row.subject_id) for row in rows if row.kind in wanted]


@pytest.fixture
def state_office(database: Database, cast: Cast) -> Person:
    with database.writing() as session:
        made = build.person(session, "State Office Person")
        build.grant(session, made, Role.STATE_OFFICE, place=cast.state)
        return made


def test_each_kind_goes_to_whom_it_is_for_on_its_day(
    database: Database, cast: Cast, state_office: Person
) -> None:
    due_on = dt.date(2027, 4, 30)  # a Friday
    made = invented.active(database, cast, cast.supervisor, (due_on,))
    expected = {
        dt.date(2027, 4, 16): ("step_due", cast.supervisor),
        dt.date(2027, 4, 23): ("step_due", cast.supervisor),
        dt.date(2027, 4, 29): ("step_due", cast.supervisor),
        dt.date(2027, 5, 3): ("step_late", cast.supervisor),
        dt.date(2027, 5, 7): ("step_climbed", cast.regional_director),
        dt.date(2027, 5, 21): ("step_climbed", cast.cqi_director),
        dt.date(2027, 6, 11): ("step_climbed", state_office),
    }
    found = {}
    for k in range(60):
        day, before = dt.date(2027, 4, 15) + dt.timedelta(days=k), len(told(database))
        if remind(database, day):
            found[day] = told(database)[before:]
    assert found == {
        day: [(kind, person.id, made.steps[0])] for day, (kind, person) in expected.items()
    }


def test_one_run_tells_one_person_of_one_plan_once_for_each_kind(
    database: Database, cast: Cast
) -> None:
    late = (dt.date(2027, 3, 8), dt.date(2027, 3, 9))
    made = invented.active(database, cast, cast.supervisor, (*late, SOON))
    assert remind(database) == 3
    assert Counter(told(database)) == {
        ("steps_late", cast.supervisor.id, made.plan): 1,
        ("step_due", cast.supervisor.id, made.steps[2]): 1,
    }


def test_running_it_again_tells_nothing(database: Database, cast: Cast) -> None:
    invented.active(database, cast, cast.supervisor)
    assert remind(database) == 2
    before = (record(database), told(database))
    assert remind(database) == 0
    assert (record(database), told(database)) == before


def test_a_month_of_missed_runs_tells_each_rung_once_and_records_the_rest(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor, (FAR,))
    assert remind(database, FAR - dt.timedelta(days=10)) == 1
    assert remind(database, FAR + dt.timedelta(days=22)) == 1
    rows = [(kind, was_told) for _, kind, was_told in record(database)]
    assert rows == [
        ("days_14", True),
        ("days_7", False),
        ("days_1", False),
        ("overdue", True),
        ("regional_director", True),
        ("cqi_director", True),
    ]
    assert sorted(told(database, "step_climbed", "step_late")) == sorted(
        [
            ("step_late", cast.supervisor.id, made.steps[0]),
            ("step_climbed", cast.regional_director.id, made.steps[0]),
            ("step_climbed", cast.cqi_director.id, made.steps[0]),
        ]
    )


def test_what_is_claimed_is_never_reminded_of_and_sent_back_it_is_again(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor, (LATE,))
    invented.claim(database, made.steps[0], cast.supervisor)
    assert remind(database) == 0
    with database.writing() as session:
        step = session.scalars(sa.select(Step)).one()
        liaison = invented.actor(session, cast.cqi_liaison)
        actions.send_back_step(
            session, step=step, reason="One log is missing", actor=liaison, now=build.NOW
        )
    assert remind(database) == 1


def test_time_that_a_claim_waited_for_its_check_does_not_count_against_its_owner(
    database: Database, cast: Cast
) -> None:
    """Claimed in time, refused three weeks after its due date: the ladder begins on that day."""
    made = invented.active(database, cast, cast.supervisor, (SOON,))  # a Tuesday
    invented.claim(database, made.steps[0], cast.supervisor, on=SOON - dt.timedelta(days=1))
    refused = SOON + dt.timedelta(days=21)
    invented.refuse(database, made.steps[0], cast.cqi_liaison, on=refused)
    found = {}
    for k in range(15):
        day, before = refused + dt.timedelta(days=k), len(told(database))
        if remind(database, day):
            found[day] = told(database)[before:]
    step = made.steps[0]
    assert found == {
        refused + dt.timedelta(days=1): [("step_late", cast.supervisor.id, step)],
        refused + dt.timedelta(days=7): [("step_climbed", cast.regional_director.id, step)],
    }
    with database.reading() as session:
        today = rules.Today(refused + dt.timedelta(days=7))
        actor = invented.actor(session, cast.regional_director)
        late = sheets.steps(session, actor, today, *sheets.is_late(today))
        here = ladders.ladders(session, actor, made.steps, today)[step].ladder.here
        assert [(one.public_id, one.timing.days) for one in late] == [(step, 20)]
        assert here.kind is ReminderKind.REGIONAL_DIRECTOR
        assert "15 working days of waiting for a check left out" in here.words


@pytest.mark.parametrize("state", [rules.StepState.VERIFIED, rules.StepState.DROPPED])
def test_what_is_done_or_dropped_is_left_alone(
    database: Database, cast: Cast, state: rules.StepState
) -> None:
    invented.active(database, cast, cast.supervisor, (LATE,))
    with database.writing() as session:
        session.scalars(sa.select(Step)).one().state = state
    assert remind(database) == 0


def test_a_draft_reminds_nobody(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.supervisor, LATE)
    assert remind(database) == 0


def test_more_time_starts_anew(database: Database, cast: Cast) -> None:
    invented.active(database, cast, cast.supervisor, (LATE,))
    assert remind(database) == 1
    with database.writing() as session:
        session.scalars(sa.select(Step)).one().due_on = SOON
    assert remind(database) == 1
    assert told(database)[-1][:2] == ("step_due", cast.supervisor.id)
    assert record(database)[-1][1:] == ("days_7", True)


def test_who_leads_hears_of_steps_whose_owner_has_left(database: Database, cast: Cast) -> None:
    made = invented.active(database, cast, cast.supervisor, (SOON,))
    with database.writing() as session:
        session.get_one(Person, cast.supervisor.id).active = False
    remind(database)
    assert told(database) == [("step_due", cast.regional_director.id, made.steps[0])]


def test_where_a_region_has_no_director_the_next_rung_up_is_told(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor, (dt.date(2027, 3, 1),))
    with database.writing() as session:
        session.get_one(Person, cast.regional_director.id).active = False
    remind(database)
    assert record(database)[-1][1] == "regional_director"
    assert told(database) == [
        ("step_late", cast.supervisor.id, made.steps[0]),
        ("step_climbed", cast.cqi_director.id, made.steps[0]),
    ]


def test_a_rung_that_was_told_before_the_record_named_people_is_not_told_again(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor, (LATE,))
    day = invented.TODAY.day
    with database.writing() as session:
        step = session.scalars(sa.select(Step)).one()
        for kind in ReminderKind:
            if kind is not ReminderKind.STATE_OFFICE:
                row = (made.steps[0], step.id, kind, LATE, True, day, build.NOW)
                names = ("subject_id", "step_id", "kind", "due_on", "told", "on_day", "at")
                session.add(PlanReminder(**dict(zip(names, row, strict=True))))
    assert remind(database) == 0
    assert told(database) == []
    with database.reading() as session:
        director = invented.actor(session, cast.regional_director)
        found = ladders.outstanding(session, director, invented.TODAY)
        assert [one.kind for one in found] == [ReminderKind.REGIONAL_DIRECTOR], "it still waits"


def test_the_director_of_another_region_hears_nothing(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        neighbour = build.person(session)
        build.grant(session, neighbour, Role.REGIONAL_DIRECTOR, place=cast.other_region)
    invented.active(database, cast, cast.supervisor, (dt.date(2027, 3, 1),))
    remind(database)
    assert neighbour.id not in {person for _, person, _ in told(database)}


def test_the_job_looks_tells_and_is_idle_then(database: Database, cast: Cast) -> None:
    invented.active(database, cast, cast.supervisor)
    clock = Clock(ZoneInfo("America/Chicago"), frozen_at=build.NOW)
    works = jobs.Works(database, clock, lambda _mail: None)
    assert jobs.JOBS["plan-deadlines"](works) == "2 deadlines told of"
    assert jobs.JOBS["plan-deadlines"](works) == ""


def test_its_email_keeps_one_id_through_all_tries(database: Database, cast: Cast) -> None:
    invented.active(database, cast, cast.supervisor, (SOON,))
    remind(database)
    tried: list[Mail] = []

    def refuse(mail: Mail) -> None:
        tried.append(mail)
        raise OSError(0, "the mail server is away")

    for minutes in (0, 1, 6):
        at = build.NOW + dt.timedelta(minutes=minutes)
        clock = Clock(ZoneInfo("America/Chicago"), frozen_at=at)
        jobs.JOBS["send-mail"](jobs.Works(database, clock, refuse))
    mails = [mail for mail in tried if any(one.kind == "step_due" for one in mail.told)]
    assert [mail.tries for mail in mails] == [1, 2, 3]
    assert len({mail.id for mail in mails}) == 1


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_two_runners_at_once_record_and_tell_each_once(database: Database, cast: Cast) -> None:
    """The embedded database lets one writer begin at a time."""
    due = tuple(LATE + dt.timedelta(days=k) for k in range(25))
    invented.active(database, cast, cast.supervisor, due)
    ready, found = threading.Barrier(4), []

    def run() -> None:
        ready.wait()
        found.append(remind(database))

    runners = [threading.Thread(target=run) for _ in range(4)]
    for each in runners:
        each.start()
    for each in runners:
        each.join()
    assert sorted(found)[:3] == [0, 0, 0]
    rows = Counter((subject, kind) for subject, kind, _ in record(database))
    assert set(rows.values()) == {1}
    assert set(Counter(told(database)).values()) == {1}
