"""One case in the browser, from the first fact to final; the others are told of by `office`."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import expect

from tests.browser import walking
from tests.browser.tour import office as offices
from tests.browser.tour.office import ITEM, Office
from tests.browser.walking import Walk

OURS = re.compile(r"^CAL-H\d$")
WHY = (
    "Safety was weighed in May. After the fight in August nobody asked what could hurt a child now."
)
SAID = "The visits are well told. What each one meant for safety is not written down."


def score(walk: Walk) -> tuple[str, str]:
    """A reviewer scores one case wholly on its pages: its number, and where it is.

    One item gets a No, the others what they lack, where the product says that it is lacking.
    """
    page = walk.person("reviewer")
    link = page.get_by_role("link", name=OURS).first
    number = link.inner_text()
    link.click()
    expect(page).to_have_url(re.compile("/reviews/[^/]+/"))
    review = re.sub(r"(/reviews/[^/]+)/.*", r"\1", page.url)
    page.goto(f"{review}/facts")
    walking.answer(page, "no")
    expect(page.locator("main fieldset[data-missing]")).to_have_count(0)
    page.goto(f"{review}/components/SRM")
    page.locator(f"label[for='{ITEM}-a-no']").click()
    walking.settled(page)
    expect(page.locator(f"#{ITEM}-head")).to_contain_text("Area needing improvement")
    expect(page.locator(f"#{ITEM}-head")).to_contain_text("One No makes the item")
    page.locator(f"#{ITEM}-narrative").fill(WHY)
    page.locator(f"#{ITEM}-narrative").blur()
    walking.settled(page)
    walk.look(page, "scoring")
    walking.fill_what_is_missing(page, review)
    return number, review


def submit(walk: Walk, review: str) -> None:
    page = walk.person("reviewer")
    page.goto(f"{review}/overview")
    page.get_by_role("link", name=re.compile("Submit.for.QA")).click()
    expect(page.locator("h1")).to_have_text("Ready for QA")
    page.get_by_role("button", name=re.compile("^Submit case")).click()
    expect(page.locator("#errors")).to_have_count(0)


def debrief(walk: Walk, office: Office, number: str) -> None:
    """The site leader writes down what was said on site; the caseworker reads it as tentative."""
    page = walk.person("site_leader")
    page.get_by_role("link", name="Rounds").first.click()
    page.get_by_role("link", name=offices.ROUND).first.click()
    page.get_by_role("link", name="Debriefs").click()
    page.locator("main").get_by_role("link", name=f"Case {number}").click()
    held = office.clock.local(office.clock.now() - dt.timedelta(minutes=5))
    page.get_by_label("When was it held?").fill(held.strftime("%Y-%m-%dT%H:%M"))
    page.locator("label[for=attended-caseworker]").click()
    page.locator("label[for=attended-supervisor]").click()
    page.get_by_label("What was said about what to work on").fill(SAID)
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("main")).to_contain_text(SAID)
    walk.look(page, "debrief")
    worker = walk.person("caseworker")
    worker.get_by_role("link", name="Feedback").first.click()
    worker.get_by_role("link", name=f"Debrief on case {number}").click()
    expect(worker.locator("main")).to_contain_text(SAID)
    expect(worker.locator("main")).to_contain_text("tentative")


def approve(walk: Walk, number: str) -> None:
    """The QA lead takes the case from the queue, reads, and makes it final."""
    page = walk.person("qa_lead")
    page.get_by_role("link", name="QA queue").first.click()
    page.get_by_role("link", name=number, exact=True).first.click()
    walking.to_button(page, "Begin QA")
    page.get_by_role("button", name="Begin QA").click()
    walking.to_button(page, "Approve, make it final")
    walk.look(page, "decision")
    page.get_by_role("button", name="Approve, make it final").click()
    expect(page.locator("body")).to_contain_text(re.compile("final", re.IGNORECASE))


def all_are_final(walk: Walk, cases: int) -> None:
    """The liaison sees that nothing is open any more."""
    page = walk.person("cqi_liaison")
    page.get_by_role("link", name="Rounds").first.click()
    page.get_by_role("link", name=offices.ROUND).first.click()
    final = page.locator("main table").first.get_by_role("row").filter(has_text="Final")
    expect(final).to_have_count(cases)
    walk.look(page, "round-finished")
