"""The loop once, in a browser: scored, handed in, returned, handed in again, approved; then in the
region's report, in feedback that is released and read, and a late step on a first page.

Against `cqi serve` (gunicorn, as shipped) on a copy of the demonstration state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import walking
from tests.browser.conftest import Axe
from tests.browser.walking import Walk
from tests.fixtures import serving

ROUND = re.compile("^II-East baseline")
RETURNED = "SRM05 says that risk was looked at again. Which visit was that?"


@pytest.fixture
def walk(chromium: Browser, axe: Axe, demonstration_copy: Path) -> Iterator[Walk]:
    with serving.product(demonstration_copy) as address:
        made = Walk(chromium, address, axe)
        yield made
        made.close()


def test_the_whole_line(walk: Walk) -> None:
    before = final_reviews(walk)
    number = score(walk)
    return_it(walk, number)
    hand_in_again(walk, number)
    approve(walk, number)
    assert final_reviews(walk, look=True) == before + 1
    release(walk, number)
    read_feedback(walk, number)
    see_what_is_late(walk)
    assert walk.complaints == []


def final_reviews(walk: Walk, *, look: bool = False) -> int:
    """What the region's report rests on, as the CQI director reads it."""
    page = walk.person("cqi_director")
    page.get_by_role("link", name="Results").first.click()
    page.get_by_role("link", name=ROUND).first.click()
    if look:
        walk.look(page, "region-report")
    found = re.search(r"(\d+) final in this round", page.locator("main").inner_text())
    assert found
    return int(found[1])


def score(walk: Walk) -> str:
    """The reviewer finishes the case that is half scored; blocked first. Returns its number."""
    page = walk.person("reviewer")
    walk.look(page, "my-reviews")
    row = page.get_by_role("row").filter(has_text="In progress").first
    link = row.locator("th a")
    number = link.inner_text()
    link.click()
    expect(page).to_have_url(re.compile("/components/"))
    walk.look(page, "scoring")
    review = re.sub("/components/.*", "", page.url)
    submit(page)
    expect(page.locator("#errors")).to_contain_text("before this case can go to QA")
    assert page.locator("#errors li").count() > 5
    expect(page.get_by_role("button", name=re.compile("^Submit case"))).to_have_count(0)
    walk.look(page, "blocked")
    page.locator("#errors li a").first.click()
    expect(page).to_have_url(re.compile("/(components|face-sheet)"))
    walking.fill_what_is_missing(page, review)
    page.goto(f"{review}/interviews")
    walk.look(page, "interviews")
    page.goto(f"{review}/facts")
    walk.look(page, "face-sheet")
    page.goto(f"{review}/components/SRM")
    walk.look(page, "complete")
    hand_in(walk, page, "ready")
    return number


def submit(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Submit.for.QA")).click()


def hand_in(walk: Walk, page: Page, name: str) -> None:
    submit(page)
    expect(page.locator("h1")).to_have_text("Ready for QA")
    walk.look(page, name)
    page.get_by_role("button", name=re.compile("^Submit case")).click()
    expect(page.locator("#errors")).to_have_count(0)


def open_decision(walk: Walk, number: str) -> Page:
    """The QA lead takes the case from the queue."""
    page = walk.person("qa_lead")
    page.get_by_role("link", name="QA queue").first.click()
    walk.look(page, "qa-queue")
    page.get_by_role("link", name=number, exact=True).first.click()
    walking.to_button(page, "Begin QA")
    walk.look(page, "begin-qa")
    page.get_by_role("button", name="Begin QA").click()
    walking.to_button(page, "Approve, make it final")
    return page


def return_it(walk: Walk, number: str) -> None:
    page = open_decision(walk, number)
    page.get_by_role("button", name="Return to the reviewers").click()
    expect(page.locator("#errors").first).to_be_visible()
    walk.look(page, "return-needs-a-reason")
    page.get_by_label(re.compile("reason|Why|What", re.IGNORECASE)).first.fill(RETURNED)
    page.get_by_role("button", name="Return to the reviewers").click()
    expect(page.locator("#errors")).to_have_count(0)


def hand_in_again(walk: Walk, number: str) -> None:
    """The reviewer reads why it came back."""
    page = walk.person("reviewer")
    page.goto("/")
    walk.look(page, "my-reviews-returned")
    page.get_by_role("row").filter(has_text=number).locator("th a").click()
    expect(page.locator("body")).to_contain_text(RETURNED)
    walk.look(page, "returned")
    hand_in(walk, page, "ready-again")


def approve(walk: Walk, number: str) -> None:
    page = open_decision(walk, number)
    walk.look(page, "decision")
    page.get_by_role("button", name="Approve, make it final").click()
    expect(page.locator("body")).to_contain_text(re.compile("final", re.IGNORECASE))
    walk.look(page, "approved")


def release(walk: Walk, number: str) -> None:
    """The site leader reads the memo that waits and sends it as it was assembled."""
    page = walk.person("site_leader")
    page.get_by_role("link", name="Feedback").first.click()
    page.get_by_role("link", name=f"Memo on case {number}").click()
    page.get_by_role("button", name="Keep them and release").click()
    expect(page.locator("body")).to_contain_text("The caseworker and the supervisor are told.")


def read_feedback(walk: Walk, number: str) -> None:
    """The case's supervisor finds the memo, reads it and says so."""
    page = walk.person("supervisor")
    walk.look(page, "supervisor")
    page.get_by_role("link", name="Feedback").first.click()
    walk.look(page, "feedback")
    page.get_by_role("link", name=re.compile(number)).first.click()
    expect(page.locator("#worked")).to_be_visible()
    expect(page.locator("#work-on")).to_be_visible()
    walk.look(page, "memo")
    page.get_by_role("button", name="I have read this memo").click()
    expect(page.locator("body")).to_contain_text("It is noted that you have read this memo")
    walk.look(page, "memo-acknowledged")


def see_what_is_late(walk: Walk) -> None:
    """The Regional Director's first page shows it, in working days, with its owner."""
    page = walk.person("regional_director")
    expect(page.locator("#late").first).to_be_visible()
    late = page.get_by_role("row").filter(has_text="Assessment refresher in all counties")
    expect(late).to_contain_text("Odalys Reedmace")
    expect(late).to_contain_text(re.compile(r"\d+ working days"))
    walk.look(page, "late-steps")
