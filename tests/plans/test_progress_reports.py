"""Progress reports: written, sent, commented on, answered; on both engines."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.core.errors import Blocked, Conflict, Forbidden, NotFound
from cqi.notices.models import Notice
from cqi.plans import actions, rules
from cqi.plans.models import Amendment, ProgressReport
from cqi.plans.queries import progress, records
from cqi.plans.rules import Standing, reports
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.plans.rules.reports import ReportKind
from cqi.plans.workflow import PlanMove
from cqi.settings import actions as settings
from cqi.settings import registry
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
from tests.plans.invented import Made

APRIL = rules.Today(dt.date(2027, 4, 20))
MARCH = reports.period_of(ReportKind.MONTHLY, dt.date(2027, 3, 1))
QUARTER = reports.period_of(ReportKind.QUARTERLY, dt.date(2027, 3, 1))
MAY = rules.Today(dt.date(2027, 5, 20))


def write(
    database: Database, cast: Cast, made: Made, words: str, expected: int = 0, *, send: bool = False
) -> ProgressReport:
    with database.writing() as session:
        lead = invented.actor(session, cast.regional_director)
        plan = records.plan(session, lead, made.plan)
        writing = actions.Writing(MARCH, words, expected)
        given = {"plan": plan, "writing": writing, "actor": lead, "now": build.NOW}
        if send:
            return actions.send_report(session, **given, today=APRIL)
        return actions.write_report(session, **given)


def codes(refused: pytest.ExceptionInfo[errors.Blocked]) -> list[str]:
    return [blocker.code for blocker in refused.value.blockers]


def test_a_month_and_a_quarter_are_due_after_they_ended(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.reading() as session:
        plan = records.plan(session, invented.actor(session, cast.cqi_liaison), made.plan)
        assert progress.lines(session, plan, invented.TODAY) == ()
        found = progress.lines(session, plan, APRIL)
        assert [(one.period, one.due_on) for one in found] == [
            (QUARTER, dt.date(2027, 4, 14)),
            (MARCH, dt.date(2027, 4, 14)),
        ]
        assert all(one.late for one in found)
        with pytest.raises(NotFound):
            progress.period(session, plan, "monthly", "2027-04-01", APRIL)


def test_a_plan_from_before_there_were_reports_owes_the_newest_alone(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        plan = records.plan(session, invented.actor(session, cast.cqi_liaison), made.plan)
        plan.approved_on = dt.date(2025, 1, 20)
        assert len(progress.lines(session, plan, APRIL)) == 27 + 9
        session.expunge_all()
    with database.writing() as session:
        plan = records.plan(session, invented.actor(session, cast.cqi_liaison), made.plan)
        plan.approved_on = dt.date(2025, 1, 20)
        orm.attributes.set_committed_value(plan, "entries", [])
        assert [one.period for one in progress.lines(session, plan, APRIL)] == [QUARTER, MARCH]


def test_what_waits_is_told_to_who_leads_the_plan_and_to_nobody_else(
    database: Database, cast: Cast, made: Made
) -> None:
    write(database, cast, made, "All as planned.", send=True)
    with database.reading() as session:
        [found] = progress.to_write(session, invented.actor(session, cast.regional_director), APRIL)
        assert (found.plan, found.number, found.first.period) == (made.plan, 1, QUARTER)
        for person in (cast.cqi_liaison, cast.cqi_director):
            assert progress.to_write(session, invented.actor(session, person), APRIL) == []


def test_what_is_written_waits_until_it_is_sent_and_then_stays(
    database: Database, cast: Cast, made: Made
) -> None:
    row = write(database, cast, made, "Two coaches began.")
    with database.reading() as session:
        liaison = invented.actor(session, cast.cqi_liaison)
        with pytest.raises(NotFound):
            progress.report(session, liaison, row.public_id)
    write(database, cast, made, "Two coaches began. One county waits.", 1, send=True)
    with database.reading() as session:
        liaison = invented.actor(session, cast.cqi_liaison)
        sent = progress.report(session, liaison, row.public_id)
        sheet = progress.sent_sheet(session, sent, APRIL)
        assert sheet.narrative == "Two coaches began. One county waits."
        assert [one.standing for one in sheet.figures.steps] == [
            Standing.LATE,
            Standing.LATE,
            Standing.NOT_STARTED,
        ]
        told = session.scalars(sa.select(Notice.person_id).where(Notice.kind == "plan_reported"))
        assert set(told) == {cast.cqi_liaison.id}
        payloads = str(list(session.scalars(sa.select(events.Event.payload))))
        assert "coaches" not in payloads
        assert not events.verify(session).problem
    with pytest.raises(Blocked) as refused:
        write(database, cast, made, "Something else", 2)
    assert codes(refused) == ["sent"]


def test_a_report_that_was_sent_says_what_was_even_when_a_step_is_verified_later(
    database: Database, cast: Cast, made: Made
) -> None:
    sent = write(database, cast, made, "All as planned.", send=True)
    invented.claim(database, made.steps[0], cast.regional_director)
    with database.reading() as session:
        row = progress.report(session, invented.actor(session, cast.cqi_liaison), sent.public_id)
        assert progress.sent_sheet(session, row, MAY).figures.steps[0].standing is Standing.LATE


def test_an_extension_that_was_granted_later_does_not_change_what_was_late(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        lead = invented.actor(session, cast.regional_director)
        plan = records.plan(session, lead, made.plan)
        step = next(records.steps_of(plan))
        session.add(
            Amendment(
                plan=plan,
                step=step,
                kind=AmendmentKind.EXTENSION,
                state=AmendmentState.GRANTED,
                old={"due_on": step.due_on.isoformat()},
                new={"due_on": "2027-06-01"},
                reason="Ice",
                asked_by_id=lead.person_id,
                asked_at=build.NOW,
                decided_by_id=cast.cqi_director.id,
                decided_at=dt.datetime(2027, 4, 5, 12, tzinfo=dt.UTC),
            )
        )
        step.due_on = dt.date(2027, 6, 1)
        session.flush()
        found = progress.figures(session, plan, MARCH, APRIL)
        assert (found.steps[0].standing, found.extensions) == (Standing.LATE, 0)
        april = reports.period_of(ReportKind.MONTHLY, dt.date(2027, 4, 1))
        after = progress.figures(session, plan, april, MAY)
        assert (after.steps[0].standing, after.extensions) == (Standing.NOT_STARTED, 1)


def test_two_who_write_at_once_lose_nothing(database: Database, cast: Cast, made: Made) -> None:
    write(database, cast, made, "First text")
    with pytest.raises(Conflict) as conflict:
        write(database, cast, made, "Second text", 0)
    assert (conflict.value.saved, conflict.value.sent) == ("First text", "Second text")
    write(database, cast, made, "Second text", conflict.value.revision)


def test_nobody_but_who_leads_writes_and_an_empty_report_is_not_sent(
    database: Database, cast: Cast, made: Made
) -> None:
    with pytest.raises(Blocked) as refused:
        write(database, cast, made, " ", send=True)
    assert codes(refused) == ["no_words"]
    with database.writing() as session:
        liaison = invented.actor(session, cast.cqi_liaison)
        plan = records.plan(session, liaison, made.plan)
        writing = actions.Writing(MARCH, "Words", 0)
        with pytest.raises(Forbidden):
            actions.write_report(session, plan=plan, writing=writing, actor=liaison, now=build.NOW)


def test_a_comment_is_answered_in_writing_beside_the_report(
    database: Database, cast: Cast, made: Made
) -> None:
    sent = write(database, cast, made, "All as planned.", send=True)
    with database.writing() as session:
        liaison = invented.actor(session, cast.cqi_liaison)
        row = progress.report(session, liaison, sent.public_id)
        given = {"actor": liaison, "now": build.NOW, "today": APRIL.day}
        made_remark = actions.remark(session, report=row, words="Which county waits?", **given)
        with pytest.raises(Forbidden):
            actions.answer(session, to=made_remark, words="x", actor=liaison, now=build.NOW)
    with database.writing() as session:
        lead = invented.actor(session, cast.regional_director)
        row = progress.report(session, lead, sent.public_id)
        plan = records.plan(session, lead, made.plan)
        assert [
            one.remarks_open for one in progress.lines(session, plan, APRIL) if one.sent_at
        ] == [1]
        to = progress.remark(session, row, made_remark.public_id)
        actions.answer(session, to=to, words="Nettle; from May on.", actor=lead, now=build.NOW)
        sheet = progress.sent_sheet(session, row, APRIL)
        assert [(one.words, one.answers[0].words) for one in sheet.remarks] == [
            ("Which county waits?", "Nettle; from May on.")
        ]
        told = session.execute(
            sa.select(Notice.kind, Notice.person_id).where(Notice.kind == "plan_remarked")
        )
        assert set(told.scalars()) == {"plan_remarked"}
        with pytest.raises(NotFound):
            progress.remark(session, row, sheet.remarks[0].answers[0].public_id)


def test_the_quarter_goes_to_the_state(database: Database, cast: Cast, made: Made) -> None:
    with database.writing() as session:
        office = build.person(session)
        build.grant(session, office, Role.STATE_OFFICE)
        lead = invented.actor(session, cast.regional_director)
        plan = records.plan(session, lead, made.plan)
        actions.send_report(
            session,
            plan=plan,
            writing=actions.Writing(QUARTER, "A quarter", 0),
            actor=lead,
            now=build.NOW,
            today=APRIL,
        )
        told = session.scalars(sa.select(Notice.person_id).where(Notice.kind == "plan_reported"))
        assert set(told) >= {cast.cqi_liaison.id, cast.cqi_director.id, office.id}


def test_a_report_is_written_sent_commented_on_and_answered_on_its_pages(
    client_for: ClientFor, database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        director = invented.actor(session, cast.cqi_director)
        records.plan(session, director, made.plan).approved_on = dt.date(2027, 1, 20)
    lead, liaison = (client_for(one) for one in (cast.regional_director, cast.cqi_liaison))
    address = f"/plans/{made.plan}/reports"
    assert "February 2027" in lead.get(address).text
    page = f"{address}/monthly/2027-02-01"
    assert "working days late" in lead.get(page).text
    assert liaison.get(page).status_code == 403
    empty = lead.post(page, data={"narrative": " ", "revision": "0", "send": "yes"})
    assert empty.status_code == 422
    assert "Say in a few sentences" in empty.text
    lead.post(page, data={"narrative": "Coaches began.", "revision": "0"})
    clash = lead.post(page, data={"narrative": "Other words.", "revision": "0"})
    assert clash.status_code == 409
    assert "Coaches began." in clash.text
    assert "Other words." in clash.text
    sent = lead.post(page, data={"narrative": "Coaches began.", "revision": "1", "send": "yes"})
    assert sent.status_code == 303
    there = sent.location
    shown = liaison.get(there).text
    for words in (
        "Coaches began.",
        "Supervisors read one assessment a month",
        "Steps as they stood at the end",
    ):
        assert words in shown, words
    assert "<summary>2 steps on which nothing was written</summary>" in shown
    refused = liaison.post(f"{there}/remarks", data={"remark-words": " "})
    assert refused.status_code == 422
    liaison.post(f"{there}/remarks", data={"remark-words": "Which county?"})
    page = lead.get(there).text
    assert "Which county?" in page
    key = page.partition("/remarks/")[2][:36]
    lead.post(f"{there}/remarks/{key}", data={f"answer-{key}-words": "Nettle."})
    assert "Nettle." in liaison.get(there).text
    assert client_for(cast.outsider).get(there).status_code == 403


def test_what_was_written_stays_when_the_setting_changes(
    database: Database, cast: Cast, made: Made
) -> None:
    write(database, cast, made, "All as planned.", send=True)
    with database.writing() as session:
        no = settings.Change(registry.PLAN_MONTHLY.key, "no", dt.date(2027, 4, 1), "Too many.")
        settings.set_value(session, no, actor_id=cast.administrator.id, now=build.NOW)
        plan = records.plan(session, invented.actor(session, cast.cqi_liaison), made.plan)
        found = progress.lines(session, plan, MAY)
        assert [one.period for one in found] == [QUARTER, MARCH]
        assert found[1].sent_at is not None


def test_those_that_were_sent_stand_newest_first_and_the_older_ones_are_folded(
    client_for: ClientFor, database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        lead = invented.actor(session, cast.regional_director)
        plan = records.plan(session, lead, made.plan)
        plan.approved_on = dt.date(2026, 5, 20)
        given: dict[str, Any] = {"plan": plan, "actor": lead, "now": build.NOW, "today": MAY}
        for line in progress.lines(session, plan, MAY):
            writing = actions.Writing(line.period, "All as planned.", 0)
            actions.send_report(session, writing=writing, **given)
        sent = [one.period for one in progress.lines(session, plan, MAY)]
        assert sent[1:3] == [MARCH, QUARTER]
        assert [one.last for one in sent] == sorted((one.last for one in sent), reverse=True)
    page = client_for(cast.cqi_liaison).get(f"/plans/{made.plan}/reports").text
    over = sum(one.last < invented.TODAY.day for one in sent)
    assert f"<summary>{over - 8} older reports</summary>" in page
    assert page.count('href="/plans/reports/') == over


def test_reports_that_an_ended_plan_never_sent_wait_for_who_leads_it_and_stand_on_its_page(
    client_for: ClientFor, database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        director = invented.actor(session, cast.cqi_director)
        plan = records.plan(session, director, made.plan)
        plan.approved_on = dt.date(2027, 1, 20)
        invented.move(session, plan, PlanMove.CLOSE_UNMET, cast.cqi_director, "Money ended.")
    lead, office = (client_for(one) for one in (cast.regional_director, cast.cqi_director))
    said = "<b>Write</b> 2 progress reports of Region One improvement plan, which has ended, late"
    assert said in lead.get("/plans/home").text
    assert "<b>Write</b>" not in office.get("/plans/home").text
    assert "2 progress reports were never sent." in office.get(f"/plans/{made.plan}").text
    sent = {"narrative": "Nothing more was done.", "revision": "0", "send": "yes"}
    lead.post(f"/plans/{made.plan}/reports/monthly/2027-02-01", data=sent)
    assert "1 progress report was never sent." in office.get(f"/plans/{made.plan}").text


def test_of_a_plan_that_ended_nothing_is_late_afterwards_and_nothing_more_is_asked_for(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.writing() as session:
        director = invented.actor(session, cast.cqi_director)
        plan = records.plan(session, director, made.plan)
        invented.move(session, plan, PlanMove.CLOSE_UNMET, cast.cqi_director, "Money ended.")
        soon = progress.figures(session, plan, MARCH, MAY).steps[1]
        assert soon.due_on == invented.SOON, "it was due in the month, after the plan's end"
        assert soon.standing is not Standing.LATE
        assert [one.period for one in progress.lines(session, plan, MAY)] == [QUARTER, MARCH]
