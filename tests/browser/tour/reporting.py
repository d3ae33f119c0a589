"""What the case reviews add up to, and how it comes to be published."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.tour import office as offices
from tests.browser.tour.office import ITEM, NEEDS
from tests.browser.tour.setting_up import CASES
from tests.browser.walking import Walk

STORY = "Two units merged in May.\n\nNew workers began in June and learned visits from their peers."
NEXT = "Supervisors read one assessment a month together with its worker."
IN_CARE = CASES // 2
ACHIEVED = f"{CASES - NEEDS} of {CASES}"  # cases in which the one item was a strength


def read_the_figures(walk: Walk) -> None:
    """The analyst finds in the report what was scored, and where there are too few cases."""
    page = walk.person("analyst")
    page.get_by_role("link", name="Results").first.click()
    row = page.get_by_role("row").filter(has_text=offices.ROUND)
    expect(row.locator("[data-label='Final reviews']")).to_have_text(str(CASES))
    row.get_by_role("link", name=offices.ROUND).first.click()
    main = page.locator("main")
    expect(main).to_contain_text(f"{CASES} final in this round")
    expect(main).to_contain_text(f"({ITEM}): a strength in {ACHIEVED} cases (58.3%)")
    few = f"Children safe while in placement: {IN_CARE} of {IN_CARE} cases."
    expect(main.get_by_role("img", name=few)).to_be_attached()
    walk.look(page, "figures")


def write_the_report(walk: Walk) -> None:
    """The analyst begins it, writes what the figures cannot say, and sends it for review."""
    page = walk.person("analyst")
    page.get_by_role("button", name="Begin the report").click()
    for title, words in (("The story behind", STORY), ("What the region will do", NEXT)):
        page.get_by_role("link", name=re.compile(f"Write ?: {title}")).click()
        page.get_by_label("Your words").fill(words)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("main")).to_contain_text(words.rpartition("\n")[2])
    page.get_by_role("button", name="Send for review").click()
    expect(page.locator("#stands")).to_contain_text("In review")
    walk.look(page, "report-in-review")


def publish(walk: Walk) -> None:
    """Nobody approves what they wrote: the CQI director reads it, approves it and publishes it."""
    page = walk.person("cqi_director")
    page.get_by_role("link", name="Results").first.click()
    page.get_by_role("link", name="Published reports").click()
    page.locator("main").get_by_role("link", name=re.compile(offices.REGION)).first.click()
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator("#stands")).to_contain_text(offices.NAMES["cqi_director"])
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
    files = page.locator("table").first.locator("tbody tr")
    expect(files).to_have_count(5)
    walk.look(page, "published")


def read_what_was_published(walk: Walk) -> None:
    """A partner outside the agency reads it: small rows are merged, and the page says so."""
    page = walk.person("stakeholder")
    page.get_by_role("link", name="Reports").first.click()
    page.locator("main table").get_by_role("link").first.click()
    page.get_by_role("link", name=re.compile("^Page")).first.click()
    body = page.locator("body")
    expect(body).to_contain_text(ACHIEVED)
    expect(body).to_contain_text("Two units merged in May.")
    expect(body).to_contain_text("Each row rests on 11 or more applicable cases")
    expect(page.get_by_role("img", name="Children safe while in placement")).to_have_count(0)
    # nothing may run in a published page, axe neither: it looks at the same bytes in another page
    copy = page.context.new_page()
    copy.set_content(page.request.get(page.url).text())
    walk.look(copy, "publication")
