"""axe-core finds nothing on any page of reports, at every stage that somebody can meet one in; and
nothing there scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import walking
from tests.browser.conftest import Axe, ContextFor
from tests.reporting import working
from tests.reporting.working import Desk

desk = working.desk
WIDTHS = (1280, 640, 320)
HEIGHT, TALLEST = 900, 12_000
LONG = "Two units merged in May, and a third had nobody to lead it until the autumn. " * 60


@pytest.fixture
def engine_name() -> str:
    """Pages look the same on both engines."""
    return "embedded"


class Looking:
    """Somebody's pages; what axe finds on them."""

    def __init__(self, desk: Desk, context_for: ContextFor, axe: Axe) -> None:
        self.desk, self.context_for, self.axe = desk, context_for, axe
        self.contexts: dict[str, BrowserContext] = {}
        self.problems: list[str] = []
        self.report = f"/reports/{desk.public_id}"

    def open(self, who: str, path: str) -> Page:
        people: dict[str, Any] = {**vars(self.desk.cast), "analyst": self.desk.analyst}
        if who not in self.contexts:
            self.contexts[who] = self.context_for(people[who], device_scale_factor=2)
        page = self.contexts[who].new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda problem: self.problems.append(f"{path}: {problem}"))
        page.goto(path)
        return page

    def at(self, who: str, path: str) -> None:
        self.look(self.open(who, path), f"{who} at {path}")

    def look(self, page: Page, name: str) -> None:
        self.problems += [f"{name}, {each}" for each in self._seen(page)]
        page.close()

    def _seen(self, page: Page) -> Iterator[str]:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.set_viewport_size({"width": width, "height": walking.tall(page, HEIGHT, TALLEST)})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                yield f"{wide} px wide at {width}"
            yield from (f"at {width}: {each}" for each in self.axe(page))


@pytest.fixture
def looking(desk: Desk, context_for: ContextFor, axe: Axe) -> Looking:
    return Looking(desk, context_for, axe)


def press(page: Page, words: str) -> Page:
    page.get_by_role("button", name=words, exact=True).click()
    return page


def test_a_draft_is_within_reach_of_everybody(looking: Looking, desk: Desk) -> None:
    looking.at("analyst", looking.report)
    looking.at("analyst", f"{looking.report}/sections/story/versions")
    desk.write(LONG)
    desk.write(f"{LONG}\n\nIt has one since.", 1)
    looking.at("analyst", looking.report)
    looking.at("analyst", f"{looking.report}/sections/story")
    looking.at("analyst", f"{looking.report}/sections/story/versions")
    looking.at("analyst", f"{looking.report}/document")
    looking.at("cqi_director", f"{looking.report}/document?as=published")
    looking.at("analyst", "/reports/due")
    looking.at("analyst", "/reports")
    assert not looking.problems, "\n".join(looking.problems)


def test_two_texts_of_a_section_are_within_reach_of_everybody(looking: Looking, desk: Desk) -> None:
    page = looking.open("analyst", f"{looking.report}/sections/story")
    desk.write("Theirs was first.")
    page.get_by_label("Your words").fill("Mine came second.")
    press(page, "Save")
    expect(page.locator("#two-texts")).to_be_visible()
    looking.look(page, "two texts")
    assert not looking.problems, "\n".join(looking.problems)


def test_a_review_with_what_is_refused_is_within_reach_of_everybody(
    looking: Looking, desk: Desk
) -> None:
    desk.send().comment("Which units?")
    looking.at("qa_lead", looking.report)
    looking.at("qa_lead", "/reports/published")
    page = press(looking.open("qa_lead", looking.report), "Comment")
    expect(page.locator("#errors")).to_be_visible()
    looking.look(page, "an empty comment")
    page = press(looking.open("cqi_director", looking.report), "Send back")
    expect(page.locator("#errors")).to_be_visible()
    looking.look(page, "no reason")
    desk.reopen()
    looking.at("cqi_director", looking.report)
    assert not looking.problems, "\n".join(looking.problems)


def test_what_is_approved_and_published_is_within_reach_of_everybody(
    looking: Looking, desk: Desk
) -> None:
    desk.write(LONG)
    desk.send().approve()
    looking.at("cqi_director", looking.report)
    page = press(looking.open("cqi_director", looking.report), "Publish")
    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
    path = page.url.partition("/reports/")[2]
    page.get_by_text("How to check it").click()
    looking.look(page, "just published")
    run = desk.read().approved_run
    desk.reopen(2)
    desk.rate_again()
    looking.at("cqi_director", f"/reports/{path}")
    looking.at("regional_director", f"/reports/{path}")
    looking.at("regional_director", "/reports/published")
    looking.at("analyst", looking.report)
    runs = f"/reports/rounds/{desk.cast.round.public_id}/runs?first={run}&second=now"
    looking.at("regional_director", runs.partition("?")[0])
    page = looking.open("regional_director", runs)
    page.get_by_text("Show them").click()
    looking.look(page, "two runs")
    assert not looking.problems, "\n".join(looking.problems)
