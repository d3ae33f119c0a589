"""One case review on paper: what stands on it, what never does, and that it is written down."""

from __future__ import annotations

import io
import re

import pypdf
import pytest
import sqlalchemy as sa

from cqi.core import events
from cqi.instruments.definition import Rating
from cqi.reviews import actions, rules
from cqi.reviews.rules.interviews import InterviewChange
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TEXT, Desk

CLINIC = "Elm clinic, March"
NOTES = "She told of her own childhood."


def url(desk: Desk, ending: str = "print") -> str:
    return f"/reviews/{desk.public_id}/{ending}"


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A complete review with protected evidence on SRM05 and notes of an interview."""
    desk.complete()
    mother = next(one for one in desk.sheet().interviews if one.label == "Mother")
    with desk.database.writing() as session:
        given = {
            "review": desk.review(session, desk.cast.reviewer),
            "actor": desk.actor(session, desk.cast.reviewer),
            "now": build.NOW,
        }
        source = rules.NewEvidence("SRM05", rules.EvidenceSource.HEALTH_RECORD, CLINIC, True)
        actions.add_evidence(session, sources=[source], **given)
        notes = InterviewChange(mother.id, "notes", NOTES)
        actions.record_interviews(session, changes=[notes], today=build.NOW.date(), **given)
    return desk


def test_the_page_and_the_pdf_say_the_same(told: Desk, client_for: ClientFor) -> None:
    client = client_for(told.cast.reviewer)
    page, answer = client.get(url(told)).text, client.get(url(told, "print.pdf"))
    paper = text_of(answer.data)
    assert answer.content_type == "application/pdf"
    assert "case-review-C" in answer.headers["Content-Disposition"]
    for words in (
        told.case_number,
        "ends on first submission for QA",
        "Held in person, 10 Mar 2027",
        f"SRM03. {TEXT}",
        "Visit log, May to June",
        "DRAFT: not final",
    ):
        assert words in page, words
        assert words in paper, words
    assert "CONFIDENTIAL" in paper
    assert "<textarea" not in page


def test_what_is_protected_and_who_wrote_stays_off_paper(told: Desk, client_for: ClientFor) -> None:
    client = client_for(told.cast.reviewer)
    page = client.get(url(told)).text
    printed = page[page.index("<main") :]
    for content in (printed, text_of(client.get(url(told, "print.pdf")).data)):
        for words in (CLINIC, "Health record", f"SRM05. {TEXT}", NOTES, told.cast.reviewer.name):
            assert words not in content, words
        assert "It rests on evidence that is not printed." in content


def test_a_final_one_is_no_draft(told: Desk, client_for: ClientFor) -> None:
    told.submit()
    told.begin_qa()
    told.approve()
    assert "DRAFT" not in client_for(told.cast.reviewer).get(url(told)).text


def test_printing_is_written_down(desk: Desk, client_for: ClientFor) -> None:
    client_for(desk.cast.qa_lead).get(url(desk, "print.pdf"))
    with desk.database.reading() as session:
        query = sa.select(events.Event.purpose).where(
            events.Event.kind == "review.read", events.Event.actor_id == desk.cast.qa_lead.id
        )
        assert list(session.scalars(query)) == ["print"]


@pytest.mark.parametrize("ending", ["print", "print.pdf", "overview"])
@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_nothing(
    desk: Desk, client_for: ClientFor, ending: str, who: str, status: int
) -> None:
    client = client_for(getattr(desk.cast, who))
    assert client.get(url(desk, ending)).status_code == status


def test_an_override_is_printed_beside_the_computed_rating(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.complete()
    desk.submit()
    desk.begin_qa()
    desk.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, "No visit is on record for May.")
    for ending in ("print", "print.pdf"):
        answer = client_for(desk.cast.qa_lead).get(url(desk, ending))
        said = answer.text if ending == "print" else text_of(answer.data)
        assert "Area needing improvement (computed: strength)" in said
        assert "No visit is on record for May." in said
        assert "Partially achieved (computed: substantially achieved)" in said


def test_what_does_not_apply_is_said_once(told: Desk, client_for: ClientFor) -> None:
    page = client_for(told.cast.reviewer).get(url(told)).text
    assert "Not applicable" in page
    assert "Not applicable: Not applicable" not in " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "Not applicable. The case" in " ".join(re.sub(r"<[^>]+>", "", page).split())
