"""What goes back to those who worked the case."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.tour.office import ITEM
from tests.browser.tour.reviewing import WHY
from tests.browser.tour.setting_up import CASES
from tests.browser.walking import Walk

OPENING = "You kept in touch with this family in a hard year, and it shows."
WORDED = "Safety was weighed in May. After what happened in August it was not looked at again."
REPLY = "Fair. I will note at each visit what it meant for safety."


def release(walk: Walk, number: str) -> None:
    """The site leader words the memo of one case and sends it."""
    page = walk.person("site_leader")
    page.get_by_role("link", name="Feedback").first.click()
    memos = page.get_by_role("link", name="Memo on case")
    expect(memos).to_have_count(CASES)
    page.get_by_role("link", name=f"Memo on case {number}").click()
    page.get_by_label("Your opening words").fill(OPENING)
    need = page.get_by_label(f"Ongoing safety and risk assessment {ITEM}")
    expect(need).to_have_value(WHY)
    need.fill(WORDED)
    walk.look(page, "release")
    page.get_by_role("button", name="Keep them and release").click()
    expect(page.locator("body")).to_contain_text("The caseworker and the supervisor are told.")


def read(walk: Walk, number: str) -> None:
    """The caseworker is told, reads what worked and then what to work on, and says so."""
    page = walk.person("caseworker")
    page.goto("/notices")
    page.get_by_role("button", name="Feedback on a case is there for you").click()
    expect(page.locator("h1")).to_have_text(f"Feedback on case {number}")
    expect(page.locator("main")).to_contain_text(OPENING)
    needs = page.locator("section[aria-labelledby=work-on]")
    expect(needs).to_contain_text("Ongoing safety and risk assessment")
    expect(needs).to_contain_text(WORDED)
    expect(needs).not_to_contain_text("fight")
    walk.look(page, "memo")
    page.get_by_label("Your words").fill(REPLY)
    page.get_by_role("button", name="I have read this memo").click()
    expect(page.locator("body")).to_contain_text("It is noted that you have read this memo")


def read_as_supervisor(walk: Walk, number: str) -> None:
    """The supervisor reads the memo, and that the caseworker has."""
    page = walk.person("supervisor")
    page.get_by_role("link", name="Feedback").first.click()
    page.get_by_role("link", name=f"Read the memo on case {number}").click()
    expect(page.locator("aside")).to_contain_text(REPLY)
    page.get_by_role("button", name="I have read this memo").click()
    expect(page.locator("aside")).to_contain_text("Basil Orchard")
    walk.look(page, "read-by-both")
