"""Feedback of a region, added up: by county and component, needs by kind, alerts."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.cases.rules import StaffKind
from cqi.core.database import Database
from cqi.core.errors import NotFound
from cqi.feedback import queries
from cqi.feedback.rules import rollup as rules
from cqi.feedback.rules.needs import NeedKind, NeedState
from cqi.feedback.rules.rollup import Alert, Alerts, KindLine, Released
from cqi.feedback.rules.units import Share
from cqi.feedback.workflow import NeedStep
from cqi.instruments.definition import Instrument
from cqi.reviews import actions as reviews
from cqi.reviews.models import CaseReview, SafetyAlert
from cqi.reviews.rules import AlertState, Urgency
from tests import build
from tests.feedback import invented, needing
from tests.fixtures import counting
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor

LATER = build.NOW + dt.timedelta(days=60)


def rolled(
    database: Database,
    person: object,
    *,
    now: dt.datetime = build.NOW,
    round_id: uuid.UUID | None = None,
) -> queries.RollUp:
    with database.reading() as session:
        actor = build.actor(session, person, now.date())
        return queries.roll_up(session, actor, invented.on(now.date()), now, round_id)


def elsewhere(database: Database, cast: Cast, pages: Instrument | None = None) -> uuid.UUID:
    """A released memo of another county of the region, in a round of its own; the round."""
    with database.writing() as session:
        county = build.county(session, session.merge(cast.region), "Alder County")
        there = build.round(session, session.merge(cast.region), [county], pages=pages)
        build.grant(session, session.merge(cast.reviewer), Role.REVIEWER, round=there)
        review = build.case_review(session, there, build.case(session, county), [cast.reviewer])
        build.final(session, review, cast.reviewer, cast.qa_lead)
        invented.release(session, cast, review)
        return there.public_id


def test_a_county_is_added_up() -> None:
    found = rules.county_line(
        "Juniper",
        [
            Released(1, True, False, False),
            Released(1, True, True, False),
            Released(1, False, False, True),
        ],
        [True, False],
        [Alert(1, True, True), Alert(1, True, False), Alert(1, False, False)],
    )
    assert (found.released, found.waiting, found.waiting_late, found.late) == (3, 2, 1, 1)
    assert (found.by_caseworker, found.by_supervisor) == (Share(2, 3), Share(1, 3))
    assert found.alerts == Alerts(open=2, late=1, closed=1)


def test_needs_are_counted_by_kind_and_every_kind_has_its_line() -> None:
    found = rules.by_kind(
        [
            (NeedKind.POLICY, NeedState.RAISED, True),
            (NeedKind.POLICY, NeedState.RAISED, False),
            (NeedKind.POLICY, NeedState.CLOSED, False),
            (NeedKind.SERVICES, NeedState.ANSWERED, False),
        ]
    )
    assert found == (
        KindLine(NeedKind.TRAINING, 0, 0, 0),
        KindLine(NeedKind.SERVICES, 0, 0, 1),
        KindLine(NeedKind.POLICY, 2, 1, 1),
        KindLine(NeedKind.INFORMATION_SYSTEM, 0, 0, 0),
    )


def test_memos_are_counted_by_county_with_who_read_them(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    invented.final_review(database, cast)
    invented.final_review(database, cast, released=False)
    client_for(cast.caseworker).post(f"/feedback/{review}/acknowledge")
    [line] = rolled(database, cast.regional_director).counties
    assert (line.name, line.released, line.waiting, line.late) == ("Juniper County", 2, 1, 0)
    assert (line.by_caseworker, line.by_supervisor) == (Share(1, 2), Share(0, 2))
    assert line.waiting_late == 0
    [later] = rolled(database, cast.regional_director, now=LATER).counties
    assert (later.waiting_late, later.late) == (1, 2)


def test_a_memo_that_all_have_read_is_never_late(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    for person in (cast.caseworker, cast.supervisor):
        client_for(person).post(f"/feedback/{review}/acknowledge")
    [later] = rolled(database, cast.regional_director, now=LATER).counties
    assert later.late == 0


def test_counties_stand_by_name_and_a_round_narrows_them(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    invented.final_review(database, cast)
    there = elsewhere(database, cast)
    found = rolled(database, cast.regional_director)
    assert [one.name for one in found.counties] == ["Alder County", "Juniper County"]
    assert {line.code: line.shares for line in found.components[0].lines}["SRM"] == (
        Share(1, 1),
        Share(1, 1),
    )
    one = rolled(database, cast.regional_director, round_id=there)
    assert [each.name for each in one.counties] == ["Alder County"]
    assert one.cases == 1
    page = client_for(cast.regional_director).get(f"/feedback/roll-up?round={there}").text
    assert "Nothing yet in 1 other county." in page
    assert f'value="{there}" selected' in page


def test_each_instrument_has_a_table_of_its_own_with_its_counties_alone(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    invented.final_review(database, cast)
    elsewhere(database, cast, pages=build.instrument("osri"))
    tables = rolled(database, cast.regional_director).components
    assert [table.counties for table in tables] == [("Alder County",), ("Juniper County",)]
    assert [len(table.lines) for table in tables] == [7, 6]
    page = client_for(cast.regional_director).get("/feedback/roll-up").text
    assert f"Components by county: {tables[0].title}" in page


def test_another_regions_round_is_not_found(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    with pytest.raises(NotFound):
        rolled(database, cast.regional_director, round_id=cast.other_round.public_id)
    client = client_for(cast.regional_director)
    for named in (cast.other_round.public_id, "nonsense"):
        assert client.get(f"/feedback/roll-up?round={named}").status_code == 404


def test_another_regions_people_see_nothing_of_this_one(database: Database, cast: Cast) -> None:
    needing.raised(database, cast)
    with database.writing() as session:
        far = build.person(session)
        build.grant(session, far, Role.REGIONAL_DIRECTOR, place=cast.other_region)
    found = rolled(database, far)
    assert (found.counties, found.rounds, found.cases) == ((), (), 0)
    assert sum(line.open for line in found.needs) == 0


def test_a_review_that_was_opened_again_is_left_out(database: Database, cast: Cast) -> None:
    review = invented.final_review(database, cast)
    with database.writing() as session:
        found = session.scalars(sa.select(CaseReview).where(CaseReview.public_id == review)).one()
        director = build.actor(session, cast.cqi_director)
        reviews.reopen(session, review=found, reason="More.", actor=director, now=build.NOW)
    view = rolled(database, cast.regional_director)
    assert (view.cases, view.left_out, view.components) == (0, 1, ())


def test_needs_lead_to_those_of_their_kind(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    need = needing.raised(database, cast, review=review)
    needing.raised(database, cast, review=review)
    needing.take(database, cast.regional_director, need, NeedStep.ANSWER)
    [services] = [
        line
        for line in rolled(database, cast.regional_director, now=LATER).needs
        if line.kind is NeedKind.SERVICES
    ]
    assert (services.open, services.late, services.answered) == (1, 1, 1)
    page = client_for(cast.regional_director).get("/feedback/roll-up").text
    assert 'href="/feedback/needs?kind=services"' in page


def test_alerts_are_counted_for_whoever_reads_the_register(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    review = invented.final_review(database, cast)
    soon = build.NOW + dt.timedelta(hours=2)
    with database.writing() as session:
        on = session.scalars(sa.select(CaseReview.id).where(CaseReview.public_id == review)).one()
        for state in (AlertState.RAISED, AlertState.CLOSED):
            alert = SafetyAlert(
                review_id=on,
                state=state,
                urgency=Urgency.NOW,
                seen="x",
                child="x",
                about_unit=False,
                raised_by_id=cast.reviewer.id,
                raised_at=build.NOW,
                acknowledge_due_at=soon,
                answer_due_at=soon,
            )
            session.add(alert)
    [line] = rolled(database, cast.regional_director).counties
    assert line.alerts == Alerts(open=1, late=0, closed=1)
    [line] = rolled(database, cast.regional_director, now=LATER).counties
    assert line.alerts == Alerts(open=1, late=1, closed=1)
    liaison = rolled(database, cast.cqi_liaison)
    assert not liaison.shows_alerts
    assert liaison.counties[0].alerts == Alerts()
    page = client_for(cast.cqi_liaison).get("/feedback/roll-up").text
    assert "Safety alerts" not in page.partition("<main")[2].partition("<footer")[0]


def test_under_ten_cases_there_are_counts_and_no_percentage(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    invented.final_review(database, cast)
    page = client_for(cast.regional_director).get("/feedback/roll-up").text.partition("<main")[2]
    assert "1 of 1" in page
    assert "0 of 1" in page
    assert "%" not in re.sub(r'(width|height)="100%"', "", page)
    assert "What these numbers rest on" in page
    assert "no ranking" in page


def test_it_takes_few_queries_however_many_memos(database: Database, cast: Cast) -> None:
    numbers = []
    for number in range(2):
        staff = {StaffKind.CASEWORKER: f"W-20{number}"}
        review = invented.final_review(database, cast, staff=staff)
        needing.raised(database, cast, review=review)
        invented.final_review(database, cast, released=False)
        if number:
            elsewhere(database, cast)
        with counting.queries(database) as asked:
            rolled(database, cast.regional_director)
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


def test_the_first_page_of_who_directs_leads_here(client_for: ClientFor, cast: Cast) -> None:
    assert 'href="/feedback/roll-up"' in client_for(cast.regional_director).get("/plans/home").text


def test_the_state_office_is_not_led_here(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        build.grant(session, cast.outsider, Role.STATE_OFFICE, place=cast.state)
    assert "/feedback/roll-up" not in client_for(cast.outsider).get("/plans/home").text
    assert client_for(cast.outsider).get("/feedback/roll-up").status_code == 403


@pytest.mark.parametrize("who", ["cqi_director", "cqi_liaison", "regional_director"])
def test_those_above_open_it_also_while_it_is_empty(
    client_for: ClientFor, cast: Cast, who: str
) -> None:
    page = client_for(getattr(cast, who)).get("/feedback/roll-up")
    assert page.status_code == 200
    assert "No memo is released yet" in page.text


@pytest.mark.parametrize(
    "who", ["supervisor", "caseworker", "qa_lead", "administrator", "outsider"]
)
def test_everybody_else_is_refused(client_for: ClientFor, cast: Cast, who: str) -> None:
    assert client_for(getattr(cast, who)).get("/feedback/roll-up").status_code == 403
