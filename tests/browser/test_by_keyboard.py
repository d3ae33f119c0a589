"""A whole case review by keyboard alone: face sheet, interviews, items, evidence, submission.

The round asks for two items only, so that every kind of thing that can be missing comes once or
twice; the keys are those of a round that asks for all.
"""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from cqi.core.database import Database
from cqi.reviews import queries
from cqi.reviews.rules import ReviewState
from tests import build
from tests.browser import walking
from tests.browser.conftest import ContextFor
from tests.fixtures.cast import Cast

MOST_KEYS = 150  # Alt+M, and Tabs to one place
WORDS = "The record and two interviews say the same."
_HERE = """() => {
  const at = document.activeElement, group = at.closest("[data-answers]");
  if (at.matches("input[type=date]")) return "date";
  if (at.matches("textarea")) return "text";
  if (at.matches("select")) return "choice";
  if (at.id.endsWith("-evidence-missing")) return "evidence";
  return group ? (group.querySelector("[value=yes]") ? "question" : "tiles") : "nothing";
}"""


@pytest.fixture
def public_id(database: Database, cast: Cast) -> uuid.UUID:
    with database.writing() as session:
        on = build.round(session, cast.region, [cast.county])
        on.items = ["MAS04", "SRM05"]
        build.grant(session, cast.reviewer, "reviewer", round=on)
        case = build.case(session, cast.county)
        return build.case_review(session, on, case, [cast.reviewer]).public_id


def test_a_whole_review_by_keyboard_alone(
    database: Database, cast: Cast, context_for: ContextFor, public_id: uuid.UUID
) -> None:
    page = context_for(cast.reviewer).new_page()
    page.goto(f"/reviews/{public_id}/facts")
    for _ in range(MOST_KEYS):
        if page.locator("#missing li").count() == 0:
            break
        _go_on(page)
        _do(page, page.evaluate(_HERE))
        walking.settled(page)
    expect(page.locator("#missing")).to_contain_text("Done: nothing is missing.")
    _tab_to(page, re.compile("^Submit.for.QA$"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ready for QA")
    _tab_to(page, re.compile("^Submit case"))
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("is with QA")
    with database.reading() as session:
        review = queries.case_review(session, build.actor(session, cast.reviewer), public_id)
        assert review.state is ReviewState.SUBMITTED


def _go_on(page: Page) -> None:
    """To the next missing thing: on this page, else on the page that has one."""
    if page.locator("[data-missing]").count():
        page.keyboard.press("Alt+m")
        return
    with page.expect_navigation():
        page.keyboard.press("Alt+m")
    page.wait_for_function("document.activeElement !== document.body")


def _do(page: Page, what: str) -> None:
    """What a reviewer does at the place that Alt+M led to."""
    keys = page.keyboard
    if what == "question":
        keys.press("y")
    elif what == "tiles":  # held; in person
        keys.press("Tab")
        keys.press("Space")
    elif what == "date":
        keys.type("01062020")
        keys.press("Tab")
    elif what == "text":
        keys.type(WORDS)
        keys.press("Control+Enter")
    elif what == "evidence":
        _name_source(page)


def _name_source(page: Page) -> None:
    _tab_to(page, re.compile("^Add evidence"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    if page.locator("details[open] ~ ul li, ul[aria-label^='Evidence'] li").count() % 2:
        page.keyboard.press("ArrowDown")
    _tab_to(page, re.compile("^Add source$"))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _tab_to(page: Page, words: re.Pattern[str]) -> None:
    """Tab until the focus is on a link, button or summary with these words."""
    for _ in range(MOST_KEYS):
        here = page.evaluate("document.activeElement.innerText || ''")
        tag = page.evaluate("document.activeElement.tagName")
        if tag in ("A", "BUTTON", "SUMMARY") and words.match(here.strip()):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {words.pattern}")
