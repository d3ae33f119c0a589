"""Bringing in finished ratings on its page, and the pages of case reviews that came so."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
import sqlalchemy as sa

from cqi.core.database import Database
from cqi.reviews.models import CaseReview
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.reviews.importing import HEAD, bring_in, csv, whole_case, xlsx
from tests.reviews.test_print_review import text_of

URL = "/reviews/import"
NEEDS = {"SRM01": "area_needing_improvement"}


def upload(content: bytes) -> dict[str, object]:
    return {"file": (io.BytesIO(content), "ratings.xlsx")}


@pytest.fixture
def url(database: Database, cast: Cast) -> str:
    """The address of a case review that came in with a file."""
    with database.writing() as session:
        director = build.actor(session, cast.cqi_director)
        bring_in(session, csv(whole_case(cast.round, cast.county, ratings=NEEDS)), director)
        return f"/reviews/{session.scalars(sa.select(CaseReview.public_id)).one()}"


def test_a_file_is_checked_then_brought_in_as_it_is(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.cqi_director)
    assert "Check the file" in client.get(URL).text
    content = xlsx(whole_case(cast.round, cast.county))
    checked = client.post(URL, data=upload(content)).text
    assert "1 case review with 48 item ratings would come in" in checked
    assert "1 case is not here yet" in checked
    [kept] = re.findall(r'<textarea name="content"[^>]*>\s*([^<]+)</textarea>', checked)
    answer = client.post(URL, data={"sure": "yes", "content": kept}, follow_redirects=True)
    assert "1 case review was brought in." in answer.text
    assert "1 imported" in answer.text, "the list of rounds says so"
    with database.reading() as session:
        digest = session.scalars(sa.select(CaseReview.imported_digest)).one()
    assert digest == hashlib.sha256(content).hexdigest(), "of the file that was chosen"
    again = client.post(URL, data=upload(content))
    assert again.status_code == 200
    assert "This file is here already" in again.text
    assert "10 Mar 2027: 1 case review. Nothing was changed." in again.text


def test_bad_rows_are_listed_and_nothing_comes_in(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    rows = whole_case(cast.round, cast.county, ratings={"SRM05": "good", "SRM06": "bad"})
    answer = client_for(cast.cqi_director).post(URL, data=upload(csv(rows).encode()))
    assert answer.status_code == 422
    assert "2 things are wrong in this file" in answer.text
    assert "“good” is no rating of an item" in answer.text
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(CaseReview)) == 0


@pytest.mark.parametrize("content", [b"", b"\x81\x8d\x00\xff", HEAD.encode()])
def test_what_has_no_ratings_is_refused(cast: Cast, client_for: ClientFor, content: bytes) -> None:
    answer = client_for(cast.cqi_director).post(URL, data=upload(content))
    assert answer.status_code == 422
    assert "Error: " in answer.text


def test_what_is_no_kept_file_is_refused(cast: Cast, client_for: ClientFor) -> None:
    answer = client_for(cast.cqi_director).post(URL, data={"sure": "yes", "content": "x"})
    assert answer.status_code == 422


@pytest.mark.parametrize("who", ["administrator", "cqi_liaison", "qa_lead", "reviewer", "outsider"])
def test_others_bring_in_nothing(cast: Cast, client_for: ClientFor, who: str) -> None:
    client = client_for(getattr(cast, who))
    assert client.get(URL).status_code == 403
    assert client.post(URL, data=upload(HEAD.encode())).status_code == 403


def test_the_rounds_page_marks_it_and_links_the_import(
    cast: Cast, client_for: ClientFor, url: str
) -> None:
    page = client_for(cast.cqi_director).get(f"/rounds/{cast.round.public_id}").text
    assert "Imported: Foster care" in page
    assert ">Reviewed elsewhere" in page
    assert re.search(r"Imported</\w+>\s*<[^>]+>1<", page) or "of 1 case" in page
    assert URL in page
    assert URL not in client_for(cast.qa_lead).get(f"/rounds/{cast.round.public_id}").text


@pytest.mark.parametrize("place", ["", "/facts", "/interviews", "/components/SRM"])
def test_pages_for_answers_lead_to_the_whole_case(
    cast: Cast, client_for: ClientFor, url: str, place: str
) -> None:
    answer = client_for(cast.qa_lead).get(url + place)
    assert answer.status_code == 303
    assert answer.location.partition("#")[0] == f"{url}/overview"
    page = client_for(cast.qa_lead).get(answer.location).text
    assert "<b>Imported.</b> Brought in on 10 Mar 2027" in page
    assert "48 of 48 items are rated." in page
    assert "Face sheet" not in page


PAGES = ("overview", "print", "facts/history", "interviews/history", "items/SRM01/history")


@pytest.mark.parametrize("place", [*PAGES, "conflict"])
@pytest.mark.parametrize("who", ["cqi_director", "qa_lead", "cqi_liaison"])
def test_every_page_of_it_stands(
    cast: Cast, client_for: ClientFor, url: str, who: str, place: str
) -> None:
    page = client_for(getattr(cast, who)).get(f"{url}/{place}")
    assert page.status_code == 200
    if place in PAGES:
        assert "Imported" in page.text


def test_the_history_of_an_item_says_that_it_was_imported(
    cast: Cast, client_for: ClientFor, url: str
) -> None:
    page = client_for(cast.qa_lead).get(f"{url}/items/SRM01/history").text
    assert "Area needing improvement" in page
    assert cast.cqi_director.name in page


def test_it_is_printed_with_its_mark_and_without_answers(
    cast: Cast, client_for: ClientFor, url: str
) -> None:
    paper = text_of(client_for(cast.cqi_director).get(f"{url}/print.pdf").data)
    assert "IMPORTED: reviewed elsewhere" in paper
    assert "Not answered" not in paper
    assert "Face sheet" not in paper


def test_it_is_reopened_and_withdrawn_with_reasons(
    database: Database, cast: Cast, client_for: ClientFor, url: str
) -> None:
    client = client_for(cast.cqi_director)
    decision = f"{url}/decision"
    assert "Reopen this review" in client.get(decision).text
    assert client.post(decision, data={"step": "withdraw", "reason": "Wrong."}).status_code == 422
    for step in ("reopen", "withdraw"):
        refused = client.post(decision, data={"step": step})
        assert refused.status_code == 422
        assert "Say what is wrong with what came in." in refused.text
        done = client.post(decision, data={"step": step, "reason": "It is the wrong file."})
        assert done.status_code == 303
        assert client.get(done.location).status_code == 200
        assert "<b>Imported.</b>" in client.get(f"{url}/overview").text
        assert client.get(f"/rounds/{cast.round.public_id}").status_code == 200
    with database.reading() as session:
        assert session.scalars(sa.select(CaseReview.state)).one() == "withdrawn"


def test_what_was_scored_here_is_not_withdrawn_on_that_page(
    database: Database, cast: Cast, client_for: ClientFor
) -> None:
    with database.writing() as session:
        case = build.case(session, cast.county)
        made = build.case_review(session, cast.round, case, [cast.reviewer])
        decision = f"/reviews/{made.public_id}/decision"
    form = {"step": "withdraw", "reason": "Wrong."}
    answer = client_for(cast.cqi_director).post(decision, data=form)
    assert answer.status_code in (400, 422)
    with database.reading() as session:
        assert session.scalars(sa.select(CaseReview.state)).one() == "assigned"


def test_consistency_leaves_it_out_and_the_qa_queue_too(
    cast: Cast, client_for: ClientFor, url: str
) -> None:
    client = client_for(cast.qa_lead)
    asked = f"/consistency?round={cast.round.public_id}&item=SRM05"
    assert "E-1" not in client.get(asked).text
    assert "E-1" not in client.get("/qa").text
