"""What comes of a memo: a rating looked at again, a coaching note, a need that goes up."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.tour import office as offices
from tests.browser.tour.office import ITEM, Office
from tests.browser.walking import Walk

ASKED = "The notes of the visit in August say what happened, and that it was talked about."
STAYS = "They say what happened. They do not say whether the children were safe after it."
TRIED = "Two visits together; after each one, a line on what it means for safety."
ANSWER = "The first one is on Tuesday."
NEEDED = "The visit form has no place for what a visit meant for safety."
REPLY = "The form gets one by 1 March; the CQI office sends it to all units."


def open_memo(walk: Walk, number: str) -> Page:
    page = walk.person("supervisor")
    page.get_by_role("link", name="Feedback").first.click()
    page.locator("main").get_by_role("link", name=number).first.click()
    expect(page.locator("h1")).to_have_text(f"Feedback on case {number}")
    return page


def look_again(walk: Walk, number: str) -> None:
    """The supervisor asks; a QA lead who had no part in the review decides, with a reason."""
    page = open_memo(walk, number)
    page.get_by_role("link", name="Ask", exact=True).click()
    page.get_by_label("Which rating?").select_option(ITEM)
    page.get_by_text("New evidence: something").click()
    page.get_by_label("What should be looked at?").fill(ASKED)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("main")).to_contain_text("Nothing yet.")
    approver = walk.person("qa_lead")
    approver.goto("/notices")
    told = "A rating is to be looked at again: please decide"
    expect(approver.get_by_role("button", name=told)).to_have_count(0)
    lead = walk.person("qa_lead_2")
    lead.goto("/notices")
    lead.get_by_role("button", name=told).click()
    expect(lead.locator("#asked")).to_contain_text(ASKED)
    lead.get_by_text("It stays as it is").click()
    lead.get_by_label("Why?").fill(STAYS)
    lead.get_by_role("button", name="Decide").click()
    page.reload()
    expect(page.locator("#trail")).to_contain_text(STAYS)
    walk.look(page, "looked-at-again")


def coach(walk: Walk, office: Office, number: str) -> None:
    """What the two of them will try; nobody above them sees it."""
    card = open_memo(walk, number).locator("#coaching")
    expect(card).to_contain_text(f"Only you and {offices.NAMES['caseworker']} can see it.")
    card.get_by_label("What will be tried").fill(TRIED)
    card.get_by_label("Follow up on").fill(office.day(14).isoformat())
    card.get_by_role("button", name="Share with Ivy").click()
    worker = walk.person("caseworker")
    worker.get_by_role("link", name="Feedback").first.click()
    worker.get_by_role("navigation", name="Pages of feedback").get_by_text("Coaching").click()
    worker.locator("main ol").get_by_role("link").click()
    expect(worker.locator("main")).to_contain_text(TRIED)
    worker.get_by_label("Your words").fill(ANSWER)
    worker.get_by_role("button", name="Send your answer").click()
    page = walk.person("supervisor")
    page.reload()
    expect(page.locator("#entries")).to_contain_text(ANSWER)
    walk.look(page, "coaching")
    director = walk.person("regional_director")
    seen = director.request.get(page.url)
    assert seen.status in (403, 404)


def send_up(walk: Walk, number: str) -> None:
    """What no caseworker can mend goes to the Regional Director and comes back with a reply."""
    page = open_memo(walk, number)
    page.get_by_text("Raise a systemic need").click()
    page.get_by_label("What is needed").fill(NEEDED)
    page.get_by_role("button", name="Information system", exact=True).click()
    expect(page.locator(".pagehead")).to_contain_text("Waits for a reply")
    director = walk.person("regional_director")
    director.goto("/")
    director.get_by_role("link", name="Feedback, added up").click()
    expect(director.locator("main")).to_contain_text("Information system")
    walk.look(director, "added-up")
    director.get_by_role("link", name="Information system").click()
    director.get_by_role("link", name=NEEDED[:30]).click()
    director.get_by_label("Your reply").fill(REPLY)
    director.get_by_role("button", name="Send the reply").click()
    page.reload()
    expect(page.locator("#steps")).to_contain_text(REPLY)
    page.get_by_role("button", name="Close the need").click()
    expect(page.locator(".pagehead")).to_contain_text("Closed")
    walk.look(page, "need")
