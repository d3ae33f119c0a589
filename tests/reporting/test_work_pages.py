"""A report in the browser: begun, written, discussed, approved, published, and what is due."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from cqi.core.database import Database
from cqi.reporting.rules.reports import ReportState
from cqi.rounds.models import Round
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.installation import ClientFor
from tests.reporting import working
from tests.reporting.working import Desk

desk = working.desk

WORDS = "Two units merged.\n\n<b>Their caseloads</b> doubled."


def approving(page: str) -> dict[str, str]:
    """What the form of a page sends that approves what it shows."""
    return {name: token_of(page, name) for name in ("approve-run", "approve-revision")}


def token_of(page: str, name: str) -> str:
    found = re.search(f'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_an_analyst_begins_the_report_from_the_rounds_page(
    client_for: ClientFor, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        analyst = build.person(session, "Ana Lyst")
        build.grant(session, analyst, working.Role.ANALYST, place=cast.state)
        working.add_reviews(session, session.get_one(Round, cast.round.id), cast, 4, "B")
    client, there = client_for(analyst), f"/reports/rounds/{cast.round.public_id}"
    assert "Begin the report" in client.get(there).text
    begun = client.post(f"{there}/begin")
    assert begun.status_code == 303
    page = client.get(begun.location).text
    assert "Begun by" in page
    assert "Ana Lyst" in page
    assert client.post(f"{there}/begin").location == begun.location, "the same one again"
    assert "The report that is being worked on" in client.get(there).text


def test_words_are_saved_shown_as_text_and_printed_in_their_place(
    client_for: ClientFor, desk: Desk
) -> None:
    client, there = client_for(desk.analyst), f"/reports/{desk.public_id}"
    page = client.get(f"{there}/sections/story").text
    assert "What was happening in this region" in page
    data = {"text": WORDS, "revision": token_of(page, "revision")}
    assert client.post(f"{there}/sections/story", data=data).status_code == 303
    for address in (there, f"{there}/document", f"{there}/sections/story/versions"):
        found = client.get(address).text
        assert "&lt;b&gt;Their caseloads&lt;/b&gt; doubled." in found
    assert b"Their caseloads" in client.get(f"{there}/document.json").data
    assert client.get(f"{there}/document.pdf").data.startswith(b"%PDF")


def test_whoever_writes_is_told_which_characters_paper_does_not_have(
    client_for: ClientFor, desk: Desk
) -> None:
    client, there = client_for(desk.analyst), f"/reports/{desk.public_id}"
    client.post(f"{there}/sections/story", data={"text": "Łódź, 東京, 東.", "revision": "0"})
    assert "on paper these stand as codes: 東 京" in client.get(there).text
    client.post(f"{there}/sections/story", data={"text": "Łódź, José.", "revision": "1"})
    assert "stand as codes" not in client.get(there).text


def test_a_long_text_is_folded_so_that_the_steps_stay_in_reach(
    client_for: ClientFor, desk: Desk
) -> None:
    client, there = client_for(desk.analyst), f"/reports/{desk.public_id}"
    desk.write("word " * 5_000)
    assert "Read all 5000 words" in client.get(there).text
    desk.write("A short one.", 1)
    assert '<details class="more"' not in client.get(there).text


def test_two_texts_of_one_section_are_both_shown_and_none_is_lost(
    client_for: ClientFor, desk: Desk
) -> None:
    client, there = client_for(desk.analyst), f"/reports/{desk.public_id}/sections/story"
    desk.write("Theirs was first.")
    page = client.post(there, data={"text": "Mine came second.", "revision": "0"})
    assert page.status_code == 409
    for words in ("Theirs was first.", "Mine came second.", "Nothing is lost"):
        assert words in page.text
    data = {
        "choice": "theirs",
        "mine": "Mine came second.",
        "combined": "",
        "revision": token_of(page.text, "revision"),
    }
    assert client.post(f"{there}/conflict", data=data).status_code == 303
    versions = client.get(f"{there}/versions").text
    assert "Version 3" in versions
    assert "Mine came second." in re.sub("</?mark>", "", versions)
    assert "Theirs was first." in client.get(there).text


def test_a_third_text_that_came_meanwhile_is_asked_about_again(
    client_for: ClientFor, desk: Desk
) -> None:
    client, there = client_for(desk.analyst), f"/reports/{desk.public_id}/sections/story"
    desk.write("First.")
    desk.write("Third.", expected=1)
    data = {"choice": "mine", "mine": "Mine.", "combined": "", "revision": "1"}
    page = client.post(f"{there}/conflict", data=data)
    assert page.status_code == 409
    assert "Third." in page.text
    assert "Mine." in page.text


def test_a_text_that_is_too_long_is_said_at_the_field(client_for: ClientFor, desk: Desk) -> None:
    there = f"/reports/{desk.public_id}/sections/story"
    page = client_for(desk.analyst).post(there, data={"text": "x" * 60_001, "revision": "0"})
    assert page.status_code == 422
    assert "Use at most 60000 characters." in page.text


def test_a_draft_is_for_those_who_write_and_approve(
    client_for: ClientFor, desk: Desk, cast: Cast
) -> None:
    there = f"/reports/{desk.public_id}"
    assert client_for(cast.cqi_director).get(there).status_code == 200
    for who in (cast.qa_lead, cast.regional_director, cast.cqi_liaison):
        assert client_for(who).get(there).status_code == 404
    desk.send()
    for who in (cast.qa_lead, cast.regional_director, cast.cqi_liaison):
        assert client_for(who).get(there).status_code == 200
        assert str(desk.public_id) in client_for(who).get("/reports/published").text


def test_a_qa_lead_comments_and_everybody_reads_it(
    client_for: ClientFor, desk: Desk, cast: Cast
) -> None:
    desk.send()
    there = f"/reports/{desk.public_id}"
    said = {"comment-text": "Which <units>?", "comment-section": "story"}
    assert client_for(cast.qa_lead).post(f"{there}/comments", data=said).status_code == 303
    page = client_for(cast.cqi_director).get(there).text
    assert "Which &lt;units&gt;?" in page
    empty = client_for(cast.qa_lead).post(f"{there}/comments", data={"comment-text": ""})
    assert empty.status_code == 422
    assert "Write what should be looked at." in empty.text


def test_sending_back_without_words_says_what_is_missing(
    client_for: ClientFor, desk: Desk, cast: Cast
) -> None:
    desk.send()
    client, there = client_for(cast.cqi_director), f"/reports/{desk.public_id}"
    assert client.post(f"{there}/send-back", data={}).status_code == 422
    done = client.post(f"{there}/send-back", data={"send_back-reason": "Say which units."})
    assert done.status_code == 303
    page = client_for(desk.analyst).get(there).text
    assert "Say which units." in page
    assert "Send for review" in page


def test_the_whole_way_from_a_draft_to_its_publication(
    client_for: ClientFor, desk: Desk, cast: Cast
) -> None:
    desk.write(WORDS)
    there = f"/reports/{desk.public_id}"
    analyst, director = client_for(desk.analyst), client_for(cast.cqi_director)
    assert analyst.post(f"{there}/send-for-review").status_code == 303
    page = director.get(there).text
    asked = approving(page)
    assert asked["approve-run"] in page
    assert director.post(f"{there}/approve", data=asked).status_code == 303
    assert "These are the figures that were approved." in director.get(there).text
    done = director.post(f"{there}/publish")
    assert done.status_code == 303
    publication = director.get(done.location).text
    assert asked["approve-run"] in publication
    assert "Cqi_Director Person" in publication
    assert desk.read().state is ReportState.PUBLISHED


def test_figures_that_changed_since_the_page_was_opened_are_not_approved(
    client_for: ClientFor, desk: Desk, cast: Cast
) -> None:
    desk.send()
    director, there = client_for(cast.cqi_director), f"/reports/{desk.public_id}"
    asked = approving(director.get(there).text)
    desk.reopen()
    page = director.get(there).text
    assert "1 case review of its rounds is open or reopened" in page
    desk.rate_again()
    refused = director.post(f"{there}/approve", data=asked)
    assert refused.status_code == 422
    assert "The figures have changed since you opened this page" in refused.text
    again = approving(refused.text)
    assert again["approve-run"] != asked["approve-run"], (
        "the page that refuses shows the figures as they are now"
    )
    assert director.post(f"{there}/approve", data=again).status_code == 303


def test_a_review_reopened_after_the_approval_is_named_and_nothing_is_published(
    client_for: ClientFor, desk: Desk, cast: Cast
) -> None:
    desk.send().approve()
    desk.reopen()
    desk.rate_again()
    director, there = client_for(cast.cqi_director), f"/reports/{desk.public_id}"
    refused = director.post(f"{there}/publish")
    assert refused.status_code == 422
    assert "1 case review changed since (1 rated otherwise)" in refused.text
    assert "Approve again" in refused.text
    assert desk.read().publication is None


def test_what_would_be_published_can_be_read_before(
    client_for: ClientFor, desk: Desk, cast: Cast
) -> None:
    there = f"/reports/{desk.public_id}/document"
    client = client_for(cast.cqi_director)
    assert "Draft, inside the agency" in client.get(there).text
    page = client.get(f"{there}?as=published").text
    assert "Not published yet." in page
    assert "Fewer than 11 applicable cases" in page
    assert client.get(f"{there}.doc").status_code == 404


def test_reports_due_are_listed_with_whom_and_how_late(
    client_for: ClientFor, desk: Desk, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        change = sa.update(Round).where(Round.id == cast.other_round.id)
        long_ago = build.NOW.date().replace(year=2026)
        session.execute(change.values(on_site_from=long_ago, on_site_to=long_ago))
    page = client_for(cast.cqi_director).get("/reports/due").text
    assert "1 report is late." in page
    assert re.search(r"\d+ working days late", page)
    assert "Analyst Person" in page
    assert "Nobody yet" in page
    assert f"/reports/rounds/{cast.other_round.public_id}/begin" not in page
    theirs = client_for(desk.analyst).get("/reports/due").text
    assert f"/reports/rounds/{cast.other_round.public_id}/begin" in theirs
    near = client_for(cast.regional_director).get("/reports/due").text
    assert "Region Two" not in near


@pytest.mark.parametrize("who", ["outsider", "reviewer", "supervisor", "caseworker"])
def test_who_has_no_grant_for_reports_is_forbidden(
    client_for: ClientFor, desk: Desk, cast: Cast, who: str
) -> None:
    client, there = client_for(getattr(cast, who)), f"/reports/{desk.public_id}"
    for address in (
        there,
        f"{there}/document",
        f"{there}/document.pdf",
        f"{there}/sections/story",
        f"{there}/sections/story/versions",
        "/reports/due",
    ):
        assert client.get(address).status_code == 403
    for address in (
        f"/reports/rounds/{cast.round.public_id}/begin",
        *(f"{there}/{step}" for step in ("comments", "send-for-review", "send-back", "approve")),
        f"{there}/publish",
        f"{there}/sections/story/conflict",
    ):
        assert client.post(address).status_code == 403
