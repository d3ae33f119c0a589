"""What is owed beside steps: reminders before its day, then up the ladder, each told once."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cli import jobs
from cqi.core import errors, events
from cqi.core.clock import Clock
from cqi.core.database import Database
from cqi.measures.models import Publication
from cqi.notices.models import Notice
from cqi.plans import actions, rules
from cqi.plans.actions import PlanTaking
from cqi.plans.models import Plan, PlanReminder, PlanReminderPerson
from cqi.plans.queries import answers, due, owed, progress, records, reminding
from cqi.plans.workflow import PlanMove
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented, reported

DAY = dt.timedelta(days=1)
PUBLISHED = build.NOW.date()
Told = list[tuple[str, int, uuid.UUID]]


def run(database: Database, day: dt.date) -> Told:
    """(kind, person, subject) of what one run tells beside steps; a second one tells nothing."""
    today = rules.Today(day)
    before = len(notices(database))
    with database.writing() as session:
        actions.remind(session, today=today, now=build.NOW)
    found = notices(database)
    with database.writing() as session:
        assert actions.remind(session, today=today, now=build.NOW) == ()
    assert notices(database) == found
    return found[before:]


def notices(database: Database) -> Told:
    kinds = {kind for group in reminding._NOTICES.values() for kind in group}
    with database.reading() as session:
        rows = session.scalars(sa.select(Notice).order_by(Notice.id))
        return [
            (row.kind, row.person_id, row.subject_id)
            for row in rows
            if row.kind in kinds and row.kind.startswith("plan_")
        ]


def days(database: Database, start: dt.date, number: int) -> dict[dt.date, Told]:
    """What a run a day tells, on the days on which it tells something."""
    every = ((start + k * DAY, run(database, start + k * DAY)) for k in range(number))
    return {day: told for day, told in every if told}


@pytest.fixture
def office(database: Database, cast: Cast) -> Person:
    with database.writing() as session:
        made = build.person(session, "State Office Person")
        build.grant(session, made, Role.STATE_OFFICE, place=cast.state)
        return made


@pytest.fixture
def report(database: Database, cast: Cast) -> Publication:
    with database.writing() as session:
        return reported.publish(session, cast, cast.round)


def submitted(database: Database, cast: Cast, on: dt.date) -> uuid.UUID:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.supervisor, invented.FAR)
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director, on=on)
        return plan.public_id


def returned(database: Database, cast: Cast, plan: uuid.UUID, on: dt.date) -> None:
    with database.writing() as session:
        who = invented.actor(session, cast.cqi_director)
        found, taking = records.plan(session, who, plan), PlanTaking(PlanMove.RETURN, "Which?")
        actions.move_plan(
            session, plan=found, taking=taking, actor=who, now=invented.at(on), today=on
        )


def test_a_plan_that_is_never_submitted_is_told_to_who_leads_and_climbs(
    database: Database, cast: Cast, report: Publication, office: Person
) -> None:
    on = PUBLISHED + 30 * DAY
    lead, subject = cast.regional_director.id, report.public_id
    found = days(database, PUBLISHED, 80)
    late, up, top = (rules.working_days.after(on, count) for count in (1, 15, 30))
    assert found == {
        on - 14 * DAY: [("plan_due_soon", lead, subject)],
        on - 7 * DAY: [("plan_due_soon", lead, subject)],
        on - 1 * DAY: [("plan_due_soon", lead, subject)],
        late: [("plan_late", lead, subject)],
        up: [("plan_climbed", cast.cqi_director.id, subject)],
        top: [("plan_climbed", office.id, subject)],
    }


def test_a_draft_goes_on_where_its_report_was_and_ends_when_it_is_submitted(
    database: Database, cast: Cast, report: Publication
) -> None:
    on = PUBLISHED + 30 * DAY
    assert run(database, on - 7 * DAY)
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.supervisor, invented.FAR)
    assert run(database, on - 7 * DAY) == [], "a draft is no second deadline"
    assert [kind for kind, *_ in run(database, on + 5 * DAY)] == ["plan_late"]
    with database.writing() as session:
        found = session.scalars(sa.select(Plan)).one()
        late = on + 6 * DAY
        invented.move(session, found, PlanMove.SUBMIT, cast.regional_director, on=late)
    assert {kind for kind, *_ in run(database, on + 30 * DAY)} <= {
        "plan_review_due",
        "plan_review_late",
    }


def test_a_returned_plan_is_owed_again_and_the_states_days_do_not_count(
    database: Database, cast: Cast, report: Publication
) -> None:
    on = PUBLISHED + 30 * DAY
    back = on + 21 * DAY
    plan = submitted(database, cast, on - 1 * DAY)
    returned(database, cast, plan, back)
    found = days(database, back, 10)
    first = rules.working_days.after(back, 1)
    lead = cast.regional_director.id
    assert found == {first: [("plan_late", lead, report.public_id)]}, "nothing has climbed"


def test_a_county_that_was_named_has_reminders_of_its_own(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        actor = invented.actor(session, cast.regional_director)
        actions.name_county(
            session,
            report=due.publication(session, actor, report.public_id),
            naming=actions.Naming(cast.county.id, "Most of the cases."),
            actor=actor,
            now=build.NOW,
            today=PUBLISHED,
        )
    on = PUBLISHED + 30 * DAY
    assert len(run(database, on - 7 * DAY)) == 1, "one message tells of both"
    with database.reading() as session:
        rows = list(session.scalars(sa.select(PlanReminder)))
        assert len({row.subject_id for row in rows}) == 2


def test_the_states_decision_is_told_to_who_may_decide_and_then_to_the_state_office(
    database: Database, cast: Cast, office: Person
) -> None:
    start = dt.date(2027, 3, 10)
    plan = submitted(database, cast, start)
    on, decides = start + 15 * DAY, cast.cqi_director.id
    found = days(database, start, 70)
    assert found == {
        on - 14 * DAY: [("plan_review_due", decides, plan)],
        on - 7 * DAY: [("plan_review_due", decides, plan)],
        on - 1 * DAY: [("plan_review_due", decides, plan)],
        rules.working_days.after(on, 1): [("plan_review_late", decides, plan)],
        rules.working_days.after(on, 30): [("plan_review_climbed", office.id, plan)],
    }


def test_who_submitted_a_plan_is_never_asked_to_decide_on_it(
    database: Database, cast: Cast, office: Person
) -> None:
    plan = submitted(database, cast, dt.date(2027, 3, 10))
    with database.writing() as session:
        session.scalars(sa.select(Plan)).one().created_by_id = cast.cqi_director.id
    told = [run(database, dt.date(2027, 3, day)) for day in (24, 26)]
    assert told == [[], [("plan_review_climbed", office.id, plan)]], "no reminder before its day"


def test_a_progress_report_is_told_to_who_leads_and_climbs_until_it_is_sent(
    database: Database, cast: Cast, office: Person
) -> None:
    made = invented.active(database, cast, cast.supervisor, (invented.FAR,))
    lead, director = cast.regional_director.id, cast.cqi_director.id
    on = dt.date(2027, 4, 14)  # 10 working days after March, whose quarter ends with it
    found = days(database, dt.date(2027, 3, 31), 36)
    april = dt.date(2027, 5, 1)
    assert {day: told for day, told in found.items() if day < april} == {
        dt.date(2027, 4, 1): [("plan_report_due", lead, made.plan)],
        on - 7 * DAY: [("plan_report_due", lead, made.plan)],
        on - 1 * DAY: [("plan_report_due", lead, made.plan)],
        on + 1 * DAY: [("plan_report_late", lead, made.plan)],
    }
    assert ("plan_report_climbed", director, made.plan) in found[dt.date(2027, 5, 5)]
    with database.writing() as session:
        plan = session.scalars(sa.select(Plan)).one()
        who = invented.actor(session, cast.regional_director)
        today = rules.Today(dt.date(2027, 5, 5))
        for one in progress.lines(session, plan, today):
            writing = actions.Writing(one.period, "As planned.", 0)
            given = {"writing": writing, "actor": who, "now": invented.at(today.day)}
            actions.send_report(session, plan=plan, today=today, **given)
    assert run(database, dt.date(2027, 5, 26)) == []


def test_months_of_missed_runs_are_one_message_a_plan_on_each_rung(
    database: Database, cast: Cast
) -> None:
    made = invented.active(database, cast, cast.supervisor, (invented.FAR,))
    found = run(database, dt.date(2027, 7, 28))
    assert len(found) == len(set(found))
    assert ("plan_report_late", cast.regional_director.id, made.plan) in found
    assert ("plan_report_climbed", cast.cqi_director.id, made.plan) in found


def test_a_new_director_hears_of_what_waits_and_the_record_says_who_did(
    database: Database, cast: Cast, report: Publication
) -> None:
    late = rules.working_days.after(PUBLISHED + 30 * DAY, 1)
    run(database, late)
    with database.writing() as session:
        session.get_one(Person, cast.regional_director.id).active = False
        new = build.person(session, "New Director")
        build.grant(session, new, Role.REGIONAL_DIRECTOR, place=cast.region)
    assert run(database, late) == [("plan_late", new.id, report.public_id)]
    with database.reading() as session:
        told = sa.select(PlanReminderPerson.person_id).order_by(PlanReminderPerson.id)
        assert list(session.scalars(told)) == [cast.regional_director.id, new.id]


def test_pages_say_with_whom_it_is(
    database: Database, cast: Cast, report: Publication, client_for: ClientFor
) -> None:
    on = PUBLISHED + 30 * DAY
    day = rules.working_days.after(on, 15)
    run(database, day)
    today = rules.Today(day)
    words = f"overdue, with the CQI director since {rules.day_words(day, day)}"
    with database.reading() as session:
        for person, verb in ((cast.regional_director, "Begin"), (cast.cqi_director, "Look after")):
            actor = invented.actor(session, person)
            [wait] = owed.owed(session, actor, today)
            assert (wait.verb, words in wait.rest) == (verb, True)
            [(_, standing)] = owed.with_standing(
                session, due.due(session, actor, today), actor, today
            )
            assert standing == words
        liaison = invented.actor(session, cast.cqi_liaison)
        assert owed.owed(session, liaison, today) == ()


def test_the_next_deadlines_of_who_leads_hold_plans_and_reports(
    database: Database, cast: Cast, report: Publication, client_for: ClientFor
) -> None:
    with database.reading() as session:
        lead = invented.actor(session, cast.regional_director)
        [one] = owed.coming(session, lead, rules.Today(PUBLISHED), 30)
        assert (one.due_on, one.title) == (PUBLISHED + 30 * DAY, "Plan to be submitted")
        assert owed.coming(session, lead, rules.Today(PUBLISHED), 29) == ()
        director = invented.actor(session, cast.cqi_director)
        assert owed.coming(session, director, rules.Today(PUBLISHED), 30) == ()
    page = client_for(cast.regional_director).get("/plans/home").text
    assert 'Plan to be submitted</a>. <span class="mute">You, ' in page
    assert "Plan to be submitted" not in client_for(cast.cqi_director).get("/plans/home").text


def test_the_next_deadlines_hold_the_report_of_a_month_that_still_runs(
    database: Database, cast: Cast
) -> None:
    invented.active(database, cast, cast.supervisor, (invented.FAR,))
    with database.reading() as session:
        lead, today = (
            invented.actor(session, cast.regional_director),
            rules.Today(dt.date(2027, 4, 20)),
        )
        assert [one.due_on for one in owed.coming(session, lead, today, 30)] == [
            dt.date(2027, 5, 14)
        ]
        assert [one.title for one in owed.coming(session, lead, today, 30)] == [
            "Monthly progress report, April 2027"
        ]
        assert owed.coming(session, lead, today, 20) == (), "what is late is no next deadline"


def test_of_the_reports_of_a_plan_that_climbed_the_oldest_waits(
    database: Database, cast: Cast
) -> None:
    invented.active(database, cast, cast.supervisor, (invented.FAR,))
    day = dt.date(2027, 7, 28)
    run(database, day)
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        [label] = answers.labels(answers.asked(session, director, rules.Today(day))).values()
        for period in ("March 2027", "April 2027", "May 2027"):
            assert f"monthly progress report, {period}" in label, "one answer covers them all"
        [wait] = owed.owed(session, director, rules.Today(day))
        assert "March 2027" in wait.rest


def test_a_rung_is_acknowledged_once_and_stands_where_it_says_with_whom_it_is(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    start = invented.TODAY.day  # the day of the pages
    with database.writing() as session:
        reported.publish(session, cast, cast.round, at=invented.at(start - 60 * DAY))
    run(database, start)
    director, lead = client_for(cast.cqi_director), client_for(cast.regional_director)
    assert "Acknowledge what is late" not in client_for(cast.cqi_liaison).get("/plans/home").text
    page = director.get("/plans/home").text
    chosen = page.partition('name="steps"')[2].partition('value="')[2].partition('"')[0]
    given = {"steps": chosen, "words": "I call them on Monday."}
    assert (
        director.post("/plans/acknowledge", data={"steps": chosen, "words": " "}).status_code == 422
    )
    assert director.post("/plans/acknowledge", data=given).status_code == 302
    assert director.post("/plans/acknowledge", data=given).status_code == 422, "once"
    for client, by in ((director, "you"), (lead, "Cqi_Director Person")):
        assert f"{by} acknowledged it " in client.get("/plans/due").text
        assert "I call them on Monday." in client.get("/plans/home").text
    assert "Acknowledge what is late" in lead.get("/plans/home").text, "a rung of their own"
    with database.reading() as session:
        kinds = [row.kind for row in session.scalars(sa.select(events.Event))]
        payloads = str(list(session.scalars(sa.select(events.Event.payload))))
        assert kinds.count("plan.owed_acknowledged") == 1
        assert "Monday" not in payloads
    with database.writing() as session:
        session.get_one(Person, cast.cqi_director.id).active = False
        new = build.person(session, "New Director")
        build.grant(session, new, Role.CQI_DIRECTOR, place=cast.state)
    assert run(database, start) == [], "what was answered is not told again"


def test_what_was_done_meanwhile_waits_for_no_answer(
    database: Database, cast: Cast, office: Person
) -> None:
    plan = submitted(database, cast, dt.date(2027, 3, 10))
    late = dt.date(2027, 3, 26)
    run(database, late)
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        [one] = answers.asked(session, director, rules.Today(late))
    returned(database, cast, plan, late)
    with database.writing() as session:
        with pytest.raises(errors.Blocked) as refused:
            actions.answer_owed(
                session,
                subjects={one.duty.subject},
                words="I look at it.",
                actor=director,
                now=build.NOW,
                today=rules.Today(late),
            )
        assert [each.code for each in refused.value.blockers] == ["nothing_waits"]


@pytest.mark.parametrize(
    ("night", "before"),
    [
        # (the first instant of the 14th day before in America/Chicago, in UTC)
        (dt.datetime(2027, 3, 14, 6, tzinfo=dt.UTC), dt.date(2027, 3, 28)),  # the clocks go forward
        (dt.datetime(2027, 11, 7, 5, tzinfo=dt.UTC), dt.date(2027, 11, 21)),  # and back
    ],
)
def test_the_job_tells_from_midnight_on_in_nights_on_which_clocks_change(
    database: Database, cast: Cast, night: dt.datetime, before: dt.date
) -> None:
    invented.active(database, cast, cast.supervisor, (before,))
    zone = ZoneInfo("America/Chicago")

    def told(at: dt.datetime) -> str:
        works = jobs.Works(database, Clock(zone, frozen_at=at), lambda _mail: None)
        return jobs.JOBS["plan-deadlines"](works)

    told(night - dt.timedelta(seconds=1))
    assert steps_told(database) == 0
    for hours in range(4):
        told(night + dt.timedelta(hours=hours))
        assert steps_told(database) == 1


def steps_told(database: Database) -> int:
    with database.reading() as session:
        query = sa.select(sa.func.count()).select_from(Notice).where(Notice.kind == "step_due")
        return session.scalar(query) or 0
