"""Every file that the product hands out: with case content it is in the register of disclosures."""

from __future__ import annotations

import uuid

import flask
import sqlalchemy as sa

from cqi.access.models import Disclosure
from cqi.core.database import Database
from tests.feedback import invented
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk
from tests.web import test_every_route as routes

ids = routes.ids
# forms without a case, and reports: these hold figures, no case, no narrative and no name; evidence
# of plans has an event of its own
WITHOUT_CASES = {
    "instruments.form_file",
    "measures.agreement_file",
    "plans.calendar",
    "plans.evidence_file",
    "plans.plan_file",
    "plans.plans_file",
    "reporting.county_file",
    "reporting.region_file",
}


def rows(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Disclosure)) or 0


def test_every_file_with_case_content_writes_one_row_and_no_other_answer_does(
    app: flask.Flask,
    client_for: ClientFor,
    cast: Cast,
    desk: Desk,
    database: Database,
    ids: dict[str, uuid.UUID],
) -> None:
    places = {**ids, "/feedback": invented.final_review(database, cast)}
    client = client_for(cast.cqi_director)
    files, disclosed = set(), set()
    for call in routes.calls(app, places):
        if call.method != "GET" or call.endpoint == "static":
            continue
        before = rows(database)
        answer = client.get(call.path)
        if answer.headers.get("Content-Disposition", "").startswith("attachment"):
            files.add(call.endpoint)
        if rows(database) != before:
            assert rows(database) == before + 1
            disclosed.add(call.endpoint)
    assert disclosed == {"reviews.print_file", "feedback.memo_file", "reviews.county_notice_file"}
    assert files == disclosed | WITHOUT_CASES
