"""A draft that rests on a report which was put right since."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors, events
from cqi.core.database import Database
from cqi.plans import actions
from cqi.plans.models import Plan
from cqi.plans.queries import due, findings, records
from cqi.plans.rules import PlanState
from cqi.plans.rules.findings import FindingDecision
from cqi.plans.workflow import PlanMove
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.measures import stored
from tests.measures.stored import Review
from tests.plans import invented, reported

DAY = invented.TODAY.day
LATER = build.NOW + dt.timedelta(days=2)
ACCEPTED = FindingDecision.ACCEPTED


@pytest.fixture
def drafted(database: Database, cast: Cast) -> uuid.UUID:
    """Of 12 cases SRM05 has 4 and SRM01 has 6; the report is put right after SRM05 is accepted:
    with 4 more cases, in which INV01, which was high, falls low."""
    with database.writing() as session:
        of = session.get_one(Round, cast.round.id)
        rated = {"SRM05": 4, "SRM01": 6, "INV01": 12}
        reported.rate(session, of, session.merge(cast.county), rated, 12)
        first = reported.publish(session, cast, of)
        lead = invented.actor(session, cast.regional_director)
        new = actions.NewPlan(cast.region.id, of.id, "Our plan", first.id)
        given = {"actor": lead, "now": build.NOW}
        plan = actions.begin_plan(session, new=new, **given, today=DAY)
        row = next(one for one in plan.findings if one.code == "SRM05")
        said = actions.Decision(row.position, ACCEPTED, revision=row.revision)
        actions.decide_findings(session, plan=plan, decisions=[said], **given)
        return plan.public_id


def put_right(session: orm.Session, cast: Cast) -> int:
    of, county = session.get_one(Round, cast.round.id), session.merge(cast.county)
    for number in range(6):
        ratings = dict.fromkeys(("SRM05", "SRM01", "INV01"), reported.ANI)
        stored.review(session, of, county, Review(f"late-{number}", ratings))
    return reported.publish(session, cast, of, at=LATER).id


def again(session: orm.Session, cast: Cast, plan: Plan) -> int:
    lead = invented.actor(session, cast.regional_director)
    return actions.propose_again(session, plan=plan, actor=lead, now=LATER, today=DAY)


def plan_of(session: orm.Session, cast: Cast, plan: uuid.UUID) -> Plan:
    return records.plan(session, invented.actor(session, cast.cqi_director), plan)


def test_undecided_findings_take_the_new_figures_decided_ones_keep_theirs_and_new_ones_come(
    database: Database, cast: Cast, drafted: uuid.UUID
) -> None:
    with database.writing() as session:
        plan = plan_of(session, cast, drafted)
        with pytest.raises(errors.Blocked) as refused:
            again(session, cast, plan)
        assert [one.code for one in refused.value.blockers] == ["nothing_newer"]
        before = [(one.position, one.kind, one.code) for one in plan.findings]
        newest = put_right(session, cast)
        assert again(session, cast, plan) >= 1
        assert plan.publication_id == newest
        after = [(one.position, one.kind, one.code) for one in plan.findings]
        assert after[: len(before)] == before, "numbers stay"
        kept = {(one.kind.value, one.code): one for one in plan.findings}
        assert kept["practice", "SRM05"].figures["applicable"] == 12
        assert kept["practice", "SRM01"].figures["applicable"] == 18
        assert kept["practice", "INV01"].figures["achieved"] == 12, "12 of 18 is low"
        assert kept["strength", "INV01"].figures["applicable"] == 18, "nothing vanishes"
        rows = findings.rows(session, plan, invented.TODAY)
        marked = {one.code: one.corrected for one in rows if one.corrected}
        assert marked == {"SRM05": "4 of 18"}
        assert not events.verify(session).problem


def test_the_pages_say_that_the_report_was_put_right_and_what_to_do(
    database: Database, client_for: ClientFor, cast: Cast, drafted: uuid.UUID
) -> None:
    client, page = client_for(cast.regional_director), f"/plans/{drafted}"
    assert "was put right" not in client.get(page).text + client.get("/plans/due").text
    with database.writing() as session:
        put_right(session, cast)
    assert "The report was put right on" in client.get(page).text
    assert "The report was put right since" in client.get("/plans/due").text
    director = client_for(cast.cqi_director)
    said = "Return it, if what it answers has changed."
    assert "The report was put right on" in director.get(page).text
    assert said not in director.get(page).text, "a draft cannot be returned"
    for state, readers in ((PlanState.SUBMITTED, [director]), (PlanState.DRAFT, [])):
        with database.writing() as session:
            session.execute(sa.update(Plan).values(state=state))
        assert [one for one in (director, client) if said in one.get(page).text] == readers
    assert client_for(cast.cqi_liaison).post(f"{page}/findings/propose").status_code == 403
    answer = client.post(f"{page}/findings/propose")
    assert answer.location.endswith("/findings")
    shown = client.get(answer.location).text
    assert "The corrected report says 4 of 18." in shown
    assert "was put right" not in client.get(page).text + client.get("/plans/due").text
    client.post(f"{page}/findings/propose")
    assert "rests on the newest report" in client.get(page).text


def test_a_new_draft_rests_on_the_newest_report(
    database: Database, client_for: ClientFor, cast: Cast, drafted: uuid.UUID
) -> None:
    with database.writing() as session:
        newest = put_right(session, cast)
        plan = plan_of(session, cast, drafted)
        invented.move(session, plan, PlanMove.WITHDRAW, cast.regional_director, "Old figures.")
        lead = invented.actor(session, cast.regional_director)
        [owed] = due.due(session, lead, invented.TODAY)
        assert (owed.publication_id, owed.begun) == (newest, None)
