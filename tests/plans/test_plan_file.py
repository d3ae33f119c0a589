"""A plan as PDF and XLSX: goal, strategy, key activity, who, evidence, quarters, status, update."""

from __future__ import annotations

import datetime as dt
import io

import pypdf
import pytest
import python_calamine
import sqlalchemy as sa

from cqi.core.database import Database
from cqi.plans.models import Amendment, Strategy
from cqi.plans.queries import paper, printing, records
from cqi.plans.rules.amendments import AmendmentKind, AmendmentState
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.plans import invented
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
    _, change = book.get_sheet_by_name("Amendments").to_python()
    assert change[0] == "Step 1.1.2"
    assert change[3] == "=Ice on the roads"
    assert change[4:7] == ["due 1 Mar 2027", "due 16 Mar 2027", "Granted 10 Mar 2027: Once."]


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
