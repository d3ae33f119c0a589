"""Plans that published reports make due, and counties that the region names."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.core import errors
from cqi.core.database import Database
from cqi.measures.models import Publication
from cqi.places.models import Place, PlaceMembership
from cqi.plans import actions, rules
from cqi.plans.models import PlanCall
from cqi.plans.queries import due
from cqi.plans.rules import due as clocks
from cqi.plans.workflow import PlanMove
from cqi.rounds.models import Round
from cqi.rounds.rules import RoundKind
from cqi.settings import registry
from cqi.settings.models import SettingValue
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented, reported

DAY = invented.TODAY.day
LATER = build.NOW + dt.timedelta(days=40)


@pytest.fixture
def report(database: Database, cast: Cast) -> Publication:
    with database.writing() as session:
        return reported.publish(session, cast, cast.round)


def owed(session: orm.Session, cast: Cast, on: dt.date = DAY) -> list[due.DuePlan]:
    actor = invented.actor(session, cast.regional_director)
    return list(due.due(session, actor, rules.Today(on)))


def name(session: orm.Session, cast: Cast, report: Publication, county: Place) -> PlanCall:
    actor = invented.actor(session, cast.regional_director)
    return actions.name_county(
        session,
        report=due.publication(session, actor, report.public_id),
        naming=actions.Naming(county.id, "It has most of the cases."),
        actor=actor,
        now=build.NOW,
        today=DAY,
    )


def test_a_published_report_makes_a_plan_due_thirty_days_later(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.reading() as session:
        [one] = owed(session, cast)
        published = build.NOW.date()
        assert (one.place, one.deadline.on) == ("Region One", published + dt.timedelta(days=30))
        assert not one.deadline.late
        assert owed(session, cast, published + dt.timedelta(days=30))[0].deadline.kind == "soon"
        [late] = owed(session, cast, published + dt.timedelta(days=31))
        assert (late.deadline.late, late.deadline.words) == (True, "1 day late")


def test_the_setting_of_the_day_of_publication_counts(
    database: Database, cast: Cast, report: Publication
) -> None:
    later = build.NOW.date() + dt.timedelta(days=1)
    with database.writing() as session:
        session.add(
            SettingValue(
                key=registry.PLAN_DUE_DAYS.key, value=5, from_on=later, reason="a test",
                set_at=build.NOW,
            )
        )  # fmt: skip
    with database.reading() as session:
        [one] = owed(session, cast)
        assert one.deadline.on == build.NOW.date() + dt.timedelta(days=30)


def test_an_interim_round_makes_nothing_due(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        region, county = session.merge(cast.region), session.merge(cast.county)
        interim = build.round(session, region, [county], kind=RoundKind.INTERIM_PEER)
        reported.publish(session, cast, interim)
    with database.reading() as session:
        assert owed(session, cast) == []


def test_a_corrected_report_makes_no_second_plan_due_and_moves_no_date(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        newer = reported.publish(session, cast, cast.round, at=LATER).public_id
    with database.reading() as session:
        [one] = owed(session, cast)
        assert (one.publication, one.told_of) == (newer, report.public_id)
        assert one.deadline.on == build.NOW.date() + dt.timedelta(days=30)


def test_a_draft_begins_it_and_a_submitted_plan_answers_it(
    client_for: ClientFor, database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        [one] = owed(session, cast)
        assert one.begun is not None
        assert one.begun.public_id == plan.public_id
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        assert owed(session, cast) == []
        invented.move(session, plan, PlanMove.RETURN, cast.cqi_director, "Name the county.")
        assert owed(session, cast)[0].begun is not None, "a returned plan is owed again"
    page = client_for(cast.cqi_liaison).get("/plans/due").text
    assert "Who leads the plan changes it and submits it again" in page


def test_who_leads_elsewhere_sees_nothing_of_it(
    database: Database, client_for: ClientFor, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        person = build.person(session, "Elsewhere")
        build.grant(session, person, Role.REGIONAL_DIRECTOR, place=cast.other_region)
        actor = invented.actor(session, person)
        assert due.due(session, actor, rules.Today(DAY)) == ()
        with pytest.raises(errors.NotFound):
            due.publication(session, actor, report.public_id)
    assert client_for(cast.outsider).get("/plans/due").status_code == 403


def test_a_county_that_is_named_owes_a_plan_of_its_own_from_that_day_on(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        name(session, cast, report, cast.county)
        one, two = sorted(owed(session, cast), key=lambda each: each.region)
        assert (one.place, one.reason, two.region) == (
            "Juniper County",
            "It has most of the cases.",
            True,
        )
        actor = invented.actor(session, cast.regional_director)
        new = actions.NewPlan(one.place_id, one.round_id, "County plan", one.publication_id)
        actions.draft_plan(session, new=new, actor=actor, now=build.NOW)
        begun = {each.place: each.begun is not None for each in owed(session, cast)}
        assert begun == {"Juniper County": True, "Region One": False}


def test_a_county_is_named_once_with_a_reason_and_only_in_its_region(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        name(session, cast, report, cast.county)
        newer = reported.publish(session, cast, cast.round, at=LATER)
        for county in (cast.county, cast.other_county):
            with pytest.raises(errors.Blocked) as refused:
                name(session, cast, newer, county)
            assert [one.code for one in refused.value.blockers] == ["county_elsewhere"]


def test_a_county_that_left_the_region_cannot_be_named(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        stay = session.query(PlaceMembership).filter_by(place_id=cast.county.id).one()
        stay.until_on = DAY
        session.flush()
        with pytest.raises(errors.Blocked):
            name(session, cast, report, cast.county)


def test_the_page_leads_from_what_is_due_to_the_findings_of_a_plan(
    database: Database, client_for: ClientFor, cast: Cast
) -> None:
    with database.writing() as session:
        of = session.get_one(Round, cast.round.id)
        reported.rate(session, of, session.merge(cast.county), {"SRM05": 4, "SRM01": 12}, 12)
        reported.publish(session, cast, of)
    client = client_for(cast.regional_director)
    page = client.get("/plans/due").text
    assert "Begin the plan" in page
    assert "agency to confirm" in page
    begin = page.partition('class="usa-button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "Region report, Region One" in client.get(begin).text
    answer = client.post(begin, data={"name": "Our plan"})
    assert answer.location.endswith("/findings")
    page = client.get(answer.location).text
    assert "4 of 12" in page
    assert "12 of 12" in page
    assert client.get(begin).location == answer.location.removesuffix("/findings"), "begun already"
    assert "Not begun" not in client.get("/plans/due").text


def test_the_page_names_a_county_and_keeps_what_was_written_when_it_is_refused(
    client_for: ClientFor, cast: Cast, report: Publication
) -> None:
    client = client_for(cast.regional_director)
    address = f"/plans/due/{report.public_id}/counties"
    assert "Juniper County" in client.get(address).text
    refused = client.post(address, data={"county": cast.county.id, "reason": " "})
    assert (refused.status_code, "Say why this county" in refused.text) == (422, True)
    client.post(address, data={"county": cast.county.id, "reason": "Most cases."})
    assert "Named by its region: Most cases." in client.get("/plans/due").text
    assert "All counties of the region are named" in client.get(address).text
    assert client_for(cast.outsider).post(address).status_code == 403
    assert client_for(cast.cqi_liaison).get(address).status_code == 403


def test_a_submitted_plan_shows_until_when_the_state_decides(
    database: Database, client_for: ClientFor, cast: Cast
) -> None:
    with database.writing() as session:
        plan = invented.draft(session, cast)
        invented.add_step(session, cast, plan, cast.cqi_liaison, invented.FAR)
        invented.move(session, plan, PlanMove.SUBMIT, cast.regional_director)
        today = rules.Today(build.NOW.date() + dt.timedelta(days=16))
        actor = invented.actor(session, cast.cqi_director)
        [one] = due.decisions(session, actor, today)
        assert (one.deadline.late, one.deadline.words, one.decides) == (True, "1 day late", True)
        lead = invented.actor(session, cast.regional_director)
        assert not due.decisions(session, lead, today)[0].decides
    page = client_for(cast.cqi_director).get("/plans/due").text
    assert "Waits for you" in page
    assert "Decision due" in client_for(cast.cqi_director).get(f"/plans/{plan.public_id}").text


@pytest.mark.parametrize(
    ("start", "days", "on"),
    [
        (dt.date(2028, 1, 30), 30, dt.date(2028, 2, 29)),
        (dt.date(2027, 1, 30), 30, dt.date(2027, 3, 1)),
        (dt.date(2027, 3, 14), 1, dt.date(2027, 3, 15)),
    ],
)
def test_days_are_counted_over_leap_days_and_short_months(
    start: dt.date, days: int, on: dt.date
) -> None:
    assert clocks.deadline(start, clocks.Allowed(days), rules.Today(start)).on == on


def test_whoever_leads_a_named_county_sees_the_corrected_report_too(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        lead = build.person(session, "County Lead")
        build.grant(session, lead, Role.REGIONAL_DIRECTOR, place=cast.county)
        name(session, cast, report, cast.county)
        newest = reported.publish(session, cast, cast.round, at=LATER)
        actor = invented.actor(session, lead)
        [one] = due.due(session, actor, rules.Today(DAY))
        assert (one.told_of, one.publication) == (report.public_id, newest.public_id)
        plan = actions.begin_plan(
            session,
            new=actions.NewPlan(cast.county.id, cast.round.id, "Ours", one.publication_id),
            actor=actor,
            now=LATER,
            today=DAY,
        )
        assert plan.publication_id == newest.id
        [begun] = due.due(session, actor, rules.Today(DAY))
        assert begun.begun
        assert not begun.begun.corrected


def test_the_report_of_a_later_round_takes_the_place_of_what_was_owed_before(
    database: Database, cast: Cast, report: Publication
) -> None:
    with database.writing() as session:
        region, county = session.merge(cast.region), session.merge(cast.county)
        later = build.round(session, region, [county], kind=RoundKind.ONGOING)
        later.on_site_from, later.on_site_to = dt.date(2027, 9, 6), dt.date(2027, 9, 10)
        session.flush()
        reported.publish(session, cast, later, at=LATER)
        [one] = owed(session, cast, dt.date(2027, 12, 1))
        assert one.round_id == later.id
