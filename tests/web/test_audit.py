"""The audit trail as an auditor sees it: whose, of what, from where, and as a file."""

from __future__ import annotations

import csv
import io
import json
import uuid

import pytest
import sqlalchemy as sa

from cqi.access import trail
from cqi.access.models import Disclosure
from cqi.core import events
from cqi.core.database import Database
from cqi.reviews import rules
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk

CHILD = "Quillfeather"


@pytest.fixture
def read(desk: Desk, cast: Cast, client_for: ClientFor) -> Desk:
    """A case review that its reviewer has answered and its QA lead has opened."""
    desk.complete()
    desk.submit()
    client_for(cast.qa_lead).get(f"/reviews/{desk.public_id}/components/SRM")
    return desk


def test_reads_of_a_case_say_who_why_and_where_from(
    read: Desk, cast: Cast, client_for: ClientFor
) -> None:
    page = client_for(cast.auditor).get(f"/audit?thing={read.public_id}&about=reads").text
    assert cast.qa_lead.name in page
    assert "read the content" in page
    assert '<td data-label="Why and where from">QA<br>' in page
    assert "127.0.0.1" in page
    assert f"Case review of case {read.case_number}" in page
    assert "answered" not in page


def test_the_activity_of_a_person_is_what_they_did_and_what_was_done_to_them(
    read: Desk, cast: Cast, client_for: ClientFor, database: Database
) -> None:
    stranger = events.Happening("access.sign_in_failed", None, build.NOW)
    with database.writing() as session:
        stream = events.Stream("person", cast.reviewer.public_id)
        events.record(session, stream, stranger, {})
    page = client_for(cast.auditor).get(f"/audit?person={cast.reviewer.public_id}").text
    assert "answered" in page
    assert "somebody failed to sign in" in page
    assert cast.qa_lead.name not in page


def test_a_disclosure_says_what_left_and_its_row_in_the_register(
    read: Desk, cast: Cast, client_for: ClientFor, database: Database
) -> None:
    client_for(cast.reviewer).get(f"/reviews/{read.public_id}/print.pdf")
    with database.reading() as session:
        row = session.scalars(sa.select(Disclosure.public_id)).one()
    page = client_for(cast.auditor).get(f"/audit?thing={read.public_id}").text
    assert f"Case review: disclosure {row} of review {read.public_id}" in page


def test_a_search_leaves_no_name_in_an_address(
    read: Desk, cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.auditor)
    one = client.post("/audit", data={"words": cast.qa_lead.email})
    assert one.status_code == 303
    assert one.headers["Location"] == f"/audit?person={cast.qa_lead.public_id}"
    case = client.post("/audit", data={"words": read.case_number})
    assert case.headers["Location"] == f"/audit?thing={read.public_id}"
    several = client.post("/audit", data={"words": "person"})
    assert several.status_code == 200
    assert cast.qa_lead.name in several.text
    nobody = client.post("/audit", data={"words": "zzz"})
    assert "Nobody and no case was found" in nobody.text
    assert client.post("/audit", data={"words": ""}).status_code == 422


def test_the_trail_goes_on_page_by_page(
    cast: Cast, client_for: ClientFor, database: Database
) -> None:
    with database.writing() as session:
        for number in range(trail.PAGE + 3):
            happening = events.Happening(f"test.number_{number:03}", cast.reviewer.id, build.NOW)
            events.record(session, events.Stream("round", cast.round.public_id), happening, {})
    client, here = client_for(cast.auditor), f"/audit?thing={cast.round.public_id}"
    first = client.get(here).text
    assert f"{trail.PAGE + 3} lines" in first
    assert "number 052" in first
    assert "number 002" not in first
    older = first.split("before=")[1].split("&")[0].split('"')[0]
    second = client.get(f"{here}&before={older}").text
    assert "number 002" in second
    assert "number 003" not in second
    assert "Older lines" not in second


def test_an_export_holds_the_same_lines_and_is_written_down(
    read: Desk, cast: Cast, client_for: ClientFor, database: Database
) -> None:
    client, args = client_for(cast.auditor), f"thing={read.public_id}"
    table = client.get(f"/audit/export.csv?{args}")
    lines = client.get(f"/audit/export.jsonl?{args}")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    objects = [json.loads(line) for line in lines.text.splitlines()]
    with database.reading() as session:
        of_review = events.Event.stream_id == read.public_id
        kept = session.scalars(
            sa.select(events.Event.hash).where(of_review).order_by(events.Event.id)
        ).all()
        taken = session.scalars(
            sa.select(events.Event).where(events.Event.kind == "audit.exported")
        ).all()
    assert [row["hash"] for row in rows] == [one["hash"] for one in objects] == kept
    assert [(one.actor_id, one.payload["lines"]) for one in taken] == [
        (cast.auditor.id, len(kept)),
        (cast.auditor.id, len(kept)),
    ]
    assert client.get(f"/audit/export.pdf?{args}").status_code == 404


def test_no_cell_of_an_export_starts_a_formula() -> None:
    line = trail.Line(
        1, build.NOW, "x.y", "person", uuid.uuid4(), 1, "=cmd()", None, "+1", {"a": 1}, "0", "0"
    )
    [row] = csv.DictReader(io.StringIO("".join(trail.file_lines("csv", [line]))))
    assert (row["who"], row["purpose"]) == ("'=cmd()", "'+1")


def test_nothing_of_a_case_but_its_number_is_in_the_trail(
    desk: Desk, cast: Cast, client_for: ClientFor
) -> None:
    desk.complete()
    desk.record(rules.narrative("SRM05", f"{CHILD} was not seen.", 1))
    client = client_for(cast.auditor)
    assert CHILD not in client.get("/audit").text
    assert CHILD not in client.get("/audit/export.jsonl").text


@pytest.mark.parametrize("address", ["/audit", "/audit/export.csv"])
def test_the_outsider_and_those_who_do_the_work_get_nothing(
    cast: Cast, client_for: ClientFor, address: str
) -> None:
    for person in (cast.outsider, cast.reviewer, cast.cqi_director, cast.administrator):
        assert client_for(person).get(address).status_code == 403


def test_what_is_no_id_is_not_found(cast: Cast, client_for: ClientFor) -> None:
    assert client_for(cast.auditor).get("/audit?thing=x").status_code == 404


def test_a_search_or_a_number_that_no_database_takes_is_refused_in_words(
    cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.auditor)
    answer = client.post("/audit", data={"words": "x" * 60_000})
    assert answer.status_code == 422
    assert "Use at most 255 characters." in answer.text
    assert client.get(f"/audit?before={10**30}").status_code == 200
