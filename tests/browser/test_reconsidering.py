"""The day of a rating that is looked at again: a supervisor asks, a QA lead who had no part in it
decides, the CQI director opens the review again."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from cqi.access.models import Person
from cqi.core.database import Database
from tests.browser.conftest import ContextFor
from tests.feedback import reconsidered
from tests.fixtures.cast import Cast

WORDS = "The assessment was updated on 3 March; it is in the notes of that visit."
WHY = "The notes of 3 March show the update. It counts."


def test_a_supervisor_asks_a_qa_lead_decides_and_the_director_opens_the_review_again(
    context_for: ContextFor, database: Database, cast: Cast
) -> None:
    case = reconsidered.case(database, cast)

    def opened(person: Person, address: str) -> Page:
        page = context_for(person).new_page()
        page.goto(address)
        return page

    supervisor = opened(cast.supervisor, f"/feedback/{case.public_id}")
    expect(supervisor.locator("#ask")).to_contain_text("Open until Wed 24 Mar.")
    supervisor.get_by_role("link", name="Ask", exact=True).click()
    supervisor.get_by_label("Which rating?").select_option(reconsidered.ITEM)
    supervisor.get_by_text("New evidence: something").click()
    supervisor.get_by_label("What should be looked at?").fill(WORDS)
    look(supervisor, "ask")
    supervisor.get_by_role("button", name="Ask", exact=True).click()
    expect(supervisor.locator("main")).to_contain_text("Nothing yet.")

    lead = opened(case.other_lead, "/notices")
    lead.get_by_role("button", name="A rating is to be looked at again: please decide").click()
    expect(lead.locator("#asked")).to_contain_text(WORDS)
    lead.get_by_role("link", name=f"{reconsidered.ITEM} in the case review").click()
    expect(lead.locator(f"#{reconsidered.ITEM}")).to_be_visible()
    lead.go_back()
    lead.get_by_text("It should be a strength").click()
    lead.get_by_label("Why?").fill(WHY)
    look(lead, "decide")
    lead.get_by_role("button", name="Decide").click()
    expect(lead.locator("#trail")).to_contain_text("Decided: it should be a strength")
    look(lead, "decided")
    lead.goto("/feedback/reconsiderations")
    look(lead, "list")
    lead.goto("/feedback/reconsiderations/items")
    look(lead, "items")

    director = opened(cast.cqi_director, "/notices")
    director.get_by_role("button", name="A rating should change").click()
    director.get_by_role("link", name="To the page that reopens it").click()
    director.locator("textarea[name=reason]").fill("Decided by QA: the update counts.")
    director.get_by_role("button", name="Reopen this review").click()
    expect(director.locator("main")).to_contain_text("reopened")

    supervisor.goto(f"/feedback/{case.public_id}")
    expect(supervisor.locator("#requests")).to_contain_text("the review is open again")
    expect(supervisor.locator("#reopened")).to_be_visible()
    look(supervisor, "memo")
    supervisor.locator("#requests a").click()
    expect(supervisor.locator("#trail")).to_contain_text(WHY)
    expect(supervisor.locator("#trail")).to_contain_text("The review was opened again")
    look(supervisor, "seen")


def look(page: Page, name: str) -> None:
    """Pictures for whoever wants them."""
    folder = os.environ.get("CQI_PICTURES")
    for width in (1280, 390) if folder else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(folder or "") / f"{name}-{width}.png", full_page=True)
    if folder:
        page.set_viewport_size({"width": 1280, "height": 900})
