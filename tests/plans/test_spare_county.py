"""A region takes back that a county writes a plan of its own, while that is not begun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.measures.models import Publication
from cqi.notices.rules import NoticeKind
from cqi.plans import actions, rules
from cqi.plans.models import PlanCall
from cqi.plans.queries import called, due
from cqi.plans.rules import PlanState
from cqi.plans.workflow import PlanMove
from cqi.rounds.models import RoundCounty
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented, reported

DAY = invented.TODAY.day


@pytest.fixture
def report(database: Database, cast: Cast) -> Publication:
    with database.writing() as session:
        return reported.publish(session, cast, cast.round)


def say(
    session: orm.Session,
    cast: Cast,
    report: Publication,
    verb: Callable[..., PlanCall] = actions.name_county,
    reason: str = "It has most of the cases.",
) -> PlanCall:
    actor = invented.actor(session, cast.regional_director)
    return verb(
        session,
        report=due.publication(session, actor, report.public_id),
        naming=actions.Naming(cast.county.id, reason),
        actor=actor,
        now=build.NOW,
        today=DAY,
    )


def owing(session: orm.Session, cast: Cast) -> set[str]:
    actor = invented.actor(session, cast.regional_director)
    return {one.place for one in due.due(session, actor, invented.TODAY)}


def refused(do: Callable[[], Any]) -> list[str]:
    with pytest.raises(errors.Blocked) as caught:
        do()
    return [one.code for one in caught.value.blockers]


def test_a_county_that_is_spared_owes_nothing_until_it_is_named_anew(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        assert refused(lambda: say(session, cast, report, actions.spare_county)) == [
            "county_not_named"
        ]
        say(session, cast, report)
        newer = reported.publish(session, cast, cast.round, at=build.NOW + dt.timedelta(days=1))
        assert refused(lambda: say(session, cast, newer, actions.spare_county, " ")) == ["no_words"]
        say(session, cast, newer, actions.spare_county, "Its cases were counted twice.")
        assert owing(session, cast) == {"Region One"}
        say(session, cast, newer)
        assert owing(session, cast) == {"Region One", "Juniper County"}
        kept = session.execute(sa.select(PlanCall.named).order_by(PlanCall.id))
        assert list(kept.scalars()) == [True, False, True]
        assert not events.verify(session).problem


def test_a_county_outside_the_round_begins_a_plan_only_while_it_is_named(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        session.execute(sa.delete(RoundCounty).where(RoundCounty.round_id == cast.round.id))
        new = actions.NewPlan(cast.county.id, cast.round.id, "County plan", report.id)
        lead = invented.actor(session, cast.regional_director)

        def begin() -> Any:
            return actions.draft_plan(session, new=new, actor=lead, now=build.NOW)

        say(session, cast, report)
        say(session, cast, report, actions.spare_county)
        assert refused(begin) == ["round_elsewhere"]
        say(session, cast, report)
        assert begin().place_id == cast.county.id


def test_a_county_that_began_its_plan_is_not_spared_until_the_draft_is_withdrawn(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        say(session, cast, report)
        lead = invented.actor(session, cast.regional_director)
        new = actions.NewPlan(cast.county.id, cast.round.id, "County plan", report.id)
        plan = actions.draft_plan(session, new=new, actor=lead, now=build.NOW)
        assert refused(lambda: say(session, cast, report, actions.spare_county)) == ["plan_begun"]
        invented.move(session, plan, PlanMove.WITHDRAW, cast.regional_director, "Not needed.")
        say(session, cast, report, actions.spare_county)
        assert owing(session, cast) == {"Region One"}


def test_the_refusal_says_what_can_be_done_by_the_state_of_the_countys_plan(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        say(session, cast, report)
        plan = invented.draft(session, cast)
        plan.place_id, plan.publication_id = cast.county.id, report.id
        for state, words in (
            (PlanState.RETURNED, "it can withdraw the draft first."),
            (PlanState.SUBMITTED, "it can withdraw it once it is returned."),
            (PlanState.ACTIVE, "The county's plan is active: the naming stays."),
        ):
            plan.state = state
            session.flush()
            with pytest.raises(errors.Blocked) as caught:
                say(session, cast, report, actions.spare_county)
            [blocker] = caught.value.blockers
            assert blocker.message.endswith(words)


def test_who_would_lead_the_countys_plan_hears_of_both_and_whoever_named_it_does_not(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        person = build.person(session, "County Lead")
        build.grant(session, person, Role.REGIONAL_DIRECTOR, place=cast.county)
        say(session, cast, report)
        for kind in (NoticeKind.PLAN_COUNTY_NAMED, NoticeKind.PLAN_COUNTY_SPARED):
            told = [person.id] if kind is NoticeKind.PLAN_COUNTY_NAMED else []
            assert reported.notices(session, kind) == told
        say(session, cast, report, actions.spare_county)
        assert reported.notices(session, NoticeKind.PLAN_COUNTY_SPARED) == [person.id]


def test_what_was_taken_back_is_told_for_six_weeks_unless_it_is_named_anew(
    database: Database, cast: Cast, report: Publication
) -> None:
    def told(weeks: int, person: Person = cast.regional_director) -> list[str]:
        today = rules.Today(build.NOW.date() + dt.timedelta(weeks=weeks))
        found = called.spared(session, invented.actor(session, person), today)
        return [one.county for one in found]

    with database.writing() as session:
        neighbour = build.person(session, "Neighbour")
        build.grant(session, neighbour, Role.REGIONAL_DIRECTOR, place=cast.other_region)
        say(session, cast, report)
        assert told(0) == []
        say(session, cast, report, actions.spare_county)
        assert (told(0), told(6), told(7)) == (["Juniper County"], ["Juniper County"], [])
        assert told(0, neighbour) == []
        say(session, cast, report)
        assert told(0) == []


def test_the_page_takes_a_naming_back_and_keeps_both_on_the_record(
    database: Database, client_for: ClientFor, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        say(session, cast, report)
        lead: Person = build.person(session, "County Lead")
        build.grant(session, lead, Role.REGIONAL_DIRECTOR, place=cast.county)
        county = session.merge(cast.county).public_id
    client = client_for(cast.regional_director)
    address = f"/plans/due/{report.public_id}/counties/{county}/spare"
    assert address in client.get("/plans/due").text
    assert address not in client_for(lead).get("/plans/due").text, "the region takes it back"
    assert client_for(lead).get(address).status_code in (403, 404)
    assert client_for(cast.outsider).post(address).status_code == 403
    assert "Juniper County" in client.get(address).text
    empty = client.post(address, data={"reason": " "})
    assert (empty.status_code, "Say why the county needs no plan" in empty.text) == (422, True)
    client.post(address, data={"reason": "Counted twice."})
    page = client.get("/plans/due").text
    assert "Taken back. Juniper County owes no plan" in page
    assert client.get(address).status_code == 404
    told = "Counties that need no plan of their own any more"
    for reader in (lead, cast.regional_director):
        shown = client_for(reader).get("/plans/due").text.partition(told)[2]
        assert "Juniper County" in shown
        assert "Counted twice." in shown
    record = client.get(f"/plans/due/{report.public_id}/counties").text
    assert "It has most of the cases." in record
    assert "Counted twice." in record
