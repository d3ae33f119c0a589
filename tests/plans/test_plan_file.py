"""A plan as PDF and XLSX: goal, strategy, key activity, who, evidence, quarters, status, update."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pypdf
import pytest
import python_calamine
import sqlalchemy as sa
from flask.testing import FlaskClient

from cqi.core.database import Database
from cqi.plans import actions
from cqi.plans.models import Amendment, Goal, Strategy
from cqi.plans.queries import paper, printing, records
from cqi.plans.rules import TargetKind
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import asking, invented, reported
from tests.plans.invented import Made


@pytest.fixture
def worked(database: Database, cast: Cast, claimed: Made) -> Made:
    """A plan with a claimed step, a reasoned strategy and an extension that was granted."""
    with database.writing() as session:
        plan = records.plan(session, invented.actor(session, cast.cqi_director), claimed.plan)
        way = session.scalars(sa.select(Strategy)).one()
        way.why, way.lead_id = "Teams that read together learn faster.", cast.cqi_liaison.id
        step = list(records.steps_of(plan))[1]
        step.partner = "Quince Counseling"
        session.add(
            Amendment(
                plan=plan,
                step=step,
                kind=AmendmentKind.EXTENSION,
                state=AmendmentState.GRANTED,
                old={"due_on": "2027-03-01"},
                new={"due_on": step.due_on.isoformat()},
                reason="=Ice on the roads",
                asked_by_id=cast.regional_director.id,
                asked_at=build.NOW,
                decided_by_id=cast.cqi_director.id,
                decided_at=build.NOW,
                answer="Once.",
            )
        )
    return claimed


def test_quarters_are_those_of_the_calendar() -> None:
    days = [dt.date(2027, month, 1) for month in (1, 3, 4, 12)]
    assert [paper.quarter(day) for day in days] == ["Q1 2027", "Q1 2027", "Q2 2027", "Q4 2027"]


def test_the_workbook_has_a_row_a_key_activity_and_formulas_stay_text(
    client_for: ClientFor, cast: Cast, worked: Made
) -> None:
    answer = client_for(cast.regional_director).get(f"/plans/{worked.plan}/plan.xlsx")
    assert answer.status_code == 200
    assert "2027-03-10.xlsx" in answer.headers["Content-Disposition"]
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    assert book.sheet_names == ["About", "Plan", "Goals", "Amendments"]
    head, *rows = book.get_sheet_by_name("Plan").to_python()
    assert head[2:5] == ["key_activity", "person_responsible", "evidence_of_completion"]
    assert {type(row[j]) for row in rows for j in (5, 6)} == {dt.date}
    assert (rows[0][5], rows[0][6]) == (dt.date(2027, 1, 4), invented.LATE)
    assert [row[2] for row in rows] == [
        f"1.1.{number} Supervisors read one assessment a month" for number in (1, 2, 3)
    ]
    first, second, third = (dict(zip(head, row, strict=True)) for row in rows)
    assert first["goal"] == "Goal 1 Safety looked at again"
    assert (first["quarter_due"], first["quarter_completed"]) == ("Q1 2027", "")
    assert first["status"] == "Claimed, to verify"
    assert first["update"] == "Claimed 10 Mar 2027: Logs handed in"
    assert second["person_responsible"].startswith("Quince Counseling (for it: ")
    assert third["status"].startswith("Not started") or third["status"].startswith("Due")
    head, row = book.get_sheet_by_name("Amendments").to_python()
    change = dict(zip(head, row, strict=True))
    day = dt.date(2027, 3, 10)
    assert (change["about"], change["reason"]) == ("Step 1.1.2", "=Ice on the roads")
    assert (change["was"], change["shall_be"]) == ("Due: 1 Mar 2027", "Due: 16 Mar 2027")
    assert (change["asked_on"], change["asked_by"]) == (day, cast.regional_director.name)
    said = ("decision", "decided_on", "decided_by", "answer")
    assert [change[name] for name in said] == ["Granted", day, cast.cqi_director.name, "Once."]


def sheet_of(client: FlaskClient, plan: uuid.UUID, name: str) -> list[dict[str, Any]]:
    answer = client.get(f"/plans/{plan}/plan.xlsx")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    head, *rows = book.get_sheet_by_name(name).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def text_of(client: FlaskClient, plan: uuid.UUID) -> str:
    pages = pypdf.PdfReader(io.BytesIO(client.get(f"/plans/{plan}/plan.pdf").data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def explained(database: Database, cast: Cast, worked: Made) -> Made:
    """Its goal says when, on which sample and why its target was negotiated."""
    with database.writing() as session:
        goal = session.scalars(sa.select(Goal)).one()
        goal.measured_on, goal.sample = dt.date(2027, 9, 6), "all cases of the follow-up"
        goal.negotiated_target, goal.target_kind = 5000, TargetKind.NEGOTIATED
        goal.target_reason = "Half of all is what the court asked for."
    return worked


def test_a_goal_says_what_it_answers_when_it_is_measured_and_why_its_target_is_so(
    client_for: ClientFor, cast: Cast, explained: Made
) -> None:
    client = client_for(cast.regional_director)
    [goal] = sheet_of(client, explained.plan, "Goals")
    assert (goal["target"], goal["baseline_achieved"]) == (0.5, 21)
    assert goal["measured_again"] == dt.date(2027, 9, 6)
    assert goal["on_which_sample"] == "all cases of the follow-up"
    assert goal["finding_that_it_answers"] == "1 Too few readers"
    assert goal["where_the_target_comes_from"] == "negotiated"
    for text in (text_of(client, explained.plan), client.get(f"/plans/{explained.plan}").text):
        for words in ("1 Too few readers", "Half of all is what the court asked for.", "Read"):
            assert words in text, words
        assert "6 Sep 2027, on all cases of the follow-up" in text


def test_the_plan_in_force_shows_its_strategies(
    client_for: ClientFor, cast: Cast, explained: Made
) -> None:
    page = client_for(cast.regional_director).get(f"/plans/{explained.plan}").text
    card = page.partition('id="strategies')[2].partition('id="timeline-head"')[0]
    lead = cast.cqi_liaison.name
    for words in ("Read together", "Teams that read together learn faster.", lead, ">1.1.3</a>"):
        assert words in card, words


def test_the_quarter_in_which_a_step_was_verified_is_told(
    client_for: ClientFor, database: Database, cast: Cast, worked: Made
) -> None:
    with database.writing() as session:
        liaison = invented.actor(session, cast.cqi_liaison)
        step = records.step(session, liaison, worked.steps[0])
        april = build.NOW + dt.timedelta(days=30)
        actions.verify_step(session, step=step, actor=liaison, now=april)
    client = client_for(cast.regional_director)
    first, *_ = sheet_of(client, worked.plan, "Plan")
    assert (first["quarter_due"], first["quarter_completed"]) == ("Q1 2027", "Q2 2027")
    assert "Q2 2027" in text_of(client, worked.plan)


def test_a_target_that_was_changed_keeps_what_it_was(
    client_for: ClientFor, database: Database, cast: Cast, worked: Made
) -> None:
    asked = asking.ask_target(database, cast.regional_director, 6000)
    asking.decide(database, asked, cast.cqi_director)
    client = client_for(cast.regional_director)
    [goal] = sheet_of(client, worked.plan, "Goals")
    assert goal["target"] == 0.6
    by = f"asked by {cast.regional_director.name}, granted by {cast.cqi_director.name}"
    was = f"was 44.3%, PIP arithmetic, until 10 Mar 2027; {by}: {asking.WHY}"
    assert goal["what_the_target_was"] == was
    assert was in text_of(client, worked.plan)
    change = sheet_of(client, worked.plan, "Amendments")[-1]
    assert change["was"] == "Target: 44.3%, PIP arithmetic"
    assert change["shall_be"] == "Target: 60.0%, negotiated"


def test_a_changed_step_stands_in_both_files_in_words(
    client_for: ClientFor, database: Database, cast: Cast, worked: Made
) -> None:
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        step, other = (records.step(session, director, key) for key in worked.steps[1:])
        wish = asking.changed(
            step,
            owner_id=cast.supervisor.id,
            partner_contact="Desk",
            help_needed="A car",
            depends_on_id=other.id,
        )
    asking.ask(database, worked.steps[1], cast.regional_director, wish)
    client = client_for(cast.regional_director)
    change = sheet_of(client, worked.plan, "Amendments")[-1]
    assert change["was"].startswith(f"Owner: {cast.regional_director.name}; ")
    assert change["was"].endswith("Help that is needed: none; Waits for another step: none")
    shall = "Help that is needed: A car; Waits for another step: step 1.1.3"
    assert change["shall_be"].startswith(f"Owner: {cast.supervisor.name}; ")
    assert change["shall_be"].endswith(shall)
    assert shall in text_of(client, worked.plan)


def test_met_and_change_are_said_in_both_files_once_the_follow_up_is_finished(
    client_for: ClientFor, database: Database, cast: Cast, worked: Made
) -> None:
    with database.writing() as session:
        own, region = session.get_one(Round, cast.round.id), session.merge(cast.region)
        county = session.merge(cast.county)
        reported.rate(session, own, county, {"SRM05": 21}, 58)
        later = build.round(session, region, [county], compares_with=own)
        reported.rate(session, later, county, {"SRM05": 50}, 58)
        measured = sa.update(Round).where(Round.id == later.id)
        session.execute(measured.values(on_site_from=invented.TODAY.day))
    client = client_for(cast.regional_director)
    [before] = sheet_of(client, worked.plan, "Goals")
    assert (before["target_met"], before["change"]) == ("to come", "to come")
    assert "to come (now 50 of 58)" in text_of(client, worked.plan)
    after = invented.TODAY.day + dt.timedelta(days=1)
    with database.writing() as session:
        when = {"on_site_from": after, "on_site_to": after}
        session.execute(measured.values(when))
    [goal] = sheet_of(client, worked.plan, "Goals")
    assert (goal["result_achieved"], goal["result_applicable"]) == (50, 58)
    assert (goal["target_met"], goal["change"]) == ("Met", "improved")
    assert "50 of 58 Met improved" in text_of(client, worked.plan)


def test_the_pdf_says_the_same_in_words(client_for: ClientFor, cast: Cast, worked: Made) -> None:
    answer = client_for(cast.cqi_liaison).get(f"/plans/{worked.plan}/plan.pdf")
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words in (
        "Region One improvement plan",
        "Goal 1 Safety looked at again",
        "Strategy 1.1: Read together",
        "Teams that read together learn faster.",
        "Person responsible",
        "Q1 2027",
        "21 of 58",
        "44.3%",
        "Amendments",
    ):
        assert words in text, words


def test_a_goal_that_was_measured_says_met_and_change_apart(
    database: Database, cast: Cast, worked: Made
) -> None:
    with database.reading() as session:
        director = invented.actor(session, cast.cqi_director)
        found = paper.paper(session, director, worked.plan, invented.TODAY)
    table = next(one for one in printing.document(found).tables() if one.key == "Goals")
    assert [column.heading for column in table.columns][-2:] == ["Target met?", "Change"]
    assert table.rows[0].cells[-2:] == ("to come", "to come")


def test_another_ending_and_another_region_find_nothing(
    client_for: ClientFor, cast: Cast, worked: Made
) -> None:
    client = client_for(cast.regional_director)
    assert client.get(f"/plans/{worked.plan}/plan.docx").status_code == 404
    assert client_for(cast.outsider).get(f"/plans/{worked.plan}/plan.pdf").status_code == 403
