"""A debrief is written down by whoever leads the round, before the review is final: tentative."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.core import events
from cqi.core.database import Database
from cqi.core.errors import Forbidden
from cqi.feedback import actions, policy, queries
from cqi.feedback.policy import Debriefing
from cqi.feedback.rules.debriefs import Attending, NewDebrief
from cqi.reviews.models import CaseReview
from tests import build
from tests.feedback import invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

NEW = NewDebrief(build.NOW, (Attending.CASEWORKER,), "Visits are well told.", "")
FORM = {
    "held_at": "2027-03-10T09:30",
    "attended": ["caseworker", "supervisor"],
    "worked": "Visits are well told.",
    "to_work_on": "The plan is old.",
}


@pytest.mark.parametrize(
    ("standing", "new", "code"),
    [
        ({"final": True}, NEW, "final"),
        ({"withdrawn": True}, NEW, "withdrawn"),
        ({"begun": False}, NEW, "not_begun"),
        ({}, NewDebrief(build.NOW + dt.timedelta(hours=1), NEW.attended, "x"), "to_come"),
        ({}, NewDebrief(build.NOW, (), "x"), "nobody"),
        ({}, NewDebrief(build.NOW, NEW.attended, " ", ""), "nothing_said"),
        ({}, NEW, ""),
    ],
)
def test_why_a_debrief_is_not_written_down(
    standing: dict[str, bool], new: NewDebrief, code: str
) -> None:
    found = policy.debrief_blockers(Debriefing(policy.Thing(), **standing), new, build.NOW)
    assert [each.code for each in found] == ([code] if code else [])


def test_it_is_kept_with_an_event_that_holds_no_words(database: Database, cast: Cast) -> None:
    invented.submitted_review(database, cast)
    with database.writing() as session:
        review = session.scalars(sa.select(CaseReview)).one()
        leader = build.actor(session, cast.cqi_liaison)
        actions.record_debrief(session, review=review, new=NEW, actor=leader, now=build.NOW)
        [told] = queries.debriefs(session, review)
        assert (told.worked, told.attended, told.by) == (
            NEW.worked,
            (Attending.CASEWORKER,),
            cast.cqi_liaison.name,
        )
        event = session.scalars(
            sa.select(events.Event).where(events.Event.kind == "feedback.debriefed")
        ).one()
        assert "Visits" not in str(event.payload)
        with pytest.raises(Forbidden):
            actions.record_debrief(
                session,
                review=review,
                new=NEW,
                actor=build.actor(session, cast.qa_lead),
                now=build.NOW,
            )


def test_a_day_on_site(client_for: ClientFor, database: Database, cast: Cast) -> None:
    review = invented.submitted_review(database, cast)
    with database.writing() as session:
        leader = build.person(session, "Site Leader")
        build.grant(session, leader, Role.SITE_LEADER, round=session.merge(cast.round))
    client, address = client_for(leader), f"/feedback/{review}/debrief"
    round_page = f"/feedback/rounds/{cast.round.public_id}/debriefs"
    assert f'{round_page}"' in client.get(f"/rounds/{cast.round.public_id}").text
    assert address in client.get(round_page).text
    people = [client_for(who) for who in (cast.caseworker, cast.supervisor)]
    assert [one.get(address).status_code for one in people] == [404, 404]
    refused = client.post(address, data={"held_at": "2027-03-10T09:30"})
    assert refused.status_code == 422
    assert "Tick who was there." in refused.text
    nothing = client.post(address, data={**FORM, "worked": " ", "to_work_on": ""})
    assert "Write in a few words what was said" in nothing.text
    assert client.post(address, data=FORM).status_code == 302
    assert "every open review of this round has had its debrief" in client.get(round_page).text
    for one in people:
        page = one.get(address).text
        assert "The plan is old." in page
        assert "Tentative: the review was not final." in page
        assert "Write a correction down" not in page
        assert "Debriefs, tentative" in one.get("/feedback").text
        assert one.post(address, data=FORM).status_code == 403
    assert "Held Wed 10 Mar 09:30" in client.get(address).text


def test_a_memo_takes_its_place_in_the_list(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.submitted_review(database, cast)
    with database.writing() as session:
        one = session.scalars(sa.select(CaseReview)).one()
        leader = build.actor(session, cast.cqi_liaison)
        actions.record_debrief(session, review=one, new=NEW, actor=leader, now=build.NOW)
        invented.approve(session, cast, one)
        invented.release(session, cast, one)
    worker = client_for(cast.caseworker)
    assert "Debriefs, tentative" not in worker.get("/feedback").text
    memo = worker.get(f"/feedback/{review}").text
    assert "was tentative. This memo is what holds." in memo
    assert f"/feedback/{review}/debrief" in memo
    assert (
        "Write a correction down"
        not in client_for(cast.cqi_liaison).get(f"/feedback/{review}/debrief").text
    )


def test_out_of_reach_is_not_found(client_for: ClientFor, database: Database, cast: Cast) -> None:
    review = invented.submitted_review(database, cast)
    with database.writing() as session:
        far = build.person(session, "Far Leader")
        build.grant(session, far, Role.SITE_LEADER, round=session.merge(cast.other_round))
    client = client_for(far)
    for address in (
        f"/feedback/{review}/debrief",
        f"/feedback/{uuid.uuid4()}/debrief",
        f"/feedback/rounds/{cast.round.public_id}/debriefs",
    ):
        assert client.get(address).status_code == 404, address
    outsider = client_for(cast.outsider)
    assert outsider.get(f"/feedback/{review}/debrief").status_code == 403
