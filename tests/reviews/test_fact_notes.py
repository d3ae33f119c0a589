"""A fact that follows a setting says so on the face sheet, with what it means for the case."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from cqi.cases.models import Case
from cqi.reviews.views import fact_notes
from cqi.settings import actions as settings
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TODAY, Desk

KEY = "reviews.case_plan_due_days"
OPENED = dt.date(2027, 2, 3)


def day(month: int, day_: int) -> dt.date:
    return dt.date(2027, month, day_)


def sheet(desk: Desk, client_for: ClientFor) -> str:
    page = client_for(desk.cast.reviewer).get(f"/reviews/{desk.public_id}/facts").text
    return page.partition('id="fact-case_plan_due"')[2].partition("</fieldset>")[0]


def opened_on(desk: Desk, on: dt.date | None) -> None:
    with desk.database.writing() as session:
        session.execute(
            sa.update(Case).where(Case.case_number == desk.case_number).values(opened_on=on)
        )


def put(desk: Desk, text: str, *, confirmed: bool = False, from_on: dt.date = TODAY) -> None:
    change = settings.Change(KEY, text, from_on, "policy letter", confirmed)
    with desk.database.writing() as session:
        settings.set_value(session, change, actor_id=None, now=build.NOW)


def test_the_default_stands_right_at_the_fact_as_the_agencys_to_confirm(
    desk: Desk, client_for: ClientFor
) -> None:
    opened_on(desk, OPENED)
    said = sheet(desk, client_for)
    assert "Setting: 30 days, agency to confirm." in said
    assert "in place of" not in said
    assert "Opened 3 Feb 2027: a case plan was due from 5 Mar 2027." in said


def test_a_number_of_the_agencys_holds_in_place_of_the_one_in_the_text(
    desk: Desk, client_for: ClientFor
) -> None:
    opened_on(desk, OPENED)
    put(desk, "45", confirmed=True)
    said = sheet(desk, client_for)
    assert "Setting: 45 days. It holds in place of the 30 days in the text." in said
    assert "agency to confirm" not in said
    assert "Opened 3 Feb 2027: a case plan is not due until 20 Mar 2027." in said


def test_a_case_whose_opening_nobody_knows_has_no_hint(desk: Desk, client_for: ClientFor) -> None:
    opened_on(desk, None)
    said = sheet(desk, client_for)
    assert "Setting: 30 days" in said
    assert "Opened" not in said


def test_a_submitted_case_keeps_the_number_of_the_last_day_of_its_period(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.complete()
    desk.submit()
    put(desk, "45", from_on=TODAY + dt.timedelta(days=1))
    page = client_for(desk.cast.reviewer).get(f"/reviews/{desk.public_id}/facts").text
    assert "Setting: 30 days, agency to confirm." in page
    assert "45 days" not in page
    put(desk, "60")
    page = client_for(desk.cast.reviewer).get(f"/reviews/{desk.public_id}/facts").text
    assert "Setting: 60 days, agency to confirm. It holds in place of the 30 days" in page


@pytest.mark.parametrize(
    ("closed_on", "ends_on", "today", "words"),
    [
        (None, None, day(3, 5), ": a case plan was due from 5 Mar 2027."),
        (None, None, day(3, 4), ": a case plan is not due until 5 Mar 2027."),
        (day(3, 5), day(3, 9), day(4, 1), ": a case plan was due from 5 Mar 2027."),
        (day(3, 4), None, day(4, 1), " and closed 4 Mar 2027, before a case plan was due."),
        (None, day(3, 4), day(4, 1),
         ": a case plan was not due until 5 Mar 2027, after the period under review."),
    ],
)  # fmt: skip
def test_the_hint_counts_from_the_opening_to_the_end_of_the_period(
    closed_on: dt.date | None, ends_on: dt.date | None, today: dt.date, words: str
) -> None:
    known = fact_notes.Dates(OPENED, closed_on, ends_on, today)
    assert fact_notes.due_hint("a case plan", 30, known) == f"Opened 3 Feb 2027{words}"
