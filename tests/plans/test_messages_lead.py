"""Whatever people are told of deadlines leads them to a page that they may open, and acting on one
thing leaves the other messages of its plan unread."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core.database import Database
from cqi.notices import actions as notices
from cqi.notices.models import Notice
from cqi.notices.rules import NoticeKind
from cqi.plans import actions, rules
from cqi.plans.queries import answers
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented, reported, test_duties

REPORTS = {
    NoticeKind.PLAN_REPORT_DUE,
    NoticeKind.PLAN_REPORT_LATE,
    NoticeKind.PLAN_REPORT_CLIMBED,
}


@pytest.fixture
def told(database: Database, cast: Cast) -> list[Notice]:
    """A plan to submit, one to decide on, a late step and late reports, told of to everybody."""
    with database.writing() as session:
        office = build.person(session, "State Office Person")
        build.grant(session, office, Role.STATE_OFFICE, place=cast.state)
    invented.active(database, cast, cast.supervisor, (invented.SOON,))
    test_duties.submitted(database, cast, dt.date(2027, 3, 10))
    with database.writing() as session:
        reported.publish(session, cast, session.merge(cast.other_round))
    for day in range(0, 150, 5):
        test_duties.run(database, invented.TODAY.day + dt.timedelta(days=day))
    with database.reading() as session:
        return list(session.scalars(sa.select(Notice)))


def test_every_message_leads_to_a_page_that_its_reader_may_open(
    database: Database, told: list[Notice], client_for: ClientFor
) -> None:
    assert {each.kind for each in told} >= REPORTS | {NoticeKind.PLAN_REVIEW_LATE}
    with database.reading() as session:
        people = {each.id: each for each in session.scalars(sa.select(Person))}
        session.expunge_all()
    refused = set()
    for each in told:
        client = client_for(people[each.person_id])
        answer = client.get(f"/notices/{each.public_id}", follow_redirects=True)
        if answer.status_code != 200:
            refused.add((each.kind.value, people[each.person_id].name, answer.status_code))
    assert not refused


def test_acknowledging_one_thing_leaves_other_messages_of_its_plan_unread(
    database: Database, cast: Cast, told: list[Notice]
) -> None:
    today = rules.Today(invented.TODAY.day + dt.timedelta(days=145))
    before = {each.id for each in told if each.seen_at}
    with database.writing() as session:
        who = invented.actor(session, cast.cqi_director)
        report = next(
            one for one in answers.asked(session, who, today) if one.duty.kind.value == "report"
        )
        notices.tell(
            session,
            NoticeKind.AMENDMENT_ASKED,
            people=[who.person_id],
            subject=report.duty.page,
            now=build.NOW,
        )
        actions.answer_owed(
            session,
            subjects=[report.duty.subject],
            words="I call them.",
            actor=who,
            now=build.NOW,
            today=today,
        )
        seen = session.scalars(
            sa.select(Notice).where(
                Notice.person_id == cast.cqi_director.id, Notice.seen_at.is_not(None)
            )
        )
        kinds = {each.kind for each in seen if each.id not in before}
        assert kinds
        assert kinds <= REPORTS
