"""What is owed beside steps where nobody has it first: rungs for whoever stands in, and no more."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.measures.models import Publication
from cqi.notices.models import Notice
from cqi.notices.rules import KINDS, NoticeKind
from cqi.places.models import Place
from cqi.plans import actions, rules
from cqi.plans.models import Plan, PlanReminder
from cqi.plans.queries import answers, owed
from cqi.plans.rules.ladder import BEFORE, RUNGS, ReminderKind
from cqi.plans.workflow import PlanMove
from tests import build
from tests.fixtures import counting
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented, reported

DAY = dt.timedelta(days=1)
DUE = build.NOW.date() + 30 * DAY
LATE = rules.working_days.after(DUE, 1)


@pytest.fixture
def report(database: Database, cast: Cast) -> Publication:
    with database.writing() as session:
        return reported.publish(session, cast, cast.round)


def run(database: Database, day: dt.date) -> list[tuple[str, int]]:
    """(kind, person) of what one run tells beside steps."""
    of_duties = sa.select(Notice).where(Notice.kind.like("plan_%")).order_by(Notice.id)
    with database.writing() as session:
        before = len(session.scalars(of_duties).all())
        actions.remind(session, today=rules.Today(day), now=invented.at(day))
        rows = session.scalars(of_duties).all()[before:]
        return [(row.kind, row.person_id) for row in rows]


def leave(database: Database, person: Person) -> None:
    with database.writing() as session:
        session.get_one(Person, person.id).active = False


def lines(database: Database, person: Person, day: dt.date) -> list[tuple[str, str]]:
    with database.reading() as session:
        found = owed.owed(session, invented.actor(session, person), rules.Today(day))
        return [(one.verb, one.rest) for one in found]


def test_whoever_stands_in_hears_nothing_before_the_day_and_looks_after_it_from_then_on(
    database: Database, cast: Cast, report: Publication
) -> None:
    leave(database, cast.regional_director)
    for days in BEFORE.values():
        assert run(database, DUE - days * DAY) == []
    with database.reading() as session:
        assert set(session.scalars(sa.select(PlanReminder.told))) == {False}, "passed over"
    assert lines(database, cast.cqi_director, DUE) == []
    assert run(database, LATE) == [("plan_climbed", cast.cqi_director.id)]
    [(verb, rest)] = lines(database, cast.cqi_director, LATE)
    assert verb == "Look after"
    assert rest.endswith("to be submitted: overdue, and with you: nobody is there who has it first")
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        [one] = answers.asked(session, director, rules.Today(LATE))
        assert (one.kind, one.first) == (ReminderKind.OVERDUE, False)


def test_whoever_leads_has_one_line_of_what_is_theirs_to_do(
    database: Database, cast: Cast, report: Publication
) -> None:
    assert run(database, LATE) == [("plan_late", cast.regional_director.id)]
    assert [verb for verb, _ in lines(database, cast.regional_director, LATE)] == ["Begin"]
    assert lines(database, cast.cqi_director, LATE) == []


def test_a_rung_that_was_told_before_the_record_named_people_is_not_told_again(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        region = session.merge(cast.region).public_id
        subject = uuid.uuid5(report.public_id, f"plan of {region}")
        for kind in (*BEFORE, RUNGS[0]):
            session.add(
                PlanReminder(
                    subject_id=subject,
                    kind=kind,
                    due_on=DUE,
                    told=True,
                    on_day=LATE,
                    at=build.NOW,
                )
            )
    assert run(database, LATE) == []


def test_what_climbed_may_have_been_submitted_and_returned() -> None:
    one = KINDS[NoticeKind.PLAN_CLIMBED]
    assert "never submitted" not in one.words + one.many


def test_more_plans_and_places_ask_the_database_no_more_often(
    database: Database, cast: Cast
) -> None:
    day = rules.Today(dt.date(2027, 7, 28))
    with database.writing() as session:
        office = build.person(session, "State Office Person")
        build.grant(session, office, Role.STATE_OFFICE, place=cast.state)

    def asked() -> list[int]:
        found = []
        for person in (cast.cqi_director, office, cast.regional_director):
            with database.reading() as session:
                actor = invented.actor(session, person)
                with counting.queries(database) as statements:
                    told = answers.told(session, actor, day)
                    assert owed.owed(session, actor, day, told)
                found.append(len(statements))
        return found

    def make(place: Place) -> None:
        """A plan in force whose reports were not sent, and one that waits for its decision."""
        made = invented.active(database, cast, cast.supervisor, (invented.FAR,))
        with database.writing() as session:
            active = session.scalars(sa.select(Plan).where(Plan.public_id == made.plan)).one()
            active.place_id = place.id
            plan = invented.draft(session, cast)
            invented.add_step(session, cast, plan, cast.supervisor, invented.FAR)
            invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
            plan.place_id = place.id

    make(cast.county)
    run(database, day.day)
    before = asked()
    for place in (cast.other_region, cast.other_county, cast.region):
        make(place)
    run(database, day.day)
    assert asked() == before


def test_the_first_page_reads_once_what_is_owed_in_the_whole_state(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    with database.writing() as session:
        start = invented.TODAY.day - 60 * DAY
        reported.publish(session, cast, cast.round, at=invented.at(start))
    run(database, invented.TODAY.day)
    client = client_for(cast.cqi_director)
    with counting.queries(database) as statements:
        assert "Look after" in client.get("/plans/home").text
    assert sum("FROM plan_calls" in each for each in statements) == 1
